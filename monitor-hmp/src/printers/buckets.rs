//! A histogram on one line: how many, the mean, and below what half and nearly all of them are.

use super::quantity::Quantity;

/// A histogram.
#[derive(Clone, Copy, Debug)]
pub(super) struct Buckets<'a> {
    /// The first bucket first.
    pub(super) counts: &'a [u64],
    /// The width of a bucket; without one, they double.
    pub(super) width: Option<u32>,
    /// The exact sum of the values, if it is known.
    pub(super) sum: Option<u64>,
    /// What the values stand for.
    pub(super) quantity: Quantity,
}

/// Shares of the values in hundredths, and what they are called.
const SHARES: [(u128, &str); 3] = [(50, "half"), (99, "99%"), (100, "all")];

impl Buckets<'_> {
    /// `COUNT, mean MEAN, half < A, 99% < B, all < C`; equal bounds are shown once, for the largest share. The last bucket has
    /// no end: `N from C on`.
    pub(super) fn text(self) -> String {
        let total: u128 = self.counts.iter().copied().map(u128::from).sum();
        let mut text = total.to_string();
        if total == 0 {
            return text;
        }
        if let Some(mean) = self.sum.and_then(|sum| u64::try_from(u128::from(sum) / total).ok()) {
            text += &format!(", mean {}", self.quantity.text(mean));
        }
        let bounds = SHARES.map(|(share, name)| (self.bucket_of(share, total), name));
        for (place, (bucket, name)) in bounds.into_iter().enumerate() {
            if bounds.get(place + 1).is_some_and(|(next, _)| *next == bucket) {
                continue;
            }
            text += &match self.end(bucket) {
                Some(end) => format!(", {name} < {}", self.quantity.text(end)),
                None => {
                    let beyond = self.counts.last().copied().unwrap_or_default();
                    format!(", {beyond} from {} on", self.quantity.text(self.start(bucket)))
                }
            };
        }
        text
    }

    /// The first bucket by whose end this share of the values has come.
    fn bucket_of(&self, share: u128, total: u128) -> usize {
        let wanted = total.saturating_mul(share);
        let mut seen = 0_u128;
        let place = self.counts.iter().position(|count| {
            seen += u128::from(*count) * 100;
            seen >= wanted
        });
        place.unwrap_or(self.counts.len().saturating_sub(1))
    }

    /// Where the bucket ends; the last one does not.
    fn end(&self, bucket: usize) -> Option<u64> {
        (bucket + 1 < self.counts.len()).then(|| self.start(bucket + 1))
    }

    fn start(&self, bucket: usize) -> u64 {
        let place = u32::try_from(bucket).unwrap_or(u32::MAX);
        match self.width {
            Some(width) => u64::from(width).saturating_mul(place.into()),
            None => {
                place.checked_sub(1).map_or(0, |exponent| 1_u64.checked_shl(exponent).unwrap_or(u64::MAX))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(counts: &[u64], width: Option<u32>, sum: Option<u64>) -> String {
        Buckets { counts, width, sum, quantity: Quantity::default() }.text()
    }

    #[test]
    fn shares_are_told_by_the_end_of_the_bucket_that_completes_them() {
        assert_eq!(text(&[0, 0, 0, 0], None, Some(0)), "0");
        assert_eq!(text(&[5, 0, 0, 0], None, Some(0)), "5, mean 0, all < 1");
        assert_eq!(text(&[0, 0, 98, 2, 0], None, Some(310)), "100, mean 3, half < 4, all < 8");
        assert_eq!(text(&[0, 60, 39, 1, 0], None, None), "100, half < 2, 99% < 4, all < 8");
        assert_eq!(text(&[0, 1, 0, 1], None, None), "2, half < 2, 1 from 4 on");
        assert_eq!(text(&[1, 1, 0], Some(50), None), "2, half < 50, all < 100");
        assert_eq!(text(&[3], Some(50), None), "3, 3 from 0 on");
        let many = "36893488147419103231, 99% < 2, 1 from 2 on";
        assert_eq!(text(&[u64::MAX, u64::MAX, 1], None, None), many);
    }
}
