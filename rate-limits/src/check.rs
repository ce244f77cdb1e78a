//! Limits that make sense.

use qapi_schema::rate_limits::{RateLimit, RateLimits};
use thiserror::Error;

/// The largest rate, and the most that a burst may come to.
pub const LARGEST: u64 = 1_000_000_000_000_000;

/// Limits that cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LimitsError {
    /// Both directions together, and one of them.
    #[error("a limit for both directions together and one for a single direction exclude each other")]
    TotalAndDirection,
    /// A number out of range.
    #[error("a limit is {0}; accepted is a number from 1 to {LARGEST}")]
    OutOfRange(u64),
    /// A burst of nothing.
    #[error("a burst is given without the rate that it belongs to")]
    BurstWithoutRate,
    /// Less in a burst than usually.
    #[error("a burst of {burst} a second is lower than the rate, {rate}")]
    BurstBelowRate {
        /// The burst.
        burst: u64,
        /// The rate.
        rate: u64,
    },
    /// A burst that takes no time.
    #[error("a burst lasts for 0 seconds; accepted is 1 or more")]
    NoTimeForBurst,
    /// The length of a burst that nobody has asked for.
    #[error("the length of a burst is given without the burst")]
    LengthWithoutBurst,
    /// More than the largest number.
    #[error("a burst of {burst} a second for {seconds} seconds is more than {LARGEST}")]
    BurstTooLong {
        /// The burst.
        burst: u64,
        /// How long.
        seconds: u64,
    },
    /// The size of operations that nobody counts.
    #[error("the size of an operation is given without a limit for operations")]
    SizeWithoutOperations,
}

/// No limits.
pub fn unlimited() -> RateLimits {
    RateLimits {
        bytes: None,
        bytes_to_guest: None,
        bytes_from_guest: None,
        operations: None,
        operations_to_guest: None,
        operations_from_guest: None,
        operation_size: None,
    }
}

/// Looks whether limits can be had.
///
/// # Errors
/// What is wrong with them.
pub(crate) fn check(limits: &RateLimits) -> Result<(), LimitsError> {
    let RateLimits { bytes, bytes_to_guest, bytes_from_guest, .. } = limits;
    let RateLimits { operations, operations_to_guest, operations_from_guest, .. } = limits;
    let of_bytes = [bytes, bytes_to_guest, bytes_from_guest];
    let of_operations = [operations, operations_to_guest, operations_from_guest];
    for [both, to_guest, from_guest] in [of_bytes, of_operations] {
        if both.is_some() && (to_guest.is_some() || from_guest.is_some()) {
            return Err(LimitsError::TotalAndDirection);
        }
    }
    of_bytes.into_iter().chain(of_operations).flatten().try_for_each(check_one)?;
    match limits.operation_size {
        None => Ok(()),
        Some(_) if of_operations.iter().all(|limit| limit.is_none()) => {
            Err(LimitsError::SizeWithoutOperations)
        }
        Some(size) => in_range(size),
    }
}

fn check_one(limit: &RateLimit) -> Result<(), LimitsError> {
    let RateLimit { rate, burst, burst_seconds } = *limit;
    in_range(rate)?;
    let Some(burst) = burst else {
        return burst_seconds.map_or(Ok(()), |_| Err(LimitsError::LengthWithoutBurst));
    };
    in_range(burst)?;
    if burst < rate {
        return Err(LimitsError::BurstBelowRate { burst, rate });
    }
    match u64::from(burst_seconds.unwrap_or(1)) {
        0 => Err(LimitsError::NoTimeForBurst),
        seconds if burst.saturating_mul(seconds) > LARGEST => {
            Err(LimitsError::BurstTooLong { burst, seconds })
        }
        _ => Ok(()),
    }
}

fn in_range(value: u64) -> Result<(), LimitsError> {
    if (1..=LARGEST).contains(&value) { Ok(()) } else { Err(LimitsError::OutOfRange(value)) }
}
