//! Memory in which requests in flight are noted goes from one back end to the next.

use std::os::unix::fs::{FileExt, MetadataExt};

use vhost::vhost_user::message::FrontendReq;
use virtio_core::RingForm;

use crate::support::puppet::{INFLIGHT_SHMFD, PROTOCOL, Puppet, RING_PACKED, Script};
use crate::support::{Place, RING, attach};

fn script(features: u64) -> Script {
    Script {
        features: Script::default().features | features,
        protocol_features: PROTOCOL | INFLIGHT_SHMFD,
        ..Script::default()
    }
}

#[test]
fn the_next_back_end_is_given_what_the_last_one_has_noted() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, script(0));
    let mut attached = attach(&place.socket, "", RingForm::Split);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    assert_eq!(
        puppet.last(FrontendReq::GET_INFLIGHT_FD).unwrap().body[16..],
        [1, 0, 16, 0, 0, 0, 0, 0],
        "queues and size"
    );
    let first = puppet.file(FrontendReq::SET_INFLIGHT_FD);
    first.write_all_at(b"noted", 64).unwrap();
    puppet.hang_up();
    attached.wait_connections(2);
    attached.wait_running();
    assert!(puppet.last(FrontendReq::GET_INFLIGHT_FD).is_none(), "it is not asked for anew");
    let second = puppet.file(FrontendReq::SET_INFLIGHT_FD);
    assert_eq!(second.metadata().unwrap().ino(), first.metadata().unwrap().ino());
    let names = puppet.names();
    let place_of = |name: &str| names.iter().position(|each| each == name).unwrap();
    assert!(place_of("SET_INFLIGHT_FD") < place_of("SET_VRING_KICK"), "before rings start");
    // After a reset there is nothing left to do.
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    assert!(puppet.last(FrontendReq::GET_INFLIGHT_FD).is_some());
}

#[test]
fn a_back_end_that_cannot_read_the_notes_is_not_taken() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, script(0));
    let mut attached = attach(&place.socket, "", RingForm::Split);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    puppet.change(|script| script.protocol_features = PROTOCOL);
    puppet.hang_up();
    let reason = "the back end cannot read which requests the one before it had in flight";
    crate::support::wait_until(|| attached.back_end().lost.as_deref() == Some(reason));
    puppet.change(|script| script.protocol_features |= INFLIGHT_SHMFD);
    attached.wait_running();
}

#[test]
fn packed_rings_go_on_where_the_notes_say() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, script(RING_PACKED));
    let mut attached = attach(&place.socket, "", RingForm::Packed);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    // Slot 5, an unfinished step to slot 9, and a wrap counter that is clear.
    puppet.file(FrontendReq::SET_INFLIGHT_FD).write_all_at(&[5, 0, 9, 0, 0], 16).unwrap();
    puppet.hang_up();
    attached.wait_connections(2);
    attached.wait_running();
    assert_eq!(puppet.last(FrontendReq::SET_VRING_BASE).unwrap().word(1), 0x0005_0005);
    puppet.file(FrontendReq::SET_INFLIGHT_FD).write_all_at(&[6, 0, 9, 0, 1], 16).unwrap();
    puppet.hang_up();
    attached.wait_connections(3);
    attached.wait_running();
    assert_eq!(puppet.last(FrontendReq::SET_VRING_BASE).unwrap().word(1), 0x8006_8006);
    assert!(attached.driver.view().status().failure.is_none());
}

#[test]
fn memory_that_is_too_small_or_not_there_is_refused() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, Script { in_flight_size: 255, ..script(0) });
    let mut attached = attach(&place.socket, "", RingForm::Split);
    attached.driver.start(u128::MAX, RING);
    let reason = "the back end's memory for requests in flight has 255 bytes, and 256 are needed";
    crate::support::wait_until(|| attached.back_end().lost.as_deref() == Some(reason));
    puppet.change(|script| script.in_flight_size = 256);
    attached.wait_running();
}
