//! Who a disk says it is.

/// What INQUIRY tells of a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// T10 vendor identification.
    pub(crate) vendor: Ascii<8>,
    /// Product identification.
    pub(crate) product: Ascii<16>,
    /// Unit serial number, at most [`SERIAL_SIZE`] characters.
    pub(crate) serial: String,
    /// A name that is unique in the world, of any of the NAA formats.
    pub(crate) wwn: Option<u64>,
}

/// Longest serial number.
pub(crate) const SERIAL_SIZE: usize = 36;

/// A field of printable ASCII characters, filled up with blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ascii<const SIZE: usize>(pub(crate) [u8; SIZE]);

impl<const SIZE: usize> Ascii<SIZE> {
    /// `None` if the text does not fit or is not printable.
    pub(crate) fn new(text: &str) -> Option<Self> {
        if !is_printable(text) || text.len() > SIZE {
            return None;
        }
        let mut field = [b' '; SIZE];
        field.iter_mut().zip(text.bytes()).for_each(|(place, byte)| *place = byte);
        Some(Self(field))
    }
}

/// Whether SCSI can carry the text: blanks and what is printed in ASCII.
pub(crate) fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
