//! What monitors can show of the device beyond its feature bits: configuration space (virtio 1.3, 5.3.4) and what is
//! printed.

use qapi_schema::inspect::{VirtioField, VirtioUnit};
use virtio_core::DeviceDetails;
use virtio_core::details::{ConfigurationField, Request, choice, number, text};

use crate::config::QueueRole;
use crate::control::{EVENTS, MESSAGE_SIZE};
use crate::features::FEATURES;

const fn field(name: &'static str, offset: u16, size: u16, feature: &str) -> ConfigurationField {
    ConfigurationField::new(name, offset, size).with_feature(FEATURES.bit(feature))
}

static CONFIGURATION: [ConfigurationField; 4] = [
    field("cols", 0, 2, "VIRTIO_CONSOLE_F_SIZE").counts(VirtioUnit::Characters),
    field("rows", 2, 2, "VIRTIO_CONSOLE_F_SIZE").counts(VirtioUnit::Characters),
    field("max_nr_ports", 4, 4, "VIRTIO_CONSOLE_F_MULTIPORT"),
    field("emerg_wr", 8, 4, "VIRTIO_CONSOLE_F_EMERG_WRITE"),
];

/// What monitors can show of a console.
pub(crate) static DETAILS: DeviceDetails =
    DeviceDetails { requirements: &[], configuration: &CONFIGURATION, decode_request };

/// The beginning of the text, of output only: how much of a buffer for input is text the ring does not say. Control
/// messages stand in both.
fn decode_request(request: &Request<'_>) -> Vec<VirtioField> {
    match QueueRole::of(request.queue) {
        QueueRole::Receive(_) => vec![number("room", request.writable_length, Some(VirtioUnit::Characters))],
        QueueRole::Transmit(_) => vec![
            number("length", request.readable_length, Some(VirtioUnit::Characters)),
            text("text", request.readable),
        ],
        QueueRole::ControlTransmit => message(request.readable),
        QueueRole::ControlReceive if request.returned => message(request.writable),
        QueueRole::ControlReceive => vec![number("room", request.writable_length, Some(VirtioUnit::Bytes))],
    }
}

/// The fields of a control message (5.3.6.2), as far as there are bytes for them.
fn message(bytes: &[u8]) -> Vec<VirtioField> {
    let Some([p0, p1, p2, p3, e0, e1, v0, v1]) = bytes.first_chunk::<MESSAGE_SIZE>() else {
        return Vec::new();
    };
    vec![
        number("id", u32::from_le_bytes([*p0, *p1, *p2, *p3]).into(), None),
        choice("event", u16::from_le_bytes([*e0, *e1]).into(), &EVENTS),
        number("value", u16::from_le_bytes([*v0, *v1]).into(), None),
    ]
}
