//! Limits that come as single numbers, from people or from clients that know them so.

use qapi_schema::rate_limits::{RateLimit, RateLimits};

use crate::check::{LimitsError, check};

/// Which limit a number belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitName {
    /// Bytes in both directions together.
    Bytes,
    /// Bytes that the guest reads or receives.
    BytesToGuest,
    /// Bytes that it writes or sends.
    BytesFromGuest,
    /// Operations in both directions together.
    Operations,
    /// Reads.
    OperationsToGuest,
    /// Writes.
    OperationsFromGuest,
}

/// What of a limit a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// How much a second in the long run; 0 for no limit.
    Rate,
    /// How much a second for a while; 0 for no burst of its own.
    Burst,
    /// For how many seconds.
    BurstSeconds,
}

/// Limits in the making.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    limits: [Numbers; 6],
    operation_size: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    rate: u64,
    burst: u64,
    seconds: Option<u64>,
}

impl Draft {
    /// A number of a limit.
    pub fn set(&mut self, name: LimitName, part: Part, value: u64) {
        let [bytes, bytes_to, bytes_from, operations, operations_to, operations_from] = &mut self.limits;
        let numbers = match name {
            LimitName::Bytes => bytes,
            LimitName::BytesToGuest => bytes_to,
            LimitName::BytesFromGuest => bytes_from,
            LimitName::Operations => operations,
            LimitName::OperationsToGuest => operations_to,
            LimitName::OperationsFromGuest => operations_from,
        };
        match part {
            Part::Rate => numbers.rate = value,
            Part::Burst => numbers.burst = value,
            Part::BurstSeconds => numbers.seconds = Some(value),
        }
    }

    /// Operations of more bytes than this count as several; 0 for none.
    pub fn set_operation_size(&mut self, bytes: u64) {
        self.operation_size = bytes;
    }

    /// The limits.
    ///
    /// # Errors
    /// The numbers do not fit together.
    pub fn finish(self) -> Result<RateLimits, LimitsError> {
        let [bytes, bytes_to_guest, bytes_from_guest, operations, operations_to_guest, operations_from_guest] =
            self.limits.map(Numbers::finish);
        let limits = RateLimits {
            bytes: bytes?,
            bytes_to_guest: bytes_to_guest?,
            bytes_from_guest: bytes_from_guest?,
            operations: operations?,
            operations_to_guest: operations_to_guest?,
            operations_from_guest: operations_from_guest?,
            operation_size: Some(self.operation_size).filter(|size| *size > 0),
        };
        check(&limits)?;
        Ok(limits)
    }
}

impl Numbers {
    fn finish(self) -> Result<Option<RateLimit>, LimitsError> {
        let burst = Some(self.burst).filter(|burst| *burst > 0);
        match self {
            Self { burst: 0, seconds: Some(seconds @ 2..), .. } if seconds > 1 => {
                return Err(LimitsError::LengthWithoutBurst);
            }
            Self { seconds: Some(0), .. } => return Err(LimitsError::NoTimeForBurst),
            Self { rate: 0, burst: 1.., .. } => return Err(LimitsError::BurstWithoutRate),
            Self { rate: 0, .. } => return Ok(None),
            _ => {}
        }
        let too_long = |seconds| LimitsError::BurstTooLong { burst: self.burst, seconds };
        let seconds = self.seconds.filter(|_| burst.is_some());
        let seconds = seconds.map(|seconds| u32::try_from(seconds).map_err(|_| too_long(seconds)));
        Ok(Some(RateLimit { rate: self.rate, burst, burst_seconds: seconds.transpose()? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{LARGEST, unlimited};

    fn mistake(numbers: &[(LimitName, Part, u64)]) -> String {
        let mut draft = Draft::default();
        numbers.iter().for_each(|(name, part, value)| draft.set(*name, *part, *value));
        draft.finish().unwrap_err().to_string()
    }

    #[test]
    fn numbers_become_limits() {
        let mut draft = Draft::default();
        draft.set(LimitName::Bytes, Part::Rate, 1000);
        draft.set(LimitName::Bytes, Part::Burst, 5000);
        draft.set(LimitName::Bytes, Part::BurstSeconds, 3);
        draft.set(LimitName::OperationsToGuest, Part::Rate, 7);
        draft.set_operation_size(4096);
        let limits = draft.finish().unwrap();
        let bytes = RateLimit { rate: 1000, burst: Some(5000), burst_seconds: Some(3) };
        let reads = RateLimit { rate: 7, burst: None, burst_seconds: None };
        let expected = RateLimits {
            bytes: Some(bytes),
            operations_to_guest: Some(reads),
            operation_size: Some(4096),
            ..unlimited()
        };
        assert_eq!(limits, expected);
        assert_eq!(Draft::default().finish().unwrap(), unlimited());
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        use LimitName::{Bytes, BytesToGuest};
        use Part::{Burst, BurstSeconds, Rate};
        insta::assert_snapshot!(mistake(&[(Bytes, Rate, 1), (BytesToGuest, Rate, 1)]), @"a limit for both directions together and one for a single direction exclude each other");
        insta::assert_snapshot!(mistake(&[(Bytes, Rate, LARGEST + 1)]), @"a limit is 1000000000000001; accepted is a number from 1 to 1000000000000000");
        insta::assert_snapshot!(mistake(&[(Bytes, Burst, 5)]), @"a burst is given without the rate that it belongs to");
        insta::assert_snapshot!(mistake(&[(Bytes, Rate, 6), (Bytes, Burst, 5)]), @"a burst of 5 a second is lower than the rate, 6");
        insta::assert_snapshot!(mistake(&[(Bytes, Rate, 6), (Bytes, Burst, 7), (Bytes, BurstSeconds, 0)]), @"a burst lasts for 0 seconds; accepted is 1 or more");
        insta::assert_snapshot!(mistake(&[(Bytes, Rate, 6), (Bytes, BurstSeconds, 2)]), @"the length of a burst is given without the burst");
        insta::assert_snapshot!(mistake(&[(Bytes, Rate, 6), (Bytes, Burst, LARGEST), (Bytes, BurstSeconds, 2)]), @"a burst of 1000000000000000 a second for 2 seconds is more than 1000000000000000");
        let mut draft = Draft::default();
        draft.set_operation_size(512);
        insta::assert_snapshot!(draft.finish().unwrap_err(), @"the size of an operation is given without a limit for operations");
    }
}
