//! Commands about network cards, on the whole program.

mod support;

use qapi_schema::net::AnnounceParameters;
use qapi_schema::net::requests::{AnnounceSelf, QueryRxFilter, SetLink};
use qapi_schema::virtio::requests::{XQueryVirtioQueueStatus, XQueryVirtioStatus};
use serde_json::json;
use support::{Program, QmpClient};

const PATH: &str = "/machine/peripheral/net0/virtio-backend";

/// How many frames the card has given to its driver.
fn received(client: &mut QmpClient) -> u16 {
    client.call(&XQueryVirtioQueueStatus { path: PATH.to_owned(), queue: 0 }).used_idx
}

fn set_link(client: &mut QmpClient, up: bool) {
    client.call(&SetLink { name: "net0".to_owned(), up });
}

#[test]
fn a_cable_is_pulled_and_plugged_in() {
    let program = Program::start(&[
        "--accel",
        "none",
        "--transport",
        "pci",
        "--device",
        "net,id=net0",
        "--device",
        "rng,id=rng0",
    ]);
    let mut client = program.qmp();
    while !client.call(&XQueryVirtioStatus { path: PATH.to_owned() }).started {
        std::thread::yield_now();
    }
    let changed = |up| {
        let data = json!({ "name": "net0", "path": PATH, "up": up, "cause": "set-link" });
        ("NET_LINK_CHANGED".to_owned(), data)
    };
    set_link(&mut client, false);
    set_link(&mut client, false);
    set_link(&mut client, true);
    assert_eq!([client.event(), client.event()], [changed(false), changed(true)]);
    let before = received(&mut client);
    // The guest sends frames to itself all the time.
    while received(&mut client) == before {
        std::thread::yield_now();
    }
    client.call(&AnnounceSelf(AnnounceParameters {
        initial: 1,
        max: 1,
        rounds: 2,
        step: 0,
        interfaces: Some(vec!["net0".to_owned(), "nobody".to_owned()]),
        id: None,
    }));
    let filters = client.call(&QueryRxFilter { name: None });
    assert_eq!(filters.len(), 1);
    assert_eq!((filters[0].name.as_str(), filters[0].promiscuous), ("net0", true));
}

#[test]
fn what_is_no_card_is_refused() {
    let program = Program::start(&["--accel", "none"]);
    let mut client = program.qmp();
    let refused = |(class, text): (String, String)| format!("{class}: {text}");
    let no_card = client.refused(&SetLink { name: "disk0".to_owned(), up: true });
    assert_eq!(refused(no_card), "DeviceNotFound: Device 'disk0' not found");
    let nobody = client.refused(&QueryRxFilter { name: Some("nobody".to_owned()) });
    assert_eq!(refused(nobody), "GenericError: invalid net client name: nobody");
    let no_card = client.refused(&QueryRxFilter { name: Some("disk0".to_owned()) });
    assert_eq!(refused(no_card), "GenericError: net client(disk0) isn't a NIC");
}
