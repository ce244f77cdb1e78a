//! Network cards whose wire is cut.
#![allow(unsafe_code, reason = "a thread enters a new network namespace")]

use std::process::Command;

use qapi_schema::net::requests::SetLink;
use rustix::thread::{UnshareFlags, unshare_unsafe};
use serde_json::json;
use virtio_core::driver::{Buffer, skipped};

use crate::driven::{DATA, Driven};

const RECEIVE: u16 = 0;
const TRANSMIT: u16 = 1;
/// Of the configuration space: the status, of which bit 0 says that the link is up.
const STATUS: u64 = 6;
const TAP: &str = "tap0";

/// Header and frame of the EtherType for local experiments, to everybody.
fn frame(number: u8) -> Vec<u8> {
    [&[0; 12][..], &[0xff; 6], &[2, 0, 0, 0, 0, 9], &[0x88, 0xb5], &[number; 46]].concat()
}

fn card(options: &str) -> Driven {
    let mut card = Driven::new("net0", &[&format!("net,id=net0{options}")]);
    assert_eq!(card.driver.configuration(STATUS), [1]);
    card.offer(RECEIVE, &[Buffer::writable(DATA + 0x10_0000, 4096)]);
    card
}

/// The driver hears that the link is up or down, and clients hear why.
fn expect_link(card: &mut Driven, up: bool, cause: &str) {
    card.driver.wait_configuration_change();
    assert_eq!(card.driver.configuration(STATUS), [u8::from(up)]);
    let data = json!({ "name": "net0", "path": "/machine/peripheral/net0", "up": up, "cause": cause });
    assert_eq!(card.event("NET_LINK_CHANGED"), data);
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let output =
        Command::new("ip").args(arguments).output().map_err(|error| format!("cannot run ip: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[test]
fn frames_on_a_pulled_cable_are_lost_and_counted() {
    let mut card = card("");
    let set_link = |card: &mut Driven, up| card.client.call(&SetLink { name: "net0".to_owned(), up });
    set_link(&mut card, false);
    expect_link(&mut card, false, "set-link");
    (0..3).for_each(|number| card.send(TRANSMIT, &frame(number)));
    assert_eq!(card.counted(["errors"]), [3]);
    set_link(&mut card, true);
    expect_link(&mut card, true, "set-link");
    // The wire leads back to the guest: of all frames it gets the last one.
    card.send(TRANSMIT, &frame(9));
    let (_, written) = card.answer(RECEIVE);
    let message = card.inside.load(DATA + 0x10_0000, usize::try_from(written).unwrap());
    assert_eq!(message[12..], frame(9)[12..]);
    assert_eq!(card.counted(["errors"]), [3]);
    card.assert_settled(&[]);
}

#[test]
fn an_interface_that_goes_away_takes_the_link_with_it() {
    // SAFETY: no file descriptors are unshared; it changes the network of this thread only, and of those that it starts.
    if let Err(error) = unsafe { unshare_unsafe(UnshareFlags::NEWNET) } {
        return skipped(format_args!("cannot make a network namespace: {error}"));
    }
    if let Err(reason) =
        ip(&["tuntap", "add", TAP, "mode", "tap"]).and_then(|()| ip(&["link", "set", TAP, "up"]))
    {
        return skipped(reason);
    }
    let mut card = card(",tap=tap0");
    card.send(TRANSMIT, &frame(1));
    assert_eq!(card.counted(["errors"]), [0]);
    ip(&["link", "set", TAP, "down"]).unwrap();
    expect_link(&mut card, false, "interface-down");
    card.send(TRANSMIT, &frame(2));
    assert_eq!(card.counted(["errors"]), [1]);
    ip(&["link", "set", TAP, "up"]).unwrap();
    expect_link(&mut card, true, "interface-up");
    card.send(TRANSMIT, &frame(3));
    assert_eq!(card.counted(["errors"]), [1]);
    ip(&["link", "set", TAP, "down"]).unwrap();
    expect_link(&mut card, false, "interface-down");
    ip(&["link", "delete", TAP]).unwrap();
    let data =
        json!({ "name": "net0", "path": "/machine/peripheral/net0", "up": false, "cause": "interface-gone" });
    assert_eq!(card.event("NET_LINK_CHANGED"), data);
    (0..3).for_each(|number| card.send(TRANSMIT, &frame(number)));
    assert_eq!(card.counted(["errors"]), [4]);
    // Nobody can plug in what is not there.
    card.client.call(&SetLink { name: "net0".to_owned(), up: true });
    assert_eq!(card.driver.configuration(STATUS), [0]);
    // The host may have sent frames of its own, and the guest has what came.
    while card.try_answer(RECEIVE).is_some() {}
    let waiting = card.waiting(RECEIVE);
    card.assert_settled(&[(RECEIVE, waiting)]);
}
