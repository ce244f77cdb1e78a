//! The features of the vhost-user protocol. They are no virtio features: a backend and its VMM agree on them, and no
//! driver sees them.

use super::FeatureText;

const fn row(bit: u8, name: &'static str, description: &'static str) -> FeatureText {
    FeatureText { bit, name, description }
}

/// All of them, by number. Monitors list them backwards.
pub const PROTOCOL_FEATURES: &[FeatureText] = &[
    row(0, "VHOST_USER_PROTOCOL_F_MQ", "Several queues"),
    row(1, "VHOST_USER_PROTOCOL_F_LOG_SHMFD", "The log of memory written is shared as a file descriptor"),
    row(2, "VHOST_USER_PROTOCOL_F_RARP", "The backend announces a guest that has moved, by RARP"),
    row(3, "VHOST_USER_PROTOCOL_F_REPLY_ACK", "A message can ask for a reply that says whether it was done"),
    row(4, "VHOST_USER_PROTOCOL_F_NET_MTU", "The backend is told the largest packet"),
    row(5, "VHOST_USER_PROTOCOL_F_BACKEND_REQ", "The backend has a socket for requests of its own"),
    row(6, "VHOST_USER_PROTOCOL_F_CROSS_ENDIAN", "The byte order of a legacy device's rings can be set"),
    row(7, "VHOST_USER_PROTOCOL_F_CRYPTO_SESSION", "Sessions of a cipher accelerator can be made and closed"),
    row(8, "VHOST_USER_PROTOCOL_F_PAGEFAULT", "Page faults of the backend can be served from elsewhere"),
    row(9, "VHOST_USER_PROTOCOL_F_CONFIG", "The backend has the device's configuration space"),
    row(
        10,
        "VHOST_USER_PROTOCOL_F_BACKEND_SEND_FD",
        "The backend's own requests can carry a file descriptor",
    ),
    row(11, "VHOST_USER_PROTOCOL_F_HOST_NOTIFIER", "The driver can kick the backend's hardware itself"),
    row(12, "VHOST_USER_PROTOCOL_F_INFLIGHT_SHMFD", "Requests in flight are noted in shared memory"),
    row(13, "VHOST_USER_PROTOCOL_F_RESET_DEVICE", "The backend can be reset to where it began"),
    row(14, "VHOST_USER_PROTOCOL_F_INBAND_NOTIFICATIONS", "Kicks and interrupts can be messages"),
    row(
        15,
        "VHOST_USER_PROTOCOL_F_CONFIGURE_MEM_SLOTS",
        "Regions of memory can be added and taken away one by one",
    ),
    row(16, "VHOST_USER_PROTOCOL_F_STATUS", "The backend knows the device's status register"),
    row(17, "VHOST_USER_PROTOCOL_F_XEN_MMAP", "Regions of memory can be mapped through Xen"),
    row(18, "VHOST_USER_PROTOCOL_F_SHARED_OBJECT", "Buffers can be shared with other devices by UUID"),
    row(19, "VHOST_USER_PROTOCOL_F_DEVICE_STATE", "The backend's inner state can be saved and restored"),
    row(
        20,
        "VHOST_USER_PROTOCOL_F_GET_VRING_BASE_INFLIGHT",
        "A queue can be stopped with requests in flight",
    ),
    row(21, "VHOST_USER_PROTOCOL_F_GPA_ADDRESSES", "Rings are given by guest physical address"),
    row(
        22,
        "VHOST_USER_PROTOCOL_F_SHMEM",
        "The backend can map files into the device's shared memory regions",
    ),
];
