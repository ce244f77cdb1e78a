//! What the specification says: numbers, names and feature bits, written down apart from the feature maps.
//!
//! Virtio 1.3, sections 5 and 6; what is newer, from 1.4. Kinds that have no more than a number there have the bits of
//! their drivers. The names of kinds are those that clients of either generation know.

/// A kind of device.
pub(crate) struct Kind {
    /// Its number.
    pub(crate) id: u32,
    /// Its name in the second generation of commands.
    pub(crate) name: &'static str,
    /// Its name in the first generation.
    pub(crate) first_name: &'static str,
    /// Its feature bits.
    pub(crate) bits: &'static [(u8, &'static str)],
    /// The bits of [`VHOST`] that its backends may have.
    pub(crate) vhost: &'static [u8],
}

/// Bits that mean the same for every kind, with their names in the first generation. Bit 30 has a meaning in that one
/// only.
pub(crate) const TRANSPORT: &[(u8, &str, &str)] = &[
    (24, "VIRTIO_F_NOTIFY_ON_EMPTY", "notify-on-empty"),
    (27, "VIRTIO_F_ANY_LAYOUT", "any-layout"),
    (28, "VIRTIO_RING_F_INDIRECT_DESC", "indirect-desc"),
    (29, "VIRTIO_RING_F_EVENT_IDX", "event-idx"),
    (30, "", "bad-feature"),
    (32, "VIRTIO_F_VERSION_1", "version-1"),
    (33, "VIRTIO_F_IOMMU_PLATFORM", "iommu-platform"),
    (34, "VIRTIO_F_RING_PACKED", "ring-packed"),
    (35, "VIRTIO_F_IN_ORDER", "in-order"),
    (36, "VIRTIO_F_ORDER_PLATFORM", "order-platform"),
    (37, "VIRTIO_F_SR_IOV", "sr-iov"),
    (38, "VIRTIO_F_NOTIFICATION_DATA", "notification-data"),
    (39, "VIRTIO_F_NOTIF_CONFIG_DATA", "notif-config-data"),
    (40, "VIRTIO_F_RING_RESET", "ring-reset"),
    (41, "VIRTIO_F_ADMIN_VQ", "admin-vq"),
];

/// Bits of vhost backends. Bit 27 is the transport's before it is theirs.
pub(crate) const VHOST: &[(u8, &str)] =
    &[(26, "VHOST_F_LOG_ALL"), (27, "VHOST_NET_F_VIRTIO_NET_HDR"), (30, "VHOST_USER_F_PROTOCOL_FEATURES")];

/// The features of the vhost-user protocol.
pub(crate) const VHOST_USER_PROTOCOL: &[(u8, &str)] = &[
    (0, "VHOST_USER_PROTOCOL_F_MQ"),
    (1, "VHOST_USER_PROTOCOL_F_LOG_SHMFD"),
    (2, "VHOST_USER_PROTOCOL_F_RARP"),
    (3, "VHOST_USER_PROTOCOL_F_REPLY_ACK"),
    (4, "VHOST_USER_PROTOCOL_F_NET_MTU"),
    (5, "VHOST_USER_PROTOCOL_F_BACKEND_REQ"),
    (6, "VHOST_USER_PROTOCOL_F_CROSS_ENDIAN"),
    (7, "VHOST_USER_PROTOCOL_F_CRYPTO_SESSION"),
    (8, "VHOST_USER_PROTOCOL_F_PAGEFAULT"),
    (9, "VHOST_USER_PROTOCOL_F_CONFIG"),
    (10, "VHOST_USER_PROTOCOL_F_BACKEND_SEND_FD"),
    (11, "VHOST_USER_PROTOCOL_F_HOST_NOTIFIER"),
    (12, "VHOST_USER_PROTOCOL_F_INFLIGHT_SHMFD"),
    (13, "VHOST_USER_PROTOCOL_F_RESET_DEVICE"),
    (14, "VHOST_USER_PROTOCOL_F_INBAND_NOTIFICATIONS"),
    (15, "VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS"),
    (16, "VHOST_USER_PROTOCOL_F_STATUS"),
    (17, "VHOST_USER_PROTOCOL_F_XEN_MMAP"),
    (18, "VHOST_USER_PROTOCOL_F_SHARED_OBJECT"),
    (19, "VHOST_USER_PROTOCOL_F_DEVICE_STATE"),
    (20, "VHOST_USER_PROTOCOL_F_GET_VRING_BASE_INFLIGHT"),
    (21, "VHOST_USER_PROTOCOL_F_GPA_ADDRESSES"),
    (22, "VHOST_USER_PROTOCOL_F_SHMEM"),
];

