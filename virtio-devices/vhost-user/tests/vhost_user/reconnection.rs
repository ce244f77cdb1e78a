//! The back end goes away, and another one comes.

use std::sync::atomic::Ordering;

use virtio_core::RingForm;
use virtio_core::driver::Buffer;

use crate::support::daemon::Daemon;
use crate::support::puppet::{PROTOCOL, Puppet, RING_PACKED, Script};
use crate::support::{DATA, Place, RING, attach, wait_until};

#[test]
fn requests_of_a_back_end_that_dies_are_served_by_the_next_one() {
    let place = Place::new();
    let mut daemon = Daemon::listen(&place.socket, 0);
    let mut attached = attach(&place.socket, "", RingForm::Split);
    let mut queues = attached.driver.start(u128::MAX, RING);
    for round in 1..=5_u8 {
        // It takes the kick and does nothing.
        daemon.wishes.deaf.store(true, Ordering::SeqCst);
        daemon.wishes.kicked.store(false, Ordering::SeqCst);
        let buffer = |number: u16| DATA + 64 * u64::from(number);
        let heads: Vec<u16> =
            (0..5).map(|number| queues[0].chain(&[Buffer::writable(buffer(number), 64)])).collect();
        queues[0].publish();
        attached.driver.kick(0);
        wait_until(|| daemon.wishes.kicked.load(Ordering::SeqCst));
        daemon.kill();
        wait_until(|| !attached.back_end().connected);
        assert!(attached.back_end().lost.as_deref().is_some_and(|lost| !lost.is_empty()));
        assert!(queues[0].used().is_empty());

        daemon = Daemon::listen(&place.socket, round);
        let mut used = Vec::new();
        while used.len() < heads.len() {
            used.extend(attached.driver.wait_used(&mut queues[0]));
        }
        assert_eq!(used, heads.iter().map(|head| (*head, 64)).collect::<Vec<_>>(), "each once and in order");
        for number in 0..5 {
            assert_eq!(attached.driver.load(buffer(number), 64), [round; 64]);
        }
        assert_eq!(attached.back_end().connections, u64::from(round) + 1);
        wait_until(|| attached.around.told().len() == 2 * usize::from(round));
        let told = attached.around.told();
        assert_eq!(told[told.len() - 2..], ["VHOST_USER_DISCONNECTED", "VHOST_USER_CONNECTED"]);
    }
    let status = attached.driver.view().status();
    assert!(status.failure.is_none());
}

#[test]
fn a_driver_that_starts_without_back_end_is_served_when_one_comes() {
    let place = Place::new();
    let daemon = Daemon::listen(&place.socket, 0);
    let mut attached = attach(&place.socket, "", RingForm::Split);
    daemon.kill();
    wait_until(|| !attached.back_end().connected);
    let mut queues = attached.driver.start(u128::MAX, RING);
    let head = queues[1].chain(&[Buffer::writable(DATA, 4)]);
    queues[1].publish();
    attached.driver.kick(1);
    attached.driver.transport().pause();
    attached.driver.transport().resume();
    let _daemon = Daemon::listen(&place.socket, 9);
    assert_eq!(attached.driver.wait_used(&mut queues[1]), [(head, 4)]);
}

#[test]
fn a_back_end_that_comes_during_a_pause_waits_for_its_end() {
    let place = Place::new();
    let daemon = Daemon::listen(&place.socket, 0);
    let mut attached = attach(&place.socket, "", RingForm::Split);
    let mut queues = attached.driver.start(u128::MAX, RING);
    attached.driver.transport().pause();
    daemon.kill();
    let _daemon = Daemon::listen(&place.socket, 9);
    attached.wait_connections(2);
    assert!(!attached.back_end().running);
    let head = queues[0].chain(&[Buffer::writable(DATA, 4)]);
    queues[0].publish();
    attached.driver.transport().resume();
    assert_eq!(attached.driver.wait_used(&mut queues[0]), [(head, 4)]);
}

#[test]
fn one_that_offers_less_than_the_driver_has_chosen_is_not_taken() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, Script::default());
    let mut attached = attach(&place.socket, "", RingForm::Split);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    puppet.change(|script| script.features &= !1);
    puppet.hang_up();
    let refused = "the back end does not offer the feature bits 0x1 any more, which the driver uses";
    wait_until(|| attached.back_end().lost.as_deref() == Some(refused));
    assert!(!attached.back_end().connected);
    puppet.change(|script| script.queues = 0);
    let refused = "the back end has 0 queues, and the device 1";
    wait_until(|| attached.back_end().lost.as_deref() == Some(refused));
    puppet.change(|script| *script = Script::default());
    attached.wait_running();
}

#[test]
fn packed_rings_need_a_reset_when_nobody_knows_where_the_back_end_was() {
    let place = Place::new();
    let script = Script { features: Script::default().features | RING_PACKED, ..Script::default() };
    assert_eq!(script.protocol_features, PROTOCOL);
    let puppet = Puppet::listen(&place.socket, script);
    let mut attached = attach(&place.socket, "", RingForm::Packed);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    puppet.hang_up();
    wait_until(|| attached.driver.view().status().failure.is_some());
    let failure = attached.driver.view().status().failure.unwrap();
    insta::assert_snapshot!(failure, @"the back end cannot go on: the back end went away, and packed rings do not tell where it was");
    // Reset, it works again, with whoever is there by then.
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    assert!(attached.driver.view().status().failure.is_none());
}
