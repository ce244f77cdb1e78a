//! Monitors look at a device without its back end noticing.

use virtio_core::driver::Buffer;
use virtio_core::introspection::{first_generation, inspect, second_generation};
use virtio_core::{Introspect, RingForm};

use crate::support::puppet::{Puppet, Script};
use crate::support::{DATA, Place, RING, attach, wait_until};

const PATH: &str = "/machine/peripheral/fs0";

fn look(view: &dyn Introspect) {
    let _ = second_generation::status(view);
    let _ = second_generation::queue_status(view, 0);
    let _ = second_generation::vhost_queue_status(view, 0);
    let _ = second_generation::queue_element(view, 0, None);
    let _ = first_generation::status(view);
    let _ = first_generation::queue_status(view, 0);
    let _ = inspect::device(PATH, view);
}

#[test]
fn a_thousand_queries_are_not_one_message() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, Script::default());
    let mut attached = attach(&place.socket, "", RingForm::Split);
    let mut queues = attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    queues[0].chain(&[Buffer::writable(DATA, 4)]);
    queues[0].publish();
    attached.driver.kick(0);
    let view = attached.driver.view();
    let before = puppet.heard().len();
    let memory = attached.driver.load(0, 1 << 20);
    for _ in 0..1000 {
        look(&*view);
    }
    assert_eq!(puppet.heard().len(), before);
    assert!(attached.driver.load(0, 1 << 20) == memory, "nor does it change what stands in memory");
    assert!(view.kick_pending(0), "nor take a kick");
    // Messages do come when there is a reason: the count is one that can grow.
    attached.driver.transport().pause();
    assert!(puppet.heard().len() > before);
}

#[test]
fn replies_show_what_is_known_of_the_back_end() {
    let place = Place::new();
    let _puppet = Puppet::listen(&place.socket, Script::default());
    let mut attached = attach(&place.socket, "", RingForm::Split);
    let view = attached.driver.view();
    assert!(!second_generation::status(&*view).vhost_started);
    let error = second_generation::vhost_queue_status(&*view, 0).unwrap_err();
    assert_eq!(error.description, "Error: vhost device has not started yet");

    let mut queues = attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    for _ in 0..3 {
        queues[0].chain(&[Buffer::writable(DATA, 4)]);
    }
    queues[0].publish();
    let json = |value| serde_json::to_string_pretty(&value).unwrap();
    let status = second_generation::status(&*view);
    insta::assert_snapshot!("status", json(serde_json::to_value(status.vhost_dev).unwrap()));
    let mut queue = second_generation::vhost_queue_status(&*view, 0).unwrap();
    let base = queue.desc - queue.desc_phys;
    assert!(queue.kick > 2 && queue.call > 2, "descriptors");
    (queue.kick, queue.call) = (0, 0);
    for area in [&mut queue.desc, &mut queue.avail, &mut queue.used] {
        *area -= base;
    }
    insta::assert_snapshot!("queue", json(serde_json::to_value(queue).unwrap()));
    let error = second_generation::vhost_queue_status(&*view, 1).unwrap_err();
    assert_eq!(error.description, "Invalid vhost virtqueue number 1");
    let rings = second_generation::queue_status(&*view, 0).unwrap();
    assert_eq!(
        (rings.last_avail_idx, rings.shadow_avail_idx, rings.used_idx, rings.inuse),
        (None, None, 0, 3)
    );
}

#[test]
fn it_is_told_when_the_guest_waits_for_a_back_end() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, Script::default());
    let mut attached = attach(&place.socket, "", RingForm::Split);
    let mut queues = attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    queues[0].chain(&[Buffer::writable(DATA, 4)]);
    queues[0].publish();
    let view = attached.driver.view();
    let shown = || {
        let device = inspect::device(PATH, &*view);
        let back_end = device.back_end.unwrap();
        (device.queues[0].next.as_str(), back_end.connected, back_end.lost)
    };
    assert_eq!(shown(), ("device-complete", true, None));
    puppet.change(|script| script.features = 0);
    puppet.hang_up();
    wait_until(|| shown().2.is_some_and(|lost| lost.contains("VERSION_1")));
    assert_eq!(shown().0, "back-end-connect");
    puppet.change(|script| *script = Script::default());
    attached.wait_running();
    assert_eq!(shown(), ("device-complete", true, None));
}