/// A kind that has neither feature bits nor backends.
const fn plain(id: u32, name: &'static str, first_name: &'static str) -> Kind {
    Kind { id, name, first_name, bits: &[], vhost: &[] }
}

/// The same name in both generations.
const fn named(
    id: u32,
    name: &'static str,
    bits: &'static [(u8, &'static str)],
    vhost: &'static [u8],
) -> Kind {
    Kind { id, name, first_name: name, bits, vhost }
}

/// Every kind, by number.
pub(crate) const KINDS: &[Kind] = &[
    named(1, "virtio-net", NET, &[26, 27, 30]),
    named(2, "virtio-blk", BLOCK, &[26, 30]),
    named(
        3,
        "virtio-serial",
        &[
            (0, "VIRTIO_CONSOLE_F_SIZE"),
            (1, "VIRTIO_CONSOLE_F_MULTIPORT"),
            (2, "VIRTIO_CONSOLE_F_EMERG_WRITE"),
        ],
        &[],
    ),
    named(4, "virtio-rng", &[], &[26, 30]),
    named(
        5,
        "virtio-balloon",
        &[
            (0, "VIRTIO_BALLOON_F_MUST_TELL_HOST"),
            (1, "VIRTIO_BALLOON_F_STATS_VQ"),
            (2, "VIRTIO_BALLOON_F_DEFLATE_ON_OOM"),
            (3, "VIRTIO_BALLOON_F_FREE_PAGE_HINT"),
            (4, "VIRTIO_BALLOON_F_PAGE_POISON"),
            (5, "VIRTIO_BALLOON_F_REPORTING"),
        ],
        &[],
    ),
    plain(6, "virtio-iomem", "virtio-iomem"),
    named(7, "virtio-rpmsg", &[(0, "VIRTIO_RPMSG_F_NS")], &[]),
    named(
        8,
        "virtio-scsi",
        &[
            (0, "VIRTIO_SCSI_F_INOUT"),
            (1, "VIRTIO_SCSI_F_HOTPLUG"),
            (2, "VIRTIO_SCSI_F_CHANGE"),
            (3, "VIRTIO_SCSI_F_T10_PI"),
        ],
        &[26, 30],
    ),
    named(9, "virtio-9p", &[(0, "VIRTIO_9P_MOUNT_TAG")], &[]),
    plain(10, "virtio-mac-wlan", "virtio-mac80211-wlan"),
    plain(11, "virtio-rproc-serial", "virtio-rproc-serial"),
    plain(12, "virtio-caif", "virtio-caif"),
    plain(13, "virtio-mem-balloon", "virtio-memory-balloon"),
    named(
        16,
        "virtio-gpu",
        &[
            (0, "VIRTIO_GPU_F_VIRGL"),
            (1, "VIRTIO_GPU_F_EDID"),
            (2, "VIRTIO_GPU_F_RESOURCE_UUID"),
            (3, "VIRTIO_GPU_F_RESOURCE_BLOB"),
            (4, "VIRTIO_GPU_F_CONTEXT_INIT"),
            (5, "VIRTIO_GPU_F_BLOB_ALIGNMENT"),
        ],
        &[26, 30],
    ),
    Kind {
        id: 17,
        name: "virtio-clk",
        first_name: "virtio-clock",
        bits: &[(0, "VIRTIO_RTC_F_ALARM")],
        vhost: &[],
    },
    named(18, "virtio-input", &[], &[26, 30]),
    named(
        19,
        "vhost-vsock",
        &[
            (0, "VIRTIO_VSOCK_F_STREAM"),
            (1, "VIRTIO_VSOCK_F_SEQPACKET"),
            (2, "VIRTIO_VSOCK_F_NO_IMPLIED_STREAM"),
        ],
        &[26, 30],
    ),
    named(20, "virtio-crypto", CRYPTO, &[26]),
    plain(21, "virtio-signal", "virtio-signal-dist"),
    plain(22, "virtio-pstore", "virtio-pstore"),
    named(
        23,
        "virtio-iommu",
        &[
            (0, "VIRTIO_IOMMU_F_INPUT_RANGE"),
            (1, "VIRTIO_IOMMU_F_DOMAIN_RANGE"),
            (2, "VIRTIO_IOMMU_F_MAP_UNMAP"),
            (3, "VIRTIO_IOMMU_F_BYPASS"),
            (4, "VIRTIO_IOMMU_F_PROBE"),
            (5, "VIRTIO_IOMMU_F_MMIO"),
            (6, "VIRTIO_IOMMU_F_BYPASS_CONFIG"),
        ],
        &[],
    ),
    named(
        24,
        "virtio-mem",
        &[
            (0, "VIRTIO_MEM_F_ACPI_PXM"),
            (1, "VIRTIO_MEM_F_UNPLUGGED_INACCESSIBLE"),
            (2, "VIRTIO_MEM_F_PERSISTENT_SUSPEND"),
        ],
        &[],
    ),
    named(25, "virtio-sound", &[(0, "VIRTIO_SND_F_CTLS")], &[26, 30]),
    Kind {
        id: 26,
        name: "virtio-user-fs",
        first_name: "vhost-user-fs",
        bits: &[(0, "VIRTIO_FS_F_NOTIFICATION")],
        vhost: &[26, 30],
    },
    named(27, "virtio-pmem", &[(0, "VIRTIO_PMEM_F_SHMEM_REGION")], &[]),
    plain(28, "virtio-rpmb", "virtio-rpmb"),
    plain(29, "virtio-mac-hwsim", "virtio-mac80211-hwsim"),
    named(30, "virtio-vid-encoder", VIDEO, &[26, 30]),
    named(31, "virtio-vid-decoder", VIDEO, &[26, 30]),
    named(
        32,
        "virtio-scmi",
        &[(0, "VIRTIO_SCMI_F_P2A_CHANNELS"), (1, "VIRTIO_SCMI_F_SHARED_MEMORY")],
        &[26, 30],
    ),
    plain(33, "virtio-nitro-sec-mod", "virtio-nitro-sec-mod"),
    named(34, "vhost-user-i2c", &[(0, "VIRTIO_I2C_F_ZERO_LENGTH_REQUEST")], &[26, 30]),
    plain(35, "virtio-watchdog", "virtio-watchdog"),
    named(
        36,
        "virtio-can",
        &[
            (0, "VIRTIO_CAN_F_CAN_CLASSIC"),
            (1, "VIRTIO_CAN_F_CAN_FD"),
            (2, "VIRTIO_CAN_F_RTR_FRAMES"),
            (3, "VIRTIO_CAN_F_LATE_TX_ACK"),
        ],
        &[26, 30],
    ),
    plain(37, "virtio-dmabuf", "virtio-dmabuf"),
    plain(38, "virtio-param-serv", "virtio-param-serv"),
    plain(39, "virtio-audio-pol", "virtio-audio-pol"),
    named(
        40,
        "virtio-bluetooth",
        &[
            (0, "VIRTIO_BT_F_VND_HCI"),
            (1, "VIRTIO_BT_F_MSFT_EXT"),
            (2, "VIRTIO_BT_F_AOSP_EXT"),
            (3, "VIRTIO_BT_F_CONFIG_V2"),
        ],
        &[],
    ),
    named(41, "virtio-gpio", &[(0, "VIRTIO_GPIO_F_IRQ")], &[30]),
    plain(42, "virtio-rdma", "virtio-rdma"),
    plain(43, "virtio-camera", "virtio-camera"),
    plain(44, "virtio-ism", "virtio-ism"),
    plain(45, "virtio-spi", "virtio-spi"),
    plain(46, "virtio-tee", "virtio-tee"),
    plain(47, "virtio-cpu-balloon", "virtio-cpu-balloon"),
    plain(48, "virtio-media", "virtio-media"),
    plain(49, "virtio-usb", "virtio-usb"),
];

