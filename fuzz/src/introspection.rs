//! Monitors looking at arbitrary memory through arbitrary snapshots.

use virtio_core::driver::guest_memory;
use virtio_core::introspection::{
    CONFIGURATION_SIZE, DeviceSnapshot, Element, ElementError, InFlightChain, QueueIndices, QueueSnapshot,
    WrapCounters, element,
};
use virtio_core::queue::RingLayout;
use virtio_core::{DeviceDetails, DeviceKind, GuestMemory, Introspect, QueueCounters};
use vm_memory::{Bytes, GuestAddress};

use crate::MEMORY;
use crate::device::a_device;
use crate::input::Input;
use crate::looking::look_at_everything;

/// A device that nothing but queries will ever touch.
struct Looked {
    kind: &'static DeviceKind,
    details: &'static DeviceDetails,
    memory: GuestMemory,
    queue: QueueSnapshot,
    features: u128,
    status: u8,
}

impl Introspect for Looked {
    fn kind(&self) -> &'static DeviceKind {
        self.kind
    }

    fn details(&self) -> &'static DeviceDetails {
        self.details
    }

    fn memory(&self) -> &GuestMemory {
        &self.memory
    }

    fn counters(&self, _: u16) -> Option<&QueueCounters> {
        None
    }

    fn kick_pending(&self, _: u16) -> bool {
        self.status & 1 != 0
    }

    fn working(&self, _: u16) -> bool {
        self.status & 2 != 0
    }

    fn configuration(&self) -> [u8; CONFIGURATION_SIZE] {
        [self.status; CONFIGURATION_SIZE]
    }

    fn status(&self) -> DeviceSnapshot {
        DeviceSnapshot {
            status: self.status,
            interrupt_status: self.status,
            queue_select: u32::MAX,
            device_features_select: 0,
            driver_features_select: u32::MAX,
            configuration_generation: 0,
            offered_features: self.features,
            acknowledged_features: !self.features,
            backend_features: self.features.rotate_left(7),
            queue_count: 1,
            running: true,
            working: self.status & 2 != 0,
            failure: None,
            messages: None,
        }
    }

    fn queue(&self, index: u16) -> Option<QueueSnapshot> {
        (index == 0).then_some(self.queue)
    }

    fn in_flight(&self, queue: u16) -> Vec<InFlightChain> {
        let QueueIndices { used: head, shadow_available: position, .. } = self.queue.indices;
        let exists = queue == 0 && self.queue.default_size > 0;
        exists.then_some(InFlightChain { head, position }).into_iter().collect()
    }

    fn element(&self, queue: u16, index: Option<u16>) -> Result<Element, ElementError> {
        let snapshot = self.queue(queue).ok_or(ElementError::NoSuchQueue(queue))?;
        element(&self.memory, &snapshot, index)
    }
}

/// Fills guest memory, makes up a queue, and looks; memory has to stay as it was.
pub fn introspection(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let form = input.form();
    let orderly = input.u8() % 8 != 0;
    let mut area = |alignment| if orderly { input.area(alignment) } else { input.address() };
    let (descriptor_area, driver_area, device_area) = (area(16), area(4), area(4));
    let size = if orderly { 1 << (input.u8() % 9) } else { input.u16() };
    let default_size = if orderly { 256 } else { input.u16() };
    let [last_available, shadow_available, used, in_flight] = std::array::from_fn(|_| input.u16());
    let wrap_counters = Some(WrapCounters { available: input.bool(), used: input.bool() });
    let indices = QueueIndices {
        last_available,
        shadow_available,
        used,
        in_flight,
        signalled_used: None,
        seen: in_flight,
        wrap_counters,
    };
    let layout = RingLayout { form, size, descriptor_area, driver_area, device_area };
    let queue =
        QueueSnapshot { index: 0, default_size, ready: input.u8() != 0, layout, indices, generation: 0 };
    let index = input.bool().then(|| input.u16());
    let memory = guest_memory(MEMORY);
    let device = a_device(input.u8());
    let (kind, details) = (device.kind(), device.details());
    let features = u128::from(input.address()) << 64 | u128::from(input.address());
    let device = Looked { kind, details, memory, queue, features, status: input.u8() };

    let first = input.u16() % 16;
    for slot in 0..64 {
        if input.is_empty() {
            break;
        }
        let raw = input.descriptor();
        // Descriptors on the ring, and as many in a table behind it that some of them will find.
        let at = descriptor_area.wrapping_add(16 * u64::from(first + slot)) % (MEMORY as u64 - 16);
        let fields = [
            raw.length.to_le_bytes(),
            [raw.flags, raw.next].map(|field| field.to_le_bytes()).concat().try_into().unwrap(),
        ];
        device.memory.write_obj(raw.address, GuestAddress(at)).unwrap();
        device.memory.write_slice(&fields.concat(), GuestAddress(at + 8)).unwrap();
    }
    let contents = || {
        let mut contents = vec![0; MEMORY];
        device.memory.read_slice(&mut contents, GuestAddress(0)).unwrap();
        contents
    };
    let before = contents();
    look_at_everything(&device, index);
    assert!(before == contents(), "looking has changed guest memory");
}
