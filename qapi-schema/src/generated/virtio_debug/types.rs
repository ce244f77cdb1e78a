// Written by `cargo xtask codegen` from `qapi-schema/schema/virtio-debug.json`; change nothing here.

//! Types of `virtio-debug.json`.

#![allow(clippy::large_enum_variant, reason = "the schema decides what a branch holds")]

use std::fmt;
use std::str::FromStr;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::ser::SerializeMap;
use serde_json::Value;
use super::super::runtime::{
    Decode, DecodeMembers, EncodeMembers, Error, Members, Path,
    UnknownValue, decode, encode,
};

/// The kinds of virtio devices.
///
/// A value's place in the list is the kind's number in the virtio specification.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioType {
    /// a kind that is not listed
    Unknown,
    /// network card
    VirtioNet,
    /// disk
    VirtioBlk,
    /// console; ports included, devices of this kind are called virtio-serial
    VirtioConsole,
    /// source of entropy
    VirtioRng,
    /// memory balloon
    VirtioBalloon,
    /// memory over I/O ports
    VirtioIomem,
    /// messages between processors
    VirtioRpmsg,
    /// SCSI host
    VirtioScsi,
    /// file system by the 9P protocol
    Virtio9p,
    /// wireless network card
    VirtioMac80211Wlan,
    /// console with any number of ports
    VirtioSerial,
    /// modem link
    VirtioCaif,
    /// memory balloon of a newer design
    VirtioMemoryBalloon,
    /// not assigned
    Unknown14,
    /// not assigned
    Unknown15,
    /// graphics card
    VirtioGpu,
    /// clock
    VirtioClock,
    /// keyboard, mouse or the like
    VirtioInput,
    /// sockets between guest and host
    VhostVsock,
    /// cipher accelerator
    VirtioCrypto,
    /// distribution of signals
    VirtioSignalDist,
    /// memory that outlives a crash
    VirtioPstore,
    /// translation of device addresses
    VirtioIommu,
    /// memory that grows and shrinks
    VirtioMem,
    /// not known to this generation of commands
    Unknown25,
    /// file system shared with the host
    VhostUserFs,
    /// persistent memory
    VirtioPmem,
    /// not known to this generation of commands
    Unknown28,
    /// simulated wireless network card
    VirtioMac80211Hwsim,
}

impl VirtioType {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Unknown,
        Self::VirtioNet,
        Self::VirtioBlk,
        Self::VirtioConsole,
        Self::VirtioRng,
        Self::VirtioBalloon,
        Self::VirtioIomem,
        Self::VirtioRpmsg,
        Self::VirtioScsi,
        Self::Virtio9p,
        Self::VirtioMac80211Wlan,
        Self::VirtioSerial,
        Self::VirtioCaif,
        Self::VirtioMemoryBalloon,
        Self::Unknown14,
        Self::Unknown15,
        Self::VirtioGpu,
        Self::VirtioClock,
        Self::VirtioInput,
        Self::VhostVsock,
        Self::VirtioCrypto,
        Self::VirtioSignalDist,
        Self::VirtioPstore,
        Self::VirtioIommu,
        Self::VirtioMem,
        Self::Unknown25,
        Self::VhostUserFs,
        Self::VirtioPmem,
        Self::Unknown28,
        Self::VirtioMac80211Hwsim,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::VirtioNet => "virtio-net",
            Self::VirtioBlk => "virtio-blk",
            Self::VirtioConsole => "virtio-console",
            Self::VirtioRng => "virtio-rng",
            Self::VirtioBalloon => "virtio-balloon",
            Self::VirtioIomem => "virtio-iomem",
            Self::VirtioRpmsg => "virtio-rpmsg",
            Self::VirtioScsi => "virtio-scsi",
            Self::Virtio9p => "virtio-9p",
            Self::VirtioMac80211Wlan => "virtio-mac80211-wlan",
            Self::VirtioSerial => "virtio-serial",
            Self::VirtioCaif => "virtio-caif",
            Self::VirtioMemoryBalloon => "virtio-memory-balloon",
            Self::Unknown14 => "unknown-14",
            Self::Unknown15 => "unknown-15",
            Self::VirtioGpu => "virtio-gpu",
            Self::VirtioClock => "virtio-clock",
            Self::VirtioInput => "virtio-input",
            Self::VhostVsock => "vhost-vsock",
            Self::VirtioCrypto => "virtio-crypto",
            Self::VirtioSignalDist => "virtio-signal-dist",
            Self::VirtioPstore => "virtio-pstore",
            Self::VirtioIommu => "virtio-iommu",
            Self::VirtioMem => "virtio-mem",
            Self::Unknown25 => "unknown-25",
            Self::VhostUserFs => "vhost-user-fs",
            Self::VirtioPmem => "virtio-pmem",
            Self::Unknown28 => "unknown-28",
            Self::VirtioMac80211Hwsim => "virtio-mac80211-hwsim",
        }
    }
}

