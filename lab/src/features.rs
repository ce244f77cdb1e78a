//! Feature bits out of names, and names out of bits.
//!
//! Monitors show names; the guest's kernel shows bits. Whether both mean the same is what the lab is to find out.

use serde_json::Value;
use virtio_core::feature_map::{FeatureText, TRANSPORT};

/// What a list of names stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    /// The bits.
    pub(crate) bits: u128,
    /// Names that stand for no bit.
    pub(crate) unknown: Vec<String>,
}

/// The names of the bits of a kind of device, the transport's included.
pub(crate) struct Names(Vec<FeatureText>);

impl Names {
    /// Those of the kind with this number.
    pub(crate) fn of(device_id: u16) -> Self {
        let own = vmm::devices::kind(u32::from(device_id)).map(|kind| kind.features.texts());
        Self(TRANSPORT.iter().map(|row| row.text).chain(own.into_iter().flatten()).collect())
    }

    /// The bits of the second generation's form: an object with lists of `NAME: description`, and numbers for bits
    /// without a name.
    pub(crate) fn second_generation(&self, features: &Value) -> Bits {
        let mut bits = Bits::default();
        for list in ["transports", "dev-features"] {
            for text in texts(&features[list]) {
                let name = text.split(':').next().unwrap_or(text);
                self.add(&mut bits, name, |row| row.name == name);
            }
        }
        bits.bits |= u128::from(features["unknown-dev-features"].as_u64().unwrap_or_default());
        bits.bits |= u128::from(features["unknown-dev-features2"].as_u64().unwrap_or_default()) << 64;
        bits
    }

    /// The bits of the first generation's form: lists of short names, and numbers.
    pub(crate) fn first_generation(&self, features: &Value) -> Bits {
        let mut bits = Bits::default();
        for list in ["transport", "features"] {
            for name in texts(&features[list]) {
                let ending = format!("_F_{}", name.replace('-', "_").to_uppercase());
                self.add(&mut bits, name, |row| row.name.ends_with(&ending));
            }
        }
        bits.bits |= u128::from(features["unknown-features"].as_u64().unwrap_or_default());
        bits.bits |= u128::from(features["unknown-features2"].as_u64().unwrap_or_default()) << 64;
        bits
    }

    fn add(&self, bits: &mut Bits, name: &str, is_it: impl Fn(&FeatureText) -> bool) {
        match self.0.iter().find(|row| is_it(row)) {
            Some(row) => bits.bits |= 1 << row.bit,
            None => bits.unknown.push(name.to_owned()),
        }
    }

    /// The bits for people: names, or numbers where there are none.
    pub(crate) fn each(&self, bits: u128) -> impl Iterator<Item = String> {
        (0..128_u8).filter(move |bit| bits >> bit & 1 != 0).map(|bit| {
            let row = self.0.iter().find(|row| row.bit == bit);
            row.map_or_else(|| format!("bit {bit}"), |row| row.name.to_owned())
        })
    }

    /// The same as one text.
    pub(crate) fn print(&self, bits: u128) -> String {
        self.each(bits).collect::<Vec<_>>().join(", ")
    }
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_forms_of_names_are_the_same_bits() {
        let names = Names::of(2);
        let second = names.second_generation(&json!({
            "transports": ["VIRTIO_RING_F_EVENT_IDX: any text", "VIRTIO_F_VERSION_1: any"],
            "dev-features": ["VIRTIO_BLK_F_FLUSH: any", "VIRTIO_BLK_F_RO: any"],
        }));
        let first = names.first_generation(&json!({
            "type": "virtio-blk", "transport": ["event-idx", "version-1"], "features": ["flush", "ro"]
        }));
        assert_eq!(second.bits, 1 << 29 | 1 << 32 | 1 << 9 | 1 << 5);
        assert_eq!(first, second);
        assert_eq!(names.print(1 << 5 | 1 << 120), "VIRTIO_BLK_F_RO, bit 120");
    }

    #[test]
    fn unknown_bits_and_unknown_names_are_kept() {
        let bits = Names::of(4).second_generation(&json!({
            "transports": ["VIRTIO_F_TELEPATHY: any"], "unknown-dev-features": 2, "unknown-dev-features2": 1
        }));
        assert_eq!(bits.bits, 1 << 64 | 2);
        assert_eq!(bits.unknown, ["VIRTIO_F_TELEPATHY"]);
    }
}
