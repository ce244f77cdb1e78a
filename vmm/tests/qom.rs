//! The machine as a tree of objects, as clients read it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use qapi_schema::machine::requests::{QueryCpusFast, QueryMemorySizeSummary, QueryUuid};
use qapi_schema::qom::ObjectPropertyInfo;
use qapi_schema::qom::requests::{DeviceListProperties, QomGet, QomList, QomListTypes};
use qapi_schema::virtio::requests::XQueryVirtio;
use serde_json::{Value, json};
use support::{Program, QmpClient};

const MACHINE: [&str; 12] = [
    "--accel",
    "none",
    "--cpus",
    "2",
    "--memory",
    "64M",
    "--device",
    "blk,id=disk0,size=1M",
    "--device",
    "rng",
    "--uuid",
    "11111111-2222-3333-4444-55555555555F",
];

fn list(client: &mut QmpClient, path: &str) -> Vec<String> {
    let properties = client.call(&QomList { path: path.to_owned() });
    properties.into_iter().map(|property| format!("{}: {}", property.name, property.type_)).collect()
}

fn get(client: &mut QmpClient, path: &str, property: &str) -> Value {
    client.call(&QomGet { path: path.to_owned(), property: property.to_owned() })
}

/// Every object below `path`, and what it is.
fn tree(client: &mut QmpClient, path: &str) -> Vec<String> {
    let mut lines = vec![format!("{path} {}", get(client, path, "type").as_str().unwrap())];
    for property in client.call(&QomList { path: path.to_owned() }) {
        if property.type_.starts_with("child<") {
            let child = get(client, path, &property.name);
            let child = child.as_str().unwrap();
            assert_eq!(property.type_, format!("child<{}>", get(client, child, "type").as_str().unwrap()));
            lines.extend(tree(client, child));
        }
    }
    lines
}

