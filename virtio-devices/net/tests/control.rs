//! Commands of the driver, and what they do to frames.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod support;

use qapi_schema::virtio_debug::VirtioNetFeature as Feature;
use support::{Card, HEADER, MAC, PLAIN, SENT, frame_to, without};
use virtio_core::RingForm;
use virtio_core::driver::Buffer;
use virtio_net::MacAddress;

const OTHER: MacAddress = MacAddress([2, 0, 0, 0, 0, 2]);
const GROUP: MacAddress = MacAddress([1, 0, 0x5e, 0, 0, 1]);
/// Sent last: whoever sees it has missed what came before.
const LAST: MacAddress = MacAddress([0xff; 6]);

/// A table of addresses as the command has it.
fn table(addresses: &[MacAddress]) -> Vec<u8> {
    let mut bytes = u32::try_from(addresses.len()).unwrap().to_le_bytes().to_vec();
    addresses.iter().for_each(|address| bytes.extend(address.0));
    bytes
}

fn set_tables(unicast: &[MacAddress], multicast: &[MacAddress]) -> Vec<u8> {
    [vec![1, 0], table(unicast), table(multicast)].concat()
}

/// Which of these frames reach the driver.
fn received(card: &mut Card, frames: &[Vec<u8>]) -> Vec<usize> {
    let last = frame_to(LAST, None);
    let mut seen = Vec::new();
    for frame in frames.iter().chain([&last]) {
        card.send(frame);
    }
    loop {
        card.post(&[2000]);
        let frame = card.received();
        match frames.iter().position(|sent| *sent == frame) {
            Some(index) => seen.push(index),
            None => break,
        }
    }
    seen
}

#[test]
fn the_filter_is_what_the_driver_says() {
    for rings in RingForm::BOTH {
        let mut card = Card::looped(rings, without(&[]));
        let frames = [MAC, OTHER, GROUP].map(|target| frame_to(target, None));
        assert_eq!(received(&mut card, &frames), [0, 1, 2], "a driver that says nothing gets everything");
        assert!(card.command(&[0, 0, 0]), "not promiscuous");
        assert_eq!(received(&mut card, &frames), [0]);
        assert!(card.command(&set_tables(&[OTHER], &[GROUP])));
        assert_eq!(received(&mut card, &frames), [0, 1, 2]);
        assert!(card.command(&[0, 3, 1]), "no multicast");
        assert_eq!(received(&mut card, &frames), [0, 1]);
        assert!(card.command(&[[1, 1].as_slice(), &OTHER.0].concat()), "another address");
        assert!(card.command(&set_tables(&[], &[])));
        assert_eq!(received(&mut card, &frames), [1]);
        assert_eq!(card.configuration()[..6], OTHER.0);
        // A driver that comes anew finds everything as it was.
        card.restart();
        assert_eq!(card.configuration()[..6], MAC.0);
        assert_eq!(received(&mut card, &frames), [0, 1, 2]);
    }
}

#[test]
fn frames_of_vlans_pass_that_the_driver_has_added() {
    let mut card = Card::looped(RingForm::Split, without(&[]));
    let frames = [5, 6, 4095].map(|vlan| frame_to(MAC, Some(vlan)));
    assert!(card.command(&[0, 0, 0]));
    assert_eq!(received(&mut card, &frames), [0_usize; 0]);
    assert!(card.command(&[2, 0, 5, 0]));
    assert!(card.command(&[2, 0, 0xff, 0xf]));
    assert_eq!(received(&mut card, &frames), [0, 2]);
    assert!(card.command(&[2, 1, 5, 0]));
    assert_eq!(received(&mut card, &frames), [2]);
}

#[test]
fn more_addresses_than_a_filter_holds_let_all_of_the_kind_pass() {
    let mut card = Card::looped(RingForm::Split, without(&[]));
    let many: Vec<_> = (0..65).map(|number| MacAddress([2, 1, 0, 0, 0, number])).collect();
    let frames = [OTHER, GROUP].map(|target| frame_to(target, None));
    assert!(card.command(&[0, 0, 0]));
    assert!(card.command(&set_tables(&many, &[])));
    assert_eq!(received(&mut card, &frames), [0]);
    let filter = card.roles.network_link.as_ref().unwrap().receive_filter();
    assert_eq!((filter.unicast_table.len(), filter.unicast_overflow), (64, true));
}

