//! The header in front of every frame (`virtio_net_hdr`, virtio 1.3, 5.1.6): what of it may pass from one side to the
//! other.

use crate::offloads::Offloads;

/// Bytes of the header.
pub(crate) const HEADER_SIZE: usize = 12;

/// Flag: the checksum from `csum_start` on is still to be completed.
const NEEDS_CHECKSUM: u8 = 1;
/// Flag: the checksums have been checked.
const DATA_VALID: u8 = 2;

/// Bit of `gso_type`: there are congestion marks.
const CONGESTION: u8 = 0x80;
const NOT_SEGMENTED: u8 = 0;
const TCP4: u8 = 1;
const UDP_FRAGMENTS: u8 = 3;
const TCP6: u8 = 4;
const UDP: u8 = 5;

/// Bytes of an Internet checksum.
const CHECKSUM_SIZE: usize = 2;

/// Why a frame cannot pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HeaderError {
    /// The sender leaves work to the other side that was not agreed on.
    #[error("flags {flags:#x} and gso_type {gso_type:#x} ask for what was not negotiated")]
    NotNegotiated {
        /// As in the header.
        flags: u8,
        /// As in the header.
        gso_type: u8,
    },
    /// The checksum would lie outside of the frame.
    #[error("the checksum at {start} + {offset} is outside of the frame of {length} bytes")]
    Checksum {
        /// As in the header.
        start: u16,
        /// As in the header.
        offset: u16,
        /// The frame's.
        length: usize,
    },
    /// The packet cannot be cut into segments.
    #[error(
        "segments of {size} bytes behind headers of {headers} bytes do not fit a frame of {length} bytes"
    )]
    Segments {
        /// `gso_size`.
        size: u16,
        /// `hdr_len`.
        headers: u16,
        /// The frame's.
        length: usize,
    },
    /// A packet to be cut, whose checksums are not left to the one who cuts it.
    #[error("the packet is to be segmented and not to have its checksum completed")]
    SegmentsWithoutChecksum,
}

/// The header's fields, apart from the number of buffers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    flags: u8,
    gso_type: u8,
    header_length: u16,
    segment_size: u16,
    checksum_start: u16,
    checksum_offset: u16,
}

impl Header {
    pub(crate) fn from_bytes(bytes: [u8; HEADER_SIZE]) -> Self {
        let [flags, gso_type, h0, h1, g0, g1, s0, s1, o0, o1, _, _] = bytes;
        Self {
            flags,
            gso_type,
            header_length: u16::from_le_bytes([h0, h1]),
            segment_size: u16::from_le_bytes([g0, g1]),
            checksum_start: u16::from_le_bytes([s0, s1]),
            checksum_offset: u16::from_le_bytes([o0, o1]),
        }
    }

    pub(crate) fn to_bytes(self, buffers: u16) -> [u8; HEADER_SIZE] {
        let [h0, h1] = self.header_length.to_le_bytes();
        let [g0, g1] = self.segment_size.to_le_bytes();
        let [s0, s1] = self.checksum_start.to_le_bytes();
        let [o0, o1] = self.checksum_offset.to_le_bytes();
        let [n0, n1] = buffers.to_le_bytes();
        [self.flags, self.gso_type, h0, h1, g0, g1, s0, s1, o0, o1, n0, n1]
    }

    /// What the far end is to see of a header that the driver wrote in front of a frame of `length` bytes (5.1.6.2).
    /// Fields that mean nothing are cleared.
    ///
    /// # Errors
    /// The driver asks for what was not `agreed` on, or for what cannot be done with this frame.
    pub(crate) fn for_link(self, agreed: Offloads, length: usize) -> Result<Self, HeaderError> {
        // Flags that nobody knows are to be ignored, and the device is not to trust what the driver says of data.
        let flags = self.flags & NEEDS_CHECKSUM;
        self.check_agreed(flags, agreed)?;
        let mut sent = Self { flags, gso_type: self.gso_type, ..Self::default() };
        if flags != 0 {
            (sent.checksum_start, sent.checksum_offset) = (self.checksum_start, self.checksum_offset);
            let end = usize::from(sent.checksum_start) + usize::from(sent.checksum_offset) + CHECKSUM_SIZE;
            if end > length {
                let (start, offset) = (sent.checksum_start, sent.checksum_offset);
                return Err(HeaderError::Checksum { start, offset, length });
            }
        }
        if self.gso_type != NOT_SEGMENTED {
            let (size, headers) = (self.segment_size, self.header_length);
            if flags == 0 {
                return Err(HeaderError::SegmentsWithoutChecksum);
            }
            if size == 0 || usize::from(headers) > length {
                return Err(HeaderError::Segments { size, headers, length });
            }
            (sent.segment_size, sent.header_length) = (size, headers);
        }
        Ok(sent)
    }

    /// What the driver is to see of a header that the far end wrote (5.1.6.4.1).
    ///
    /// # Errors
    /// The far end leaves work to the driver that was not `agreed` on. It is told of what is, but may have had the frame
    /// ready before.
    pub(crate) fn for_driver(self, agreed: Offloads) -> Result<Self, HeaderError> {
        let known =
            if agreed.contains(Offloads::CHECKSUM) { NEEDS_CHECKSUM | DATA_VALID } else { NEEDS_CHECKSUM };
        let flags = self.flags & known;
        self.check_agreed(flags, agreed)?;
        Ok(Self { flags, ..self })
    }

