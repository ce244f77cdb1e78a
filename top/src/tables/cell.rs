//! A statistic as the text of a cell.

use crate::quantity::{Scale, float, short};
use crate::statistics::Reading;

/// A count that is shown digit by digit up to here.
const EXACT: u64 = 9_999_999;
/// Where there is nothing to show.
pub(super) const NOTHING: &str = "-";

/// What of a statistic is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Aspect {
    /// How fast it grows.
    Rate,
    /// Its value.
    Total,
    /// The size that this share of the latest events does not exceed.
    Quantile(f64),
}

/// `aspect` of a statistic that may not be there.
pub(super) fn cell(reading: Option<&Reading>, aspect: Aspect) -> String {
    reading.and_then(|reading| text(reading, aspect)).unwrap_or_else(|| NOTHING.to_owned())
}

fn text(reading: &Reading, aspect: Aspect) -> Option<String> {
    let is_histogram = reading.meaning.buckets.is_some() && !reading.buckets.is_empty();
    // A histogram counts events; its scale is that of their sizes.
    let scale = if is_histogram { Scale::PLAIN } else { reading.meaning.scale };
    match aspect {
        Aspect::Rate => reading.rate.map(|rate| scale.rate(rate)),
        Aspect::Total if scale == Scale::PLAIN && reading.total <= EXACT => Some(reading.total.to_string()),
        Aspect::Total => Some(scale.amount(float(reading.total))),
        Aspect::Quantile(part) => reading.quantile(part).map(|size| size_text(reading.meaning.scale, size)),
    }
}

fn size_text(scale: Scale, size: f64) -> String {
    if scale == Scale::PLAIN { short(size.round()) } else { scale.amount(size) }
}
