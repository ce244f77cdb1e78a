//! Feature maps: what they decode to in both generations.

#[path = "common/kind.rs"]
mod kind;

use kind::KIND;
use proptest::prelude::*;
use qapi_schema::virtio_debug::{
    VirtioDeviceFeaturesBranch, VirtioDeviceFeaturesOptionsSerial, VirtioSerialFeature,
    VirtioTransportFeature, VirtioType,
};
use virtio_core::feature_map::TRANSPORT;
use virtio_core::introspection::{first_generation, second_generation};
use virtio_core::{DeviceKind, feature_map};

feature_map! {
    /// A kind without an enumeration in the schema, which may have a vhost backend.
    static WITHOUT_ENUMERATION = {
        _ => 0, "VIRTIO_X_F_LOW", "Low";
        _ => 50, "VIRTIO_X_F_HIGH", "High";
        _ => 64, "VIRTIO_X_F_BEYOND", "Beyond 64 bits";
    }
    vhost [VHOST_NET_VIRTIO_NET_HDR, VHOST_LOG_ALL, VHOST_USER_PROTOCOL_FEATURES]
}

static OTHER_KIND: DeviceKind = DeviceKind {
    id: 4,
    name: "virtio-rng",
    schema_type: VirtioType::VirtioRng,
    features: &WITHOUT_ENUMERATION,
};

fn bits(numbers: &[u32]) -> u128 {
    numbers.iter().map(|number| 1_u128 << number).sum()
}

/// The same, as replies have those up to 63.
fn low(numbers: &[u32]) -> Option<u64> {
    u64::try_from(bits(numbers)).ok()
}

#[test]
fn first_generation_lists_values_backwards_and_keeps_what_is_left() {
    let decoded = first_generation::features(&KIND, bits(&[0, 2, 3, 24, 26, 27, 28, 29, 30, 32, 42]));
    use VirtioTransportFeature::{AnyLayout, BadFeature, EventIdx, IndirectDesc, NotifyOnEmpty, Version1};
    assert_eq!(decoded.transport, [EventIdx, IndirectDesc, BadFeature, Version1, AnyLayout, NotifyOnEmpty]);
    let features = vec![VirtioSerialFeature::EmergWrite, VirtioSerialFeature::Size];
    let branch = VirtioDeviceFeaturesBranch::from(VirtioDeviceFeaturesOptionsSerial { features });
    assert_eq!(decoded.branch, branch);
    assert_eq!(decoded.unknown_features, low(&[3, 26, 42]));
}

#[test]
fn second_generation_lists_names_backwards_and_keeps_what_is_left() {
    let decoded = second_generation::features(&KIND, bits(&[0, 2, 3, 26, 28, 29, 30, 32]));
    let names = |texts: Vec<String>| -> Vec<String> {
        texts.iter().map(|text| text.split(": ").next().unwrap().to_owned()).collect()
    };
    let transports = ["VIRTIO_RING_F_EVENT_IDX", "VIRTIO_RING_F_INDIRECT_DESC", "VIRTIO_F_VERSION_1"];
    assert_eq!(names(decoded.transports), transports);
    let device = ["VIRTIO_CONSOLE_F_EMERG_WRITE", "VIRTIO_CONSOLE_F_SIZE"];
    assert_eq!(names(decoded.dev_features.unwrap()), device);
    assert_eq!(decoded.unknown_dev_features, low(&[3, 26, 30]), "this kind has no vhost backends");
}

