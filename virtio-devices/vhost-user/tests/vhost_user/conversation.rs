//! What a back end is told, word for word, and when.

use vhost::vhost_user::message::FrontendReq;
use virtio_core::RingForm;
use virtio_core::driver::offset;

use crate::support::puppet::{Puppet, RING_PACKED, Script, name};
use crate::support::{Place, RING, attach, wait_until};

#[test]
fn from_the_first_word_to_a_reset() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, Script { stopped_at: 7, ..Script::default() });
    let mut attached = attach(&place.socket, "", RingForm::Split);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    insta::assert_snapshot!(puppet.names().join(" "), @"GET_FEATURES GET_PROTOCOL_FEATURES SET_PROTOCOL_FEATURES SET_OWNER GET_QUEUE_NUM SET_BACKEND_REQ_FD GET_CONFIG SET_FEATURES SET_MEM_TABLE SET_VRING_NUM SET_VRING_BASE SET_VRING_ADDR SET_VRING_CALL SET_VRING_ERR SET_VRING_KICK SET_VRING_ENABLE");
    let before = puppet.heard().len();
    attached.driver.transport().pause();
    attached.driver.transport().resume();
    attached.wait_running();
    attached.driver.write(offset::STATUS, 0);
    insta::assert_snapshot!(puppet.names()[before..].join(" "), @"GET_VRING_BASE SET_FEATURES SET_MEM_TABLE SET_VRING_NUM SET_VRING_BASE SET_VRING_ADDR SET_VRING_CALL SET_VRING_ERR SET_VRING_KICK SET_VRING_ENABLE GET_VRING_BASE RESET_DEVICE");
    assert_eq!(puppet.last(FrontendReq::SET_VRING_BASE).unwrap().word(1), 7, "where it had stopped");
}

#[test]
fn a_back_end_without_features_of_the_protocol_is_told_nothing_that_needs_them() {
    let place = Place::new();
    let features = Script::default().features & !(1 << 30);
    let puppet = Puppet::listen(&place.socket, Script { features, ..Script::default() });
    let mut attached = attach(&place.socket, ",queues=1", RingForm::Split);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    insta::assert_snapshot!(puppet.names().join(" "), @"GET_FEATURES SET_OWNER SET_FEATURES SET_MEM_TABLE SET_VRING_NUM SET_VRING_BASE SET_VRING_ADDR SET_VRING_CALL SET_VRING_ERR SET_VRING_KICK GET_FEATURES");
}

#[test]
fn rings_memory_and_features_are_told_as_they_are() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, Script::default());
    let mut attached = attach(&place.socket, "", RingForm::Split);
    let queues = attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    let layout = queues[0].layout();
    let features = puppet.last(FrontendReq::SET_FEATURES).unwrap();
    assert_eq!(features.body, (1_u64 << 32 | 1 << 30 | 1 << 29 | 1 << 28 | 1).to_le_bytes());
    let memory = puppet.last(FrontendReq::SET_MEM_TABLE).unwrap();
    let words: Vec<u64> = memory.body.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
    let [count, guest, size, ours, offset] = words[..] else { panic!("{words:?}") };
    assert_eq!((count, guest, size, offset), (1, 0, 1 << 20, 0));
    let ring = puppet.last(FrontendReq::SET_VRING_ADDR).unwrap();
    let words: Vec<u64> = ring.body.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word)).collect();
    let expected = [layout.descriptor_area, layout.device_area, layout.driver_area].map(|area| ours + area);
    assert_eq!(words, [&[0][..], &expected, &[0]].concat());
    assert_eq!(puppet.last(FrontendReq::SET_VRING_NUM).unwrap().word(1), 16);
    for message in puppet.heard() {
        let with_file =
            ["SET_MEM_TABLE", "SET_VRING_KICK", "SET_VRING_CALL", "SET_VRING_ERR", "SET_BACKEND_REQ_FD"];
        assert_eq!(message.has_file, with_file.contains(&name(message.number).as_str()), "{message:?}");
    }
}

#[test]
fn a_packed_ring_begins_with_both_wrap_counters_set() {
    let place = Place::new();
    let features = Script::default().features | RING_PACKED;
    let puppet =
        Puppet::listen(&place.socket, Script { features, stopped_at: 0x8003_0005, ..Script::default() });
    let mut attached = attach(&place.socket, "", RingForm::Packed);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    assert_eq!(puppet.last(FrontendReq::SET_VRING_BASE).unwrap().word(1), 0x8000_8000);
    attached.driver.transport().pause();
    attached.driver.transport().resume();
    attached.wait_running();
    assert_eq!(puppet.last(FrontendReq::SET_VRING_BASE).unwrap().word(1), 0x8003_0005);
}

#[test]
fn interrupts_and_errors_come_by_events() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, Script::default());
    let mut attached = attach(&place.socket, "", RingForm::Split);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    let write = |number| rustix::io::write(puppet.file(number), &1_u64.to_ne_bytes()).unwrap();
    write(FrontendReq::SET_VRING_CALL);
    assert_eq!(attached.driver.wait_interrupt(), 1);
    assert_eq!(attached.driver.view().counters(0).unwrap().interrupts.get(), 1);
    write(FrontendReq::SET_VRING_ERR);
    wait_until(|| attached.driver.view().status().failure.is_some());
    let failure = attached.driver.view().status().failure.unwrap();
    insta::assert_snapshot!(failure, @"the back end cannot go on: the back end cannot go on with queue 0");
}
