//! Balloons of guests that lie, and of hosts that take no memory.
#![allow(unsafe_code, reason = "a page of guest memory is locked")]

use qapi_schema::balloon::requests::QueryBalloon;
use rustix::mm::{mlock, munlock};
use serde_json::json;
use vm_memory::{GuestAddress, GuestMemoryBackend};

use crate::driven::{DATA, Driven};

const INFLATE: u16 = 0;
/// Of the configuration space: the pages that the guest says it has given up.
const ACTUAL: u64 = 4;
const PAGE: usize = 4096;
/// A page that the guest does without.
const FREE: u64 = DATA + 0x10_0000;
/// Its number.
const FREE_NUMBER: u32 = 0x2100;

#[test]
fn a_page_that_the_host_does_not_take_stays_the_guest_s() {
    assert_eq!(FREE, u64::from(FREE_NUMBER) << 12);
    let mut balloon = Driven::new("b", &["balloon,id=b"]);
    balloon.inside.store(FREE, &[0xaa; PAGE]);
    let host = balloon.inside.machine.memory().get_host_address(GuestAddress(FREE)).unwrap();
    // SAFETY: the page is mapped for as long as the machine is there; that it is locked changes no access to it.
    unsafe { mlock(host.cast(), PAGE) }.unwrap();
    balloon.send(INFLATE, &FREE_NUMBER.to_le_bytes());
    assert_eq!(balloon.counted(["balloon-released", "errors"]), [0, 0]);
    assert_eq!(balloon.inside.load(FREE, 1), [0xaa]);
    // SAFETY: as above.
    unsafe { munlock(host.cast(), PAGE) }.unwrap();
    balloon.send(INFLATE, &FREE_NUMBER.to_le_bytes());
    assert_eq!(balloon.counted(["balloon-released", "errors"]), [4096, 0]);
    assert_eq!(balloon.inside.load(FREE, 1), [0]);
    balloon.assert_settled(&[]);
}

#[test]
fn pages_that_the_guest_never_had_are_nobody_s() {
    let mut balloon = Driven::new("b", &["balloon,id=b"]);
    for pages in [[u32::MAX, u32::MAX - 1], [1 << 16, 1 << 31]] {
        balloon.send(INFLATE, &pages.map(u32::to_le_bytes).concat());
    }
    // A part of a number, and none at all.
    balloon.send(INFLATE, &[1, 2, 3]);
    assert_eq!(balloon.counted(["balloon-released", "errors"]), [0, 0]);
    // More than all of its memory: what is told of it is bounded.
    balloon.driver.configure(ACTUAL, u32::MAX);
    assert_eq!(balloon.client.event_called("BALLOON_CHANGE"), json!({ "actual": 0 }));
    assert_eq!(balloon.client.call(&QueryBalloon).actual, 0);
    balloon.assert_settled(&[]);
}
