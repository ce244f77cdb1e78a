//! Why vCPUs leave the guest, and how long what they need takes.

use std::time::Instant;

use stats::Counter;

/// Why a vCPU's thread has stopped running the guest's instructions and does something for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitReason {
    /// The guest reads device space.
    MmioRead,
    /// The guest writes device space, and not where a kick becomes an event by itself.
    MmioWrite,
    /// The guest reads an I/O port.
    PortRead,
    /// The guest writes an I/O port.
    PortWrite,
    /// The guest waits for an interrupt. KVM waits by itself and tells nobody; without KVM the waiting counts as handling.
    Halt,
    /// Somebody wants the thread's attention.
    Interrupted,
    /// The guest has ended or asked for its end.
    Shutdown,
    /// Anything else.
    Other,
}

impl ExitReason {
    /// Every reason, in the order of the statistics.
    pub const ALL: [Self; 8] = [
        Self::MmioRead,
        Self::MmioWrite,
        Self::PortRead,
        Self::PortWrite,
        Self::Halt,
        Self::Interrupted,
        Self::Shutdown,
        Self::Other,
    ];
}

/// One vCPU's exits. Written by its thread only, in plain stores on cache lines that hold nothing else.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct VcpuExits([Exits; ExitReason::ALL.len()]);

/// The exits for one reason.
#[derive(Debug, Default)]
pub struct Exits {
    /// How many have been handled.
    pub count: Counter,
    /// How long that took, in nanoseconds.
    pub time: Counter,
}

impl VcpuExits {
    /// An exit for `reason` has happened. It is handled until what this returns is dropped.
    pub(super) fn begin(&self, reason: ExitReason) -> Handling<'_> {
        Handling { exits: self.of(reason), since: Instant::now() }
    }

    /// The exits for `reason`.
    pub fn of(&self, reason: ExitReason) -> &Exits {
        let [mmio_read, mmio_write, port_read, port_write, halt, interrupted, shutdown, other] = &self.0;
        match reason {
            ExitReason::MmioRead => mmio_read,
            ExitReason::MmioWrite => mmio_write,
            ExitReason::PortRead => port_read,
            ExitReason::PortWrite => port_write,
            ExitReason::Halt => halt,
            ExitReason::Interrupted => interrupted,
            ExitReason::Shutdown => shutdown,
            ExitReason::Other => other,
        }
    }
}

/// An exit that is being handled.
#[must_use = "the exit is handled until this is dropped"]
pub(super) struct Handling<'a> {
    exits: &'a Exits,
    since: Instant,
}

impl Drop for Handling<'_> {
    fn drop(&mut self) {
        self.exits.count.add(1);
        self.exits.time.add(u64::try_from(self.since.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_exit_counts_for_its_reason_once_it_is_handled() {
        let exits = VcpuExits::default();
        for (reason, times) in ExitReason::ALL.into_iter().zip(1..) {
            (0..times).for_each(|_| drop(exits.begin(reason)));
        }
        let handling = exits.begin(ExitReason::Halt);
        assert_eq!(ExitReason::ALL.map(|reason| exits.of(reason).count.get()), [1, 2, 3, 4, 5, 6, 7, 8]);
        drop(handling);
        assert_eq!(exits.of(ExitReason::Halt).count.get(), 6);
        assert!(exits.of(ExitReason::Halt).time.get() > 0, "reading the clock twice takes time");
    }
}
