// Written by `cargo xtask codegen` from `qapi-schema/schema/virtio.json`; change nothing here.

//! Types of `virtio.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    decode, encode,
};

/// One virtio device.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioInfo {
    /// its path in the object tree, by which all queries name it
    pub path: String,
    /// the name of its kind
    pub name: String,
}

impl EncodeMembers for VirtioInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("name", &self.name)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            name: members.required("name")?,
        })
    }
}

impl Serialize for VirtioInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The device status register, decoded.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceStatus {
    /// the bits that are set and have a name
    pub statuses: Vec<String>,
    /// the other bits that are set (absent: none)
    pub unknown_statuses: Option<u8>,
}

impl EncodeMembers for VirtioDeviceStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("statuses", &self.statuses)?;
        if let Some(value) = &self.unknown_statuses {
            members.serialize_entry("unknown-statuses", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            statuses: members.required("statuses")?,
            unknown_statuses: members.optional("unknown-statuses")?,
        })
    }
}

impl Serialize for VirtioDeviceStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The protocol features of a vhost-user backend, decoded.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VhostDeviceProtocols {
    /// the bits that are set and have a name
    pub protocols: Vec<String>,
    /// the other bits that are set (absent: none)
    pub unknown_protocols: Option<u64>,
}

impl EncodeMembers for VhostDeviceProtocols {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("protocols", &self.protocols)?;
        if let Some(value) = &self.unknown_protocols {
            members.serialize_entry("unknown-protocols", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for VhostDeviceProtocols {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            protocols: members.required("protocols")?,
            unknown_protocols: members.optional("unknown-protocols")?,
        })
    }
}

impl Serialize for VhostDeviceProtocols {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VhostDeviceProtocols {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VhostDeviceProtocols {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A set of feature bits, decoded.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeatureNames {
    /// the bits that are set and mean the same for every device
    pub transports: Vec<String>,
    /// the bits that are set and belong to the device's kind
    pub dev_features: Option<Vec<String>>,
    /// the other bits up to 63 that are set (absent: none)
    pub unknown_dev_features: Option<u64>,
    /// the other bits from 64 on that are set; 64 is the lowest (absent: none)
    pub unknown_dev_features2: Option<u64>,
}

impl EncodeMembers for VirtioDeviceFeatureNames {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("transports", &self.transports)?;
        if let Some(value) = &self.dev_features {
            members.serialize_entry("dev-features", value)?;
        }
        if let Some(value) = &self.unknown_dev_features {
            members.serialize_entry("unknown-dev-features", value)?;
        }
        if let Some(value) = &self.unknown_dev_features2 {
            members.serialize_entry("unknown-dev-features2", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeatureNames {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            transports: members.required("transports")?,
            dev_features: members.optional("dev-features")?,
            unknown_dev_features: members.optional("unknown-dev-features")?,
            unknown_dev_features2: members.optional("unknown-dev-features2")?,
        })
    }
}

impl Serialize for VirtioDeviceFeatureNames {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeatureNames {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeatureNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The vhost backend of a device.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VhostStatus {
    /// the pieces of guest memory that the backend knows
    pub n_mem_sections: i64,
    /// the pieces of guest memory that it is about to know
    pub n_tmp_sections: i64,
    /// how many queues it serves
    pub nvqs: u32,
    /// the first queue that it serves
    pub vq_index: i64,
    /// the features that it has
    pub features: VirtioDeviceFeatureNames,
    /// the features that were acknowledged to it
    pub acked_features: VirtioDeviceFeatureNames,
    /// the features of the backend's own protocol
    pub backend_features: VirtioDeviceFeatureNames,
    /// the vhost-user protocol features
    pub protocol_features: VhostDeviceProtocols,
    /// how many queues it can serve
    pub max_queues: u64,
    /// the backend's capability bits
    pub backend_cap: u64,
    /// it logs which memory it writes
    pub log_enabled: bool,
    /// the size of that log
    pub log_size: u64,
}

impl EncodeMembers for VhostStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("n-mem-sections", &self.n_mem_sections)?;
        members.serialize_entry("n-tmp-sections", &self.n_tmp_sections)?;
        members.serialize_entry("nvqs", &self.nvqs)?;
        members.serialize_entry("vq-index", &self.vq_index)?;
        members.serialize_entry("features", &self.features)?;
        members.serialize_entry("acked-features", &self.acked_features)?;
        members.serialize_entry("backend-features", &self.backend_features)?;
        members.serialize_entry("protocol-features", &self.protocol_features)?;
        members.serialize_entry("max-queues", &self.max_queues)?;
        members.serialize_entry("backend-cap", &self.backend_cap)?;
        members.serialize_entry("log-enabled", &self.log_enabled)?;
        members.serialize_entry("log-size", &self.log_size)?;
        Ok(())
    }
}

impl DecodeMembers for VhostStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            n_mem_sections: members.required("n-mem-sections")?,
            n_tmp_sections: members.required("n-tmp-sections")?,
            nvqs: members.required("nvqs")?,
            vq_index: members.required("vq-index")?,
            features: members.required("features")?,
            acked_features: members.required("acked-features")?,
            backend_features: members.required("backend-features")?,
            protocol_features: members.required("protocol-features")?,
            max_queues: members.required("max-queues")?,
            backend_cap: members.required("backend-cap")?,
            log_enabled: members.required("log-enabled")?,
            log_size: members.required("log-size")?,
        })
    }
}