#[test]
fn commands_that_cannot_be_are_refused_and_change_nothing() {
    let mut card = Card::looped(RingForm::Split, without(&[]));
    let before = card.roles.network_link.as_ref().unwrap().receive_filter();
    let entries_missing = [[1, 0].as_slice(), &1_000_000_u32.to_le_bytes(), &MAC.0].concat();
    let refused: [&[u8]; 19] = [
        &[0],
        &[0, 0],
        &[0, 0, 2],
        &[0, 0, 1, 1],
        &[0, 6, 1],
        &[9, 0, 0],
        &[1, 0],
        &entries_missing,
        &[set_tables(&[OTHER], &[]), vec![0]].concat(),
        &[1, 0, 0, 0, 0, 0],
        &[1, 1, 2, 0, 0, 0, 0],
        &[[1, 1].as_slice(), &GROUP.0].concat(),
        &[1, 1, 0, 0, 0, 0, 0, 0],
        &[2, 0, 0, 0x10],
        &[2, 2, 1, 0],
        &[3, 0, 0],
        // There is one pair of queues only, and no offload at a loop.
        &[4, 0, 1, 0],
        &[5, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        &[6, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ];
    for request in refused {
        assert!(!card.command(request), "{request:?}");
    }
    assert_eq!(card.errors(2), 19);
    assert_eq!(card.roles.network_link.as_ref().unwrap().receive_filter(), before);
    assert_eq!(card.failure(), None);
}

#[test]
fn a_command_longer_than_any_driver_needs_is_refused() {
    let mut card = Card::looped(RingForm::Split, without(&[]));
    // Two tables that fill the same piece of memory, again and again, to the last byte.
    let (piece, count) = (0x1_0000_u32, 17_u32);
    let addresses = (piece * count - 10) / 6;
    for (pieces, carried_out) in [(1, true), (count, false)] {
        let unicast = if pieces == 1 { (piece - 10) / 6 } else { addresses };
        card.driver.store(SENT, &[[1, 0].as_slice(), &unicast.to_le_bytes()].concat());
        card.driver.store(SENT + 0x1_0000, &[0xaa]);
        let last = 10 + 6 * unicast - piece * (pieces - 1);
        let mut buffers = vec![Buffer::readable(SENT, piece); usize::try_from(pieces - 1).unwrap()];
        buffers.extend([Buffer::readable(SENT, last), Buffer::writable(SENT + 0x1_0000, 1)]);
        assert_eq!(card.driver.submit(2, card.queues.last_mut().unwrap(), &buffers), 1);
        let ack = card.driver.load(SENT + 0x1_0000, 1)[0];
        assert_eq!(ack == 0, carried_out, "{pieces} pieces");
    }
}

#[test]
fn a_command_without_its_feature_is_refused() {
    let features = [Feature::CtrlRx, Feature::CtrlRxExtra, Feature::CtrlVlan, Feature::CtrlMacAddr];
    let mut card = Card::looped(RingForm::Split, without(&features));
    for request in
        [&[0, 0, 0][..], &[0, 5, 1], &[2, 0, 1, 0], &[1, 1, 2, 0, 0, 0, 0, 9], &set_tables(&[], &[])]
    {
        assert!(!card.command(request), "{request:?}");
    }
}

#[test]
fn a_command_that_cannot_be_answered_breaks_the_device() {
    let mut card = Card::looped(RingForm::Split, u128::MAX);
    card.queues[2].chain(&[Buffer::readable(SENT, 3)]);
    card.queues[2].publish();
    card.driver.kick(2);
    assert_eq!(card.driver.wait_interrupt(), 2);
    insta::assert_snapshot!(card.failure().unwrap(), @"queue 2: the chain from head 0 has 0 bytes for the ack of 1 bytes");
}

#[test]
fn clients_hear_once_of_a_filter_that_changes_until_they_look() {
    let mut card = Card::looped(RingForm::Split, u128::MAX);
    assert!(card.command(&[0, 0, 0]));
    assert!(card.command(&[0, 1, 1]));
    let event = r#"NIC_RX_FILTER_CHANGED {"name": "net0", "path": "/net0"}"#;
    assert_eq!(card.events.take(), [event]);
    let filter = card.roles.network_link.as_ref().unwrap().receive_filter();
    assert!(!filter.promiscuous);
    assert!(card.command(&[0, 1, 0]));
    assert_eq!(card.events.take(), [event]);
}

/// The driver may take back what it has allowed; frames that were ready before that are lost rather than misunderstood.
#[test]
fn offloads_are_changed_while_the_driver_works() {
    let (mut card, end) = Card::wired(RingForm::Split, without(&[Feature::MrgRxbuf]));
    let header = [1, 1, 54, 0, 0xb4, 5, 34, 0, 16, 0, 0, 0];
    let large = frame_to(MAC, None);
    let message = [header.as_slice(), &large].concat();
    card.post(&[2000]);
    end.send(&message).unwrap();
    let received = card.receive();
    assert_eq!(received[..10], header[..10]);
    assert_eq!(received[10..], [&[1, 0], large.as_slice()].concat());
    let set = |bits: u64| [[5, 0].as_slice(), &bits.to_le_bytes()].concat();
    assert!(card.command(&set(1 << 1 | 1 << 8)), "checksums, and TCP over IPv6 only");
    assert!(!card.command(&set(1 << 2)), "no offload");
    card.post(&[2000]);
    end.send(&message).unwrap();
    end.send(&[PLAIN.as_slice(), &large].concat()).unwrap();
    assert_eq!(card.receive()[..HEADER], PLAIN);
    assert_eq!(card.errors(0), 1);
}

#[test]
fn what_the_driver_leaves_to_the_device_reaches_the_other_end() {
    let (mut card, end) = Card::wired(RingForm::Packed, u128::MAX);
    let header = [1, 0x81, 54, 0, 0xb4, 5, 34, 0, 16, 0, 9, 9];
    let packet = support::frame(3, 40_000);
    assert!(!card.transmit(header, &packet));
    let mut message = vec![0; 50_000];
    let length = end.recv(&mut message).unwrap();
    assert_eq!(message[..10], header[..10]);
    assert_eq!(message[10..12], [0, 0]);
    assert!(message[12..length] == packet);
    // A checksum outside of the frame, segments without a size.
    assert!(card.transmit([1, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0], &packet));
    assert!(card.transmit([1, 1, 54, 0, 0, 0, 34, 0, 16, 0, 0, 0], &packet));
}