impl FromStr for VirtioType {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "unknown" => Ok(Self::Unknown),
            "virtio-net" => Ok(Self::VirtioNet),
            "virtio-blk" => Ok(Self::VirtioBlk),
            "virtio-console" => Ok(Self::VirtioConsole),
            "virtio-rng" => Ok(Self::VirtioRng),
            "virtio-balloon" => Ok(Self::VirtioBalloon),
            "virtio-iomem" => Ok(Self::VirtioIomem),
            "virtio-rpmsg" => Ok(Self::VirtioRpmsg),
            "virtio-scsi" => Ok(Self::VirtioScsi),
            "virtio-9p" => Ok(Self::Virtio9p),
            "virtio-mac80211-wlan" => Ok(Self::VirtioMac80211Wlan),
            "virtio-serial" => Ok(Self::VirtioSerial),
            "virtio-caif" => Ok(Self::VirtioCaif),
            "virtio-memory-balloon" => Ok(Self::VirtioMemoryBalloon),
            "unknown-14" => Ok(Self::Unknown14),
            "unknown-15" => Ok(Self::Unknown15),
            "virtio-gpu" => Ok(Self::VirtioGpu),
            "virtio-clock" => Ok(Self::VirtioClock),
            "virtio-input" => Ok(Self::VirtioInput),
            "vhost-vsock" => Ok(Self::VhostVsock),
            "virtio-crypto" => Ok(Self::VirtioCrypto),
            "virtio-signal-dist" => Ok(Self::VirtioSignalDist),
            "virtio-pstore" => Ok(Self::VirtioPstore),
            "virtio-iommu" => Ok(Self::VirtioIommu),
            "virtio-mem" => Ok(Self::VirtioMem),
            "unknown-25" => Ok(Self::Unknown25),
            "vhost-user-fs" => Ok(Self::VhostUserFs),
            "virtio-pmem" => Ok(Self::VirtioPmem),
            "unknown-28" => Ok(Self::Unknown28),
            "virtio-mac80211-hwsim" => Ok(Self::VirtioMac80211Hwsim),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioType {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The byte order of a device's registers and rings.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioStatusEndianness {
    /// not decided yet
    Unknown,
    /// the least significant byte first
    Little,
    /// the most significant byte first
    Big,
}

impl VirtioStatusEndianness {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Unknown,
        Self::Little,
        Self::Big,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Little => "little",
            Self::Big => "big",
        }
    }
}

impl FromStr for VirtioStatusEndianness {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "unknown" => Ok(Self::Unknown),
            "little" => Ok(Self::Little),
            "big" => Ok(Self::Big),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioStatusEndianness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioStatusEndianness {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioStatusEndianness {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioStatusEndianness {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features that mean the same for every device.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioTransportFeature {
    /// the device interrupts when it runs out of elements, even if the driver wants no interrupts
    /// (bit 24)
    NotifyOnEmpty,
    /// the device takes headers and data in any division into descriptors (bit 27)
    AnyLayout,
    /// the device follows version 1 of the virtio specification (bit 32)
    Version1,
    /// addresses may be translated before they reach memory (bit 33)
    IommuPlatform,
    /// packed rings (bit 34)
    RingPacked,
    /// memory accesses need the barriers of real hardware (bit 36)
    OrderPlatform,
    /// single root I/O virtualization (bit 37)
    SrIov,
    /// tables of descriptors (bit 28)
    IndirectDesc,
    /// each side says at which index it wants to hear from the other (bit 29)
    EventIdx,
    /// a driver that acknowledges this bit acknowledges whatever it finds (bit 30)
    BadFeature,
    /// elements are returned in the order in which they were made available (bit 35)
    InOrder,
    /// notifications carry the driver's index (bit 38)
    NotificationData,
    /// notifications carry a number that the device chose (bit 39)
    NotifConfigData,
    /// the driver can reset a single queue (bit 40)
    RingReset,
    /// the device has an administration queue (bit 41)
    AdminVq,
}

impl VirtioTransportFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::NotifyOnEmpty,
        Self::AnyLayout,
        Self::Version1,
        Self::IommuPlatform,
        Self::RingPacked,
        Self::OrderPlatform,
        Self::SrIov,
        Self::IndirectDesc,
        Self::EventIdx,
        Self::BadFeature,
        Self::InOrder,
        Self::NotificationData,
        Self::NotifConfigData,
        Self::RingReset,
        Self::AdminVq,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotifyOnEmpty => "notify-on-empty",
            Self::AnyLayout => "any-layout",
            Self::Version1 => "version-1",
            Self::IommuPlatform => "iommu-platform",
            Self::RingPacked => "ring-packed",
            Self::OrderPlatform => "order-platform",
            Self::SrIov => "sr-iov",
            Self::IndirectDesc => "indirect-desc",
            Self::EventIdx => "event-idx",
            Self::BadFeature => "bad-feature",
            Self::InOrder => "in-order",
            Self::NotificationData => "notification-data",
            Self::NotifConfigData => "notif-config-data",
            Self::RingReset => "ring-reset",
            Self::AdminVq => "admin-vq",
        }
    }
}

impl FromStr for VirtioTransportFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "notify-on-empty" => Ok(Self::NotifyOnEmpty),
            "any-layout" => Ok(Self::AnyLayout),
            "version-1" => Ok(Self::Version1),
            "iommu-platform" => Ok(Self::IommuPlatform),
            "ring-packed" => Ok(Self::RingPacked),
            "order-platform" => Ok(Self::OrderPlatform),
            "sr-iov" => Ok(Self::SrIov),
            "indirect-desc" => Ok(Self::IndirectDesc),
            "event-idx" => Ok(Self::EventIdx),
            "bad-feature" => Ok(Self::BadFeature),
            "in-order" => Ok(Self::InOrder),
            "notification-data" => Ok(Self::NotificationData),
            "notif-config-data" => Ok(Self::NotifConfigData),
            "ring-reset" => Ok(Self::RingReset),
            "admin-vq" => Ok(Self::AdminVq),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioTransportFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioTransportFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioTransportFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioTransportFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of consoles.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioSerialFeature {
    /// the size of the console is known (bit 0)
    Size,
    /// several ports (bit 1)
    Multiport,
    /// a character can be written without a queue (bit 2)
    EmergWrite,
}

impl VirtioSerialFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Size,
        Self::Multiport,
        Self::EmergWrite,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Multiport => "multiport",
            Self::EmergWrite => "emerg-write",
        }
    }
}

impl FromStr for VirtioSerialFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "size" => Ok(Self::Size),
            "multiport" => Ok(Self::Multiport),
            "emerg-write" => Ok(Self::EmergWrite),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioSerialFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioSerialFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioSerialFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioSerialFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of disks.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioBlkFeature {
    /// there is a limit on the length of a segment (bit 1)
    SizeMax,
    /// there is a limit on the number of segments (bit 2)
    SegMax,
    /// cylinders, heads and sectors are known (bit 4)
    Geometry,
    /// read-only (bit 5)
    Ro,
    /// the block size is known (bit 6)
    BlkSize,
    /// the optimal alignment and size of requests are known (bit 10)
    Topology,
    /// several queues (bit 12)
    Mq,
    /// discard requests (bit 13)
    Discard,
    /// write-zeroes requests (bit 14)
    WriteZeroes,
    /// barriers between requests; legacy (bit 0)
    Barrier,
    /// SCSI commands; legacy (bit 7)
    Scsi,
    /// flush requests (bit 9)
    Flush,
    /// the driver can switch between write-back and write-through (bit 11)
    ConfigWce,
    /// lifetime requests (bit 15)
    Lifetime,
    /// secure-erase requests (bit 16)
    SecureErase,
    /// zones (bit 17)
    Zoned,
}