impl Serialize for VhostStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VhostStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VhostStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The state of a virtio device.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioStatus {
    /// the name of its kind
    pub name: String,
    /// the number of its kind in the virtio specification
    pub device_id: u16,
    /// a vhost backend runs its queues
    pub vhost_started: bool,
    /// the byte order of its registers and rings: `little`, `big` or `unknown`
    pub device_endian: String,
    /// the features that the driver acknowledged
    pub guest_features: VirtioDeviceFeatureNames,
    /// the features that the device offers
    pub host_features: VirtioDeviceFeatureNames,
    /// the features that a vhost backend has; none without one
    pub backend_features: VirtioDeviceFeatureNames,
    /// how many queues it has
    pub num_vqs: i64,
    /// the status register
    pub status: VirtioDeviceStatus,
    /// the interrupt status register, read without clearing it
    pub isr: u8,
    /// the queue that the driver selected last
    pub queue_sel: u16,
    /// the guest runs
    pub vm_running: bool,
    /// the driver broke the rules; the device rests until it is reset
    pub broken: bool,
    /// the machine has switched the device off
    pub disabled: bool,
    /// the device keeps `started` itself
    pub use_started: bool,
    /// the driver has finished setting the device up
    pub started: bool,
    /// the device takes the first notification for the end of set-up, as old drivers expect
    pub start_on_kick: bool,
    /// the device does not check whether it may be driven by the old interface
    pub disable_legacy_check: bool,
    /// the name of the bus that the device provides; empty if it provides none or a nameless one
    pub bus_name: String,
    /// interrupts of the queues can be masked one by one
    pub use_guest_notifier_mask: bool,
    /// the vhost backend; present while `vhost-started` is true
    pub vhost_dev: Option<VhostStatus>,
}

impl EncodeMembers for VirtioStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("device-id", &self.device_id)?;
        members.serialize_entry("vhost-started", &self.vhost_started)?;
        members.serialize_entry("device-endian", &self.device_endian)?;
        members.serialize_entry("guest-features", &self.guest_features)?;
        members.serialize_entry("host-features", &self.host_features)?;
        members.serialize_entry("backend-features", &self.backend_features)?;
        members.serialize_entry("num-vqs", &self.num_vqs)?;
        members.serialize_entry("status", &self.status)?;
        members.serialize_entry("isr", &self.isr)?;
        members.serialize_entry("queue-sel", &self.queue_sel)?;
        members.serialize_entry("vm-running", &self.vm_running)?;
        members.serialize_entry("broken", &self.broken)?;
        members.serialize_entry("disabled", &self.disabled)?;
        members.serialize_entry("use-started", &self.use_started)?;
        members.serialize_entry("started", &self.started)?;
        members.serialize_entry("start-on-kick", &self.start_on_kick)?;
        members.serialize_entry("disable-legacy-check", &self.disable_legacy_check)?;
        members.serialize_entry("bus-name", &self.bus_name)?;
        members.serialize_entry("use-guest-notifier-mask", &self.use_guest_notifier_mask)?;
        if let Some(value) = &self.vhost_dev {
            members.serialize_entry("vhost-dev", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for VirtioStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            device_id: members.required("device-id")?,
            vhost_started: members.required("vhost-started")?,
            device_endian: members.required("device-endian")?,
            guest_features: members.required("guest-features")?,
            host_features: members.required("host-features")?,
            backend_features: members.required("backend-features")?,
            num_vqs: members.required("num-vqs")?,
            status: members.required("status")?,
            isr: members.required("isr")?,
            queue_sel: members.required("queue-sel")?,
            vm_running: members.required("vm-running")?,
            broken: members.required("broken")?,
            disabled: members.required("disabled")?,
            use_started: members.required("use-started")?,
            started: members.required("started")?,
            start_on_kick: members.required("start-on-kick")?,
            disable_legacy_check: members.required("disable-legacy-check")?,
            bus_name: members.required("bus-name")?,
            use_guest_notifier_mask: members.required("use-guest-notifier-mask")?,
            vhost_dev: members.optional("vhost-dev")?,
        })
    }
}

