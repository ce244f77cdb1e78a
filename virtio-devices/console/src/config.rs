//! The configuration space (virtio 1.3, 5.3.4) and the queues.

/// Queue 2, with several ports: what the device tells of them.
pub(crate) const CONTROL_RECEIVE: u16 = 2;
/// Queue 3, with several ports: what the driver tells of them.
pub(crate) const CONTROL_TRANSMIT: u16 = 3;
/// The most ports of a console: each takes two queues.
pub(crate) const MAX_PORTS: usize = 64;

/// Entries of each queue; characters come in small numbers.
const QUEUE_SIZE: u16 = 64;
/// The queues of a console with the most ports.
static QUEUE_SIZES: [u16; 2 * MAX_PORTS + 2] = [QUEUE_SIZE; 2 * MAX_PORTS + 2];

/// The queues of a console with so many ports.
pub(crate) fn queue_sizes(ports: usize) -> &'static [u16] {
    let count = if ports > 1 { 2 * ports + 2 } else { 2 };
    QUEUE_SIZES.get(..count).unwrap_or(&QUEUE_SIZES)
}

/// What a queue is for, and of which port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueueRole {
    /// Buffers that the device fills with a port's input.
    Receive(usize),
    /// A port's output.
    Transmit(usize),
    /// As [`CONTROL_RECEIVE`].
    ControlReceive,
    /// As [`CONTROL_TRANSMIT`].
    ControlTransmit,
}

impl QueueRole {
    /// What the queue with this number is for (5.3.2): the control queues are behind port 0's.
    pub(crate) fn of(queue: u16) -> Self {
        let pair = usize::from(queue / 2);
        match queue {
            CONTROL_RECEIVE => Self::ControlReceive,
            CONTROL_TRANSMIT => Self::ControlTransmit,
            _ if queue.is_multiple_of(2) => Self::Receive(pair.saturating_sub(1)),
            _ => Self::Transmit(pair.saturating_sub(1)),
        }
    }
}

/// The receive queue of the port with this number; its transmit queue is the next one.
pub(crate) fn receive_queue(port: usize) -> u16 {
    let pair = if port == 0 { 0 } else { port + 1 };
    u16::try_from(2 * pair).unwrap_or(u16::MAX)
}

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

    /// Columns and rows as they stand in the configuration space and in a control message.
    pub(crate) fn bytes(self) -> [u8; 4] {
        let ([a, b], [c, d]) = (self.columns.to_le_bytes(), self.rows.to_le_bytes());
        [a, b, c, d]
    }
}

/// The configuration space: columns, rows, `max_nr_ports` (zero without several ports), `emerg_wr`, which
/// reads as zero.
pub(crate) fn space(size: Option<ScreenSize>, ports: usize) -> [u8; CONFIG_SIZE] {
    let [a, b, c, d] = size.map_or([0; 4], ScreenSize::bytes);
    let ports = if ports > 1 { u32::try_from(ports).unwrap_or(u32::MAX) } else { 0 };
    let [e, f, g, h] = ports.to_le_bytes();
    [a, b, c, d, e, f, g, h, 0, 0, 0, 0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queues_belong_to_ports() {
        let roles: Vec<_> = (0..8).map(QueueRole::of).collect();
        use QueueRole::{ControlReceive, ControlTransmit, Receive, Transmit};
        let expected = [
            Receive(0),
            Transmit(0),
            ControlReceive,
            ControlTransmit,
            Receive(1),
            Transmit(1),
            Receive(2),
            Transmit(2),
        ];
        assert_eq!(roles, expected);
        for port in 0..MAX_PORTS {
            assert_eq!(QueueRole::of(receive_queue(port)), Receive(port));
            assert_eq!(QueueRole::of(receive_queue(port) + 1), Transmit(port));
        }
        assert_eq!((queue_sizes(1).len(), queue_sizes(2).len(), queue_sizes(MAX_PORTS).len()), (2, 6, 130));
    }
}