impl VirtioBlkFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::SizeMax,
        Self::SegMax,
        Self::Geometry,
        Self::Ro,
        Self::BlkSize,
        Self::Topology,
        Self::Mq,
        Self::Discard,
        Self::WriteZeroes,
        Self::Barrier,
        Self::Scsi,
        Self::Flush,
        Self::ConfigWce,
        Self::Lifetime,
        Self::SecureErase,
        Self::Zoned,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SizeMax => "size-max",
            Self::SegMax => "seg-max",
            Self::Geometry => "geometry",
            Self::Ro => "ro",
            Self::BlkSize => "blk-size",
            Self::Topology => "topology",
            Self::Mq => "mq",
            Self::Discard => "discard",
            Self::WriteZeroes => "write-zeroes",
            Self::Barrier => "barrier",
            Self::Scsi => "scsi",
            Self::Flush => "flush",
            Self::ConfigWce => "config-wce",
            Self::Lifetime => "lifetime",
            Self::SecureErase => "secure-erase",
            Self::Zoned => "zoned",
        }
    }
}

impl FromStr for VirtioBlkFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "size-max" => Ok(Self::SizeMax),
            "seg-max" => Ok(Self::SegMax),
            "geometry" => Ok(Self::Geometry),
            "ro" => Ok(Self::Ro),
            "blk-size" => Ok(Self::BlkSize),
            "topology" => Ok(Self::Topology),
            "mq" => Ok(Self::Mq),
            "discard" => Ok(Self::Discard),
            "write-zeroes" => Ok(Self::WriteZeroes),
            "barrier" => Ok(Self::Barrier),
            "scsi" => Ok(Self::Scsi),
            "flush" => Ok(Self::Flush),
            "config-wce" => Ok(Self::ConfigWce),
            "lifetime" => Ok(Self::Lifetime),
            "secure-erase" => Ok(Self::SecureErase),
            "zoned" => Ok(Self::Zoned),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioBlkFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioBlkFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioBlkFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioBlkFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of graphics cards.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioGpuFeature {
    /// 3D commands of virgl (bit 0)
    Virgl,
    /// EDID of the screens (bit 1)
    Edid,
    /// resources can be given a UUID (bit 2)
    ResourceUuid,
    /// resources that are plain memory (bit 3)
    ResourceBlob,
    /// several types of contexts and timelines (bit 4)
    ContextInit,
}

impl VirtioGpuFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Virgl,
        Self::Edid,
        Self::ResourceUuid,
        Self::ResourceBlob,
        Self::ContextInit,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Virgl => "virgl",
            Self::Edid => "edid",
            Self::ResourceUuid => "resource-uuid",
            Self::ResourceBlob => "resource-blob",
            Self::ContextInit => "context-init",
        }
    }
}

impl FromStr for VirtioGpuFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "virgl" => Ok(Self::Virgl),
            "edid" => Ok(Self::Edid),
            "resource-uuid" => Ok(Self::ResourceUuid),
            "resource-blob" => Ok(Self::ResourceBlob),
            "context-init" => Ok(Self::ContextInit),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioGpuFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioGpuFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioGpuFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioGpuFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of network cards.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioNetFeature {
    /// the device completes checksums (bit 0)
    Csum,
    /// the driver takes packets with incomplete checksums (bit 1)
    GuestCsum,
    /// the driver can switch its offloads (bit 2)
    CtrlGuestOffloads,
    /// the largest packet is known (bit 3)
    Mtu,
    /// the MAC address is known (bit 5)
    Mac,
    /// the driver takes large TCP packets, IPv4 (bit 7)
    GuestTso4,
    /// the driver takes large TCP packets, IPv6 (bit 8)
    GuestTso6,
    /// the driver takes large TCP packets with ECN (bit 9)
    GuestEcn,
    /// the driver takes large UDP packets for fragmentation (bit 10)
    GuestUfo,
    /// the device takes large TCP packets, IPv4 (bit 11)
    HostTso4,
    /// the device takes large TCP packets, IPv6 (bit 12)
    HostTso6,
    /// the device takes large TCP packets with ECN (bit 13)
    HostEcn,
    /// the device takes large UDP packets for fragmentation (bit 14)
    HostUfo,
    /// a packet may fill several receive buffers (bit 15)
    MrgRxbuf,
    /// the state of the link is known (bit 16)
    Status,
    /// control queue (bit 17)
    CtrlVq,
    /// receive modes (bit 18)
    CtrlRx,
    /// VLAN filter (bit 19)
    CtrlVlan,
    /// further receive modes (bit 20)
    CtrlRxExtra,
    /// the driver announces itself when asked (bit 21)
    GuestAnnounce,
    /// several pairs of queues (bit 22)
    Mq,
    /// the driver can set the MAC address (bit 23)
    CtrlMacAddr,
    /// the device stands by for another one with the same MAC address (bit 62)
    Standby,
    /// the link's speed and duplex mode are known (bit 63)
    SpeedDuplex,
    /// the device takes packets that need segmentation; legacy (bit 6)
    Gso,
    /// packets come with their hash (bit 57)
    HashReport,
    /// packets are spread over queues by their hash (bit 60)
    Rss,
    /// merged packets say what was merged (bit 61)
    RscExt,
    /// the device counts (bit 50)
    DeviceStats,
    /// hashes of inner headers (bit 51)
    HashTunnel,
    /// notifications are held back, queue by queue (bit 52)
    VqNotfCoal,
    /// notifications are held back (bit 53)
    NotfCoal,
    /// the driver takes large UDP packets, IPv4 (bit 54)
    GuestUso4,
    /// the driver takes large UDP packets, IPv6 (bit 55)
    GuestUso6,
    /// the device takes large UDP packets (bit 56)
    HostUso,
    /// the driver tells the length of headers exactly (bit 59)
    GuestHdrlen,
}

