//! What monitors can show of the device beyond its feature bits: configuration space (virtio 1.3, 5.10.4) and the headers
//! of packets (5.10.6).

use qapi_schema::inspect::{VirtioField, VirtioUnit};
use virtio_core::DeviceDetails;
use virtio_core::details::{ConfigurationField, Request, choice, flags, number};

use crate::config::{RECEIVE, TRANSMIT};
use crate::packet::{HEADER_SIZE, Header, OPERATIONS, Operation, STREAM};

static CONFIGURATION: [ConfigurationField; 1] = [ConfigurationField::new("guest_cid", 0, 8)];
static KINDS: [(u64, &str); 2] = [(STREAM as u64, "STREAM"), (2, "SEQPACKET")];
/// Of a SHUTDOWN.
static SHUTDOWN: [(u64, &str); 2] = [(1, "RCV"), (2, "SEND")];

/// What monitors can show of a socket device.
pub(crate) static DETAILS: DeviceDetails =
    DeviceDetails { requirements: &[], configuration: &CONFIGURATION, decode_request };

/// The header of a packet: of the guest's, or of one that the device has put into the guest's buffer.
fn decode_request(request: &Request<'_>) -> Vec<VirtioField> {
    let bytes = match request.queue {
        TRANSMIT => request.readable,
        RECEIVE if request.returned => request.writable,
        _ => return vec![number("room", request.writable_length, Some(VirtioUnit::Bytes))],
    };
    let Some(header) = bytes.first_chunk::<HEADER_SIZE>().map(Header::parse) else { return Vec::new() };
    let operations = OPERATIONS.map(|(_, number, name)| (number.into(), name));
    let mut fields = vec![
        number("src_cid", header.source_cid, None),
        number("dst_cid", header.destination_cid, None),
        number("src_port", header.source_port.into(), None),
        number("dst_port", header.destination_port.into(), None),
        number("len", header.length.into(), Some(VirtioUnit::Bytes)),
        choice("type", header.kind.into(), &KINDS),
        choice("op", header.operation.into(), &operations),
        number("buf_alloc", header.room.into(), Some(VirtioUnit::Bytes)),
        number("fwd_cnt", header.forwarded.into(), Some(VirtioUnit::Bytes)),
    ];
    if Operation::from_number(header.operation) == Some(Operation::Shutdown) {
        fields.push(flags("flags", header.flags.into(), &SHUTDOWN));
    }
    fields
}
