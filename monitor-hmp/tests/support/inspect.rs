//! Replies of our own virtio commands, as the wire has them.

use qapi_schema::inspect::requests::{QueryVirtio, QueryVirtioChains};
use qapi_schema::inspect::{InspectCommands, VirtioChains, VirtioDevice};
use qapi_schema::runtime::Error;

use super::TestMachine;

/// A disk whose driver has not kicked.
const DISK: &str = r#"{
    "path": "/machine/peripheral/disk0", "name": "virtio-blk", "device-id": 2, "time": 1, "machine-running": true,
    "working": false, "status": ["acknowledge", "driver", "features-ok", "driver-ok"], "unknown-status": 48,
    "features": [
        { "bit": 1, "scope": "device", "name": "VIRTIO_BLK_F_SIZE_MAX", "description": "-", "state": "agreed" },
        { "bit": 11, "scope": "device", "name": "VIRTIO_BLK_F_CONFIG_WCE", "description": "-", "state": "agreed",
          "missing": ["VIRTIO_BLK_F_FLUSH"] },
        { "bit": 29, "scope": "transport", "name": "VIRTIO_RING_F_EVENT_IDX", "description": "-", "state": "refused" },
        { "bit": 49, "scope": "unknown", "state": "not-offered" }
    ],
    "transport": { "type": "mmio", "queue-select": 0, "device-features-select": 1, "driver-features-select": 1,
                   "interrupt-status": ["used-buffer"], "configuration-generation": 0 },
    "configuration": [
        { "offset": 0, "size": 8, "valid": true,
          "content": { "name": "capacity", "kind": "number", "value": 131072, "unit": "sectors" } },
        { "offset": 16, "size": 2, "feature": "VIRTIO_BLK_F_GEOMETRY", "valid": false,
          "content": { "name": "geometry.cylinders", "kind": "number", "value": 0 } },
        { "offset": 32, "size": 1, "feature": "VIRTIO_BLK_F_CONFIG_WCE", "valid": true,
          "content": { "name": "writeback", "kind": "choice", "value": 1, "choice": "writeback" } }
    ],
    "queues": [SPLIT]
}"#;

const SPLIT: &str = r#"{
    "index": 0, "ready": true, "size": 64, "maximum-size": 256, "descriptor-area": 2097152, "driver-area": 2098176,
    "device-area": 2099200,
    "ring": { "format": "split", "driver-notification": { "wish": "at-position", "position": 28 },
              "device-notification": { "wish": "always" }, "driver-available": 30, "device-seen-available": 28,
              "device-taken": 28, "memory-used": 28, "device-used": 28 },
    "waiting": 2, "in-flight": 0, "kick-pending": false, "next": "driver-kick", "generation": 117, "consistent": true
}"#;

/// A broken device with a packed ring, in a stopped machine.
const ENTROPY: &str = r#"{
    "path": "/machine/peripheral-anon/device[1]", "name": "virtio-rng", "device-id": 4, "time": 1,
    "machine-running": false, "working": false,
    "status": ["acknowledge", "driver", "features-ok", "driver-ok", "device-needs-reset"],
    "failure": { "queue": 0, "cause": "nested-indirect", "text": "indirect descriptor 0 inside an indirect table" },
    "features": [],
    "transport": { "type": "pci", "queue-select": 0, "device-features-select": 0, "driver-features-select": 0,
                   "interrupt-status": [], "configuration-generation": 2, "messages": true,
                   "configuration-vector": 0, "queue-vectors": [ { "queue": 0, "vector": 1 } ] },
    "queues": [{
        "index": 0, "ready": true, "size": 8, "maximum-size": 64, "descriptor-area": 4096, "driver-area": 8192,
        "device-area": 12288,
        "ring": { "format": "packed", "driver-notification": { "wish": "at-position", "position": 3, "wrap": false },
                  "device-notification": { "wish": "never" }, "available-descriptors": 3,
                  "device-seen-available": 1, "device-position": 3, "device-wrap": false, "used-position": 2,
                  "used-wrap": false },
        "waiting": 3, "in-flight": 1, "kick-pending": true, "next": "driver-reset", "generation": 9,
        "consistent": false
    }, {
        "index": 1, "ready": false, "size": 64, "maximum-size": 64, "descriptor-area": 0, "driver-area": 0,
        "device-area": 0, "waiting": 0, "in-flight": 0, "kick-pending": false, "next": "driver-reset",
        "generation": 2, "consistent": true
    }]
}"#;

/// A write under way, and a slot with a broken chain.
const CHAINS: &str = r#"{
    "path": "/machine/peripheral/disk0", "name": "virtio-blk", "time": 1, "queue": SPLIT, "complete": false,
    "chains": [{
        "slot": 27, "head": 4, "state": "in-flight", "readable-bytes": 528, "writable-bytes": 1,
        "request": [
            { "name": "type", "kind": "choice", "value": 1, "choice": "out" },
            { "name": "sector", "kind": "number", "value": 2048 },
            { "name": "sectors", "kind": "range", "first": 8, "count": 16, "unit": "sectors" },
            { "name": "flags", "kind": "flags", "value": 1, "set": ["unmap"] },
            { "name": "text", "kind": "text", "text": "a\n\"b\"" }
        ],
        "readable-hex": "0100000000000000000800000000000061620a", "writable-hex": "",
        "descriptors": [
            { "index": 4, "indirect-table": false, "address": 4096, "length": 48, "flags": ["indirect"], "problems": [] },
            { "index": 0, "indirect-table": true, "address": 8192, "length": 528, "flags": ["next"], "problems": [] },
            { "index": 1, "indirect-table": true, "address": 12288, "length": 1, "flags": ["write"], "problems": [] }
        ]
    }, {
        "slot": 28, "head": 9, "state": "available", "readable-bytes": 0, "writable-bytes": 0, "request": [],
        "refusal": { "queue": 0, "cause": "not-in-memory", "text": "8 bytes at 0xff are not all in guest memory" },
        "descriptors": [
            { "index": 9, "indirect-table": false, "address": 255, "length": 8, "flags": ["next"],
              "problems": ["not-in-memory", "loops"] }
        ]
    }]
}"#;

impl InspectCommands for TestMachine {
    fn query_virtio(&self, arguments: QueryVirtio) -> Result<Vec<VirtioDevice>, Error> {
        let texts = [ENTROPY.to_owned(), DISK.replace("SPLIT", SPLIT)];
        let devices = texts.iter().map(|text| serde_json::from_str::<VirtioDevice>(text).unwrap());
        let wanted = |path: &str| arguments.path.as_deref().is_none_or(|wanted| wanted == path);
        Ok(devices.filter(|device| self.with_devices && wanted(&device.path)).collect())
    }

    fn query_virtio_chains(&self, arguments: QueryVirtioChains) -> Result<VirtioChains, Error> {
        let mut chains: VirtioChains = serde_json::from_str(&CHAINS.replace("SPLIT", SPLIT)).unwrap();
        if arguments.slot.is_none() {
            chains.chains.clear();
            chains.complete = true;
        }
        Ok(chains)
    }
}
