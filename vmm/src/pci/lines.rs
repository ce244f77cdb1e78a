//! Interrupt lines that functions share: a line is high while any of them wants that.

use std::sync::{Arc, Mutex, Weak};

use virtio_core::pci::InterruptLine;

use crate::accelerator::Accelerator;
use crate::bus::lock;

/// A line of the machine.
pub(super) struct Line {
    number: u32,
    /// How many functions hold it high.
    holders: Mutex<usize>,
    // Weak, for a vCPU of the accelerator can own the bus that owns this.
    accelerator: Weak<dyn Accelerator>,
}

impl Line {
    pub(super) fn new(number: u32, accelerator: Weak<dyn Accelerator>) -> Arc<Self> {
        Arc::new(Self { number, holders: Mutex::default(), accelerator })
    }

    pub(super) fn number(&self) -> u32 {
        self.number
    }
}

/// One function's part in a line. It is low at first, and set only when that changes.
pub(super) struct Share(pub(super) Arc<Line>);

impl InterruptLine for Share {
    fn set(&mut self, high: bool) {
        // Held until the accelerator knows: levels have to reach it in their order.
        let mut holders = lock(&self.0.holders);
        let before = *holders > 0;
        *holders = if high { holders.saturating_add(1) } else { holders.saturating_sub(1) };
        let after = *holders > 0;
        if let (true, Some(accelerator)) = (before != after, self.0.accelerator.upgrade()) {
            accelerator.set_interrupt_line(self.0.number, after);
        }
    }
}