    fn check_agreed(&self, flags: u8, agreed: Offloads) -> Result<(), HeaderError> {
        let needed = self.needed(flags).filter(|needed| agreed.contains(*needed));
        let error = HeaderError::NotNegotiated { flags: self.flags, gso_type: self.gso_type };
        needed.map(|_| ()).ok_or(error)
    }

    /// The offloads that the other side has to have; `None` if there is no such type.
    fn needed(&self, flags: u8) -> Option<Offloads> {
        let checksum = if flags & NEEDS_CHECKSUM == 0 { Offloads::NONE } else { Offloads::CHECKSUM };
        let segments = match self.gso_type & !CONGESTION {
            NOT_SEGMENTED => Offloads::NONE,
            TCP4 => Offloads::TCP4,
            TCP6 => Offloads::TCP6,
            UDP_FRAGMENTS => Offloads::UDP_FRAGMENTS,
            // Of which IP it is stands in the packet, and the receiver looks there.
            UDP => Offloads::UDP,
            _ => return None,
        };
        let marks = match self.gso_type {
            marked if marked & CONGESTION == 0 => Offloads::NONE,
            marked if matches!(marked & !CONGESTION, TCP4 | TCP6) => Offloads::TCP_ECN,
            _ => return None,
        };
        Some(checksum | segments | marks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TCP: Header = Header {
        flags: NEEDS_CHECKSUM,
        gso_type: TCP4,
        header_length: 54,
        segment_size: 1448,
        checksum_start: 34,
        checksum_offset: 16,
    };

    #[test]
    fn what_was_agreed_on_passes_and_nothing_else() {
        let agreed = Offloads::CHECKSUM | Offloads::TCP4;
        assert_eq!(TCP.for_link(agreed, 60_000), Ok(TCP));
        assert_eq!(TCP.for_driver(agreed), Ok(TCP));
        for less in [Offloads::NONE, Offloads::CHECKSUM, Offloads::CHECKSUM | Offloads::TCP6] {
            assert!(matches!(TCP.for_link(less, 60_000), Err(HeaderError::NotNegotiated { .. })));
            assert!(matches!(TCP.for_driver(less), Err(HeaderError::NotNegotiated { .. })));
        }
        let marked = Header { gso_type: TCP4 | CONGESTION, ..TCP };
        assert!(marked.for_link(agreed, 60_000).is_err());
        assert!(marked.for_link(agreed | Offloads::TCP_ECN, 60_000).is_ok());
    }

    #[test]
    fn packets_that_cannot_be_worked_on_are_refused() {
        let refused =
            |header: Header, length| header.for_link(Offloads::ALL, length).unwrap_err().to_string();
        insta::assert_snapshot!(refused(TCP, 51), @"the checksum at 34 + 16 is outside of the frame of 51 bytes");
        insta::assert_snapshot!(refused(TCP, 53), @"segments of 1448 bytes behind headers of 54 bytes do not fit a frame of 53 bytes");
        insta::assert_snapshot!(refused(Header { segment_size: 0, ..TCP }, 1000), @"segments of 0 bytes behind headers of 54 bytes do not fit a frame of 1000 bytes");
        insta::assert_snapshot!(refused(Header { flags: 0, ..TCP }, 1000), @"the packet is to be segmented and not to have its checksum completed");
        insta::assert_snapshot!(refused(Header { gso_type: UDP | CONGESTION, ..TCP }, 1000), @"flags 0x1 and gso_type 0x85 ask for what was not negotiated");
        insta::assert_snapshot!(refused(Header { gso_type: 2, ..TCP }, 1000), @"flags 0x1 and gso_type 0x2 ask for what was not negotiated");
        assert!(TCP.for_link(Offloads::ALL, 54).is_ok());
    }

    #[test]
    fn fields_without_meaning_do_not_pass() {
        let plain = Header { flags: 0xfe, gso_type: 0, ..TCP };
        assert_eq!(plain.for_link(Offloads::NONE, 60), Ok(Header::default()));
        assert_eq!(plain.for_driver(Offloads::CHECKSUM).map(|header| header.flags), Ok(DATA_VALID));
        assert_eq!(plain.for_driver(Offloads::NONE).map(|header| header.flags), Ok(0));
    }

    proptest! {
        /// Whatever the driver writes: what passes is agreed on and lies within the frame, and passes again unchanged.
        #[test]
        fn what_passes_is_sound(bytes: [u8; HEADER_SIZE], features: u128, length in 0_usize..70_000) {
            let (header, agreed) = (Header::from_bytes(bytes), Offloads::to_device(features));
            if let Ok(sent) = header.for_link(agreed, length) {
                prop_assert_eq!(sent.for_link(agreed, length), Ok(sent));
                prop_assert_eq!(Header::from_bytes(sent.to_bytes(0)), sent);
                prop_assert!(sent.flags == 0 || agreed.contains(Offloads::CHECKSUM));
                let end = usize::from(sent.checksum_start) + usize::from(sent.checksum_offset);
                prop_assert!(sent.flags == 0 || end + CHECKSUM_SIZE <= length);
                prop_assert!(sent.gso_type == 0 || (sent.flags != 0 && sent.segment_size > 0));
            }
        }
    }
}
