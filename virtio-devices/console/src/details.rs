//! What monitors can show of the device beyond its feature bits: configuration space (virtio 1.3, 5.3.4) and what is
//! printed.

use qapi_schema::inspect::{VirtioField, VirtioUnit};
use virtio_core::DeviceDetails;
use virtio_core::details::{ConfigurationField, Request, number, text};

use crate::config::TRANSMIT;
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

/// The beginning of the text, of output only: how much of a buffer for input is text the ring does not say.
fn decode_request(request: &Request<'_>) -> Vec<VirtioField> {
    if request.queue != TRANSMIT {
        return vec![number("room", request.writable_length, Some(VirtioUnit::Characters))];
    }
    vec![
        number("length", request.readable_length, Some(VirtioUnit::Characters)),
        text("text", request.readable),
    ]
}
