//! Sense data (SPC-4, 4.5): why a command was not done.

/// Bytes of sense data in fixed format, with everything that this target says.
pub(crate) const SENSE_SIZE: usize = 18;

/// Sense keys (SPC-4, table 48).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Key {
    NoSense = 0,
    NotReady = 2,
    MediumError = 3,
    HardwareError = 4,
    IllegalRequest = 5,
    UnitAttention = 6,
    DataProtect = 7,
    Miscompare = 14,
}

/// Where a command or its parameters are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    /// A byte of the CDB.
    OfCommand(u16),
    /// A byte of the parameter list.
    OfParameters(u16),
}

/// What one command is answered with instead of GOOD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sense {
    pub(crate) key: Key,
    /// Additional sense code, and its qualifier.
    pub(crate) code: (u8, u8),
    /// The block that could not be read or written.
    information: Option<u32>,
    field: Option<Field>,
}

impl Sense {
    pub(crate) const NONE: Self = Self::new(Key::NoSense, 0x00, 0x00);
    /// Logical unit not ready, initializing command required: it has been stopped.
    pub(crate) const STOPPED: Self = Self::new(Key::NotReady, 0x04, 0x02);
    pub(crate) const WRITE_ERROR: Self = Self::new(Key::MediumError, 0x0c, 0x00);
    pub(crate) const READ_ERROR: Self = Self::new(Key::MediumError, 0x11, 0x00);
    /// Internal target failure: the host could not even try.
    pub(crate) const TARGET_FAILURE: Self = Self::new(Key::HardwareError, 0x44, 0x00);
    pub(crate) const PARAMETER_LIST_LENGTH: Self = Self::new(Key::IllegalRequest, 0x1a, 0x00);
    pub(crate) const INVALID_OPERATION_CODE: Self = Self::new(Key::IllegalRequest, 0x20, 0x00);
    pub(crate) const BLOCK_OUT_OF_RANGE: Self = Self::new(Key::IllegalRequest, 0x21, 0x00);
    pub(crate) const NO_SUCH_UNIT: Self = Self::new(Key::IllegalRequest, 0x25, 0x00);
    pub(crate) const SAVING_NOT_SUPPORTED: Self = Self::new(Key::IllegalRequest, 0x39, 0x00);
    pub(crate) const WRITE_PROTECTED: Self = Self::new(Key::DataProtect, 0x27, 0x00);
    /// Space allocation failed: the host's storage is full.
    pub(crate) const NO_SPACE: Self = Self::new(Key::DataProtect, 0x27, 0x07);
    pub(crate) const MISCOMPARE: Self = Self::new(Key::Miscompare, 0x1d, 0x00);

    pub(crate) const fn new(key: Key, code: u8, qualifier: u8) -> Self {
        Self { key, code: (code, qualifier), information: None, field: None }
    }

    /// Invalid field in CDB, which begins at this byte.
    pub(crate) const fn invalid_field(byte: u16) -> Self {
        let plain = Self::new(Key::IllegalRequest, 0x24, 0x00);
        Self { field: Some(Field::OfCommand(byte)), ..plain }
    }

    /// Invalid field in parameter list, which begins at this byte.
    pub(crate) const fn invalid_parameter(byte: u16) -> Self {
        let plain = Self::new(Key::IllegalRequest, 0x26, 0x00);
        Self { field: Some(Field::OfParameters(byte)), ..plain }
    }

    /// The same, at this block (or byte, for a miscompare); a number that does not fit the fixed format is left out.
    pub(crate) fn at(self, information: u64) -> Self {
        Self { information: u32::try_from(information).ok(), ..self }
    }

    /// In one of the two formats.
    pub(crate) fn bytes(&self, descriptor: bool) -> Vec<u8> {
        if descriptor { self.descriptor().into() } else { self.fixed().into() }
    }

    /// Fixed format (SPC-4, 4.5.3), as current information.
    pub(crate) fn fixed(&self) -> [u8; SENSE_SIZE] {
        let valid = if self.information.is_some() { 0x80 } else { 0 };
        let [i0, i1, i2, i3] = self.information.unwrap_or(0).to_be_bytes();
        let [s0, s1, s2] = self.key_specific();
        let (code, qualifier) = self.code;
        // Behind the first eight bytes, whose last one this is.
        let additional = 10;
        let key = self.key as u8;
        [valid | 0x70, 0, key, i0, i1, i2, i3, additional, 0, 0, 0, 0, code, qualifier, 0, s0, s1, s2]
    }

    /// Descriptor format (SPC-4, 4.5.2) without descriptors, as current information.
    fn descriptor(&self) -> [u8; 8] {
        let (code, qualifier) = self.code;
        [0x72, self.key as u8, code, qualifier, 0, 0, 0, 0]
    }

    /// Sense key specific data: where the field is (SPC-4, 4.5.2.4.2).
    fn key_specific(&self) -> [u8; 3] {
        let (of_command, byte) = match self.field {
            None => return [0; 3],
            Some(Field::OfCommand(byte)) => (0x40, byte),
            Some(Field::OfParameters(byte)) => (0, byte),
        };
        let [high, low] = byte.to_be_bytes();
        [0x80 | of_command, high, low]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_format_holds_what_is_known() {
        let hex = |sense: Sense| sense.fixed().map(|byte| format!("{byte:02x}")).join(" ");
        insta::assert_snapshot!(hex(Sense::WRITE_PROTECTED), @"70 00 07 00 00 00 00 0a 00 00 00 00 27 00 00 00 00 00");
        insta::assert_snapshot!(hex(Sense::READ_ERROR.at(0x0102_0304)), @"f0 00 03 01 02 03 04 0a 00 00 00 00 11 00 00 00 00 00");
        insta::assert_snapshot!(hex(Sense::READ_ERROR.at(1 << 32)), @"70 00 03 00 00 00 00 0a 00 00 00 00 11 00 00 00 00 00");
        insta::assert_snapshot!(hex(Sense::invalid_field(7)), @"70 00 05 00 00 00 00 0a 00 00 00 00 24 00 00 c0 00 07");
        insta::assert_snapshot!(hex(Sense::invalid_parameter(0x102)), @"70 00 05 00 00 00 00 0a 00 00 00 00 26 00 00 80 01 02");
    }
}
