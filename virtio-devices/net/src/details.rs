//! What monitors can show of the device beyond its feature bits: what these depend on (virtio 1.3, 5.1.3.1),
//! configuration space (5.1.4), packet headers (5.1.6) and commands (`control`).

mod control;

use qapi_schema::inspect::{VirtioField, VirtioUnit};
use virtio_core::DeviceDetails;
use virtio_core::details::{ConfigurationField, Form, Request, Requirement, choice, flags, number};

use crate::features::FEATURES;
use crate::header::HEADER_SIZE;

const fn bit(name: &str) -> u8 {
    FEATURES.bit(name)
}

const fn field(name: &'static str, offset: u16, size: u16) -> ConfigurationField {
    ConfigurationField::new(name, offset, size)
}

/// The rows of features that depend on the same ones.
macro_rules! requirements {
    ($($($feature:literal)+ => $needed:tt;)+) => {
        &[$($(Requirement { bit: bit($feature), any_of: &requirements!(@bits $needed) },)+)+]
    };
    (@bits [$($needed:literal),+]) => { [$(bit($needed)),+] };
}

static REQUIREMENTS: &[Requirement] = requirements! {
    "VIRTIO_NET_F_GUEST_TSO4" "VIRTIO_NET_F_GUEST_TSO6" "VIRTIO_NET_F_GUEST_UFO" "VIRTIO_NET_F_GUEST_USO4"
    "VIRTIO_NET_F_GUEST_USO6" => ["VIRTIO_NET_F_GUEST_CSUM"];
    "VIRTIO_NET_F_GUEST_ECN" => ["VIRTIO_NET_F_GUEST_TSO4", "VIRTIO_NET_F_GUEST_TSO6"];
    "VIRTIO_NET_F_HOST_TSO4" "VIRTIO_NET_F_HOST_TSO6" "VIRTIO_NET_F_HOST_UFO" "VIRTIO_NET_F_HOST_USO"
        => ["VIRTIO_NET_F_CSUM"];
    "VIRTIO_NET_F_HOST_ECN" "VIRTIO_NET_F_RSC_EXT" => ["VIRTIO_NET_F_HOST_TSO4", "VIRTIO_NET_F_HOST_TSO6"];
    "VIRTIO_NET_F_CTRL_RX" "VIRTIO_NET_F_CTRL_VLAN" "VIRTIO_NET_F_CTRL_RX_EXTRA" "VIRTIO_NET_F_GUEST_ANNOUNCE"
    "VIRTIO_NET_F_MQ" "VIRTIO_NET_F_CTRL_MAC_ADDR" "VIRTIO_NET_F_CTRL_GUEST_OFFLOADS" "VIRTIO_NET_F_NOTF_COAL"
    "VIRTIO_NET_F_VQ_NOTF_COAL" "VIRTIO_NET_F_RSS" "VIRTIO_NET_F_HASH_REPORT" "VIRTIO_NET_F_HASH_TUNNEL"
    "VIRTIO_NET_F_DEVICE_STATS" => ["VIRTIO_NET_F_CTRL_VQ"];
    "VIRTIO_NET_F_HASH_TUNNEL" => ["VIRTIO_NET_F_RSS", "VIRTIO_NET_F_HASH_REPORT"];
};

static CONFIGURATION: [ConfigurationField; 10] = [
    field("mac", 0, 6).of(Form::Bytes).with_feature(bit("VIRTIO_NET_F_MAC")),
    field("status", 6, 2)
        .of(Form::Flags(&[(1, "link_up"), (2, "announce")]))
        .with_feature(bit("VIRTIO_NET_F_STATUS")),
    field("max_virtqueue_pairs", 8, 2).with_feature(bit("VIRTIO_NET_F_MQ")),
    field("mtu", 10, 2).counts(VirtioUnit::Bytes).with_feature(bit("VIRTIO_NET_F_MTU")),
    field("speed", 12, 4)
        .counts(VirtioUnit::MegabitsPerSecond)
        .with_feature(bit("VIRTIO_NET_F_SPEED_DUPLEX")),
    field("duplex", 16, 1)
        .of(Form::Choice(&[(0, "half"), (1, "full"), (0xff, "unknown")]))
        .with_feature(bit("VIRTIO_NET_F_SPEED_DUPLEX")),
    field("rss_max_key_size", 17, 1).counts(VirtioUnit::Bytes).with_feature(bit("VIRTIO_NET_F_RSS")),
    field("rss_max_indirection_table_length", 18, 2).with_feature(bit("VIRTIO_NET_F_RSS")),
    field("supported_hash_types", 20, 4).of(Form::Flags(&HASH_TYPES)).with_feature(bit("VIRTIO_NET_F_RSS")),
    field("supported_tunnel_types", 24, 4).of(Form::Flags(&[])).with_feature(bit("VIRTIO_NET_F_HASH_TUNNEL")),
];

