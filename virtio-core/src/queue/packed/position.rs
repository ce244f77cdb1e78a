//! Arithmetic on places of a packed ring: a slot, and the wrap counter that flips each time round (virtio 1.3, 2.8.1).

/// The flag AVAIL: set by the driver to its wrap counter, by the device to the device's.
pub(crate) const AVAILABLE: u16 = 1 << 7;
/// The flag USED: set by the driver to the opposite of its wrap counter, by the device to the device's.
pub(crate) const USED: u16 = 1 << 15;

/// Above a slot in 16 bits: the wrap counter (virtio 1.3, 2.8.14).
const WRAP: u16 = 1 << 15;

/// A slot of the ring in one of two consecutive rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Number of a descriptor, below the ring's size.
    pub(crate) slot: u16,
    /// The wrap counter of the round.
    pub(crate) wrap: bool,
}

impl Position {
    /// Where both sides begin.
    pub(crate) const START: Self = Self { slot: 0, wrap: true };

    /// `count` slots further on a ring of `size`; not more than once round.
    pub(crate) fn advance(self, count: u16, size: u16) -> Self {
        let to_the_end = size - self.slot;
        if count < to_the_end {
            Self { slot: self.slot + count, wrap: self.wrap }
        } else {
            Self { slot: count - to_the_end, wrap: !self.wrap }
        }
    }

    /// `count` slots back on a ring of `size`; not more than once round.
    pub(crate) fn go_back(self, count: u16, size: u16) -> Self {
        if count <= self.slot {
            Self { slot: self.slot - count, wrap: self.wrap }
        } else {
            Self { slot: size - (count - self.slot), wrap: !self.wrap }
        }
    }

    /// As it stands in an event suppression structure.
    pub(crate) fn to_bits(self) -> u16 {
        self.slot | if self.wrap { WRAP } else { 0 }
    }

    /// The contrary of [`to_bits`](Self::to_bits). The slot may be beyond any ring.
    pub(crate) fn from_bits(bits: u16) -> Self {
        Self { slot: bits & !WRAP, wrap: bits & WRAP != 0 }
    }

    /// Whether a descriptor with these flags, found here, is one that the driver has made available.
    pub(crate) fn is_available(self, flags: u16) -> bool {
        (flags & AVAILABLE != 0) == self.wrap && (flags & USED != 0) != self.wrap
    }

    /// Whether a descriptor with these flags, found here, is one that the device has given back.
    pub(crate) fn is_used(self, flags: u16) -> bool {
        (flags & AVAILABLE != 0) == self.wrap && (flags & USED != 0) == self.wrap
    }

    /// The flags by which the driver makes the descriptor here available.
    pub(crate) fn available_flags(self) -> u16 {
        if self.wrap { AVAILABLE } else { USED }
    }

    /// The flags by which the device gives the descriptor here back.
    pub(crate) fn used_flags(self) -> u16 {
        if self.wrap { AVAILABLE | USED } else { 0 }
    }

    /// Slots from the beginning of a round with wrap counter true, on a ring of `size`: below twice the size.
    fn in_two_rounds(self, size: u16) -> u32 {
        u32::from(self.slot) + if self.wrap { 0 } else { u32::from(size) }
    }
}

/// Whether `event` is among the `steps` slots before `now`: the other side has asked to be told when that slot changes
/// hands. An event that is no place of this ring cannot be waited for, and counts as passed at every step.
pub(crate) fn passes_event(event: Position, now: Position, steps: u32, size: u16) -> bool {
    if event.slot >= size {
        return steps > 0;
    }
    let two_rounds = 2 * u32::from(size);
    let behind = now.in_two_rounds(size) + two_rounds - event.in_two_rounds(size) - 1;
    behind % two_rounds < steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position() -> impl Strategy<Value = (u16, Position)> {
        (1_u16..40).prop_flat_map(|size| {
            (Just(size), (0..size, any::<bool>()).prop_map(|(slot, wrap)| Position { slot, wrap }))
        })
    }

    fn step(position: Position, size: u16) -> Position {
        let slot = position.slot + 1;
        if slot == size {
            Position { slot: 0, wrap: !position.wrap }
        } else {
            Position { slot, wrap: position.wrap }
        }
    }

    proptest! {
        #[test]
        fn advancing_is_stepping_and_can_be_undone((size, start) in position(), count: prop::sample::Index) {
            let count = u16::try_from(count.index(usize::from(size) + 1)).unwrap();
            let stepped = (0..count).fold(start, |position, _| step(position, size));
            prop_assert_eq!(start.advance(count, size), stepped);
            prop_assert_eq!(stepped.go_back(count, size), start);
        }

        /// Step by step is the definition; the closed form must agree, whatever wraps.
        #[test]
        fn passing_is_the_same_as_stepping_through(
            (size, start) in position(), event in (0_u16..40, any::<bool>()), steps in 0_u16..90,
        ) {
            let event = Position { slot: event.0 % size, wrap: event.1 };
            let (mut now, mut passed) = (start, false);
            for _ in 0..steps {
                passed |= now == event;
                now = step(now, size);
            }
            prop_assert_eq!(passes_event(event, now, u32::from(steps), size), passed);
        }

        #[test]
        fn a_slot_belongs_to_nobody_else((size, position) in position()) {
            let next_round = position.advance(size, size);
            let (available, used) = (position.available_flags(), position.used_flags());
            prop_assert!(position.is_available(available) && !position.is_available(used));
            prop_assert!(position.is_used(used) && !position.is_used(available));
            // What was given back, or offered, in this round is neither in the next.
            prop_assert!(!next_round.is_available(available) && !next_round.is_available(used));
            prop_assert!(!next_round.is_used(available) && !next_round.is_used(used));
            prop_assert_eq!(Position::from_bits(position.to_bits()), position);
        }
    }

    #[test]
    fn zeroed_memory_is_not_available_at_the_start() {
        assert!(!Position::START.is_available(0) && !Position::START.is_used(0));
    }

    #[test]
    fn an_event_beyond_the_ring_is_passed_at_every_step() {
        let event = Position { slot: 8, wrap: true };
        assert!(passes_event(event, Position::START, 1, 8));
        assert!(!passes_event(event, Position::START, 0, 8));
    }
}
