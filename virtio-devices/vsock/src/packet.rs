//! The header of packets (virtio 1.3, 5.10.6).

/// Bytes of a header.
pub(crate) const HEADER_SIZE: usize = 44;
/// The only type of sockets that is offered.
pub(crate) const STREAM: u16 = 1;

/// What a packet is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Connect.
    Request,
    /// Connected.
    Response,
    /// There is no connection, or none any more.
    Reset,
    /// One direction or both have ended; see [`Shutdown`].
    Shutdown,
    /// Data.
    Data,
    /// How much room there is.
    CreditUpdate,
    /// How much room is there?
    CreditRequest,
}

/// Their numbers, and the specification's names.
pub(crate) static OPERATIONS: [(Operation, u16, &str); 7] = [
    (Operation::Request, 1, "REQUEST"),
    (Operation::Response, 2, "RESPONSE"),
    (Operation::Reset, 3, "RST"),
    (Operation::Shutdown, 4, "SHUTDOWN"),
    (Operation::Data, 5, "RW"),
    (Operation::CreditUpdate, 6, "CREDIT_UPDATE"),
    (Operation::CreditRequest, 7, "CREDIT_REQUEST"),
];

impl Operation {
    /// The operation of this number.
    pub(crate) fn from_number(number: u16) -> Option<Self> {
        OPERATIONS.iter().find(|(_, known, _)| *known == number).map(|(operation, ..)| *operation)
    }

    fn number(self) -> u16 {
        OPERATIONS.iter().find(|(known, ..)| *known == self).map_or(0, |(_, number, _)| *number)
    }
}

/// The flags of a SHUTDOWN: its sender will not receive, or will not send, any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shutdown {
    pub(crate) receives_no_more: bool,
    pub(crate) sends_no_more: bool,
}

impl Shutdown {
    pub(crate) fn from_flags(flags: u32) -> Self {
        Self { receives_no_more: flags & 1 != 0, sends_no_more: flags & 2 != 0 }
    }

    pub(crate) fn flags(self) -> u32 {
        u32::from(self.receives_no_more) | u32::from(self.sends_no_more) << 1
    }

    /// Nothing goes either way.
    pub(crate) fn is_complete(self) -> bool {
        self.receives_no_more && self.sends_no_more
    }
}

/// A header. The operation stays a number, for drivers may send any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) source_cid: u64,
    pub(crate) destination_cid: u64,
    pub(crate) source_port: u32,
    pub(crate) destination_port: u32,
    /// Bytes of data behind the header.
    pub(crate) length: u32,
    pub(crate) kind: u16,
    pub(crate) operation: u16,
    pub(crate) flags: u32,
    /// Bytes of data that the sender can keep for this connection.
    pub(crate) room: u32,
    /// Bytes of data that it has passed on, since the beginning and modulo 2^32.
    pub(crate) forwarded: u32,
}

impl Header {
    /// Reads one.
    pub(crate) fn parse(bytes: &[u8; HEADER_SIZE]) -> Self {
        let mut rest = bytes.as_slice();
        Self {
            source_cid: u64::from_le_bytes(take(&mut rest)),
            destination_cid: u64::from_le_bytes(take(&mut rest)),
            source_port: u32::from_le_bytes(take(&mut rest)),
            destination_port: u32::from_le_bytes(take(&mut rest)),
            length: u32::from_le_bytes(take(&mut rest)),
            kind: u16::from_le_bytes(take(&mut rest)),
            operation: u16::from_le_bytes(take(&mut rest)),
            flags: u32::from_le_bytes(take(&mut rest)),
            room: u32::from_le_bytes(take(&mut rest)),
            forwarded: u32::from_le_bytes(take(&mut rest)),
        }
    }

    /// Its bytes.
    pub(crate) fn bytes(&self) -> [u8; HEADER_SIZE] {
        let mut bytes = [0; HEADER_SIZE];
        let mut rest = bytes.as_mut_slice();
        put(&mut rest, &self.source_cid.to_le_bytes());
        put(&mut rest, &self.destination_cid.to_le_bytes());
        put(&mut rest, &self.source_port.to_le_bytes());
        put(&mut rest, &self.destination_port.to_le_bytes());
        put(&mut rest, &self.length.to_le_bytes());
        put(&mut rest, &self.kind.to_le_bytes());
        put(&mut rest, &self.operation.to_le_bytes());
        put(&mut rest, &self.flags.to_le_bytes());
        put(&mut rest, &self.room.to_le_bytes());
        put(&mut rest, &self.forwarded.to_le_bytes());
        bytes
    }

    /// The same with this operation.
    pub(crate) fn with(self, operation: Operation) -> Self {
        Self { operation: operation.number(), ..self }
    }

    /// The answer that there is no such connection.
    pub(crate) fn refusal(&self) -> Self {
        let refusal = Self {
            source_cid: self.destination_cid,
            destination_cid: self.source_cid,
            source_port: self.destination_port,
            destination_port: self.source_port,
            kind: self.kind,
            ..Self::default()
        };
        refusal.with(Operation::Reset)
    }
}

/// Takes the first bytes; zeroes if there are not as many.
fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    rest.split_off(..N).and_then(|part| part.try_into().ok()).unwrap_or([0; N])
}

/// Writes the first bytes, if there are as many.
fn put(rest: &mut &mut [u8], value: &[u8]) {
    if let Some(place) = rest.split_off_mut(..value.len()) {
        place.copy_from_slice(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_read_is_written_again(bytes: [[u8; 11]; 4]) {
            let bytes: [u8; HEADER_SIZE] = bytes.concat().try_into().unwrap();
            prop_assert_eq!(Header::parse(&bytes).bytes(), bytes);
        }
    }

    #[test]
    fn fields_are_where_the_specification_has_them() {
        let mut bytes = [0; HEADER_SIZE];
        for (at, value) in
            [(0, 3), (8, 2), (16, 4), (20, 5), (24, 6), (28, 1), (30, 5), (32, 7), (36, 8), (40, 9)]
        {
            bytes[at] = value;
        }
        let header = Header {
            source_cid: 3,
            destination_cid: 2,
            source_port: 4,
            destination_port: 5,
            length: 6,
            kind: STREAM,
            operation: 5,
            flags: 7,
            room: 8,
            forwarded: 9,
        };
        assert_eq!(Header::parse(&bytes), header);
        assert_eq!(Operation::from_number(5), Some(Operation::Data));
        assert_eq!((Operation::from_number(0), Operation::from_number(8)), (None, None));
        let refusal = header.refusal();
        assert_eq!((refusal.source_port, refusal.destination_port, refusal.operation), (5, 4, 3));
    }
}