#[test]
fn the_tree_has_every_part_under_the_path_that_other_commands_use() {
    for transport in ["mmio", "pci"] {
        let program = Program::start(&[&MACHINE[..], &["--transport", transport]].concat());
        let mut client = program.qmp();
        let lines = tree(&mut client, "/");
        match transport {
            "mmio" => insta::assert_snapshot!(lines.join("\n"), @r###"
                      / container
                      /machine ringscope-machine
                      /machine/peripheral container
                      /machine/peripheral/disk0 virtio-blk-device
                      /machine/peripheral-anon container
                      /machine/peripheral-anon/device[0] virtio-rng-device
                      /machine/unattached container
                      /machine/unattached/device[0] x86_64-cpu
                      /machine/unattached/device[1] x86_64-cpu
                      "###),
            _ => insta::assert_snapshot!(lines.join("\n"), @r###"
                 / container
                 /machine ringscope-machine
                 /machine/peripheral container
                 /machine/peripheral/disk0 virtio-blk-pci
                 /machine/peripheral/disk0/virtio-backend virtio-blk-device
                 /machine/peripheral-anon container
                 /machine/peripheral-anon/device[0] virtio-rng-pci
                 /machine/peripheral-anon/device[0]/virtio-backend virtio-rng-device
                 /machine/unattached container
                 /machine/unattached/device[0] x86_64-cpu
                 /machine/unattached/device[1] x86_64-cpu
                 "###),
        }
        let paths: Vec<_> = lines.iter().map(|line| line.split_once(' ').unwrap().0).collect();
        assert!(client.call(&XQueryVirtio).iter().all(|device| paths.contains(&device.path.as_str())));
        assert!(client.call(&QueryCpusFast).iter().all(|cpu| paths.contains(&cpu.qom_path.as_str())));
        for line in &lines {
            let (path, of) = line.split_once(' ').unwrap();
            let known = client.call(&QomListTypes { implements: Some(of.to_owned()), abstract_: None });
            assert_eq!(known.len(), 1, "{of}");
            for property in client.call(&QomList { path: path.to_owned() }) {
                get(&mut client, path, &property.name);
            }
        }
    }
}

#[test]
fn properties_tell_what_the_machine_and_its_devices_are() {
    let program = Program::start(&MACHINE);
    let mut client = program.qmp();
    insta::assert_snapshot!(list(&mut client, "/machine").join("\n"), @r###"
    type: string
    accel: string
    kernel: string
    initrd: string
    append: string
    memory: MemorySizeConfiguration
    smp: SMPConfiguration
    transport: string
    peripheral: child<container>
    peripheral-anon: child<container>
    unattached: child<container>
    "###);
    assert_eq!(get(&mut client, "/machine", "memory"), json!({ "size": 64 << 20 }));
    assert_eq!(get(&mut client, "machine", "smp")["cpus"], 2);
    assert_eq!(get(&mut client, "/machine/unattached/device[1]", "core-id"), 1);
    assert_eq!(get(&mut client, "disk0", "realized"), true);
    assert_eq!(get(&mut client, "//machine//peripheral/disk0/", "device-id"), 2);
    assert_eq!(get(&mut client, "disk0", "version_1"), true);
    assert_eq!(get(&mut client, "disk0", "ring_packed"), false);
    assert_eq!(client.call(&QueryUuid).uuid, "11111111-2222-3333-4444-55555555555f");
    assert_eq!(client.call(&QueryMemorySizeSummary).base_memory, 64 << 20);
}

fn assert_no_name_twice(properties: &[ObjectPropertyInfo]) {
    let mut names: Vec<&str> = properties.iter().map(|property| property.name.as_str()).collect();
    names.sort_unstable();
    let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
    assert_eq!(twice, None, "{names:?}");
}

#[test]
fn a_property_is_not_called_as_another_is() {
    let program = Program::start(&["--accel", "none"]);
    let mut client = program.qmp();
    for device in client.call(&XQueryVirtio) {
        assert_no_name_twice(&client.call(&QomList { path: device.path }));
    }
    assert_eq!(get(&mut client, "net0", "status"), true, "the feature VIRTIO_NET_F_STATUS");
}

#[test]
fn types_tell_what_a_machine_could_have() {
    let program = Program::start(&MACHINE);
    let mut client = program.qmp();
    let mut types = |implements: &str, abstract_| {
        let wanted = QomListTypes { implements: Some(implements.to_owned()), abstract_: Some(abstract_) };
        client.call(&wanted).into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    assert_eq!(types("cpu", false), ["x86_64-cpu"]);
    assert_eq!(types("cpu", true), ["cpu", "x86_64-cpu"]);
    assert_eq!(types("nothing", true), [""; 0]);
    assert!(types("virtio-device", false).contains(&"virtio-blk-device".to_owned()));
    let every = client.call(&QomListTypes { implements: None, abstract_: None });
    for one in every.iter().filter(|one| one.parent.as_deref() == Some("virtio-device")) {
        let properties = client.call(&DeviceListProperties { typename: one.name.clone() });
        assert!(properties.iter().any(|property| property.name == "event_idx"), "{one:?}");
        assert_no_name_twice(&properties);
    }
    let block = client.call(&DeviceListProperties { typename: "virtio-blk-pci".to_owned() });
    let readonly = block.iter().find(|property| property.name == "readonly").unwrap();
    assert!(readonly.description.as_ref().unwrap().starts_with("on|off: "), "{readonly:?}");
}

#[test]
fn what_is_not_there_is_refused_in_the_words_that_clients_know() {
    let program = Program::start(&MACHINE);
    let mut client = program.qmp();
    let mut refused = |command: &str, arguments: Value| {
        let answer = client.answer(command, arguments);
        let error = |member: &str| answer["error"][member].as_str().unwrap();
        format!("{}: {}", error("class"), error("desc"))
    };
    let told = [
        refused("qom-list", json!({ "path": "/nope" })),
        refused("qom-list", json!({ "path": "device" })),
        refused("qom-list", json!({ "path": "" })),
        refused("qom-list", json!({ "path": "device[0]" })),
        refused("qom-get", json!({ "path": "device[0]", "property": "type" })),
        refused("qom-get", json!({ "path": "/machine", "property": "nope" })),
        refused("device-list-properties", json!({ "typename": "floppy" })),
        refused("device-list-properties", json!({ "typename": "virtio-device" })),
        refused("device-list-properties", json!({ "typename": "container" })),
    ];
    insta::assert_snapshot!(told.join("\n"), @r###"
    DeviceNotFound: Device '/nope' not found
    DeviceNotFound: Device 'device' not found
    GenericError: Path '' is ambiguous
    GenericError: Path 'device[0]' is ambiguous
    DeviceNotFound: Device 'device[0]' not found
    GenericError: Property 'ringscope-machine.nope' not found
    DeviceNotFound: Device 'floppy' not found
    GenericError: Parameter 'typename' expects a non-abstract device type
    GenericError: Parameter 'typename' expects a non-abstract device type
    "###);
}
