//! Every kind and every bit, against the specification's numbers.

use qapi_schema::virtio::VirtioDeviceFeatureNames;
use qapi_schema::virtio_debug::VirtioDeviceFeatures;
use serde_json::Value;
use virtio_core::DeviceKind;
use virtio_core::introspection::{first_generation, second_generation};
use vmm::devices;

use super::specification::{KINDS, Kind, TRANSPORT, VHOST, VHOST_USER_PROTOCOL};

/// The kind as the program knows it.
fn known(kind: &Kind) -> &'static DeviceKind {
    devices::kind(kind.id).unwrap_or_else(|| panic!("kind {} is not known", kind.id))
}

#[test]
fn every_number_is_a_kind_with_both_names() {
    for kind in KINDS {
        let known = known(kind);
        assert_eq!(
            (known.name, known.schema_type.as_str()),
            (kind.name, kind.first_name),
            "kind {}",
            kind.id
        );
    }
}

#[test]
fn no_other_number_is_a_kind_and_none_is_twice() {
    let mut numbers: Vec<u32> = devices::kinds().map(|kind| kind.id).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, KINDS.iter().map(|kind| kind.id).collect::<Vec<_>>());
    for unassigned in [0, 14, 15, 50, 1000, u32::MAX] {
        assert!(devices::kind(unassigned).is_none());
    }
    let mut types: Vec<_> = devices::kinds().map(|kind| kind.schema_type).collect();
    types.sort_unstable();
    types.dedup();
    assert_eq!(types.len(), numbers.len(), "no two kinds have the same name in the first generation");
}

/// How the first generation spells the specification's name: `VIRTIO_BLK_F_SIZE_MAX` is `size-max`.
fn value(name: &str) -> String {
    let (_, value) = name.split_once("_F_").or_else(|| name.split_once("VIRTIO_9P_")).unwrap();
    value.to_lowercase().replace('_', "-")
}

/// What one bit is decoded to.
#[derive(Debug, PartialEq, Eq)]
enum Shown {
    Transport(String),
    Device(String),
    /// The member for unknown bits up to 63, and that for those above.
    Unknown(Option<u64>, Option<u64>),
}

fn unknown(bit: u8) -> Shown {
    let bits = 1_u128 << bit;
    let [low, high] = [bits, bits >> 64].map(|bits| u64::try_from(bits).ok().filter(|bits| *bits != 0));
    Shown::Unknown(low, high)
}

fn expected_in_first(kind: &Kind, bit: u8) -> Shown {
    let transport = TRANSPORT.iter().find(|row| row.0 == bit);
    let device = kind.bits.iter().find(|row| row.0 == bit);
    match (transport, device) {
        (Some((_, _, value)), _) => Shown::Transport((*value).to_owned()),
        (None, Some((_, name))) => Shown::Device(value(name)),
        (None, None) => unknown(bit),
    }
}

fn expected_in_second(kind: &Kind, bit: u8) -> Shown {
    let transport = TRANSPORT.iter().find(|row| row.0 == bit && !row.1.is_empty());
    let vhost = VHOST.iter().filter(|row| kind.vhost.contains(&row.0));
    let device = kind.bits.iter().chain(vhost).find(|row| row.0 == bit);
    match (transport, device) {
        (Some((_, name, _)), _) => Shown::Transport((*name).to_owned()),
        (None, Some((_, name))) => Shown::Device((*name).to_owned()),
        (None, None) => unknown(bit),
    }
}

/// The one thing that a reply shows.
fn only(transport: Vec<String>, device: Vec<String>, low: Option<u64>, high: Option<u64>) -> Shown {
    match (transport.as_slice(), device.as_slice(), low.or(high)) {
        ([name], [], None) => Shown::Transport(name.clone()),
        ([], [name], None) => Shown::Device(name.clone()),
        ([], [], Some(_)) => Shown::Unknown(low, high),
        _ => panic!("one bit became {transport:?} {device:?} {low:?} {high:?}"),
    }
}

fn in_first(features: &VirtioDeviceFeatures) -> Shown {
    let wire = serde_json::to_value(features).unwrap();
    let names = wire.get("features").and_then(Value::as_array).cloned().unwrap_or_default();
    let device = names.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    let transport = features.transport.iter().map(|feature| feature.as_str().to_owned()).collect();
    only(transport, device, features.unknown_features, features.unknown_features2)
}

fn in_second(features: VirtioDeviceFeatureNames) -> Shown {
    only(
        names(features.transports),
        names(features.dev_features.unwrap()),
        features.unknown_dev_features,
        features.unknown_dev_features2,
    )
}

/// The names in front of the descriptions, of which there has to be one.
fn names(texts: Vec<String>) -> Vec<String> {
    let name = |text: String| {
        let (name, description) = text.split_once(": ").unwrap_or_else(|| panic!("{text}"));
        assert!(!description.is_empty() && !description.ends_with('.'), "{text}");
        name.to_owned()
    };
    texts.into_iter().map(name).collect()
}

#[test]
fn every_bit_of_every_kind_is_shown_by_its_name() {
    for kind in KINDS {
        for bit in 0..128 {
            let first = first_generation::features(known(kind), 1 << bit);
            assert_eq!(in_first(&first), expected_in_first(kind, bit), "{} bit {bit}", kind.name);
            let second = second_generation::features(known(kind), 1 << bit);
            assert_eq!(in_second(second), expected_in_second(kind, bit), "{} bit {bit}", kind.name);
        }
    }
}

/// A kind has a list of features in the first generation if it has feature bits, and only then.
#[test]
fn the_first_generation_has_a_list_for_each_kind_with_bits() {
    for kind in KINDS {
        let wire = serde_json::to_value(first_generation::features(known(kind), 0)).unwrap();
        assert_eq!(wire["type"], kind.first_name);
        assert_eq!(wire.get("features").is_some(), !kind.bits.is_empty(), "{}", kind.name);
    }
}

#[test]
fn every_feature_of_the_vhost_user_protocol_is_shown_by_its_name() {
    for bit in 0..64 {
        let decoded = second_generation::protocol_features(1 << bit);
        match VHOST_USER_PROTOCOL.iter().find(|row| row.0 == bit) {
            Some((_, name)) => {
                assert_eq!(
                    (names(decoded.protocols), decoded.unknown_protocols),
                    (vec![(*name).to_owned()], None)
                );
            }
            None => assert_eq!((decoded.protocols.len(), decoded.unknown_protocols), (0, Some(1 << bit))),
        }
    }
    let all = names(second_generation::protocol_features(u64::MAX).protocols);
    let backwards = VHOST_USER_PROTOCOL.iter().rev().map(|row| row.1);
    assert_eq!(all, backwards.collect::<Vec<_>>());
}
