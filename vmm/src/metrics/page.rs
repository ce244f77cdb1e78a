//! What a request gets.

use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Body, Bytes};
use hyper::header::{ACCEPT, ALLOW, CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use stats::openmetrics::Format;

use super::accept::negotiate;

/// Writes the statistics as they are at the moment.
pub type Write = Arc<dyn Fn(Format) -> String + Send + Sync>;

/// Where the page is.
const PATH: &str = "/metrics";
/// What people get to read.
const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Answers a request; what it brings along is not read.
pub(super) fn answer(request: &Request<impl Body>, write: &Write) -> Response<Full<Bytes>> {
    if request.uri().path() != PATH {
        return refusal(StatusCode::NOT_FOUND, "The metrics are at /metrics.\n");
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refusal =
            refusal(StatusCode::METHOD_NOT_ALLOWED, "The metrics can be read with GET or HEAD.\n");
        refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refusal;
    }
    let accepted = request.headers().get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let format = negotiate(&accepted.collect::<Vec<_>>());
    let mut response = Response::new(Full::from(write(format)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    response
}

fn refusal(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, PLAIN);
    response
}
