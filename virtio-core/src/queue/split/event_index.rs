//! Arithmetic on free-running 16-bit indices (virtio 1.3, 2.7.7 and 2.7.10).

/// How far `index` is ahead of `behind`, where both wrap at 65536.
pub(crate) const fn distance(index: u16, behind: u16) -> u16 {
    index.wrapping_sub(behind)
}

/// Whether an index that moves from `old` to `new` passes `event`: the other side has asked to be told when entry
/// number `event` is filled, which is the step from `event` to `event + 1`.
pub(crate) const fn passes_event(event: u16, new: u16, old: u16) -> bool {
    distance(event, old) < distance(new, old)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Step by step is the definition; the closed form must agree, whatever wraps.
        #[test]
        fn passing_is_the_same_as_stepping_through(event: u16, old: u16, steps in 0_u16..600) {
            let stepped = (0..steps).any(|step| old.wrapping_add(step) == event);
            prop_assert_eq!(passes_event(event, old.wrapping_add(steps), old), stepped);
        }

        /// Close events are rare among random ones: choose them close to the boundary.
        #[test]
        fn passing_near_the_boundary(old: u16, before in 0_u16..4, steps in 0_u16..8) {
            let event = old.wrapping_sub(2).wrapping_add(before);
            let stepped = (0..steps).any(|step| old.wrapping_add(step) == event);
            prop_assert_eq!(passes_event(event, old.wrapping_add(steps), old), stepped);
        }
    }
}
