//! Where the buckets of a histogram end.

use qapi_schema::stats::StatsType;

use crate::Descriptor;

/// The largest whole number that belongs into the bucket `index`: OpenMetrics counts what is less than *or equal to* a
/// limit, the kernel's buckets are without their upper end. `None` if every number is below the bucket's end.
pub(super) fn largest(descriptor: &Descriptor, index: usize) -> Option<u64> {
    match descriptor.kind {
        StatsType::LinearHistogram => {
            let width = u64::from(descriptor.bucket_size?);
            let end = u64::try_from(index).ok()?.checked_add(1)?.checked_mul(width)?;
            end.checked_sub(1)
        }
        _ => {
            let end = 1u64.checked_shl(u32::try_from(index).ok()?)?;
            Some(end - 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The bucket of a log2 histogram, as the schema defines it.
    fn log2_bucket(size: u64) -> usize {
        usize::try_from(size.checked_ilog2().map_or(0, |log| log + 1)).unwrap()
    }

    #[test]
    fn ends_of_buckets() {
        let log2 = Descriptor::log2_histogram("x", 70, "");
        let ends = |descriptor: &Descriptor| {
            [0, 1, 2, 3, 63, 64, 65].map(|index| largest(descriptor, index)).to_vec()
        };
        let last = u64::MAX / 2;
        assert_eq!(ends(&log2), [Some(0), Some(1), Some(3), Some(7), Some(last), None, None]);
        let linear =
            |width| Descriptor { kind: StatsType::LinearHistogram, bucket_size: width, ..log2.clone() };
        assert_eq!(ends(&linear(Some(10)))[..3], [Some(9), Some(19), Some(29)]);
        assert_eq!(ends(&linear(Some(1)))[..3], [Some(0), Some(1), Some(2)]);
        assert_eq!(ends(&linear(Some(0))), [None; 7]);
        assert_eq!(ends(&linear(None)), [None; 7]);
    }

    proptest! {
        #[test]
        fn a_size_is_within_the_limit_of_its_bucket_and_beyond_that_of_the_one_before(size: u64, shift in 0u32..64) {
            let (size, log2) = (size >> shift, Descriptor::log2_histogram("x", 65, ""));
            let bucket = log2_bucket(size);
            prop_assert!(largest(&log2, bucket).is_none_or(|end| size <= end));
            prop_assert!(bucket == 0 || largest(&log2, bucket - 1).unwrap() < size);
        }
    }
}
