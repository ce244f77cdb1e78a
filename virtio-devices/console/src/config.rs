//! The configuration space (virtio 1.3, 5.3.4) and the queues.

/// Queue 0: buffers that the device fills with input.
pub(crate) const RECEIVE: u16 = 0;
/// Queue 1: output.
pub(crate) const TRANSMIT: u16 = 1;
/// Entries of each of the two queues of port 0; characters come in small numbers.
pub(crate) const QUEUE_SIZES: [u16; 2] = [64, 64];

/// Offset of `emerg_wr`: its low byte is a character to write (5.3.5.1).
pub(crate) const EMERGENCY_WRITE: u64 = 8;
/// Bytes of the whole space.
pub(crate) const CONFIG_SIZE: usize = 12;

/// The size of the screen behind a console, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenSize {
    /// Characters in a row.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
}

impl ScreenSize {
    /// Reads `COLUMNSxROWS`, for example `80x25`. `None` for anything else and for a screen without room.
    pub fn parse(text: &str) -> Option<Self> {
        let (columns, rows) = text.split_once('x')?;
        let size = Self { columns: columns.parse().ok()?, rows: rows.parse().ok()? };
        (size.columns > 0 && size.rows > 0).then_some(size)
    }
}

/// The configuration space: columns, rows, `max_nr_ports` (of MULTIPORT, not offered), `emerg_wr`, which
/// reads as zero.
pub(crate) fn space(size: Option<ScreenSize>) -> [u8; CONFIG_SIZE] {
    let (columns, rows) = size.map_or((0, 0), |size| (size.columns, size.rows));
    let ([a, b], [c, d]) = (columns.to_le_bytes(), rows.to_le_bytes());
    [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0]
}
