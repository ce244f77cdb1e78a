// Written by `cargo xtask codegen`; change nothing here.

//! Integers: the kinds of mistakes that QMP tells apart, and its tolerance for negative unsigned numbers.

use serde_json::Value;

use super::{Decode, Error, Path};

impl Decode for i64 {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        value.as_i64().ok_or_else(|| path.wrong_type("integer"))
    }
}

impl Decode for u64 {
    /// A negative number that fits 64 bits is taken modulo 2^64: clients rely on it.
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        let negative = || value.as_i64().map(i64::cast_unsigned);
        value.as_u64().or_else(negative).ok_or_else(|| path.out_of_range("uint64"))
    }
}

/// Integers narrower than 64 bits are read as the wide type of the same sign and then checked.
macro_rules! narrow {
    ($($narrow:ty, $wide:ty, $name:literal;)*) => {
        $(
            impl Decode for $narrow {
                fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
                    let wide = <$wide>::decode(value, path)?;
                    Self::try_from(wide).map_err(|_| path.out_of_range($name))
                }
            }
        )*
    };
}

narrow! {
    i8, i64, "int8_t";
    i16, i64, "int16_t";
    i32, i64, "int32_t";
    u8, u64, "uint8_t";
    u16, u64, "uint16_t";
    u32, u64, "uint32_t";
}
