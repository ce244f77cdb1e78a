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
/// A value's place in the list is the kind's number in the virtio specification, but for the last three, which this
/// list had under other names at first.
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
    /// video encoder
    VirtioVidEncoder,
    /// video decoder
    VirtioVidDecoder,
    /// system control and management interface
    VirtioScmi,
    /// security module of Nitro enclaves
    VirtioNitroSecMod,
    /// I2C adapter
    VhostUserI2c,
    /// watchdog
    VirtioWatchdog,
    /// CAN controller
    VirtioCan,
    /// shared buffers
    VirtioDmabuf,
    /// parameter server
    VirtioParamServ,
    /// audio policy
    VirtioAudioPol,
    /// Bluetooth controller
    VirtioBluetooth,
    /// GPIO controller
    VirtioGpio,
    /// remote direct memory access
    VirtioRdma,
    /// camera
    VirtioCamera,
    /// memory shared between guests
    VirtioIsm,
    /// SPI controller
    VirtioSpi,
    /// trusted execution environment
    VirtioTee,
    /// balloon for CPUs
    VirtioCpuBalloon,
    /// video device in the manner of V4L2
    VirtioMedia,
    /// USB controller
    VirtioUsb,
    /// sound card (number 25)
    VirtioSound,
    /// replay-protected memory block (number 28)
    VirtioRpmb,
    /// serial line to a remote processor (number 11)
    VirtioRprocSerial,
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
        Self::VirtioVidEncoder,
        Self::VirtioVidDecoder,
        Self::VirtioScmi,
        Self::VirtioNitroSecMod,
        Self::VhostUserI2c,
        Self::VirtioWatchdog,
        Self::VirtioCan,
        Self::VirtioDmabuf,
        Self::VirtioParamServ,
        Self::VirtioAudioPol,
        Self::VirtioBluetooth,
        Self::VirtioGpio,
        Self::VirtioRdma,
        Self::VirtioCamera,
        Self::VirtioIsm,
        Self::VirtioSpi,
        Self::VirtioTee,
        Self::VirtioCpuBalloon,
        Self::VirtioMedia,
        Self::VirtioUsb,
        Self::VirtioSound,
        Self::VirtioRpmb,
        Self::VirtioRprocSerial,
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
            Self::VirtioVidEncoder => "virtio-vid-encoder",
            Self::VirtioVidDecoder => "virtio-vid-decoder",
            Self::VirtioScmi => "virtio-scmi",
            Self::VirtioNitroSecMod => "virtio-nitro-sec-mod",
            Self::VhostUserI2c => "vhost-user-i2c",
            Self::VirtioWatchdog => "virtio-watchdog",
            Self::VirtioCan => "virtio-can",
            Self::VirtioDmabuf => "virtio-dmabuf",
            Self::VirtioParamServ => "virtio-param-serv",
            Self::VirtioAudioPol => "virtio-audio-pol",
            Self::VirtioBluetooth => "virtio-bluetooth",
            Self::VirtioGpio => "virtio-gpio",
            Self::VirtioRdma => "virtio-rdma",
            Self::VirtioCamera => "virtio-camera",
            Self::VirtioIsm => "virtio-ism",
            Self::VirtioSpi => "virtio-spi",
            Self::VirtioTee => "virtio-tee",
            Self::VirtioCpuBalloon => "virtio-cpu-balloon",
            Self::VirtioMedia => "virtio-media",
            Self::VirtioUsb => "virtio-usb",
            Self::VirtioSound => "virtio-sound",
            Self::VirtioRpmb => "virtio-rpmb",
            Self::VirtioRprocSerial => "virtio-rproc-serial",
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
            "virtio-vid-encoder" => Ok(Self::VirtioVidEncoder),
            "virtio-vid-decoder" => Ok(Self::VirtioVidDecoder),
            "virtio-scmi" => Ok(Self::VirtioScmi),
            "virtio-nitro-sec-mod" => Ok(Self::VirtioNitroSecMod),
            "vhost-user-i2c" => Ok(Self::VhostUserI2c),
            "virtio-watchdog" => Ok(Self::VirtioWatchdog),
            "virtio-can" => Ok(Self::VirtioCan),
            "virtio-dmabuf" => Ok(Self::VirtioDmabuf),
            "virtio-param-serv" => Ok(Self::VirtioParamServ),
            "virtio-audio-pol" => Ok(Self::VirtioAudioPol),
            "virtio-bluetooth" => Ok(Self::VirtioBluetooth),
            "virtio-gpio" => Ok(Self::VirtioGpio),
            "virtio-rdma" => Ok(Self::VirtioRdma),
            "virtio-camera" => Ok(Self::VirtioCamera),
            "virtio-ism" => Ok(Self::VirtioIsm),
            "virtio-spi" => Ok(Self::VirtioSpi),
            "virtio-tee" => Ok(Self::VirtioTee),
            "virtio-cpu-balloon" => Ok(Self::VirtioCpuBalloon),
            "virtio-media" => Ok(Self::VirtioMedia),
            "virtio-usb" => Ok(Self::VirtioUsb),
            "virtio-sound" => Ok(Self::VirtioSound),
            "virtio-rpmb" => Ok(Self::VirtioRpmb),
            "virtio-rproc-serial" => Ok(Self::VirtioRprocSerial),
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
    /// resources that are plain memory keep an alignment that is given (bit 5)
    BlobAlignment,
}

