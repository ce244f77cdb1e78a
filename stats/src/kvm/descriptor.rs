//! One descriptor of a statistics file (Linux, Documentation/virt/kvm/api.rst, KVM_GET_STATS_FD).

use qapi_schema::stats::{StatsType, StatsUnit};

use crate::Descriptor;

/// Bytes of a descriptor before its name.
pub(super) const FIXED_SIZE: usize = 16;

/// A statistic that this program can describe, and where its values start in the data, in bytes.
pub(super) struct Located {
    pub(super) descriptor: Descriptor,
    pub(super) offset: u32,
}

/// A statistic of a type, unit or base that is not known: its values could not be explained.
pub(super) struct Unknown {
    pub(super) name: String,
}

/// Reads a descriptor: the fixed part and behind it the name, which a NUL or the end terminates.
pub(super) fn parse(fixed: &[u8; FIXED_SIZE], name: &[u8]) -> Result<Located, Unknown> {
    let &[f0, f1, f2, f3, e0, e1, c0, c1, o0, o1, o2, o3, b0, b1, b2, b3] = fixed;
    let flags = u32::from_ne_bytes([f0, f1, f2, f3]);
    let exponent = i16::from_ne_bytes([e0, e1]);
    let name = terminated(name);
    let known = (known_type(flags & 0xf), known_unit(flags >> 4 & 0xf), known_base(flags >> 8 & 0xf));
    let (Some(kind), Some(unit), Some(base)) = known else { return Err(Unknown { name }) };
    let bucket_size = u32::from_ne_bytes([b0, b1, b2, b3]);
    let descriptor = Descriptor {
        name: name.into(),
        kind,
        unit,
        base: (exponent != 0).then_some(base),
        exponent,
        bucket_size: (kind == StatsType::LinearHistogram).then_some(bucket_size),
        length: u16::from_ne_bytes([c0, c1]),
        description: None,
    };
    Ok(Located { descriptor, offset: u32::from_ne_bytes([o0, o1, o2, o3]) })
}

fn known_type(number: u32) -> Option<StatsType> {
    Some(match number {
        0 => StatsType::Cumulative,
        1 => StatsType::Instant,
        2 => StatsType::Peak,
        3 => StatsType::LinearHistogram,
        4 => StatsType::Log2Histogram,
        _ => return None,
    })
}

/// The unit; inside, `None` stands for a plain number.
fn known_unit(number: u32) -> Option<Option<StatsUnit>> {
    Some(match number {
        0 => None,
        1 => Some(StatsUnit::Bytes),
        2 => Some(StatsUnit::Seconds),
        3 => Some(StatsUnit::Cycles),
        4 => Some(StatsUnit::Boolean),
        _ => return None,
    })
}

fn known_base(number: u32) -> Option<i8> {
    match number {
        0 => Some(10),
        1 => Some(2),
        _ => None,
    }
}

fn terminated(name: &[u8]) -> String {
    let end = name.iter().position(|&byte| byte == 0).unwrap_or(name.len());
    String::from_utf8_lossy(name.get(..end).unwrap_or_default()).into_owned()
}
