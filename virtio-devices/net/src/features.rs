//! What monitors know about the device: its kind and its feature bits (virtio 1.3, 5.1.3; from bit 64 on:
//! virtio 1.4).

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesOptionsNet, VirtioNetFeature, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a network device.
    pub static FEATURES: VirtioNetFeature as VirtioDeviceFeaturesOptionsNet = {
        Csum => 0, "VIRTIO_NET_F_CSUM", "The device completes checksums that the driver left partial";
        GuestCsum => 1, "VIRTIO_NET_F_GUEST_CSUM", "The driver takes frames with partial checksums";
        CtrlGuestOffloads => 2, "VIRTIO_NET_F_CTRL_GUEST_OFFLOADS", "The driver can switch its offloads while it runs";
        Mtu => 3, "VIRTIO_NET_F_MTU", "The largest packet that the link carries is given";
        Mac => 5, "VIRTIO_NET_F_MAC", "The MAC address is given";
        GuestTso4 => 7, "VIRTIO_NET_F_GUEST_TSO4", "The driver takes unsegmented TCP over IPv4";
        GuestTso6 => 8, "VIRTIO_NET_F_GUEST_TSO6", "The driver takes unsegmented TCP over IPv6";
        GuestEcn => 9, "VIRTIO_NET_F_GUEST_ECN", "The driver takes unsegmented TCP with congestion marks";
        GuestUfo => 10, "VIRTIO_NET_F_GUEST_UFO", "The driver takes unfragmented UDP";
        HostTso4 => 11, "VIRTIO_NET_F_HOST_TSO4", "The device segments TCP over IPv4";
        HostTso6 => 12, "VIRTIO_NET_F_HOST_TSO6", "The device segments TCP over IPv6";
        HostEcn => 13, "VIRTIO_NET_F_HOST_ECN", "The device segments TCP with congestion marks";
        HostUfo => 14, "VIRTIO_NET_F_HOST_UFO", "The device fragments UDP";
        MrgRxbuf => 15, "VIRTIO_NET_F_MRG_RXBUF", "A received frame may fill several buffers";
        Status => 16, "VIRTIO_NET_F_STATUS", "The state of the link is given";
        CtrlVq => 17, "VIRTIO_NET_F_CTRL_VQ", "There is a control queue";
        CtrlRx => 18, "VIRTIO_NET_F_CTRL_RX", "The control queue sets promiscuous and all-multicast reception";
        CtrlVlan => 19, "VIRTIO_NET_F_CTRL_VLAN", "The control queue filters VLANs";
        CtrlRxExtra => 20, "VIRTIO_NET_F_CTRL_RX_EXTRA", "The control queue sets finer modes of reception";
        GuestAnnounce => 21, "VIRTIO_NET_F_GUEST_ANNOUNCE", "The driver announces itself when the device asks";
        Mq => 22, "VIRTIO_NET_F_MQ", "There are several pairs of queues, and the device steers receptions";
        CtrlMacAddr => 23, "VIRTIO_NET_F_CTRL_MAC_ADDR", "The control queue sets the MAC address";
        DeviceStats => 50, "VIRTIO_NET_F_DEVICE_STATS", "The control queue reports the device's counters";
        HashTunnel => 51, "VIRTIO_NET_F_HASH_TUNNEL", "Hashes can cover the inner headers of tunnels";
        VqNotfCoal => 52, "VIRTIO_NET_F_VQ_NOTF_COAL", "Interrupts can be gathered for each queue on its own";
        NotfCoal => 53, "VIRTIO_NET_F_NOTF_COAL", "Interrupts can be gathered";
        GuestUso4 => 54, "VIRTIO_NET_F_GUEST_USO4", "The driver takes unsegmented UDP over IPv4";
        GuestUso6 => 55, "VIRTIO_NET_F_GUEST_USO6", "The driver takes unsegmented UDP over IPv6";
        HostUso => 56, "VIRTIO_NET_F_HOST_USO", "The device segments UDP";
        HashReport => 57, "VIRTIO_NET_F_HASH_REPORT", "Received frames come with a hash";
        GuestHdrlen => 59, "VIRTIO_NET_F_GUEST_HDRLEN", "The driver states the exact length of the headers";
        Rss => 60, "VIRTIO_NET_F_RSS", "Receptions are spread over queues by a hash";
        RscExt => 61, "VIRTIO_NET_F_RSC_EXT", "The device joins TCP segments and tells how many";
        Standby => 62, "VIRTIO_NET_F_STANDBY", "The device stands in for another one with the same MAC address";
        SpeedDuplex => 63, "VIRTIO_NET_F_SPEED_DUPLEX", "Speed and duplex mode of the link are given";
        RssContext => 64, "VIRTIO_NET_F_RSS_CONTEXT", "There may be several sets of rules by which hashes spread receptions";
        GuestUdpTunnelGso => 65, "VIRTIO_NET_F_GUEST_UDP_TUNNEL_GSO", "The driver takes unsegmented packets inside UDP tunnels";
        GuestUdpTunnelGsoCsum => 66, "VIRTIO_NET_F_GUEST_UDP_TUNNEL_GSO_CSUM", "The driver takes packets inside UDP tunnels with partial outer checksums";
        HostUdpTunnelGso => 67, "VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO", "The device segments packets inside UDP tunnels";
        HostUdpTunnelGsoCsum => 68, "VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO_CSUM", "The device completes outer checksums of packets inside UDP tunnels";
        OutNetHeader => 69, "VIRTIO_NET_F_OUT_NET_HEADER", "Packets come with the place of their outer network header";
        Gso => 6, "VIRTIO_NET_F_GSO", "Legacy: the device segments whatever it is sent";
    }
    vhost [VHOST_NET_VIRTIO_NET_HDR, VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

/// The kind of device that this crate is about.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 1, name: "virtio-net", schema_type: VirtioType::VirtioNet, features: &FEATURES };

/// Whether the feature is among these bits.
pub(crate) fn has(features: u128, feature: VirtioNetFeature) -> bool {
    features & FEATURES.mask(&[feature]) != 0
}