impl VirtioGpuFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Virgl,
        Self::Edid,
        Self::ResourceUuid,
        Self::ResourceBlob,
        Self::ContextInit,
        Self::BlobAlignment,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Virgl => "virgl",
            Self::Edid => "edid",
            Self::ResourceUuid => "resource-uuid",
            Self::ResourceBlob => "resource-blob",
            Self::ContextInit => "context-init",
            Self::BlobAlignment => "blob-alignment",
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
            "blob-alignment" => Ok(Self::BlobAlignment),
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
    /// several sets of rules for spreading packets over queues (bit 64)
    RssContext,
    /// the driver takes large packets inside UDP tunnels (bit 65)
    GuestUdpTunnelGso,
    /// the driver takes large packets inside UDP tunnels, with incomplete outer
    /// checksums (bit 66)
    GuestUdpTunnelGsoCsum,
    /// the device takes large packets inside UDP tunnels (bit 67)
    HostUdpTunnelGso,
    /// the device takes large packets inside UDP tunnels, with incomplete outer
    /// checksums (bit 68)
    HostUdpTunnelGsoCsum,
    /// packets come with the place of their outer network header (bit 69)
    OutNetHeader,
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
        Self::RssContext,
        Self::GuestUdpTunnelGso,
        Self::GuestUdpTunnelGsoCsum,
        Self::HostUdpTunnelGso,
        Self::HostUdpTunnelGsoCsum,
        Self::OutNetHeader,
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
            Self::RssContext => "rss-context",
            Self::GuestUdpTunnelGso => "guest-udp-tunnel-gso",
            Self::GuestUdpTunnelGsoCsum => "guest-udp-tunnel-gso-csum",
            Self::HostUdpTunnelGso => "host-udp-tunnel-gso",
            Self::HostUdpTunnelGsoCsum => "host-udp-tunnel-gso-csum",
            Self::OutNetHeader => "out-net-header",
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
            "rss-context" => Ok(Self::RssContext),
            "guest-udp-tunnel-gso" => Ok(Self::GuestUdpTunnelGso),
            "guest-udp-tunnel-gso-csum" => Ok(Self::GuestUdpTunnelGsoCsum),
            "host-udp-tunnel-gso" => Ok(Self::HostUdpTunnelGso),
            "host-udp-tunnel-gso-csum" => Ok(Self::HostUdpTunnelGsoCsum),
            "out-net-header" => Ok(Self::OutNetHeader),
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

/// Features of message channels.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioRpmsgFeature {
    /// services are announced by name (bit 0)
    Ns,
}

impl VirtioRpmsgFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Ns,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ns => "ns",
        }
    }
}

impl FromStr for VirtioRpmsgFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "ns" => Ok(Self::Ns),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioRpmsgFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioRpmsgFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioRpmsgFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioRpmsgFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of 9P file systems.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Virtio9pFeature {
    /// the configuration space holds the name to mount by (bit 0)
    MountTag,
}

impl Virtio9pFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::MountTag,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MountTag => "mount-tag",
        }
    }
}

impl FromStr for Virtio9pFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "mount-tag" => Ok(Self::MountTag),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for Virtio9pFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Virtio9pFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for Virtio9pFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for Virtio9pFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of clocks.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioClockFeature {
    /// the driver can set alarms (bit 0)
    Alarm,
}

impl VirtioClockFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Alarm,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
        }
    }
}

impl FromStr for VirtioClockFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "alarm" => Ok(Self::Alarm),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioClockFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioClockFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioClockFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioClockFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of socket devices.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioVsockFeature {
    /// there are stream sockets (bit 0)
    Stream,
    /// there are sockets that keep the bounds of messages (bit 1)
    Seqpacket,
    /// there are stream sockets only if that bit says so (bit 2)
    NoImpliedStream,
}

impl VirtioVsockFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Stream,
        Self::Seqpacket,
        Self::NoImpliedStream,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::Seqpacket => "seqpacket",
            Self::NoImpliedStream => "no-implied-stream",
        }
    }
}

