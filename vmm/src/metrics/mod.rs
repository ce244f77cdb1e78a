//! The statistics for Prometheus: a page that is served over HTTP.
//!
//! One thread serves all clients: `server` waits for whichever can go on, `client` is a connection, whose HTTP is
//! hyper's, `page` is what a request gets and `accept` in which form. It reads statistics as any monitor does, and
//! neither a slow client nor many can hold up the machine. Read [`Metrics`] first.

mod accept;
mod client;
mod page;
mod server;
mod setup;

pub use page::Write;
pub use setup::{Metrics, MetricsError, Serving};
