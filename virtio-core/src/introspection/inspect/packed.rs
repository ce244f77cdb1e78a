//! A packed ring as it stands in guest memory, beside what the device knows of it.

use super::next::{Returned, RingFacts};
use crate::GuestMemory;
use crate::introspection::{QueueSnapshot, WrapCounters};
use crate::queue::RingError;
use crate::queue::ring::{DESCRIPTOR_SIZE, check_range};
use qapi_schema::inspect::{VirtioNotification, VirtioNotificationWish, VirtioPackedRing, VirtioRing};
use std::sync::atomic::Ordering;
use vm_memory::{Bytes, GuestAddress};

/// Descriptor flag: what the driver has made of its wrap counter.
const AVAILABLE: u16 = 1 << 7;
/// Descriptor flag: what the device has made of its wrap counter.
const USED: u16 = 1 << 15;

/// Both sides of a packed ring, and what follows from them.
pub(super) fn ring(
    memory: &GuestMemory,
    queue: &QueueSnapshot,
) -> Result<(VirtioRing, RingFacts), RingError> {
    let layout = queue.layout;
    check_range(memory, layout.descriptor_area, DESCRIPTOR_SIZE * u64::from(layout.size))?;
    let wrap = queue.indices.wrap_counters.unwrap_or(WrapCounters { available: true, used: true });
    let available = available_descriptors(memory, queue, wrap.available)?;
    let driver_notification = wish(memory, layout.driver_area)?;
    let device_notification = wish(memory, layout.device_area)?;
    let facts = RingFacts {
        waiting: available,
        unseen: available > 0 && queue.indices.shadow_available == queue.indices.last_available,
        kick_due: device_notification.wish != VirtioNotificationWish::Never,
        in_flight: queue.indices.in_flight,
        returned: returned(&driver_notification, queue.indices.used, wrap.used),
    };
    let branch = VirtioPackedRing {
        available_descriptors: available,
        device_position: queue.indices.last_available,
        device_wrap: wrap.available,
        used_position: queue.indices.used,
        used_wrap: wrap.used,
    };
    Ok((VirtioRing { driver_notification, device_notification, branch: branch.into() }, facts))
}

/// How many descriptors from the device's position on carry the driver's mark.
fn available_descriptors(
    memory: &GuestMemory,
    queue: &QueueSnapshot,
    mut wrap: bool,
) -> Result<u16, RingError> {
    let mut slot = queue.indices.last_available;
    for count in 0..queue.layout.size {
        let flags = load(memory, queue.layout.descriptor_area + DESCRIPTOR_SIZE * u64::from(slot) + 14)?;
        if (flags & AVAILABLE != 0) != wrap || (flags & USED != 0) == wrap {
            return Ok(count);
        }
        slot += 1;
        if slot >= queue.layout.size {
            (slot, wrap) = (0, !wrap);
        }
    }
    Ok(queue.layout.size)
}

/// An event suppression structure (virtio 1.3, 2.8.10).
fn wish(memory: &GuestMemory, area: u64) -> Result<VirtioNotification, RingError> {
    let (position, flags) = (load(memory, area)?, load(memory, area + 2)?);
    let (wish, at) = match flags & 3 {
        1 => (VirtioNotificationWish::Never, None),
        2 => (VirtioNotificationWish::AtPosition, Some(position)),
        _ => (VirtioNotificationWish::Always, None),
    };
    let (position, wrap) = (at.map(|bits| bits & 0x7fff), at.map(|bits| bits >> 15 != 0));
    Ok(VirtioNotification { wish, position, wrap })
}

/// A driver that has taken all asks for an interrupt at the very next one.
fn returned(driver: &VirtioNotification, used: u16, wrap: bool) -> Returned {
    match driver.wish {
        VirtioNotificationWish::Always => Returned::AsInterrupted,
        VirtioNotificationWish::Never => Returned::Poll,
        VirtioNotificationWish::AtPosition if (driver.position, driver.wrap) == (Some(used), Some(wrap)) => {
            Returned::Nothing
        }
        VirtioNotificationWish::AtPosition => Returned::Take,
    }
}

fn load(memory: &GuestMemory, address: u64) -> Result<u16, RingError> {
    let value: u16 = memory
        .load(GuestAddress(address), Ordering::Acquire)
        .map_err(|_| RingError::AddressNotInMemory { address, length: 2 })?;
    Ok(u16::from_le(value))
}