/// What a hash of a received packet can cover (5.1.6.4.3.1).
const HASH_TYPES: [(u64, &str); 9] = [
    (1 << 0, "ipv4"),
    (1 << 1, "tcpv4"),
    (1 << 2, "udpv4"),
    (1 << 3, "ipv6"),
    (1 << 4, "tcpv6"),
    (1 << 5, "udpv6"),
    (1 << 6, "ip_ex"),
    (1 << 7, "tcp_ex"),
    (1 << 8, "udp_ex"),
];

/// What monitors can show of a network device.
pub(crate) static DETAILS: DeviceDetails =
    DeviceDetails { requirements: REQUIREMENTS, configuration: &CONFIGURATION, decode_request };

/// What a request is shown as. A queue's number does not tell alone: the control queue stands behind all pairs, whose
/// number is not known here, but only its requests have something to read and something to write.
fn decode_request(request: &Request<'_>) -> Vec<VirtioField> {
    let is_even = request.queue.is_multiple_of(2);
    let is_command = is_even && request.queue > 0 && request.readable_length > 0;
    if is_command { control::decode(request) } else { decode_frame(request, is_even) }
}

/// The header in front of a frame. Of a received one it is there when the device has returned it, and only in the first of
/// the chains that a frame fills: in the others, bytes of the frame stand at its place.
fn decode_frame(request: &Request<'_>, is_received: bool) -> Vec<VirtioField> {
    let (header, length) = if is_received {
        let header = request.writable_at(0).filter(|header| request.returned && is_plausible(*header));
        (header, request.writable_length)
    } else {
        (request.readable_at(0), request.readable_length)
    };
    let mut fields = header.map(decode_header).unwrap_or_default();
    let name = if is_received { "room" } else { "frame" };
    fields.push(number(name, length.saturating_sub(HEADER_SIZE as u64), Some(VirtioUnit::Bytes)));
    fields
}

/// Whether the device can have written this header: known flags, a known type, and a buffer at least.
fn is_plausible([flags, gso, .., n0, n1]: [u8; HEADER_SIZE]) -> bool {
    flags < 8 && matches!(gso & 0x7f, 0 | 1 | 3 | 4 | 5) && [n0, n1] != [0, 0]
}

fn decode_header(header: [u8; HEADER_SIZE]) -> Vec<VirtioField> {
    /// The bit beside the type: frames with congestion marks.
    const ECN: u8 = 0x80;
    let [bits, gso, l0, l1, g0, g1, s0, s1, o0, o1, n0, n1] = header;
    let types = [(0, "none"), (1, "tcpv4"), (3, "udp"), (4, "tcpv6"), (5, "udp_l4")];
    let short = |name, bytes, unit| number(name, u16::from_le_bytes(bytes).into(), unit);
    let bytes = Some(VirtioUnit::Bytes);
    vec![
        flags("flags", bits.into(), &[(1, "needs_csum"), (2, "data_valid"), (4, "rsc_info")]),
        choice("gso_type", (gso & !ECN).into(), &types),
        flags("gso_ecn", (gso & ECN).into(), &[(ECN.into(), "ecn")]),
        short("hdr_len", [l0, l1], bytes),
        short("gso_size", [g0, g1], bytes),
        short("csum_start", [s0, s1], bytes),
        short("csum_offset", [o0, o1], bytes),
        short("num_buffers", [n0, n1], None),
    ]
}