impl VirtioNetFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Csum,
        Self::GuestCsum,
        Self::CtrlGuestOffloads,
        Self::Mtu,
        Self::Mac,
        Self::GuestTso4,
        Self::GuestTso6,
        Self::GuestEcn,
        Self::GuestUfo,
        Self::HostTso4,
        Self::HostTso6,
        Self::HostEcn,
        Self::HostUfo,
        Self::MrgRxbuf,
        Self::Status,
        Self::CtrlVq,
        Self::CtrlRx,
        Self::CtrlVlan,
        Self::CtrlRxExtra,
        Self::GuestAnnounce,
        Self::Mq,
        Self::CtrlMacAddr,
        Self::Standby,
        Self::SpeedDuplex,
        Self::Gso,
        Self::HashReport,
        Self::Rss,
        Self::RscExt,
        Self::DeviceStats,
        Self::HashTunnel,
        Self::VqNotfCoal,
        Self::NotfCoal,
        Self::GuestUso4,
        Self::GuestUso6,
        Self::HostUso,
        Self::GuestHdrlen,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csum => "csum",
            Self::GuestCsum => "guest-csum",
            Self::CtrlGuestOffloads => "ctrl-guest-offloads",
            Self::Mtu => "mtu",
            Self::Mac => "mac",
            Self::GuestTso4 => "guest-tso4",
            Self::GuestTso6 => "guest-tso6",
            Self::GuestEcn => "guest-ecn",
            Self::GuestUfo => "guest-ufo",
            Self::HostTso4 => "host-tso4",
            Self::HostTso6 => "host-tso6",
            Self::HostEcn => "host-ecn",
            Self::HostUfo => "host-ufo",
            Self::MrgRxbuf => "mrg-rxbuf",
            Self::Status => "status",
            Self::CtrlVq => "ctrl-vq",
            Self::CtrlRx => "ctrl-rx",
            Self::CtrlVlan => "ctrl-vlan",
            Self::CtrlRxExtra => "ctrl-rx-extra",
            Self::GuestAnnounce => "guest-announce",
            Self::Mq => "mq",
            Self::CtrlMacAddr => "ctrl-mac-addr",
            Self::Standby => "standby",
            Self::SpeedDuplex => "speed-duplex",
            Self::Gso => "gso",
            Self::HashReport => "hash-report",
            Self::Rss => "rss",
            Self::RscExt => "rsc-ext",
            Self::DeviceStats => "device-stats",
            Self::HashTunnel => "hash-tunnel",
            Self::VqNotfCoal => "vq-notf-coal",
            Self::NotfCoal => "notf-coal",
            Self::GuestUso4 => "guest-uso4",
            Self::GuestUso6 => "guest-uso6",
            Self::HostUso => "host-uso",
            Self::GuestHdrlen => "guest-hdrlen",
        }
    }
}

impl FromStr for VirtioNetFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "csum" => Ok(Self::Csum),
            "guest-csum" => Ok(Self::GuestCsum),
            "ctrl-guest-offloads" => Ok(Self::CtrlGuestOffloads),
            "mtu" => Ok(Self::Mtu),
            "mac" => Ok(Self::Mac),
            "guest-tso4" => Ok(Self::GuestTso4),
            "guest-tso6" => Ok(Self::GuestTso6),
            "guest-ecn" => Ok(Self::GuestEcn),
            "guest-ufo" => Ok(Self::GuestUfo),
            "host-tso4" => Ok(Self::HostTso4),
            "host-tso6" => Ok(Self::HostTso6),
            "host-ecn" => Ok(Self::HostEcn),
            "host-ufo" => Ok(Self::HostUfo),
            "mrg-rxbuf" => Ok(Self::MrgRxbuf),
            "status" => Ok(Self::Status),
            "ctrl-vq" => Ok(Self::CtrlVq),
            "ctrl-rx" => Ok(Self::CtrlRx),
            "ctrl-vlan" => Ok(Self::CtrlVlan),
            "ctrl-rx-extra" => Ok(Self::CtrlRxExtra),
            "guest-announce" => Ok(Self::GuestAnnounce),
            "mq" => Ok(Self::Mq),
            "ctrl-mac-addr" => Ok(Self::CtrlMacAddr),
            "standby" => Ok(Self::Standby),
            "speed-duplex" => Ok(Self::SpeedDuplex),
            "gso" => Ok(Self::Gso),
            "hash-report" => Ok(Self::HashReport),
            "rss" => Ok(Self::Rss),
            "rsc-ext" => Ok(Self::RscExt),
            "device-stats" => Ok(Self::DeviceStats),
            "hash-tunnel" => Ok(Self::HashTunnel),
            "vq-notf-coal" => Ok(Self::VqNotfCoal),
            "notf-coal" => Ok(Self::NotfCoal),
            "guest-uso4" => Ok(Self::GuestUso4),
            "guest-uso6" => Ok(Self::GuestUso6),
            "host-uso" => Ok(Self::HostUso),
            "guest-hdrlen" => Ok(Self::GuestHdrlen),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioNetFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioNetFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioNetFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioNetFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of SCSI hosts.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioScsiFeature {
    /// a request may both read and write (bit 0)
    Inout,
    /// targets come and go (bit 1)
    Hotplug,
    /// changes of a target are reported (bit 2)
    Change,
    /// requests carry protection information (bit 3)
    T10Pi,
}

impl VirtioScsiFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Inout,
        Self::Hotplug,
        Self::Change,
        Self::T10Pi,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inout => "inout",
            Self::Hotplug => "hotplug",
            Self::Change => "change",
            Self::T10Pi => "t10-pi",
        }
    }
}