impl Serialize for VirtioStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The state of a queue.
///
/// Indices count elements and run freely from 65535 to 0; the place in the ring is the index modulo `vring-num`.
/// For a packed ring they are places in the ring.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtQueueStatus {
    /// the name of the device's kind
    pub name: String,
    /// the queue's number
    pub queue_index: u16,
    /// how many elements the device has taken and not returned
    pub inuse: u32,
    /// how many descriptors the ring has, as set by the driver
    pub vring_num: u32,
    /// how many it may have at most
    pub vring_num_default: u32,
    /// the alignment of a ring that is laid out in the old way, in bytes
    pub vring_align: u32,
    /// where the descriptors are, in the driver's address space; 0 before set-up
    pub vring_desc: u64,
    /// where the driver's ring is; for a packed ring, the driver's event suppression area
    pub vring_avail: u64,
    /// where the device's ring is; for a packed ring, the device's event suppression area
    pub vring_used: u64,
    /// the next element that the device takes (absent: a vhost backend knows)
    pub last_avail_idx: Option<u16>,
    /// the driver's index as the device last read it (absent: a vhost backend runs the queue)
    pub shadow_avail_idx: Option<u16>,
    /// the next element that the device returns
    pub used_idx: u16,
    /// what `used-idx` was when the device last decided about an interrupt
    pub signalled_used: u16,
    /// `signalled-used` can be relied upon
    pub signalled_used_valid: bool,
}

impl EncodeMembers for VirtQueueStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("queue-index", &self.queue_index)?;
        members.serialize_entry("inuse", &self.inuse)?;
        members.serialize_entry("vring-num", &self.vring_num)?;
        members.serialize_entry("vring-num-default", &self.vring_num_default)?;
        members.serialize_entry("vring-align", &self.vring_align)?;
        members.serialize_entry("vring-desc", &self.vring_desc)?;
        members.serialize_entry("vring-avail", &self.vring_avail)?;
        members.serialize_entry("vring-used", &self.vring_used)?;
        if let Some(value) = &self.last_avail_idx {
            members.serialize_entry("last-avail-idx", value)?;
        }
        if let Some(value) = &self.shadow_avail_idx {
            members.serialize_entry("shadow-avail-idx", value)?;
        }
        members.serialize_entry("used-idx", &self.used_idx)?;
        members.serialize_entry("signalled-used", &self.signalled_used)?;
        members.serialize_entry("signalled-used-valid", &self.signalled_used_valid)?;
        Ok(())
    }
}

impl DecodeMembers for VirtQueueStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            queue_index: members.required("queue-index")?,
            inuse: members.required("inuse")?,
            vring_num: members.required("vring-num")?,
            vring_num_default: members.required("vring-num-default")?,
            vring_align: members.required("vring-align")?,
            vring_desc: members.required("vring-desc")?,
            vring_avail: members.required("vring-avail")?,
            vring_used: members.required("vring-used")?,
            last_avail_idx: members.optional("last-avail-idx")?,
            shadow_avail_idx: members.optional("shadow-avail-idx")?,
            used_idx: members.required("used-idx")?,
            signalled_used: members.required("signalled-used")?,
            signalled_used_valid: members.required("signalled-used-valid")?,
        })
    }
}

impl Serialize for VirtQueueStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtQueueStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtQueueStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The state of a queue that a vhost backend runs, as the backend was told.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtVhostQueueStatus {
    /// the device's kind
    pub name: String,
    /// the file descriptor by which the driver kicks
    pub kick: i64,
    /// the file descriptor by which the backend interrupts
    pub call: i64,
    /// where the descriptors are, in the machine monitor's address space
    pub desc: u64,
    /// where the driver's ring is, in the machine monitor's address space
    pub avail: u64,
    /// where the device's ring is, in the machine monitor's address space
    pub used: u64,
    /// how many descriptors the ring has
    pub num: i64,
    /// where the descriptors are, in the driver's address space
    pub desc_phys: u64,
    /// where the driver's ring is, in the driver's address space
    pub avail_phys: u64,
    /// where the device's ring is, in the driver's address space
    pub used_phys: u64,
    /// the size of the descriptors, in bytes
    pub desc_size: u32,
    /// the size of the driver's ring, in bytes
    pub avail_size: u32,
    /// the size of the device's ring, in bytes
    pub used_size: u32,
}

