//! The configuration space (virtio 1.3, 5.1.4) and the queues.

use crate::mac::MacAddress;

/// Queue 0: buffers that the device fills with received frames.
pub(crate) const RECEIVE: u16 = 0;
/// Queue 1: frames to send.
pub(crate) const TRANSMIT: u16 = 1;
/// Entries of each of the two queues.
pub(crate) const QUEUE_SIZES: [u16; 2] = [256, 256];

/// Bytes up to and including `status`; what follows belongs to features that are not offered.
pub(crate) const CONFIG_SIZE: usize = 8;

/// Bit 0 of `status`: the link is up.
const LINK_UP: u16 = 1;

/// The configuration space of a device with this address, whose link is up.
pub(crate) fn space(mac: MacAddress) -> [u8; CONFIG_SIZE] {
    let [a, b, c, d, e, f] = mac.0;
    let [low, high] = LINK_UP.to_le_bytes();
    [a, b, c, d, e, f, low, high]
}
