//! From a device's own features to the bits that it offers and that its driver acknowledges.

use super::FeatureMap;

impl<F: Copy + PartialEq> FeatureMap<F> {
    /// The bits of these features together.
    pub fn mask(&self, features: &[F]) -> u128 {
        let rows = self.rows.iter().filter(|row| row.value.is_some_and(|value| features.contains(&value)));
        rows.fold(0, |mask, row| mask | 1_u128.checked_shl(u32::from(row.text.bit)).unwrap_or(0))
    }

    /// Whether `bits` has this feature.
    pub fn has(&self, bits: u128, feature: F) -> bool {
        bits & self.mask(&[feature]) != 0
    }
}
