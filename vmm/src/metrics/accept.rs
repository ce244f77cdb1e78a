//! Which form of the page a client wants, by its header `Accept` (RFC 9110, 12.5.1).

use stats::openmetrics::Format;

/// The form that a client with these `Accept` headers gets: OpenMetrics, if it is as welcome as any other text. Who
/// asks for neither gets the older form, as people with a browser do.
pub(super) fn negotiate(headers: &[&str]) -> Format {
    let best = |format| {
        let ranges = headers.iter().flat_map(|header| header.split(','));
        ranges.filter_map(|range| weight(range, format)).fold(0.0, f64::max)
    };
    let openmetrics = best(Format::OpenMetrics);
    if openmetrics > 0.0 && openmetrics >= best(Format::Text) { Format::OpenMetrics } else { Format::Text }
}

/// How welcome the range makes the form; `None` if it is about something else. A version that is not asked for by its
/// number is any version.
fn weight(range: &str, format: Format) -> Option<f64> {
    let (media_type, version) = match format {
        Format::OpenMetrics => ("application/openmetrics-text", "1.0.0"),
        Format::Text => ("text/plain", "0.0.4"),
    };
    let mut parts = range.split(';').map(str::trim);
    let named = parts.next()?.eq_ignore_ascii_case(media_type);
    let mut weight = 1.0;
    for (name, value) in parts.filter_map(|part| part.split_once('=')) {
        let (name, value) = (name.trim_end(), value.trim_start().trim_matches('"'));
        if name.eq_ignore_ascii_case("version") && value != version {
            return None;
        }
        if name.eq_ignore_ascii_case("q") {
            weight = value.parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
        }
    }
    named.then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_gets_what_it_likes_best() {
        let cases = [
            // Prometheus 2.42, 2.0 and 3.0.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                 text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                Format::OpenMetrics,
            ),
            ("application/vnd.google.protobuf;q=0.7,text/plain;version=0.0.4;q=0.3,*/*;q=0.1", Format::Text),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
                 application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,*/*;q=0.2",
                Format::OpenMetrics,
            ),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Format::Text),
            ("*/*", Format::Text),
            ("", Format::Text),
            ("application/openmetrics-text", Format::OpenMetrics),
            ("Application/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=0.5", Format::OpenMetrics),
            ("application/openmetrics-text;version=2.0.0", Format::Text),
            ("application/openmetrics-text;q=0", Format::Text),
            ("application/openmetrics-text;q=NaN", Format::Text),
            ("text/plain, application/openmetrics-text;q=0.9", Format::Text),
            (";;=,,;q=,q=1", Format::Text),
        ];
        for (header, format) in cases {
            assert_eq!(negotiate(&[header]), format, "{header}");
        }
        assert_eq!(negotiate(&["text/plain;q=0.1", "application/openmetrics-text"]), Format::OpenMetrics);
        assert_eq!(negotiate(&[]), Format::Text);
    }
}