const NET: &[(u8, &str)] = &[
    (0, "VIRTIO_NET_F_CSUM"),
    (1, "VIRTIO_NET_F_GUEST_CSUM"),
    (2, "VIRTIO_NET_F_CTRL_GUEST_OFFLOADS"),
    (3, "VIRTIO_NET_F_MTU"),
    (5, "VIRTIO_NET_F_MAC"),
    (6, "VIRTIO_NET_F_GSO"),
    (7, "VIRTIO_NET_F_GUEST_TSO4"),
    (8, "VIRTIO_NET_F_GUEST_TSO6"),
    (9, "VIRTIO_NET_F_GUEST_ECN"),
    (10, "VIRTIO_NET_F_GUEST_UFO"),
    (11, "VIRTIO_NET_F_HOST_TSO4"),
    (12, "VIRTIO_NET_F_HOST_TSO6"),
    (13, "VIRTIO_NET_F_HOST_ECN"),
    (14, "VIRTIO_NET_F_HOST_UFO"),
    (15, "VIRTIO_NET_F_MRG_RXBUF"),
    (16, "VIRTIO_NET_F_STATUS"),
    (17, "VIRTIO_NET_F_CTRL_VQ"),
    (18, "VIRTIO_NET_F_CTRL_RX"),
    (19, "VIRTIO_NET_F_CTRL_VLAN"),
    (20, "VIRTIO_NET_F_CTRL_RX_EXTRA"),
    (21, "VIRTIO_NET_F_GUEST_ANNOUNCE"),
    (22, "VIRTIO_NET_F_MQ"),
    (23, "VIRTIO_NET_F_CTRL_MAC_ADDR"),
    (50, "VIRTIO_NET_F_DEVICE_STATS"),
    (51, "VIRTIO_NET_F_HASH_TUNNEL"),
    (52, "VIRTIO_NET_F_VQ_NOTF_COAL"),
    (53, "VIRTIO_NET_F_NOTF_COAL"),
    (54, "VIRTIO_NET_F_GUEST_USO4"),
    (55, "VIRTIO_NET_F_GUEST_USO6"),
    (56, "VIRTIO_NET_F_HOST_USO"),
    (57, "VIRTIO_NET_F_HASH_REPORT"),
    (59, "VIRTIO_NET_F_GUEST_HDRLEN"),
    (60, "VIRTIO_NET_F_RSS"),
    (61, "VIRTIO_NET_F_RSC_EXT"),
    (62, "VIRTIO_NET_F_STANDBY"),
    (63, "VIRTIO_NET_F_SPEED_DUPLEX"),
    (64, "VIRTIO_NET_F_RSS_CONTEXT"),
    (65, "VIRTIO_NET_F_GUEST_UDP_TUNNEL_GSO"),
    (66, "VIRTIO_NET_F_GUEST_UDP_TUNNEL_GSO_CSUM"),
    (67, "VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO"),
    (68, "VIRTIO_NET_F_HOST_UDP_TUNNEL_GSO_CSUM"),
    (69, "VIRTIO_NET_F_OUT_NET_HEADER"),
];