impl FromStr for VirtioScsiFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "inout" => Ok(Self::Inout),
            "hotplug" => Ok(Self::Hotplug),
            "change" => Ok(Self::Change),
            "t10-pi" => Ok(Self::T10Pi),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioScsiFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioScsiFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioScsiFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioScsiFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of memory balloons.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioBalloonFeature {
    /// pages are used again only after the device knows (bit 0)
    MustTellHost,
    /// queue for the guest's memory statistics (bit 1)
    StatsVq,
    /// the balloon shrinks when the guest runs out of memory (bit 2)
    DeflateOnOom,
    /// queue for hints about free pages (bit 3)
    FreePageHint,
    /// free pages hold a known value (bit 4)
    PagePoison,
    /// queue for free pages (bit 5)
    Reporting,
}

impl VirtioBalloonFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::MustTellHost,
        Self::StatsVq,
        Self::DeflateOnOom,
        Self::FreePageHint,
        Self::PagePoison,
        Self::Reporting,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MustTellHost => "must-tell-host",
            Self::StatsVq => "stats-vq",
            Self::DeflateOnOom => "deflate-on-oom",
            Self::FreePageHint => "free-page-hint",
            Self::PagePoison => "page-poison",
            Self::Reporting => "reporting",
        }
    }
}

impl FromStr for VirtioBalloonFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "must-tell-host" => Ok(Self::MustTellHost),
            "stats-vq" => Ok(Self::StatsVq),
            "deflate-on-oom" => Ok(Self::DeflateOnOom),
            "free-page-hint" => Ok(Self::FreePageHint),
            "page-poison" => Ok(Self::PagePoison),
            "reporting" => Ok(Self::Reporting),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioBalloonFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioBalloonFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioBalloonFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioBalloonFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of IOMMUs.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioIommuFeature {
    /// the range of addresses is known (bit 0)
    InputRange,
    /// the range of domains is known (bit 1)
    DomainRange,
    /// map and unmap requests (bit 2)
    MapUnmap,
    /// endpoints without a domain reach all memory (bit 3)
    Bypass,
    /// probe requests (bit 4)
    Probe,
    /// mappings of device memory (bit 5)
    Mmio,
    /// the driver can switch bypass (bit 6)
    BypassConfig,
}

impl VirtioIommuFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::InputRange,
        Self::DomainRange,
        Self::MapUnmap,
        Self::Bypass,
        Self::Probe,
        Self::Mmio,
        Self::BypassConfig,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InputRange => "input-range",
            Self::DomainRange => "domain-range",
            Self::MapUnmap => "map-unmap",
            Self::Bypass => "bypass",
            Self::Probe => "probe",
            Self::Mmio => "mmio",
            Self::BypassConfig => "bypass-config",
        }
    }
}

impl FromStr for VirtioIommuFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "input-range" => Ok(Self::InputRange),
            "domain-range" => Ok(Self::DomainRange),
            "map-unmap" => Ok(Self::MapUnmap),
            "bypass" => Ok(Self::Bypass),
            "probe" => Ok(Self::Probe),
            "mmio" => Ok(Self::Mmio),
            "bypass-config" => Ok(Self::BypassConfig),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioIommuFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioIommuFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioIommuFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioIommuFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One virtio device.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct DebugVirtioInfo {
    /// its path in the object tree, by which all queries name it
    pub path: String,
    /// its kind
    pub type_: VirtioType,
}

impl EncodeMembers for DebugVirtioInfo {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("path", &self.path)?;
        members.serialize_entry("type", &self.type_)?;
        Ok(())
    }
}

impl DecodeMembers for DebugVirtioInfo {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            path: members.required("path")?,
            type_: members.required("type")?,
        })
    }
}

