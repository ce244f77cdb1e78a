//! One descriptor of a statistics file (Linux, Documentation/virt/kvm/api.rst, KVM_GET_STATS_FD).

use qapi_schema::stats::{StatsSchemaValue, StatsType, StatsUnit, StatsValue};

/// Bytes of a descriptor before its name.
pub(super) const FIXED_SIZE: usize = 16;
/// Bytes of one value.
pub(super) const VALUE_SIZE: u64 = 8;

/// A statistic that this program can describe: what it is and where its values are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Descriptor {
    /// As clients see it.
    pub(super) schema: StatsSchemaValue,
    /// How many values it has: more than one in a histogram.
    count: u16,
    /// Where they start in the data, in bytes.
    offset: u32,
}

impl Descriptor {
    /// Reads a descriptor: the fixed part and behind it the name, which a NUL or the end terminates. `None`
    /// if it is of a type, unit or base that is not known: its values could not be explained.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (&[f0, f1, f2, f3, e0, e1, c0, c1, o0, o1, o2, o3, b0, b1, b2, b3], name) =
            bytes.split_first_chunk::<FIXED_SIZE>()?;
        let flags = u32::from_ne_bytes([f0, f1, f2, f3]);
        let exponent = i16::from_ne_bytes([e0, e1]);
        let type_ = known_type(flags & 0xf)?;
        let unit = known_unit(flags >> 4 & 0xf)?;
        let base = known_base(flags >> 8 & 0xf)?;
        let bucket_size = u32::from_ne_bytes([b0, b1, b2, b3]);
        let schema = StatsSchemaValue {
            name: terminated(name),
            type_,
            unit,
            base: (exponent != 0).then_some(base),
            exponent,
            bucket_size: (type_ == StatsType::LinearHistogram).then_some(bucket_size),
        };
        Some(Self {
            schema,
            count: u16::from_ne_bytes([c0, c1]),
            offset: u32::from_ne_bytes([o0, o1, o2, o3]),
        })
    }

    /// Bytes of its values.
    pub(super) fn length(&self) -> u64 {
        u64::from(self.count) * VALUE_SIZE
    }

    /// Where its values end in the data, in bytes.
    pub(super) fn end(&self) -> u64 {
        u64::from(self.offset) + self.length()
    }

    /// Its value in `data`. What lies beyond the end of `data` is left out.
    pub(super) fn value(&self, data: &[u8]) -> StatsValue {
        let start = usize::try_from(self.offset).unwrap_or(usize::MAX);
        let (values, _) = data.get(start..).unwrap_or_default().as_chunks::<8>();
        let mut values = values.iter().take(self.count.into()).map(|&value| u64::from_ne_bytes(value));
        if self.schema.unit == Some(StatsUnit::Boolean) {
            return StatsValue::Boolean(values.next().is_some_and(|value| value != 0));
        }
        match self.count {
            1 => StatsValue::Scalar(values.next().unwrap_or_default()),
            _ => StatsValue::List(values.collect()),
        }
    }
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
