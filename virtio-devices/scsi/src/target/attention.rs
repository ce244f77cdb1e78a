//! Unit attention conditions (SAM-5, 5.14): what a driver is told at its next command, once.

use std::sync::atomic::{AtomicU8, Ordering};

use super::sense::{Key, Sense};

/// What may have happened to a unit. Of several, the one that stands first here is told first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Attention {
    /// It has been switched on, or reset with the whole device.
    PowerOn = 0,
    /// It alone has been reset.
    UnitReset = 1,
    /// The driver has lost, and got back, its connection to the target.
    NexusLoss = 2,
    CapacityChanged = 3,
    /// Another unit of the target has come or gone.
    LunsChanged = 4,
}

const ALL: [Attention; 5] = [
    Attention::PowerOn,
    Attention::UnitReset,
    Attention::NexusLoss,
    Attention::CapacityChanged,
    Attention::LunsChanged,
];

impl Attention {
    fn bit(self) -> u8 {
        1 << self as u8
    }

    fn sense(self) -> Sense {
        let (code, qualifier) = match self {
            Self::PowerOn => (0x29, 0x00),
            Self::UnitReset => (0x29, 0x03),
            Self::NexusLoss => (0x29, 0x07),
            Self::CapacityChanged => (0x2a, 0x09),
            Self::LunsChanged => (0x3f, 0x0e),
        };
        Sense::new(Key::UnitAttention, code, qualifier)
    }
}

/// What the driver has not been told yet. Queues look at it without a lock.
#[derive(Debug, Default)]
pub(crate) struct Attentions(AtomicU8);

impl Attentions {
    pub(crate) fn raise(&self, attention: Attention) {
        self.0.fetch_or(attention.bit(), Ordering::AcqRel);
    }

    pub(crate) fn clear(&self) {
        self.0.store(0, Ordering::Release);
    }

    /// The next one to tell; exactly one of several askers gets it.
    pub(crate) fn take(&self) -> Option<Sense> {
        loop {
            let pending = self.0.load(Ordering::Acquire);
            let next = ALL.into_iter().find(|attention| pending & attention.bit() != 0)?;
            if self.0.fetch_and(!next.bit(), Ordering::AcqRel) & next.bit() != 0 {
                return Some(next.sense());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_once_and_the_first_first() {
        let attentions = Attentions::default();
        assert_eq!(attentions.take(), None);
        attentions.raise(Attention::LunsChanged);
        attentions.raise(Attention::PowerOn);
        attentions.raise(Attention::LunsChanged);
        assert_eq!(attentions.take().map(|sense| sense.code), Some((0x29, 0x00)));
        assert_eq!(attentions.take().map(|sense| sense.code), Some((0x3f, 0x0e)));
        assert_eq!(attentions.take(), None);
    }
}
