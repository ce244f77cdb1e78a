//! Feature bits and their names: the transport's table, and the form in which a device crate declares its own.
//!
//! A device crate writes one [`feature_map!`](crate::feature_map!); monitors decode bits through [`FeatureTable`].

pub mod check;
mod declare;
mod mask;
mod transport;
mod vhost_user;

pub use transport::{DEVICE_BITS, EVENT_IDX, INDIRECT_DESC, RING_PACKED, RING_RESET, TRANSPORT, VERSION_1};
pub use transport::{VHOST_LOG_ALL, VHOST_NET_VIRTIO_NET_HDR, VHOST_USER_PROTOCOL_FEATURES};
pub use vhost_user::PROTOCOL_FEATURES;

use qapi_schema::virtio_debug::{VirtioDeviceFeaturesBranch, VirtioType};

/// A feature bit and what people read of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureText {
    /// The bit's number.
    pub bit: u8,
    /// The name in the specification.
    pub name: &'static str,
    /// What it means, in a few words.
    pub description: &'static str,
}

impl FeatureText {
    /// Whether the bit is set in `bits`; if so, clears it there.
    pub(crate) fn take_from(&self, bits: &mut u128) -> bool {
        let mask = 1_u128.checked_shl(u32::from(self.bit)).unwrap_or(0);
        let is_set = *bits & mask != 0;
        *bits &= !mask;
        is_set
    }
}

/// A row of a feature table: a bit, and the value of the schema's enumeration that stands for it, if there is one.
#[derive(Clone, Copy, Debug)]
pub struct FeatureRow<F: 'static> {
    /// The value; `None` for bits that the schema has no value for.
    pub value: Option<F>,
    /// The bit.
    pub text: FeatureText,
}

/// A kind's feature bits, whatever enumeration of the schema they have.
pub trait FeatureTable: Sync {
    /// All rows in table order.
    fn texts(&self) -> Vec<FeatureText>;

    /// The first generation's form: the kind's branch of the schema's union. Clears the bits that it shows, and lists
    /// them in reverse table order.
    fn branch(&self, schema_type: VirtioType, bits: &mut u128) -> VirtioDeviceFeaturesBranch;
}

/// The feature bits of one kind of device. Made by [`feature_map!`](crate::feature_map!), which checks it.
#[derive(Debug)]
pub struct FeatureMap<F: 'static> {
    rows: &'static [FeatureRow<F>],
    /// Bits that a vhost backend of this kind may have besides; they are outside of the device's range.
    vhost: &'static [FeatureText],
    wrap: fn(VirtioType, Vec<F>) -> VirtioDeviceFeaturesBranch,
}

/// Stands in for the enumeration of kinds that have none in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFeature {}

impl<F> FeatureMap<F> {
    /// For [`feature_map!`](crate::feature_map!) only: nothing is checked here.
    #[doc(hidden)]
    pub const fn new(
        rows: &'static [FeatureRow<F>],
        vhost: &'static [FeatureText],
        wrap: fn(VirtioType, Vec<F>) -> VirtioDeviceFeaturesBranch,
    ) -> Self {
        Self { rows, vhost, wrap }
    }
}

impl<F: Copy> FeatureMap<F> {
    /// The number of the bit with this name: for declarations beside the map, in which a name that does not exist fails
    /// the build.
    ///
    /// # Panics
    /// If there is no such name; in a `static` or `const` that is an error of the compiler.
    #[track_caller]
    pub const fn bit(&self, name: &str) -> u8 {
        check::bit_named(self.rows, name)
    }
}

impl<F: Copy + Sync> FeatureTable for FeatureMap<F> {
    fn texts(&self) -> Vec<FeatureText> {
        self.rows.iter().map(|row| row.text).chain(self.vhost.iter().copied()).collect()
    }

    fn branch(&self, schema_type: VirtioType, bits: &mut u128) -> VirtioDeviceFeaturesBranch {
        (self.wrap)(schema_type, take_values(self.rows, bits))
    }
}

/// The values of the rows whose bits are set, in reverse table order. Clears those bits.
pub(crate) fn take_values<F: Copy>(rows: &[FeatureRow<F>], bits: &mut u128) -> Vec<F> {
    let valued = rows.iter().rev().filter_map(|row| row.value.map(|value| (value, row.text)));
    valued.filter(|(_, text)| text.take_from(bits)).map(|(value, _)| value).collect()
}

/// The branch of a kind that has no features in the schema.
#[doc(hidden)]
pub fn empty_branch(schema_type: VirtioType, _: Vec<NoFeature>) -> VirtioDeviceFeaturesBranch {
    VirtioDeviceFeaturesBranch::empty(schema_type).unwrap_or(VirtioDeviceFeaturesBranch::Unknown)
}