impl FromStr for VirtioVsockFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "stream" => Ok(Self::Stream),
            "seqpacket" => Ok(Self::Seqpacket),
            "no-implied-stream" => Ok(Self::NoImpliedStream),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioVsockFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioVsockFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioVsockFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioVsockFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of cipher accelerators.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioCryptoFeature {
    /// requests have the layout of revision 1, which can do without sessions (bit 0)
    Revision1,
    /// ciphers can be used without a session (bit 1)
    CipherStatelessMode,
    /// hashes can be used without a session (bit 2)
    HashStatelessMode,
    /// message authentication codes can be used without a session (bit 3)
    MacStatelessMode,
    /// authenticated encryption can be used without a session (bit 4)
    AeadStatelessMode,
    /// asymmetric ciphers can be used without a session (bit 5)
    AkcipherStatelessMode,
}

impl VirtioCryptoFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Revision1,
        Self::CipherStatelessMode,
        Self::HashStatelessMode,
        Self::MacStatelessMode,
        Self::AeadStatelessMode,
        Self::AkcipherStatelessMode,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revision1 => "revision-1",
            Self::CipherStatelessMode => "cipher-stateless-mode",
            Self::HashStatelessMode => "hash-stateless-mode",
            Self::MacStatelessMode => "mac-stateless-mode",
            Self::AeadStatelessMode => "aead-stateless-mode",
            Self::AkcipherStatelessMode => "akcipher-stateless-mode",
        }
    }
}

impl FromStr for VirtioCryptoFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "revision-1" => Ok(Self::Revision1),
            "cipher-stateless-mode" => Ok(Self::CipherStatelessMode),
            "hash-stateless-mode" => Ok(Self::HashStatelessMode),
            "mac-stateless-mode" => Ok(Self::MacStatelessMode),
            "aead-stateless-mode" => Ok(Self::AeadStatelessMode),
            "akcipher-stateless-mode" => Ok(Self::AkcipherStatelessMode),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioCryptoFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioCryptoFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioCryptoFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioCryptoFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of memory devices.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioMemFeature {
    /// the NUMA node of the memory is given, as an ACPI proximity domain (bit 0)
    AcpiPxm,
    /// the driver must not touch memory that is not plugged (bit 1)
    UnpluggedInaccessible,
    /// memory stays plugged while the guest is suspended (bit 2)
    PersistentSuspend,
}

impl VirtioMemFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::AcpiPxm,
        Self::UnpluggedInaccessible,
        Self::PersistentSuspend,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AcpiPxm => "acpi-pxm",
            Self::UnpluggedInaccessible => "unplugged-inaccessible",
            Self::PersistentSuspend => "persistent-suspend",
        }
    }
}

impl FromStr for VirtioMemFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "acpi-pxm" => Ok(Self::AcpiPxm),
            "unplugged-inaccessible" => Ok(Self::UnpluggedInaccessible),
            "persistent-suspend" => Ok(Self::PersistentSuspend),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioMemFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioMemFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioMemFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioMemFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of sound cards.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioSoundFeature {
    /// there are control elements, such as volumes (bit 0)
    Ctls,
}

impl VirtioSoundFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Ctls,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ctls => "ctls",
        }
    }
}

impl FromStr for VirtioSoundFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "ctls" => Ok(Self::Ctls),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioSoundFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioSoundFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioSoundFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioSoundFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of shared file systems.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioFsFeature {
    /// there is a queue for messages that the device sends by itself (bit 0)
    Notification,
}

impl VirtioFsFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Notification,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Notification => "notification",
        }
    }
}

impl FromStr for VirtioFsFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "notification" => Ok(Self::Notification),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioFsFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioFsFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioFsFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioFsFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of persistent memories.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioPmemFeature {
    /// the memory is a shared memory region of the device (bit 0)
    ShmemRegion,
}

impl VirtioPmemFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::ShmemRegion,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ShmemRegion => "shmem-region",
        }
    }
}

impl FromStr for VirtioPmemFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "shmem-region" => Ok(Self::ShmemRegion),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioPmemFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioPmemFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioPmemFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioPmemFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of video encoders and decoders.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioVideoFeature {
    /// buffers can be the guest's pages (bit 0)
    ResourceGuestPages,
    /// buffers can be scattered in memory (bit 1)
    ResourceNonContig,
    /// buffers can be objects of another virtio device (bit 2)
    ResourceVirtioObject,
}

impl VirtioVideoFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::ResourceGuestPages,
        Self::ResourceNonContig,
        Self::ResourceVirtioObject,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ResourceGuestPages => "resource-guest-pages",
            Self::ResourceNonContig => "resource-non-contig",
            Self::ResourceVirtioObject => "resource-virtio-object",
        }
    }
}

impl FromStr for VirtioVideoFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "resource-guest-pages" => Ok(Self::ResourceGuestPages),
            "resource-non-contig" => Ok(Self::ResourceNonContig),
            "resource-virtio-object" => Ok(Self::ResourceVirtioObject),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioVideoFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioVideoFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioVideoFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioVideoFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of system control interfaces.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioScmiFeature {
    /// the device can send notifications and delayed responses (bit 0)
    P2aChannels,
    /// there is a shared memory region for statistics (bit 1)
    SharedMemory,
}

