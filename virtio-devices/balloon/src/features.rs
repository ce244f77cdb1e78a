//! What monitors know about the device: its kind and its feature bits (virtio 1.3, 5.5.3).

use qapi_schema::virtio_debug::{VirtioBalloonFeature, VirtioDeviceFeaturesOptionsBalloon, VirtioType};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// The feature bits of a memory balloon.
    pub static FEATURES: VirtioBalloonFeature as VirtioDeviceFeaturesOptionsBalloon = {
        MustTellHost => 0, "VIRTIO_BALLOON_F_MUST_TELL_HOST", "The driver asks before it uses pages again";
        StatsVq => 1, "VIRTIO_BALLOON_F_STATS_VQ", "There is a queue for the guest's memory statistics";
        DeflateOnOom => 2, "VIRTIO_BALLOON_F_DEFLATE_ON_OOM", "The driver may take pages back when the guest runs out of memory";
        FreePageHint => 3, "VIRTIO_BALLOON_F_FREE_PAGE_HINT", "There is a queue for hints about free pages";
        PagePoison => 4, "VIRTIO_BALLOON_F_PAGE_POISON", "The guest fills its free pages with a value that is given";
        Reporting => 5, "VIRTIO_BALLOON_F_REPORTING", "There is a queue for reports of free pages";
    }
}

/// The kind of device that this crate is about.
pub static DEVICE_KIND: DeviceKind =
    DeviceKind { id: 5, name: "virtio-balloon", schema_type: VirtioType::VirtioBalloon, features: &FEATURES };