const BLOCK: &[(u8, &str)] = &[
    (0, "VIRTIO_BLK_F_BARRIER"),
    (1, "VIRTIO_BLK_F_SIZE_MAX"),
    (2, "VIRTIO_BLK_F_SEG_MAX"),
    (4, "VIRTIO_BLK_F_GEOMETRY"),
    (5, "VIRTIO_BLK_F_RO"),
    (6, "VIRTIO_BLK_F_BLK_SIZE"),
    (7, "VIRTIO_BLK_F_SCSI"),
    (9, "VIRTIO_BLK_F_FLUSH"),
    (10, "VIRTIO_BLK_F_TOPOLOGY"),
    (11, "VIRTIO_BLK_F_CONFIG_WCE"),
    (12, "VIRTIO_BLK_F_MQ"),
    (13, "VIRTIO_BLK_F_DISCARD"),
    (14, "VIRTIO_BLK_F_WRITE_ZEROES"),
    (15, "VIRTIO_BLK_F_LIFETIME"),
    (16, "VIRTIO_BLK_F_SECURE_ERASE"),
    (17, "VIRTIO_BLK_F_ZONED"),
];

const CRYPTO: &[(u8, &str)] = &[
    (0, "VIRTIO_CRYPTO_F_REVISION_1"),
    (1, "VIRTIO_CRYPTO_F_CIPHER_STATELESS_MODE"),
    (2, "VIRTIO_CRYPTO_F_HASH_STATELESS_MODE"),
    (3, "VIRTIO_CRYPTO_F_MAC_STATELESS_MODE"),
    (4, "VIRTIO_CRYPTO_F_AEAD_STATELESS_MODE"),
    (5, "VIRTIO_CRYPTO_F_AKCIPHER_STATELESS_MODE"),
];

const VIDEO: &[(u8, &str)] = &[
    (0, "VIRTIO_VIDEO_F_RESOURCE_GUEST_PAGES"),
    (1, "VIRTIO_VIDEO_F_RESOURCE_NON_CONTIG"),
    (2, "VIRTIO_VIDEO_F_RESOURCE_VIRTIO_OBJECT"),
];
