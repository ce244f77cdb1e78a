//! What driver and device have agreed to, and what is missing for it to work.

use crate::DeviceKind;
use crate::details::{DeviceDetails, Requirement};
use crate::feature_map::{FeatureText, TRANSPORT};
use crate::introspection::DeviceSnapshot;
use crate::transport::status::FEATURES_OK;
use qapi_schema::inspect::{VirtioFeature, VirtioFeatureScope, VirtioFeatureState};

/// Every bit that is offered or acknowledged, lowest first.
pub(super) fn features(
    kind: &DeviceKind,
    details: &DeviceDetails,
    snapshot: &DeviceSnapshot,
) -> Vec<VirtioFeature> {
    let (offered, acknowledged) = (snapshot.offered_features, snapshot.acknowledged_features);
    let texts = kind.features.texts();
    let closed = snapshot.status & FEATURES_OK != 0;
    let feature = |bit: u8| {
        let (scope, text) = lookup(&texts, bit);
        VirtioFeature {
            bit,
            scope,
            name: text.map(|text| text.name.to_owned()),
            description: text.map(|text| text.description.to_owned()),
            state: state(has(offered, bit), has(acknowledged, bit), closed),
            missing: missing(details.requirements, &texts, bit, acknowledged),
        }
    };
    (0..128).filter(|bit| has(offered | acknowledged, *bit)).map(feature).collect()
}

/// Whether the bit with this number is set.
pub(super) fn has(bits: u128, bit: u8) -> bool {
    bits & 1_u128.checked_shl(u32::from(bit)).unwrap_or(0) != 0
}

/// The device's own name goes first: a backend's bit may have the same number as one of the transport's.
fn lookup(texts: &[FeatureText], bit: u8) -> (VirtioFeatureScope, Option<FeatureText>) {
    let of_device = texts.iter().find(|text| text.bit == bit).copied();
    let of_transport = TRANSPORT.iter().map(|row| row.text).find(|text| text.bit == bit);
    match (of_device, of_transport) {
        (Some(text), _) => (VirtioFeatureScope::Device, Some(text)),
        (None, Some(text)) => (VirtioFeatureScope::Transport, Some(text)),
        (None, None) => (VirtioFeatureScope::Unknown, None),
    }
}

fn state(offered: bool, acknowledged: bool, closed: bool) -> VirtioFeatureState {
    match (offered, acknowledged) {
        (true, true) => VirtioFeatureState::Agreed,
        (true, false) if closed => VirtioFeatureState::Refused,
        (true, false) => VirtioFeatureState::Open,
        (false, _) => VirtioFeatureState::NotOffered,
    }
}

/// The names of the bits that an acknowledged one has no effect without. All rows of a bit have to be fulfilled, each
/// by any of its bits.
fn missing(
    requirements: &[Requirement],
    texts: &[FeatureText],
    bit: u8,
    acknowledged: u128,
) -> Option<Vec<String>> {
    let open = requirements
        .iter()
        .filter(|row| row.bit == bit && has(acknowledged, bit))
        .filter(|row| !row.any_of.iter().any(|needed| has(acknowledged, *needed)));
    let names: Vec<String> = open
        .flat_map(|row| row.any_of)
        .filter_map(|needed| texts.iter().find(|text| text.bit == *needed))
        .map(|text| text.name.to_owned())
        .collect();
    (!names.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [Requirement; 3] = [
        Requirement { bit: 0, any_of: &[1, 2] },
        Requirement { bit: 0, any_of: &[3] },
        Requirement { bit: 2, any_of: &[3] },
    ];

    fn missing_of(bit: u8, acknowledged: u128) -> Option<Vec<String>> {
        let texts: Vec<FeatureText> = (0..)
            .zip(["ZERO", "ONE", "TWO", "THREE"])
            .map(|(bit, name)| FeatureText { bit, name, description: "" })
            .collect();
        missing(&ROWS, &texts, bit, acknowledged)
    }

    #[test]
    fn what_is_missing_is_named_while_its_feature_is_acknowledged() {
        assert_eq!(missing_of(0, 0b0001).unwrap(), ["ONE", "TWO", "THREE"]);
        assert_eq!(missing_of(0, 0b0101).unwrap(), ["THREE"]);
        assert_eq!(missing_of(0, 0b1001).unwrap(), ["ONE", "TWO"]);
        assert_eq!(missing_of(0, 0b1011), None);
        assert_eq!(missing_of(0, 0b1110), None, "not acknowledged");
        assert_eq!(missing_of(2, 0b0100).unwrap(), ["THREE"]);
        assert_eq!(missing_of(1, 0b0010), None, "no requirement");
    }

    #[test]
    fn a_feature_is_open_until_the_driver_has_chosen() {
        assert_eq!(state(true, true, false), VirtioFeatureState::Agreed);
        assert_eq!(state(true, false, false), VirtioFeatureState::Open);
        assert_eq!(state(true, false, true), VirtioFeatureState::Refused);
        assert_eq!(state(false, true, false), VirtioFeatureState::NotOffered);
    }
}
