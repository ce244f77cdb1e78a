//! Everything that a monitor can ask of a device.

use qapi_schema::inspect::requests::QueryVirtioChains;
use virtio_core::Introspect;
use virtio_core::introspection::{first_generation, inspect, second_generation};

/// The most descriptors of a chain that can be shown: descriptor numbers have 16 bits.
const LONGEST: usize = 1 << 16;

/// Asks everything about the device and about some of its queues and slots.
pub(crate) fn look_at_everything(view: &dyn Introspect, index: Option<u16>) {
    let _ = (first_generation::status(view), second_generation::status(view));
    let _ = inspect::device("/device", view);
    for queue in [0, 1, 2, u16::MAX] {
        let first = first_generation::queue_status(view, queue);
        let second = second_generation::queue_status(view, queue);
        assert_eq!(first.is_ok(), second.is_ok());
        let snapshot = view.queue(queue);
        assert_eq!(first.is_ok(), snapshot.is_some());
        let most = snapshot.map_or(0, |snapshot| usize::from(snapshot.default_size));
        assert!(view.in_flight(queue).len() <= most);
        if let Ok(element) = first_generation::queue_element(view, queue, index) {
            assert!(element.descs.len() <= LONGEST);
        }
        for (slot, count) in [(index, index), (None, None)] {
            let path = "/device".to_owned();
            let _ = inspect::chains(view, &QueryVirtioChains { path, queue, slot, count, dump: Some(32) });
        }
        if let Ok(element) = second_generation::queue_element(view, queue, index) {
            assert!(element.descs.len() <= LONGEST);
        }
    }
}