impl EncodeMembers for VirtVhostQueueStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("kick", &self.kick)?;
        members.serialize_entry("call", &self.call)?;
        members.serialize_entry("desc", &self.desc)?;
        members.serialize_entry("avail", &self.avail)?;
        members.serialize_entry("used", &self.used)?;
        members.serialize_entry("num", &self.num)?;
        members.serialize_entry("desc-phys", &self.desc_phys)?;
        members.serialize_entry("avail-phys", &self.avail_phys)?;
        members.serialize_entry("used-phys", &self.used_phys)?;
        members.serialize_entry("desc-size", &self.desc_size)?;
        members.serialize_entry("avail-size", &self.avail_size)?;
        members.serialize_entry("used-size", &self.used_size)?;
        Ok(())
    }
}

impl DecodeMembers for VirtVhostQueueStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            kick: members.required("kick")?,
            call: members.required("call")?,
            desc: members.required("desc")?,
            avail: members.required("avail")?,
            used: members.required("used")?,
            num: members.required("num")?,
            desc_phys: members.required("desc-phys")?,
            avail_phys: members.required("avail-phys")?,
            used_phys: members.required("used-phys")?,
            desc_size: members.required("desc-size")?,
            avail_size: members.required("avail-size")?,
            used_size: members.required("used-size")?,
        })
    }
}

impl Serialize for VirtVhostQueueStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtVhostQueueStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtVhostQueueStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One descriptor.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioRingDesc {
    /// where the buffer is, in the driver's address space
    pub addr: u64,
    /// how long it is, in bytes
    pub len: u32,
    /// its flags: `next`, `write`, `indirect`, for packed rings also `avail` and `used`
    pub flags: Vec<String>,
}

impl EncodeMembers for VirtioRingDesc {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("addr", &self.addr)?;
        members.serialize_entry("len", &self.len)?;
        members.serialize_entry("flags", &self.flags)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioRingDesc {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            addr: members.required("addr")?,
            len: members.required("len")?,
            flags: members.required("flags")?,
        })
    }
}

impl Serialize for VirtioRingDesc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioRingDesc {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioRingDesc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The driver's ring, as it stands in guest memory.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioRingAvail {
    /// its flags
    pub flags: u16,
    /// its index: how many elements the driver made available, modulo 65536
    pub idx: u16,
    /// the entry for the element that was asked for: the number of the chain's first descriptor
    pub ring: u16,
}

impl EncodeMembers for VirtioRingAvail {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("flags", &self.flags)?;
        members.serialize_entry("idx", &self.idx)?;
        members.serialize_entry("ring", &self.ring)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioRingAvail {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            flags: members.required("flags")?,
            idx: members.required("idx")?,
            ring: members.required("ring")?,
        })
    }
}

impl Serialize for VirtioRingAvail {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioRingAvail {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioRingAvail {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The device's ring, as it stands in guest memory.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioRingUsed {
    /// its flags
    pub flags: u16,
    /// its index: how many elements the device returned, modulo 65536
    pub idx: u16,
}

impl EncodeMembers for VirtioRingUsed {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("flags", &self.flags)?;
        members.serialize_entry("idx", &self.idx)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioRingUsed {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            flags: members.required("flags")?,
            idx: members.required("idx")?,
        })
    }
}

impl Serialize for VirtioRingUsed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioRingUsed {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioRingUsed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One element of a queue: a chain of descriptors.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioQueueElement {
    /// the name of the device's kind
    pub name: String,
    /// the number of the chain's first descriptor
    pub index: u32,
    /// the descriptors, the last of the chain first; for an indirect chain those of the table
    pub descs: Vec<VirtioRingDesc>,
    /// the driver's ring
    pub avail: VirtioRingAvail,
    /// the device's ring
    pub used: VirtioRingUsed,
}

impl EncodeMembers for VirtioQueueElement {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("name", &self.name)?;
        members.serialize_entry("index", &self.index)?;
        members.serialize_entry("descs", &self.descs)?;
        members.serialize_entry("avail", &self.avail)?;
        members.serialize_entry("used", &self.used)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioQueueElement {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            name: members.required("name")?,
            index: members.required("index")?,
            descs: members.required("descs")?,
            avail: members.required("avail")?,
            used: members.required("used")?,
        })
    }
}

impl Serialize for VirtioQueueElement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioQueueElement {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioQueueElement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

