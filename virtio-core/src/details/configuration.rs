//! The fields of a configuration space.

use super::field;
use qapi_schema::inspect::{VirtioField, VirtioUnit};

/// A field of a configuration space. Numbers are little-endian.
#[derive(Clone, Copy, Debug)]
pub struct ConfigurationField {
    /// The specification's name.
    pub name: &'static str,
    /// Where it begins, in bytes.
    pub offset: u16,
    /// Bytes.
    pub size: u16,
    /// What its bytes are.
    pub form: Form,
    /// The number of the feature bit without which it means nothing.
    pub feature: Option<u8>,
}

/// What the bytes of a field are.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// A number, and what it counts.
    Number(Option<VirtioUnit>),
    /// One of several values that have names.
    Choice(&'static [(u64, &'static str)]),
    /// Bits that have names, each given by its mask.
    Flags(&'static [(u64, &'static str)]),
    /// Just bytes.
    Bytes,
}

impl ConfigurationField {
    /// A plain number that is always there.
    pub const fn new(name: &'static str, offset: u16, size: u16) -> Self {
        Self { name, offset, size, form: Form::Number(None), feature: None }
    }

    /// The same field, but what it counts is known.
    pub const fn counts(self, unit: VirtioUnit) -> Self {
        Self { form: Form::Number(Some(unit)), ..self }
    }

    /// The same field, but its bytes are no number.
    pub const fn of(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// The same field, but there only with this feature bit.
    pub const fn with_feature(self, bit: u8) -> Self {
        Self { feature: Some(bit), ..self }
    }

    /// The field's value in a configuration space.
    pub fn decode(&self, space: &[u8]) -> VirtioField {
        let start = usize::from(self.offset);
        let bytes = space.get(start..start + usize::from(self.size)).unwrap_or_default();
        match self.form {
            Form::Number(unit) => field::number(self.name, little_endian(bytes), unit),
            Form::Choice(names) => field::choice(self.name, little_endian(bytes), names),
            Form::Flags(names) => field::flags(self.name, little_endian(bytes), names),
            Form::Bytes => field::bytes(self.name, bytes),
        }
    }
}

/// The number that up to eight bytes make.
fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_where_they_lie() {
        let space = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0a];
        let decode = |field: ConfigurationField| field.decode(&space);
        assert_eq!(decode(ConfigurationField::new("a", 1, 2)), field::number("a", 0x0302, None));
        assert_eq!(
            decode(ConfigurationField::new("a", 0, 8)),
            field::number("a", 0x0807_0605_0403_0201, None)
        );
        let pages = ConfigurationField::new("a", 9, 1).counts(VirtioUnit::Pages);
        assert_eq!(decode(pages), field::number("a", 10, Some(VirtioUnit::Pages)));
        let flags =
            ConfigurationField::new("a", 2, 1).of(Form::Flags(&[(1, "up"), (2, "announce"), (4, "no")]));
        assert_eq!(decode(flags), field::flags("a", 3, &[(1, "up"), (2, "announce")]));
        let bytes = ConfigurationField::new("a", 8, 2).of(Form::Bytes);
        assert_eq!(decode(bytes), field::bytes("a", &[9, 0x0a]));
    }
}