impl VirtioScmiFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::P2aChannels,
        Self::SharedMemory,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P2aChannels => "p2a-channels",
            Self::SharedMemory => "shared-memory",
        }
    }
}

impl FromStr for VirtioScmiFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "p2a-channels" => Ok(Self::P2aChannels),
            "shared-memory" => Ok(Self::SharedMemory),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioScmiFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioScmiFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioScmiFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioScmiFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of I2C adapters.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioI2cFeature {
    /// requests may have no data (bit 0)
    ZeroLengthRequest,
}

impl VirtioI2cFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::ZeroLengthRequest,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ZeroLengthRequest => "zero-length-request",
        }
    }
}

impl FromStr for VirtioI2cFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "zero-length-request" => Ok(Self::ZeroLengthRequest),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioI2cFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioI2cFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioI2cFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioI2cFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of CAN controllers.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioCanFeature {
    /// classic frames of up to 8 bytes (bit 0)
    CanClassic,
    /// CAN FD frames of up to 64 bytes (bit 1)
    CanFd,
    /// frames that ask another node to send (bit 2)
    RtrFrames,
    /// a frame comes back when it has been sent, not when it is to be sent (bit 3)
    LateTxAck,
}

impl VirtioCanFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::CanClassic,
        Self::CanFd,
        Self::RtrFrames,
        Self::LateTxAck,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CanClassic => "can-classic",
            Self::CanFd => "can-fd",
            Self::RtrFrames => "rtr-frames",
            Self::LateTxAck => "late-tx-ack",
        }
    }
}

impl FromStr for VirtioCanFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "can-classic" => Ok(Self::CanClassic),
            "can-fd" => Ok(Self::CanFd),
            "rtr-frames" => Ok(Self::RtrFrames),
            "late-tx-ack" => Ok(Self::LateTxAck),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioCanFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioCanFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioCanFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioCanFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of Bluetooth controllers.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioBluetoothFeature {
    /// the vendor is given, for the vendor's own commands (bit 0)
    VndHci,
    /// Microsoft's extensions (bit 1)
    MsftExt,
    /// Android's extensions (bit 2)
    AospExt,
    /// the configuration space has its second layout (bit 3)
    ConfigV2,
}

impl VirtioBluetoothFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::VndHci,
        Self::MsftExt,
        Self::AospExt,
        Self::ConfigV2,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VndHci => "vnd-hci",
            Self::MsftExt => "msft-ext",
            Self::AospExt => "aosp-ext",
            Self::ConfigV2 => "config-v2",
        }
    }
}

impl FromStr for VirtioBluetoothFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "vnd-hci" => Ok(Self::VndHci),
            "msft-ext" => Ok(Self::MsftExt),
            "aosp-ext" => Ok(Self::AospExt),
            "config-v2" => Ok(Self::ConfigV2),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioBluetoothFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioBluetoothFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioBluetoothFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioBluetoothFeature {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// Features of GPIO controllers.
///
/// Since: 0.1
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VirtioGpioFeature {
    /// lines can interrupt (bit 0)
    Irq,
}

impl VirtioGpioFeature {
    /// Every value, in the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Irq,
    ];

    /// The value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Irq => "irq",
        }
    }
}

impl FromStr for VirtioGpioFeature {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        match text {
            "irq" => Ok(Self::Irq),
            _ => Err(UnknownValue),
        }
    }
}

