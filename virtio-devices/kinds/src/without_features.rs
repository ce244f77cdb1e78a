//! The kinds without feature bits: those whose section in the specification says so, and those that have no more
//! than a number there (virtio 1.4, section 5).

use qapi_schema::virtio_debug::VirtioType;
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// No feature bits.
    static FEATURES = {}
}

const fn kind(id: u32, name: &'static str, schema_type: VirtioType) -> DeviceKind {
    DeviceKind { id, name, schema_type, features: &FEATURES }
}

/// The kinds, by number.
pub static DEVICE_KINDS: [DeviceKind; 22] = [
    kind(6, "virtio-iomem", VirtioType::VirtioIomem),
    kind(10, "virtio-mac-wlan", VirtioType::VirtioMac80211Wlan),
    kind(11, "virtio-rproc-serial", VirtioType::VirtioRprocSerial),
    kind(12, "virtio-caif", VirtioType::VirtioCaif),
    kind(13, "virtio-mem-balloon", VirtioType::VirtioMemoryBalloon),
    kind(21, "virtio-signal", VirtioType::VirtioSignalDist),
    kind(22, "virtio-pstore", VirtioType::VirtioPstore),
    kind(28, "virtio-rpmb", VirtioType::VirtioRpmb),
    kind(29, "virtio-mac-hwsim", VirtioType::VirtioMac80211Hwsim),
    kind(33, "virtio-nitro-sec-mod", VirtioType::VirtioNitroSecMod),
    kind(35, "virtio-watchdog", VirtioType::VirtioWatchdog),
    kind(37, "virtio-dmabuf", VirtioType::VirtioDmabuf),
    kind(38, "virtio-param-serv", VirtioType::VirtioParamServ),
    kind(39, "virtio-audio-pol", VirtioType::VirtioAudioPol),
    kind(42, "virtio-rdma", VirtioType::VirtioRdma),
    kind(43, "virtio-camera", VirtioType::VirtioCamera),
    kind(44, "virtio-ism", VirtioType::VirtioIsm),
    kind(45, "virtio-spi", VirtioType::VirtioSpi),
    kind(46, "virtio-tee", VirtioType::VirtioTee),
    kind(47, "virtio-cpu-balloon", VirtioType::VirtioCpuBalloon),
    kind(48, "virtio-media", VirtioType::VirtioMedia),
    kind(49, "virtio-usb", VirtioType::VirtioUsb),
];
