//! Limits of disks as the single numbers that clients of QEMU know.

use qapi_schema::block::{BlockDeviceInfo, BlockIOThrottle};
use qapi_schema::rate_limits::{RateLimit, RateLimits};
use rate_limits::{Draft, LimitName, LimitsError, Part};

/// The limits that a client asks for.
///
/// # Errors
/// The numbers make no sense, in the words that clients know.
pub(super) fn limits(wanted: &BlockIOThrottle) -> Result<RateLimits, &'static str> {
    let BlockIOThrottle { bps, bps_rd, bps_wr, iops, iops_rd, iops_wr, .. } = *wanted;
    let numbers = [
        (LimitName::Bytes, bps, wanted.bps_max, wanted.bps_max_length),
        (LimitName::BytesToGuest, bps_rd, wanted.bps_rd_max, wanted.bps_rd_max_length),
        (LimitName::BytesFromGuest, bps_wr, wanted.bps_wr_max, wanted.bps_wr_max_length),
        (LimitName::Operations, iops, wanted.iops_max, wanted.iops_max_length),
        (LimitName::OperationsToGuest, iops_rd, wanted.iops_rd_max, wanted.iops_rd_max_length),
        (LimitName::OperationsFromGuest, iops_wr, wanted.iops_wr_max, wanted.iops_wr_max_length),
    ];
    let mut draft = Draft::default();
    for (name, rate, burst, seconds) in numbers {
        let parts = [(Part::Rate, Some(rate)), (Part::Burst, burst), (Part::BurstSeconds, seconds)];
        for (part, value) in parts {
            let Some(value) = value else { continue };
            draft.set(name, part, u64::try_from(value).map_err(|_| OUT_OF_RANGE)?);
        }
    }
    draft.set_operation_size(u64::try_from(wanted.iops_size.unwrap_or(0)).map_err(|_| OUT_OF_RANGE)?);
    draft.finish().map_err(text)
}

const OUT_OF_RANGE: &str = "bps/iops/max values must be within [0, 1000000000000000]";

/// An error in the words that clients know.
fn text(error: LimitsError) -> &'static str {
    match error {
        LimitsError::TotalAndDirection => {
            "bps/iops/max total values and read/write values cannot be used at the same time"
        }
        LimitsError::OutOfRange(_) => OUT_OF_RANGE,
        LimitsError::BurstWithoutRate => "bps_max/iops_max require corresponding bps/iops values",
        LimitsError::BurstBelowRate { .. } => "bps_max/iops_max cannot be lower than bps/iops",
        LimitsError::NoTimeForBurst => "the burst length cannot be 0",
        LimitsError::LengthWithoutBurst => "burst length set without burst rate",
        LimitsError::BurstTooLong { .. } => "burst length too high for this burst rate",
        LimitsError::SizeWithoutOperations => "iops size requires an iops value to be set",
    }
}

/// Writes the limits into what is told of a disk, which shares them with nobody but `group`.
pub(super) fn describe(limits: &RateLimits, group: &str, info: &mut BlockDeviceInfo) {
    let each = [
        (&limits.bytes, &mut info.bps, &mut info.bps_max, &mut info.bps_max_length),
        (&limits.bytes_to_guest, &mut info.bps_rd, &mut info.bps_rd_max, &mut info.bps_rd_max_length),
        (&limits.bytes_from_guest, &mut info.bps_wr, &mut info.bps_wr_max, &mut info.bps_wr_max_length),
        (&limits.operations, &mut info.iops, &mut info.iops_max, &mut info.iops_max_length),
        (&limits.operations_to_guest, &mut info.iops_rd, &mut info.iops_rd_max, &mut info.iops_rd_max_length),
        (
            &limits.operations_from_guest,
            &mut info.iops_wr,
            &mut info.iops_wr_max,
            &mut info.iops_wr_max_length,
        ),
    ];
    for (limit, rate_place, burst_place, seconds_place) in each {
        let Some(RateLimit { rate, burst, burst_seconds }) = limit else { continue };
        *rate_place = number(*rate);
        *burst_place = burst.map(number);
        *seconds_place = burst.map(|_| burst_seconds.unwrap_or(1).into());
        info.group = Some(group.to_owned());
    }
    info.iops_size = limits.operation_size.map(number);
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