#[test]
fn a_kind_without_enumeration_decodes_in_the_second_generation_only() {
    let all = bits(&[0, 1, 26, 27, 30, 50]);
    let first = first_generation::features(&OTHER_KIND, all);
    assert_eq!(first.branch, VirtioDeviceFeaturesBranch::VirtioRng);
    assert_eq!(first.unknown_features, low(&[0, 1, 26, 50]));

    let second = second_generation::features(&OTHER_KIND, all);
    insta::assert_debug_snapshot!(second.dev_features.unwrap(), @r#"
    [
        "VHOST_USER_F_PROTOCOL_FEATURES: Features of the vhost-user protocol can be negotiated",
        "VHOST_F_LOG_ALL: The backend notes which memory it has written",
        "VIRTIO_X_F_HIGH: High",
        "VIRTIO_X_F_LOW: Low",
    ]
    "#);
    // Bit 27 is the transport's ANY_LAYOUT before it is the backend's.
    assert_eq!(second.transports.len(), 1);
    assert_eq!(second.unknown_dev_features, low(&[1]));
}

#[test]
fn bits_from_64_on_have_names_and_what_is_left_of_them_a_member_of_its_own() {
    let all = bits(&[1, 64, 65, 127]);
    let first = first_generation::features(&OTHER_KIND, all);
    assert_eq!((first.unknown_features, first.unknown_features2), (low(&[1]), Some(0b11 | 1 << 63)));
    let second = second_generation::features(&OTHER_KIND, all);
    assert_eq!(second.dev_features.unwrap(), ["VIRTIO_X_F_BEYOND: Beyond 64 bits"]);
    let unknown = (second.unknown_dev_features, second.unknown_dev_features2);
    assert_eq!(unknown, (low(&[1]), Some(0b10 | 1 << 63)));
}

/// Names, numbers and order of the transport's bits. The order is the reverse of what monitors show.
#[test]
fn the_transport_table() {
    let rows: Vec<String> = TRANSPORT
        .iter()
        .map(|row| format!("{} {} {}", row.text.bit, row.value.unwrap().as_str(), row.text.name))
        .collect();
    insta::assert_snapshot!(rows.join("\n"), @r"
    24 notify-on-empty VIRTIO_F_NOTIFY_ON_EMPTY
    27 any-layout VIRTIO_F_ANY_LAYOUT
    32 version-1 VIRTIO_F_VERSION_1
    33 iommu-platform VIRTIO_F_IOMMU_PLATFORM
    34 ring-packed VIRTIO_F_RING_PACKED
    35 in-order VIRTIO_F_IN_ORDER
    36 order-platform VIRTIO_F_ORDER_PLATFORM
    37 sr-iov VIRTIO_F_SR_IOV
    38 notification-data VIRTIO_F_NOTIFICATION_DATA
    39 notif-config-data VIRTIO_F_NOTIF_CONFIG_DATA
    40 ring-reset VIRTIO_F_RING_RESET
    41 admin-vq VIRTIO_F_ADMIN_VQ
    30 bad-feature VIRTIO_F_BAD_FEATURE
    28 indirect-desc VIRTIO_RING_F_INDIRECT_DESC
    29 event-idx VIRTIO_RING_F_EVENT_IDX
    ");
}

/// How many bits are left over, all of which were there.
fn count([low, high]: [Option<u64>; 2], all: u128) -> usize {
    let left = u128::from(high.unwrap_or(0)) << 64 | u128::from(low.unwrap_or(0));
    assert_eq!(left & !all, 0);
    left.count_ones() as usize
}

proptest! {
    /// No bit is lost and none is shown twice, in either generation.
    #[test]
    fn every_bit_is_shown_once(all: u128) {
        for kind in [&KIND, &OTHER_KIND] {
            let first = first_generation::features(kind, all);
            let own = match &first.branch {
                VirtioDeviceFeaturesBranch::VirtioSerial(options) => options.features.len(),
                _ => 0,
            };
            let left = [first.unknown_features, first.unknown_features2];
            prop_assert_eq!(first.transport.len() + own + count(left, all), all.count_ones() as usize);

            let second = second_generation::features(kind, all);
            let own = second.dev_features.unwrap().len();
            let left = [second.unknown_dev_features, second.unknown_dev_features2];
            prop_assert_eq!(second.transports.len() + own + count(left, all), all.count_ones() as usize);
        }
    }
}
