//! Requests on the control queue (virtio 1.3, 5.1.6.5).

use qapi_schema::inspect::{VirtioField, VirtioUnit};
use virtio_core::details::{Request, bytes, choice, flags, number};

const CLASSES: [(u64, &str); 9] = [
    (0, "rx"),
    (1, "mac"),
    (2, "vlan"),
    (3, "announce"),
    (4, "mq"),
    (5, "guest_offloads"),
    (6, "notf_coal"),
    (7, "device_stats"),
    (8, "rss_context"),
];

/// The commands of each of the classes that the device knows.
const COMMANDS: [&[(u64, &str)]; 6] = [
    &[(0, "promisc"), (1, "allmulti"), (2, "alluni"), (3, "nomulti"), (4, "nouni"), (5, "nobcast")],
    &[(0, "table_set"), (1, "addr_set")],
    &[(0, "add"), (1, "del")],
    &[(0, "ack")],
    &[(0, "vq_pairs_set"), (1, "rss_config"), (2, "hash_config")],
    &[(0, "set")],
];

/// The offloads of class 5: feature bits.
const OFFLOADS: [(u64, &str); 7] = [
    (1 << 1, "guest_csum"),
    (1 << 7, "guest_tso4"),
    (1 << 8, "guest_tso6"),
    (1 << 9, "guest_ecn"),
    (1 << 10, "guest_ufo"),
    (1 << 54, "guest_uso4"),
    (1 << 55, "guest_uso6"),
];

/// What the driver wants, and once the device has returned the request, what has become of it.
pub(super) fn decode(request: &Request<'_>) -> Vec<VirtioField> {
    let mut fields = Vec::new();
    if let Some([class, command]) = request.readable_at(0) {
        fields.push(choice("class", class.into(), &CLASSES));
        let commands = COMMANDS.get(usize::from(class)).copied().unwrap_or_default();
        fields.push(choice("command", command.into(), commands));
        fields.extend(data(request, class, command));
    }
    if let Some(ack) = request.last_writable.filter(|_| request.returned) {
        fields.push(choice("ack", ack.into(), &[(0, "ok"), (1, "err")]));
    }
    fields
}

fn data(request: &Request<'_>, class: u8, command: u8) -> Option<VirtioField> {
    let short =
        |name, unit| request.readable_at(2).map(|word| number(name, u16::from_le_bytes(word).into(), unit));
    match (class, command) {
        (0, _) => request.readable_at(2).map(|[on]| choice("on", on.into(), &[(0, "off"), (1, "on")])),
        (1, 0) => {
            let count = request.readable_at(2).map(u32::from_le_bytes)?;
            Some(number("unicast_entries", count.into(), None))
        }
        (1, _) => request.readable_at::<6>(2).map(|mac| bytes("mac", &mac)),
        (2, _) => short("vlan", None),
        (4, 0) => short("virtqueue_pairs", None),
        (5, 0) => request.readable_at(2).map(|word| flags("offloads", u64::from_le_bytes(word), &OFFLOADS)),
        _ => Some(number("data", request.readable_length.saturating_sub(2), Some(VirtioUnit::Bytes))),
    }
}
