// Written by `cargo xtask codegen` from `qapi-schema/schema/balloon.json`; change nothing here.

//! Types of `balloon.json`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    decode, encode,
};

/// How much memory the guest has.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct BalloonInfo {
    /// the machine's memory without what the guest has given up, in bytes
    pub actual: i64,
}

impl EncodeMembers for BalloonInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("actual", &self.actual)?;
        Ok(())
    }
}

impl DecodeMembers for BalloonInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            actual: members.required("actual")?,
        })
    }
}

impl Serialize for BalloonInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for BalloonInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for BalloonInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// What a guest's driver knows of the guest's memory.  Sizes are in bytes; what the driver does not tell is absent.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct GuestMemoryStatistics {
    /// when it told this, in seconds since 1970
    pub last_update: u64,
    /// memory read back from swap
    pub swap_in: Option<u64>,
    /// memory written to swap
    pub swap_out: Option<u64>,
    /// page faults for which a disk had to be read
    pub major_faults: Option<u64>,
    /// other page faults
    pub minor_faults: Option<u64>,
    /// memory that is used for nothing
    pub free_memory: Option<u64>,
    /// all memory
    pub total_memory: Option<u64>,
    /// memory that new programs could have without swapping
    pub available_memory: Option<u64>,
    /// memory that can be had back at once
    pub disk_caches: Option<u64>,
    /// huge pages that were handed out
    pub huge_page_allocations: Option<u64>,
    /// huge pages that could not be handed out
    pub huge_page_failures: Option<u64>,
    /// programs that were ended because there was no memory left
    pub out_of_memory_kills: Option<u64>,
    /// allocations that had to wait for memory
    pub allocation_stalls: Option<u64>,
    /// pages looked at to see whether they can be taken, in the background
    pub background_scans: Option<u64>,
    /// the same, while somebody waited
    pub direct_scans: Option<u64>,
    /// pages taken in the background
    pub background_reclaims: Option<u64>,
    /// the same, while somebody waited
    pub direct_reclaims: Option<u64>,
}

impl EncodeMembers for GuestMemoryStatistics {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("last-update", &self.last_update)?;
        if let Some(value) = &self.swap_in {
            members.serialize_entry("swap-in", value)?;
        }
        if let Some(value) = &self.swap_out {
            members.serialize_entry("swap-out", value)?;
        }
        if let Some(value) = &self.major_faults {
            members.serialize_entry("major-faults", value)?;
        }
        if let Some(value) = &self.minor_faults {
            members.serialize_entry("minor-faults", value)?;
        }
        if let Some(value) = &self.free_memory {
            members.serialize_entry("free-memory", value)?;
        }
        if let Some(value) = &self.total_memory {
            members.serialize_entry("total-memory", value)?;
        }
        if let Some(value) = &self.available_memory {
            members.serialize_entry("available-memory", value)?;
        }
        if let Some(value) = &self.disk_caches {
            members.serialize_entry("disk-caches", value)?;
        }
        if let Some(value) = &self.huge_page_allocations {
            members.serialize_entry("huge-page-allocations", value)?;
        }
        if let Some(value) = &self.huge_page_failures {
            members.serialize_entry("huge-page-failures", value)?;
        }
        if let Some(value) = &self.out_of_memory_kills {
            members.serialize_entry("out-of-memory-kills", value)?;
        }
        if let Some(value) = &self.allocation_stalls {
            members.serialize_entry("allocation-stalls", value)?;
        }
        if let Some(value) = &self.background_scans {
            members.serialize_entry("background-scans", value)?;
        }
        if let Some(value) = &self.direct_scans {
            members.serialize_entry("direct-scans", value)?;
        }
        if let Some(value) = &self.background_reclaims {
            members.serialize_entry("background-reclaims", value)?;
        }
        if let Some(value) = &self.direct_reclaims {
            members.serialize_entry("direct-reclaims", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for GuestMemoryStatistics {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            last_update: members.required("last-update")?,
            swap_in: members.optional("swap-in")?,
            swap_out: members.optional("swap-out")?,
            major_faults: members.optional("major-faults")?,
            minor_faults: members.optional("minor-faults")?,
            free_memory: members.optional("free-memory")?,
            total_memory: members.optional("total-memory")?,
            available_memory: members.optional("available-memory")?,
            disk_caches: members.optional("disk-caches")?,
            huge_page_allocations: members.optional("huge-page-allocations")?,
            huge_page_failures: members.optional("huge-page-failures")?,
            out_of_memory_kills: members.optional("out-of-memory-kills")?,
            allocation_stalls: members.optional("allocation-stalls")?,
            background_scans: members.optional("background-scans")?,
            direct_scans: members.optional("direct-scans")?,
            background_reclaims: members.optional("background-reclaims")?,
            direct_reclaims: members.optional("direct-reclaims")?,
        })
    }
}

impl Serialize for GuestMemoryStatistics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for GuestMemoryStatistics {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for GuestMemoryStatistics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A balloon, and what the guest has told it.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct GuestMemoryInfo {
    /// the balloon's path
    pub path: String,
    /// what the guest is asked to give up, in bytes
    pub requested: u64,
    /// what it says it has given up, in bytes
    pub given_up: u64,
    /// how often it is asked for its statistics, in seconds; 0 if it is not
    pub interval: u32,
    /// what it has told last (absent: nothing yet)
    pub statistics: Option<GuestMemoryStatistics>,
}

impl EncodeMembers for GuestMemoryInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("requested", &self.requested)?;
        members.serialize_entry("given-up", &self.given_up)?;
        members.serialize_entry("interval", &self.interval)?;
        if let Some(value) = &self.statistics {
            members.serialize_entry("statistics", value)?;
        }
        Ok(())
    }
}

impl DecodeMembers for GuestMemoryInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            requested: members.required("requested")?,
            given_up: members.required("given-up")?,
            interval: members.required("interval")?,
            statistics: members.optional("statistics")?,
        })
    }
}

impl Serialize for GuestMemoryInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for GuestMemoryInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for GuestMemoryInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