impl Serialize for DebugVirtioInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for DebugVirtioInfo {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for DebugVirtioInfo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a console.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsSerial {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioSerialFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsSerial {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsSerial {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsSerial {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsSerial {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsSerial {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a disk.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsBlk {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioBlkFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsBlk {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsBlk {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsBlk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsBlk {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsBlk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a graphics card.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsGpu {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioGpuFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsGpu {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsGpu {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsGpu {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsGpu {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsGpu {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a network card.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsNet {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioNetFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsNet {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsNet {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsNet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsNet {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsNet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a SCSI host.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsScsi {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioScsiFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsScsi {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsScsi {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsScsi {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsScsi {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsScsi {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a memory balloon.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsBalloon {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioBalloonFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsBalloon {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsBalloon {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsBalloon {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsBalloon {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsBalloon {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of an IOMMU.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsIommu {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioIommuFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsIommu {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsIommu {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsIommu {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsIommu {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsIommu {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// A set of feature bits, decoded.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeatures {
    /// the bits that are set and mean the same for every device
    pub transport: Vec<VirtioTransportFeature>,
    /// the bits that are set and have no name (absent: none)
    pub unknown_features: Option<u64>,
    /// What depends on `type`.
    pub branch: VirtioDeviceFeaturesBranch,
}

impl VirtioDeviceFeatures {
    /// The value that selects the branch.
    pub const fn tag(&self) -> VirtioType {
        self.branch.tag()
    }
}

impl EncodeMembers for VirtioDeviceFeatures {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("type", &self.tag())?;
        members.serialize_entry("transport", &self.transport)?;
        if let Some(value) = &self.unknown_features {
            members.serialize_entry("unknown-features", value)?;
        }
        self.branch.encode_branch(members)
    }
}

impl DecodeMembers for VirtioDeviceFeatures {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        let tag = members.required("type")?;
        Ok(Self {
            transport: members.required("transport")?,
            unknown_features: members.optional("unknown-features")?,
            branch: VirtioDeviceFeaturesBranch::decode_branch(tag, members)?,
        })
    }
}

/// What differs between the kinds of [`VirtioDeviceFeatures`].
#[derive(Clone, Debug, PartialEq)]
pub enum VirtioDeviceFeaturesBranch {
    /// console with any number of ports
    VirtioSerial(VirtioDeviceFeaturesOptionsSerial),
    /// disk
    VirtioBlk(VirtioDeviceFeaturesOptionsBlk),
    /// graphics card
    VirtioGpu(VirtioDeviceFeaturesOptionsGpu),
    /// network card
    VirtioNet(VirtioDeviceFeaturesOptionsNet),
    /// SCSI host
    VirtioScsi(VirtioDeviceFeaturesOptionsScsi),
    /// memory balloon
    VirtioBalloon(VirtioDeviceFeaturesOptionsBalloon),
    /// translation of device addresses
    VirtioIommu(VirtioDeviceFeaturesOptionsIommu),
    /// a kind that is not listed
    Unknown,
    /// console; ports included, devices of this kind are called virtio-serial
    VirtioConsole,
    /// source of entropy
    VirtioRng,
    /// memory over I/O ports
    VirtioIomem,
    /// messages between processors
    VirtioRpmsg,
    /// file system by the 9P protocol
    Virtio9p,
    /// wireless network card
    VirtioMac80211Wlan,
    /// modem link
    VirtioCaif,
    /// memory balloon of a newer design
    VirtioMemoryBalloon,
    /// not assigned
    Unknown14,
    /// not assigned
    Unknown15,
    /// clock
    VirtioClock,
    /// keyboard, mouse or the like
    VirtioInput,
    /// sockets between guest and host
    VhostVsock,
    /// cipher accelerator
    VirtioCrypto,
    /// distribution of signals
    VirtioSignalDist,
    /// memory that outlives a crash
    VirtioPstore,
    /// memory that grows and shrinks
    VirtioMem,
    /// not known to this generation of commands
    Unknown25,
    /// file system shared with the host
    VhostUserFs,
    /// persistent memory
    VirtioPmem,
    /// not known to this generation of commands
    Unknown28,
    /// simulated wireless network card
    VirtioMac80211Hwsim,
}

impl VirtioDeviceFeaturesBranch {
    /// The value that selects this branch.
    pub const fn tag(&self) -> VirtioType {
        match self {
            Self::VirtioSerial(_) => VirtioType::VirtioSerial,
            Self::VirtioBlk(_) => VirtioType::VirtioBlk,
            Self::VirtioGpu(_) => VirtioType::VirtioGpu,
            Self::VirtioNet(_) => VirtioType::VirtioNet,
            Self::VirtioScsi(_) => VirtioType::VirtioScsi,
            Self::VirtioBalloon(_) => VirtioType::VirtioBalloon,
            Self::VirtioIommu(_) => VirtioType::VirtioIommu,
            Self::Unknown => VirtioType::Unknown,
            Self::VirtioConsole => VirtioType::VirtioConsole,
            Self::VirtioRng => VirtioType::VirtioRng,
            Self::VirtioIomem => VirtioType::VirtioIomem,
            Self::VirtioRpmsg => VirtioType::VirtioRpmsg,
            Self::Virtio9p => VirtioType::Virtio9p,
            Self::VirtioMac80211Wlan => VirtioType::VirtioMac80211Wlan,
            Self::VirtioCaif => VirtioType::VirtioCaif,
            Self::VirtioMemoryBalloon => VirtioType::VirtioMemoryBalloon,
            Self::Unknown14 => VirtioType::Unknown14,
            Self::Unknown15 => VirtioType::Unknown15,
            Self::VirtioClock => VirtioType::VirtioClock,
            Self::VirtioInput => VirtioType::VirtioInput,
            Self::VhostVsock => VirtioType::VhostVsock,
            Self::VirtioCrypto => VirtioType::VirtioCrypto,
            Self::VirtioSignalDist => VirtioType::VirtioSignalDist,
            Self::VirtioPstore => VirtioType::VirtioPstore,
            Self::VirtioMem => VirtioType::VirtioMem,
            Self::Unknown25 => VirtioType::Unknown25,
            Self::VhostUserFs => VirtioType::VhostUserFs,
            Self::VirtioPmem => VirtioType::VirtioPmem,
            Self::Unknown28 => VirtioType::Unknown28,
            Self::VirtioMac80211Hwsim => VirtioType::VirtioMac80211Hwsim,
        }
    }

    /// The branch that a value selects, if it has no members.
    pub const fn empty(tag: VirtioType) -> Option<Self> {
        match tag {
            VirtioType::Unknown => Some(Self::Unknown),
            VirtioType::VirtioConsole => Some(Self::VirtioConsole),
            VirtioType::VirtioRng => Some(Self::VirtioRng),
            VirtioType::VirtioIomem => Some(Self::VirtioIomem),
            VirtioType::VirtioRpmsg => Some(Self::VirtioRpmsg),
            VirtioType::Virtio9p => Some(Self::Virtio9p),
            VirtioType::VirtioMac80211Wlan => Some(Self::VirtioMac80211Wlan),
            VirtioType::VirtioCaif => Some(Self::VirtioCaif),
            VirtioType::VirtioMemoryBalloon => Some(Self::VirtioMemoryBalloon),
            VirtioType::Unknown14 => Some(Self::Unknown14),
            VirtioType::Unknown15 => Some(Self::Unknown15),
            VirtioType::VirtioClock => Some(Self::VirtioClock),
            VirtioType::VirtioInput => Some(Self::VirtioInput),
            VirtioType::VhostVsock => Some(Self::VhostVsock),
            VirtioType::VirtioCrypto => Some(Self::VirtioCrypto),
            VirtioType::VirtioSignalDist => Some(Self::VirtioSignalDist),
            VirtioType::VirtioPstore => Some(Self::VirtioPstore),
            VirtioType::VirtioMem => Some(Self::VirtioMem),
            VirtioType::Unknown25 => Some(Self::Unknown25),
            VirtioType::VhostUserFs => Some(Self::VhostUserFs),
            VirtioType::VirtioPmem => Some(Self::VirtioPmem),
            VirtioType::Unknown28 => Some(Self::Unknown28),
            VirtioType::VirtioMac80211Hwsim => Some(Self::VirtioMac80211Hwsim),
            _ => None,
        }
    }