impl fmt::Display for VirtioGpioFeature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for VirtioGpioFeature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Decode for VirtioGpioFeature {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::enumeration(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioGpioFeature {
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

/// The features of a message channel between processors.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsRpmsg {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioRpmsgFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsRpmsg {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsRpmsg {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsRpmsg {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsRpmsg {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsRpmsg {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a 9P file system.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptions9p {
    /// the bits that are set and belong to this kind
    pub features: Vec<Virtio9pFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptions9p {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptions9p {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptions9p {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptions9p {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptions9p {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a clock.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsClock {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioClockFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsClock {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsClock {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsClock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsClock {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsClock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a socket device.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsVsock {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioVsockFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsVsock {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsVsock {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsVsock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsVsock {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsVsock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a cipher accelerator.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsCrypto {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioCryptoFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsCrypto {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsCrypto {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsCrypto {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsCrypto {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsCrypto {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a memory device.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsMem {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioMemFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsMem {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsMem {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsMem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsMem {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsMem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a sound card.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsSound {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioSoundFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsSound {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsSound {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsSound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsSound {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsSound {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a shared file system.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsFs {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioFsFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsFs {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsFs {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsFs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsFs {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsFs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a persistent memory.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsPmem {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioPmemFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsPmem {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsPmem {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsPmem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsPmem {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsPmem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a video encoder.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsVideoEncoder {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioVideoFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsVideoEncoder {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsVideoEncoder {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsVideoEncoder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsVideoEncoder {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsVideoEncoder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a video decoder.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsVideoDecoder {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioVideoFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsVideoDecoder {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsVideoDecoder {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsVideoDecoder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsVideoDecoder {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsVideoDecoder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a system control interface.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsScmi {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioScmiFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsScmi {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsScmi {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsScmi {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsScmi {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsScmi {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of an I2C adapter.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsI2c {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioI2cFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsI2c {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsI2c {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsI2c {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsI2c {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsI2c {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a CAN controller.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsCan {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioCanFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsCan {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsCan {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsCan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsCan {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsCan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a Bluetooth controller.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsBluetooth {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioBluetoothFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsBluetooth {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsBluetooth {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsBluetooth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsBluetooth {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsBluetooth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::document(deserializer)
    }
}

/// The features of a GPIO controller.
///
/// Since: 0.1
#[derive(Clone, Debug, PartialEq)]
pub struct VirtioDeviceFeaturesOptionsGpio {
    /// the bits that are set and belong to this kind
    pub features: Vec<VirtioGpioFeature>,
}

impl EncodeMembers for VirtioDeviceFeaturesOptionsGpio {
    fn encode_members<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry("features", &self.features)?;
        Ok(())
    }
}

impl DecodeMembers for VirtioDeviceFeaturesOptionsGpio {
    fn decode_members(members: &mut Members<'_>) -> Result<Self, Error> {
        Ok(Self {
            features: members.required("features")?,
        })
    }
}

impl Serialize for VirtioDeviceFeaturesOptionsGpio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::object(self, serializer)
    }
}

impl Decode for VirtioDeviceFeaturesOptionsGpio {
    fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {
        decode::object(value, path)
    }
}

impl<'de> Deserialize<'de> for VirtioDeviceFeaturesOptionsGpio {
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
    /// the bits up to 63 that are set and have no name (absent: none)
    pub unknown_features: Option<u64>,
    /// the bits from 64 on that are set and have no name; 64 is the lowest (absent: none)
    pub unknown_features2: Option<u64>,
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
        if let Some(value) = &self.unknown_features2 {
            members.serialize_entry("unknown-features2", value)?;
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
            unknown_features2: members.optional("unknown-features2")?,
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
    /// messages between processors
    VirtioRpmsg(VirtioDeviceFeaturesOptionsRpmsg),
    /// file system by the 9P protocol
    Virtio9p(VirtioDeviceFeaturesOptions9p),
    /// clock
    VirtioClock(VirtioDeviceFeaturesOptionsClock),
    /// sockets between guest and host
    VhostVsock(VirtioDeviceFeaturesOptionsVsock),
    /// cipher accelerator
    VirtioCrypto(VirtioDeviceFeaturesOptionsCrypto),
    /// memory that grows and shrinks
    VirtioMem(VirtioDeviceFeaturesOptionsMem),
    /// sound card (number 25)
    VirtioSound(VirtioDeviceFeaturesOptionsSound),
    /// file system shared with the host
    VhostUserFs(VirtioDeviceFeaturesOptionsFs),
    /// persistent memory
    VirtioPmem(VirtioDeviceFeaturesOptionsPmem),
    /// video encoder
    VirtioVidEncoder(VirtioDeviceFeaturesOptionsVideoEncoder),
    /// video decoder
    VirtioVidDecoder(VirtioDeviceFeaturesOptionsVideoDecoder),
    /// system control and management interface
    VirtioScmi(VirtioDeviceFeaturesOptionsScmi),
    /// I2C adapter
    VhostUserI2c(VirtioDeviceFeaturesOptionsI2c),
    /// CAN controller
    VirtioCan(VirtioDeviceFeaturesOptionsCan),
    /// Bluetooth controller
    VirtioBluetooth(VirtioDeviceFeaturesOptionsBluetooth),
    /// GPIO controller
    VirtioGpio(VirtioDeviceFeaturesOptionsGpio),
    /// a kind that is not listed
    Unknown,
    /// console; ports included, devices of this kind are called virtio-serial
    VirtioConsole,
    /// source of entropy
    VirtioRng,
    /// memory over I/O ports
    VirtioIomem,
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
    /// keyboard, mouse or the like
    VirtioInput,
    /// distribution of signals
    VirtioSignalDist,
    /// memory that outlives a crash
    VirtioPstore,
    /// not known to this generation of commands
    Unknown25,
    /// not known to this generation of commands
    Unknown28,
    /// simulated wireless network card
    VirtioMac80211Hwsim,
    /// security module of Nitro enclaves
    VirtioNitroSecMod,
    /// watchdog
    VirtioWatchdog,
    /// shared buffers
    VirtioDmabuf,
    /// parameter server
    VirtioParamServ,
    /// audio policy
    VirtioAudioPol,
    /// remote direct memory access
    VirtioRdma,
    /// camera
    VirtioCamera,
    /// memory shared between guests
    VirtioIsm,
    /// SPI controller
    VirtioSpi,
    /// trusted execution environment
    VirtioTee,
    /// balloon for CPUs
    VirtioCpuBalloon,
    /// video device in the manner of V4L2
    VirtioMedia,
    /// USB controller
    VirtioUsb,
    /// replay-protected memory block (number 28)
    VirtioRpmb,
    /// serial line to a remote processor (number 11)
    VirtioRprocSerial,
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
            Self::VirtioRpmsg(_) => VirtioType::VirtioRpmsg,
            Self::Virtio9p(_) => VirtioType::Virtio9p,
            Self::VirtioClock(_) => VirtioType::VirtioClock,
            Self::VhostVsock(_) => VirtioType::VhostVsock,
            Self::VirtioCrypto(_) => VirtioType::VirtioCrypto,
            Self::VirtioMem(_) => VirtioType::VirtioMem,
            Self::VirtioSound(_) => VirtioType::VirtioSound,
            Self::VhostUserFs(_) => VirtioType::VhostUserFs,
            Self::VirtioPmem(_) => VirtioType::VirtioPmem,
            Self::VirtioVidEncoder(_) => VirtioType::VirtioVidEncoder,
            Self::VirtioVidDecoder(_) => VirtioType::VirtioVidDecoder,
            Self::VirtioScmi(_) => VirtioType::VirtioScmi,
            Self::VhostUserI2c(_) => VirtioType::VhostUserI2c,
            Self::VirtioCan(_) => VirtioType::VirtioCan,
            Self::VirtioBluetooth(_) => VirtioType::VirtioBluetooth,
            Self::VirtioGpio(_) => VirtioType::VirtioGpio,
            Self::Unknown => VirtioType::Unknown,
            Self::VirtioConsole => VirtioType::VirtioConsole,
            Self::VirtioRng => VirtioType::VirtioRng,
            Self::VirtioIomem => VirtioType::VirtioIomem,
            Self::VirtioMac80211Wlan => VirtioType::VirtioMac80211Wlan,
            Self::VirtioCaif => VirtioType::VirtioCaif,
            Self::VirtioMemoryBalloon => VirtioType::VirtioMemoryBalloon,
            Self::Unknown14 => VirtioType::Unknown14,
            Self::Unknown15 => VirtioType::Unknown15,
            Self::VirtioInput => VirtioType::VirtioInput,
            Self::VirtioSignalDist => VirtioType::VirtioSignalDist,
            Self::VirtioPstore => VirtioType::VirtioPstore,
            Self::Unknown25 => VirtioType::Unknown25,
            Self::Unknown28 => VirtioType::Unknown28,
            Self::VirtioMac80211Hwsim => VirtioType::VirtioMac80211Hwsim,
            Self::VirtioNitroSecMod => VirtioType::VirtioNitroSecMod,
            Self::VirtioWatchdog => VirtioType::VirtioWatchdog,
            Self::VirtioDmabuf => VirtioType::VirtioDmabuf,
            Self::VirtioParamServ => VirtioType::VirtioParamServ,
            Self::VirtioAudioPol => VirtioType::VirtioAudioPol,
            Self::VirtioRdma => VirtioType::VirtioRdma,
            Self::VirtioCamera => VirtioType::VirtioCamera,
            Self::VirtioIsm => VirtioType::VirtioIsm,
            Self::VirtioSpi => VirtioType::VirtioSpi,
            Self::VirtioTee => VirtioType::VirtioTee,
            Self::VirtioCpuBalloon => VirtioType::VirtioCpuBalloon,
            Self::VirtioMedia => VirtioType::VirtioMedia,
            Self::VirtioUsb => VirtioType::VirtioUsb,
            Self::VirtioRpmb => VirtioType::VirtioRpmb,
            Self::VirtioRprocSerial => VirtioType::VirtioRprocSerial,
        }
    }

    /// The branch that a value selects, if it has no members.
    pub const fn empty(tag: VirtioType) -> Option<Self> {
        match tag {
            VirtioType::Unknown => Some(Self::Unknown),
            VirtioType::VirtioConsole => Some(Self::VirtioConsole),
            VirtioType::VirtioRng => Some(Self::VirtioRng),
            VirtioType::VirtioIomem => Some(Self::VirtioIomem),
            VirtioType::VirtioMac80211Wlan => Some(Self::VirtioMac80211Wlan),
            VirtioType::VirtioCaif => Some(Self::VirtioCaif),
            VirtioType::VirtioMemoryBalloon => Some(Self::VirtioMemoryBalloon),
            VirtioType::Unknown14 => Some(Self::Unknown14),
            VirtioType::Unknown15 => Some(Self::Unknown15),
            VirtioType::VirtioInput => Some(Self::VirtioInput),
            VirtioType::VirtioSignalDist => Some(Self::VirtioSignalDist),
            VirtioType::VirtioPstore => Some(Self::VirtioPstore),
            VirtioType::Unknown25 => Some(Self::Unknown25),
            VirtioType::Unknown28 => Some(Self::Unknown28),
            VirtioType::VirtioMac80211Hwsim => Some(Self::VirtioMac80211Hwsim),
            VirtioType::VirtioNitroSecMod => Some(Self::VirtioNitroSecMod),
            VirtioType::VirtioWatchdog => Some(Self::VirtioWatchdog),
            VirtioType::VirtioDmabuf => Some(Self::VirtioDmabuf),
            VirtioType::VirtioParamServ => Some(Self::VirtioParamServ),
            VirtioType::VirtioAudioPol => Some(Self::VirtioAudioPol),
            VirtioType::VirtioRdma => Some(Self::VirtioRdma),
            VirtioType::VirtioCamera => Some(Self::VirtioCamera),
            VirtioType::VirtioIsm => Some(Self::VirtioIsm),
            VirtioType::VirtioSpi => Some(Self::VirtioSpi),
            VirtioType::VirtioTee => Some(Self::VirtioTee),
            VirtioType::VirtioCpuBalloon => Some(Self::VirtioCpuBalloon),
            VirtioType::VirtioMedia => Some(Self::VirtioMedia),
            VirtioType::VirtioUsb => Some(Self::VirtioUsb),
            VirtioType::VirtioRpmb => Some(Self::VirtioRpmb),
            VirtioType::VirtioRprocSerial => Some(Self::VirtioRprocSerial),
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
            Self::VirtioRpmsg(branch) => branch.encode_members(members),
            Self::Virtio9p(branch) => branch.encode_members(members),
            Self::VirtioClock(branch) => branch.encode_members(members),
            Self::VhostVsock(branch) => branch.encode_members(members),
            Self::VirtioCrypto(branch) => branch.encode_members(members),
            Self::VirtioMem(branch) => branch.encode_members(members),
            Self::VirtioSound(branch) => branch.encode_members(members),
            Self::VhostUserFs(branch) => branch.encode_members(members),
            Self::VirtioPmem(branch) => branch.encode_members(members),
            Self::VirtioVidEncoder(branch) => branch.encode_members(members),
            Self::VirtioVidDecoder(branch) => branch.encode_members(members),
            Self::VirtioScmi(branch) => branch.encode_members(members),
            Self::VhostUserI2c(branch) => branch.encode_members(members),
            Self::VirtioCan(branch) => branch.encode_members(members),
            Self::VirtioBluetooth(branch) => branch.encode_members(members),
            Self::VirtioGpio(branch) => branch.encode_members(members),
            Self::Unknown => Ok(()),
            Self::VirtioConsole => Ok(()),
            Self::VirtioRng => Ok(()),
            Self::VirtioIomem => Ok(()),
            Self::VirtioMac80211Wlan => Ok(()),
            Self::VirtioCaif => Ok(()),
            Self::VirtioMemoryBalloon => Ok(()),
            Self::Unknown14 => Ok(()),
            Self::Unknown15 => Ok(()),
            Self::VirtioInput => Ok(()),
            Self::VirtioSignalDist => Ok(()),
            Self::VirtioPstore => Ok(()),
            Self::Unknown25 => Ok(()),
            Self::Unknown28 => Ok(()),
            Self::VirtioMac80211Hwsim => Ok(()),
            Self::VirtioNitroSecMod => Ok(()),
            Self::VirtioWatchdog => Ok(()),
            Self::VirtioDmabuf => Ok(()),
            Self::VirtioParamServ => Ok(()),
            Self::VirtioAudioPol => Ok(()),
            Self::VirtioRdma => Ok(()),
            Self::VirtioCamera => Ok(()),
            Self::VirtioIsm => Ok(()),
            Self::VirtioSpi => Ok(()),
            Self::VirtioTee => Ok(()),
            Self::VirtioCpuBalloon => Ok(()),
            Self::VirtioMedia => Ok(()),
            Self::VirtioUsb => Ok(()),
            Self::VirtioRpmb => Ok(()),
            Self::VirtioRprocSerial => Ok(()),
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
            VirtioType::VirtioRpmsg => DecodeMembers::decode_members(members).map(Self::VirtioRpmsg),
            VirtioType::Virtio9p => DecodeMembers::decode_members(members).map(Self::Virtio9p),
            VirtioType::VirtioClock => DecodeMembers::decode_members(members).map(Self::VirtioClock),
            VirtioType::VhostVsock => DecodeMembers::decode_members(members).map(Self::VhostVsock),
            VirtioType::VirtioCrypto => DecodeMembers::decode_members(members).map(Self::VirtioCrypto),
            VirtioType::VirtioMem => DecodeMembers::decode_members(members).map(Self::VirtioMem),
            VirtioType::VirtioSound => DecodeMembers::decode_members(members).map(Self::VirtioSound),
            VirtioType::VhostUserFs => DecodeMembers::decode_members(members).map(Self::VhostUserFs),
            VirtioType::VirtioPmem => DecodeMembers::decode_members(members).map(Self::VirtioPmem),
            VirtioType::VirtioVidEncoder => DecodeMembers::decode_members(members).map(Self::VirtioVidEncoder),
            VirtioType::VirtioVidDecoder => DecodeMembers::decode_members(members).map(Self::VirtioVidDecoder),
            VirtioType::VirtioScmi => DecodeMembers::decode_members(members).map(Self::VirtioScmi),
            VirtioType::VhostUserI2c => DecodeMembers::decode_members(members).map(Self::VhostUserI2c),
            VirtioType::VirtioCan => DecodeMembers::decode_members(members).map(Self::VirtioCan),
            VirtioType::VirtioBluetooth => DecodeMembers::decode_members(members).map(Self::VirtioBluetooth),
            VirtioType::VirtioGpio => DecodeMembers::decode_members(members).map(Self::VirtioGpio),
            VirtioType::Unknown => Ok(Self::Unknown),
            VirtioType::VirtioConsole => Ok(Self::VirtioConsole),
            VirtioType::VirtioRng => Ok(Self::VirtioRng),
            VirtioType::VirtioIomem => Ok(Self::VirtioIomem),
            VirtioType::VirtioMac80211Wlan => Ok(Self::VirtioMac80211Wlan),
            VirtioType::VirtioCaif => Ok(Self::VirtioCaif),
            VirtioType::VirtioMemoryBalloon => Ok(Self::VirtioMemoryBalloon),
            VirtioType::Unknown14 => Ok(Self::Unknown14),
            VirtioType::Unknown15 => Ok(Self::Unknown15),
            VirtioType::VirtioInput => Ok(Self::VirtioInput),
            VirtioType::VirtioSignalDist => Ok(Self::VirtioSignalDist),
            VirtioType::VirtioPstore => Ok(Self::VirtioPstore),
            VirtioType::Unknown25 => Ok(Self::Unknown25),
            VirtioType::Unknown28 => Ok(Self::Unknown28),
            VirtioType::VirtioMac80211Hwsim => Ok(Self::VirtioMac80211Hwsim),
            VirtioType::VirtioNitroSecMod => Ok(Self::VirtioNitroSecMod),
            VirtioType::VirtioWatchdog => Ok(Self::VirtioWatchdog),
            VirtioType::VirtioDmabuf => Ok(Self::VirtioDmabuf),
            VirtioType::VirtioParamServ => Ok(Self::VirtioParamServ),
            VirtioType::VirtioAudioPol => Ok(Self::VirtioAudioPol),
            VirtioType::VirtioRdma => Ok(Self::VirtioRdma),
            VirtioType::VirtioCamera => Ok(Self::VirtioCamera),
            VirtioType::VirtioIsm => Ok(Self::VirtioIsm),
            VirtioType::VirtioSpi => Ok(Self::VirtioSpi),
            VirtioType::VirtioTee => Ok(Self::VirtioTee),
            VirtioType::VirtioCpuBalloon => Ok(Self::VirtioCpuBalloon),
            VirtioType::VirtioMedia => Ok(Self::VirtioMedia),
            VirtioType::VirtioUsb => Ok(Self::VirtioUsb),
            VirtioType::VirtioRpmb => Ok(Self::VirtioRpmb),
            VirtioType::VirtioRprocSerial => Ok(Self::VirtioRprocSerial),
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

impl From<VirtioDeviceFeaturesOptionsRpmsg> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsRpmsg) -> Self {
        Self::VirtioRpmsg(branch)
    }
}

impl From<VirtioDeviceFeaturesOptions9p> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptions9p) -> Self {
        Self::Virtio9p(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsClock> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsClock) -> Self {
        Self::VirtioClock(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsVsock> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsVsock) -> Self {
        Self::VhostVsock(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsCrypto> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsCrypto) -> Self {
        Self::VirtioCrypto(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsMem> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsMem) -> Self {
        Self::VirtioMem(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsSound> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsSound) -> Self {
        Self::VirtioSound(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsFs> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsFs) -> Self {
        Self::VhostUserFs(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsPmem> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsPmem) -> Self {
        Self::VirtioPmem(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsVideoEncoder> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsVideoEncoder) -> Self {
        Self::VirtioVidEncoder(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsVideoDecoder> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsVideoDecoder) -> Self {
        Self::VirtioVidDecoder(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsScmi> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsScmi) -> Self {
        Self::VirtioScmi(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsI2c> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsI2c) -> Self {
        Self::VhostUserI2c(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsCan> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsCan) -> Self {
        Self::VirtioCan(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsBluetooth> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsBluetooth) -> Self {
        Self::VirtioBluetooth(branch)
    }
}

impl From<VirtioDeviceFeaturesOptionsGpio> for VirtioDeviceFeaturesBranch {
    fn from(branch: VirtioDeviceFeaturesOptionsGpio) -> Self {
        Self::VirtioGpio(branch)
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