    fn encode_branch<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        match self {
            Self::VirtioSerial(branch) => branch.encode_members(members),
            Self::VirtioBlk(branch) => branch.encode_members(members),
            Self::VirtioGpu(branch) => branch.encode_members(members),
            Self::VirtioNet(branch) => branch.encode_members(members),
            Self::VirtioScsi(branch) => branch.encode_members(members),
            Self::VirtioBalloon(branch) => branch.encode_members(members),
            Self::VirtioIommu(branch) => branch.encode_members(members),
            Self::Unknown => Ok(()),
            Self::VirtioConsole => Ok(()),
            Self::VirtioRng => Ok(()),
            Self::VirtioIomem => Ok(()),
            Self::VirtioRpmsg => Ok(()),
            Self::Virtio9p => Ok(()),
            Self::VirtioMac80211Wlan => Ok(()),
            Self::VirtioCaif => Ok(()),
            Self::VirtioMemoryBalloon => Ok(()),
            Self::Unknown14 => Ok(()),
            Self::Unknown15 => Ok(()),
            Self::VirtioClock => Ok(()),
            Self::VirtioInput => Ok(()),
            Self::VhostVsock => Ok(()),
            Self::VirtioCrypto => Ok(()),
            Self::VirtioSignalDist => Ok(()),
            Self::VirtioPstore => Ok(()),
            Self::VirtioMem => Ok(()),
            Self::Unknown25 => Ok(()),
            Self::VhostUserFs => Ok(()),
            Self::VirtioPmem => Ok(()),
            Self::Unknown28 => Ok(()),
            Self::VirtioMac80211Hwsim => Ok(()),
        }
    }

    fn decode_branch(tag: VirtioType, members: &mut Members<'_>) -> Result<Self, Error> {
        match tag {
            VirtioType::VirtioSerial => DecodeMembers::decode_members(members).map(Self::VirtioSerial),
            VirtioType::VirtioBlk => DecodeMembers::decode_members(members).map(Self::VirtioBlk),
            VirtioType::VirtioGpu => DecodeMembers::decode_members(members).map(Self::VirtioGpu),
            VirtioType::VirtioNet => DecodeMembers::decode_members(members).map(Self::VirtioNet),
            VirtioType::VirtioScsi => DecodeMembers::decode_members(members).map(Self::VirtioScsi),
            VirtioType::VirtioBalloon => DecodeMembers::decode_members(members).map(Self::VirtioBalloon),
            VirtioType::VirtioIommu => DecodeMembers::decode_members(members).map(Self::VirtioIommu),
            VirtioType::Unknown => Ok(Self::Unknown),
            VirtioType::VirtioConsole => Ok(Self::VirtioConsole),
            VirtioType::VirtioRng => Ok(Self::VirtioRng),
            VirtioType::VirtioIomem => Ok(Self::VirtioIomem),
            VirtioType::VirtioRpmsg => Ok(Self::VirtioRpmsg),
            VirtioType::Virtio9p => Ok(Self::Virtio9p),
            VirtioType::VirtioMac80211Wlan => Ok(Self::VirtioMac80211Wlan),
            VirtioType::VirtioCaif => Ok(Self::VirtioCaif),
            VirtioType::VirtioMemoryBalloon => Ok(Self::VirtioMemoryBalloon),
            VirtioType::Unknown14 => Ok(Self::Unknown14),
            VirtioType::Unknown15 => Ok(Self::Unknown15),
            VirtioType::VirtioClock => Ok(Self::VirtioClock),
            VirtioType::VirtioInput => Ok(Self::VirtioInput),
            VirtioType::VhostVsock => Ok(Self::VhostVsock),
            VirtioType::VirtioCrypto => Ok(Self::VirtioCrypto),
            VirtioType::VirtioSignalDist => Ok(Self::VirtioSignalDist),
            VirtioType::VirtioPstore => Ok(Self::VirtioPstore),
            VirtioType::VirtioMem => Ok(Self::VirtioMem),
            VirtioType::Unknown25 => Ok(Self::Unknown25),
            VirtioType::VhostUserFs => Ok(Self::VhostUserFs),
            VirtioType::VirtioPmem => Ok(Self::VirtioPmem),
            VirtioType::Unknown28 => Ok(Self::Unknown28),
            VirtioType::VirtioMac80211Hwsim => Ok(Self::VirtioMac80211Hwsim),
        }
    }

}

impl From<VirtioDeviceFeaturesOptionsSerial> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsSerial) -> Self {
        Self::VirtioSerial(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsBlk> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsBlk) -> Self {
        Self::VirtioBlk(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsGpu> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsGpu) -> Self {
        Self::VirtioGpu(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsNet> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsNet) -> Self {
        Self::VirtioNet(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsScsi> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsScsi) -> Self {
        Self::VirtioScsi(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsBalloon> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsBalloon) -> Self {
        Self::VirtioBalloon(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsIommu> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsIommu) -> Self {
        Self::VirtioIommu(branch)
    }
}

impl Serialize for VirtioDeviceFeatures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeatures {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeatures {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The state of a virtio device.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct DebugVirtioStatus {
    /// the number of its kind in the virtio specification
    pub device_id: i64,
    /// the byte order of its registers and rings
    pub device_endian: VirtioStatusEndianness,
    /// the features that the driver acknowledged
    pub guest_features: VirtioDeviceFeatures,
    /// the features that the device offers
    pub host_features: VirtioDeviceFeatures,
    /// the features that a vhost backend has; none without one
    pub backend_features: VirtioDeviceFeatures,
    /// how many queues it has
    pub num_vqs: u16,
}

impl EncodeMembers for DebugVirtioStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("device-id", &self.device_id)?;
        members.serialize_entry("device-endian", &self.device_endian)?;
        members.serialize_entry("guest-features", &self.guest_features)?;
        members.serialize_entry("host-features", &self.host_features)?;
        members.serialize_entry("backend-features", &self.backend_features)?;
        members.serialize_entry("num-vqs", &self.num_vqs)?;
        Ok(())
    }
}

impl DecodeMembers for DebugVirtioStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            device_id: members.required("device-id")?,
            device_endian: members.required("device-endian")?,
            guest_features: members.required("guest-features")?,
            host_features: members.required("host-features")?,
            backend_features: members.required("backend-features")?,
            num_vqs: members.required("num-vqs")?,
        })
    }
}

impl Serialize for DebugVirtioStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for DebugVirtioStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for DebugVirtioStatus {
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
pub struct DebugVirtQueueStatus {
    /// the device's kind
    pub device_type: VirtioType,
    /// the queue's number
    pub queue_index: u16,
    /// how many elements the device has taken and not returned
    pub inuse: u32,
    /// how many descriptors the ring has, as set by the driver
    pub vring_num: i64,
    /// how many it may have at most
    pub vring_num_default: i64,
    /// the alignment of a ring that is laid out in the old way, in bytes
    pub vring_align: i64,
    /// where the descriptors are, in the driver's address space; 0 before set-up
    pub vring_desc: u64,
    /// where the driver's ring is; for a packed ring, the driver's event suppression area
    pub vring_avail: u64,
    /// where the device's ring is; for a packed ring, the device's event suppression area
    pub vring_used: u64,
    /// the next element that the device takes
    pub last_avail_idx: u16,
    /// the driver's index as the device last read it
    pub shadow_avail_idx: u16,
    /// the next element that the device returns
    pub used_idx: u16,
    /// what `used-idx` was when the device last decided about an interrupt
    pub signalled_used: u16,
    /// 1 if `signalled-used` can be relied upon, else 0
    pub signalled_used_valid: u16,
}

impl EncodeMembers for DebugVirtQueueStatus {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("device-type", &self.device_type)?;
        members.serialize_entry("queue-index", &self.queue_index)?;
        members.serialize_entry("inuse", &self.inuse)?;
        members.serialize_entry("vring-num", &self.vring_num)?;
        members.serialize_entry("vring-num-default", &self.vring_num_default)?;
        members.serialize_entry("vring-align", &self.vring_align)?;
        members.serialize_entry("vring-desc", &self.vring_desc)?;
        members.serialize_entry("vring-avail", &self.vring_avail)?;
        members.serialize_entry("vring-used", &self.vring_used)?;
        members.serialize_entry("last-avail-idx", &self.last_avail_idx)?;
        members.serialize_entry("shadow-avail-idx", &self.shadow_avail_idx)?;
        members.serialize_entry("used-idx", &self.used_idx)?;
        members.serialize_entry("signalled-used", &self.signalled_used)?;
        members.serialize_entry("signalled-used-valid", &self.signalled_used_valid)?;
        Ok(())
    }
}

impl DecodeMembers for DebugVirtQueueStatus {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            device_type: members.required("device-type")?,
            queue_index: members.required("queue-index")?,
            inuse: members.required("inuse")?,
            vring_num: members.required("vring-num")?,
            vring_num_default: members.required("vring-num-default")?,
            vring_align: members.required("vring-align")?,
            vring_desc: members.required("vring-desc")?,
            vring_avail: members.required("vring-avail")?,
            vring_used: members.required("vring-used")?,
            last_avail_idx: members.required("last-avail-idx")?,
            shadow_avail_idx: members.required("shadow-avail-idx")?,
            used_idx: members.required("used-idx")?,
            signalled_used: members.required("signalled-used")?,
            signalled_used_valid: members.required("signalled-used-valid")?,
        })
    }
}

impl Serialize for DebugVirtQueueStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for DebugVirtQueueStatus {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for DebugVirtQueueStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The flags of a descriptor.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioRingDescFlags {
    /// the chain goes on
    Next,
    /// the device writes the buffer
    Write,
    /// the buffer is a table of descriptors
    Indirect,
    /// packed rings only: made available, in combination with `used` and the ring's wrap counter
    Avail,
    /// packed rings only: returned, in combination with `avail` and the ring's wrap counter
    Used,
}

impl VirtioRingDescFlags {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Next,
        Self::Write,
        Self::Indirect,
        Self::Avail,
        Self::Used,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Write => "write",
            Self::Indirect => "indirect",
            Self::Avail => "avail",
            Self::Used => "used",
        }
    }
}

impl FromStr for VirtioRingDescFlags {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "next" => Ok(Self::Next),
            "write" => Ok(Self::Write),
            "indirect" => Ok(Self::Indirect),
            "avail" => Ok(Self::Avail),
            "used" => Ok(Self::Used),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioRingDescFlags {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioRingDescFlags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioRingDescFlags {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioRingDescFlags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One descriptor.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct DebugVirtioRingDesc {
    /// where the buffer is, in the driver's address space
    pub addr: u64,
    /// how long it is, in bytes
    pub len: u32,
    /// its flags
    pub flags: Vec<VirtioRingDescFlags>,
}

impl EncodeMembers for DebugVirtioRingDesc {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("addr", &self.addr)?;
        members.serialize_entry("len", &self.len)?;
        members.serialize_entry("flags", &self.flags)?;
        Ok(())
    }
}

impl DecodeMembers for DebugVirtioRingDesc {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            addr: members.required("addr")?,
            len: members.required("len")?,
            flags: members.required("flags")?,
        })
    }
}

impl Serialize for DebugVirtioRingDesc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for DebugVirtioRingDesc {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for DebugVirtioRingDesc {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// One element of a queue: a chain of descriptors.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct DebugVirtioQueueElement {
    /// the number of the chain's first descriptor
    pub index: u32,
    /// how many descriptors it has
    pub ndescs: u32,
    /// the descriptors, the last of the chain first; for an indirect chain those of the table
    pub descs: Vec<DebugVirtioRingDesc>,
}

impl EncodeMembers for DebugVirtioQueueElement {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("index", &self.index)?;
        members.serialize_entry("ndescs", &self.ndescs)?;
        members.serialize_entry("descs", &self.descs)?;
        Ok(())
    }
}

impl DecodeMembers for DebugVirtioQueueElement {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            index: members.required("index")?,
            ndescs: members.required("ndescs")?,
            descs: members.required("descs")?,
        })
    }
}

impl Serialize for DebugVirtioQueueElement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for DebugVirtioQueueElement {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for DebugVirtioQueueElement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

