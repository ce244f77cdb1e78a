//! What runs the guest: KVM, or a host thread where KVM cannot be used.
//!
//! An accelerator owns the vCPUs (or the host thread standing in for them) and nothing else: memory, bus, devices and
//! run state are the machine's. It knows no device; it sees guest-physical addresses, interrupt lines and a [`Bus`].
//!
//! The life of an accelerator, which the machine keeps to:
//!
//! 1. [`open`] takes a [`Choice`] and probes. From here on interrupt lines and kicks may be connected.
//! 2. [`Accelerator::start`] creates the vCPU threads; from here on the guest, which the machine has put into memory, may call
//!    the bus.
//! 3. [`Accelerator::pause`] and [`Accelerator::resume`], any number of times; [`Accelerator::reset`] between the two.
//! 4. [`Accelerator::shutdown`] ends and joins every thread.
//!
//! Read [`Accelerator`] first.

use std::fmt;
use std::fs::File;
use std::str::FromStr;
use std::sync::Arc;

use boot::InitialState;
use virtio_core::pci::MessageRoute;
use vm_memory::GuestMemoryMmap;
use vmm_sys_util::eventfd::EventFd;

mod error;
mod exits;
mod gate;
mod kvm;
mod none;
mod threads;

pub use error::AcceleratorError;
pub use exits::{ExitReason, Exits, VcpuExits};
use kvm::KvmAcceleration;
use none::NoAcceleration;

use crate::payload::Payload;

/// The guest's memory, shared by vCPUs, device threads and monitors.
pub type GuestMemory = Arc<GuestMemoryMmap>;

/// What a vCPU's accesses outside of memory reach. Called from several vCPU threads at once.
pub trait Bus: Send + Sync {
    /// Reads `data.len()` bytes of device space at guest-physical `address`; what nobody answers reads as ones.
    fn read(&self, address: u64, data: &mut [u8]);
    /// Writes `data` to device space at guest-physical `address`; what nobody answers is dropped.
    fn write(&self, address: u64, data: &[u8]);
    /// Reads one element of `data.len()` (1, 2 or 4) bytes from I/O port `port`.
    fn port_read(&self, port: u16, data: &mut [u8]);
    /// Writes one element of `data.len()` (1, 2 or 4) bytes to I/O port `port`.
    fn port_write(&self, port: u16, data: &[u8]);
}

/// What the guest did that concerns the machine as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuestEvent {
    /// The guest asked to be switched off.
    PowerOff,
    /// The guest asked to be started again.
    Reset,
    /// The guest cannot go on (triple fault, an instruction that cannot be executed); the reason, for people.
    Crash(String),
}

/// Called from vCPU threads; the one that calls does no more for the guest before [`Accelerator::reset`], so it is not
/// waited for by [`Accelerator::pause`]; but it must not wait for its own end in [`Accelerator::shutdown`].
pub type GuestEventHandler = Arc<dyn Fn(GuestEvent) + Send + Sync>;

/// What [`Accelerator::start`] needs.
#[derive(Clone)]
pub struct Launch {
    /// Where accesses outside of memory go.
    pub bus: Arc<dyn Bus>,
    /// Who hears of the guest's end.
    pub events: GuestEventHandler,
    /// The first vCPU at the guest's first instruction. The other vCPUs wait until the guest starts them.
    pub entry: InitialState,
    /// The host's CPUs that vCPUs are bound to, in turn; if there are none, the host runs them where it likes.
    pub host_cpus: Vec<u16>,
    /// Whether to wait for [`Accelerator::resume`] before the first instruction.
    pub paused: bool,
}

impl Launch {
    /// The host's CPU that vCPU `index` is bound to.
    fn host_cpu(&self, index: u8) -> Option<u16> {
        self.host_cpus.iter().copied().cycle().nth(index.into())
    }
}

/// A virtual CPU, as monitors show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vcpu {
    /// Counted from 0.
    pub index: u8,
    /// The host's thread ID (`gettid`).
    pub thread_id: i32,
}

/// A register of a vCPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VcpuRegister {
    /// Its name in the processor's manual, in lower case.
    pub name: &'static str,
    /// What it holds.
    pub value: u64,
    /// How many bits it has.
    pub bits: u8,
}

/// The kernel's binary statistics descriptors (`KVM_GET_STATS_FD`), to be read with `pread`.
#[derive(Debug)]
pub struct StatisticsFiles {
    /// Of the virtual machine.
    pub vm: File,
    /// Of each vCPU, by index.
    pub vcpus: Vec<File>,
}

/// Runs the guest. All methods take `&self` and may be called from any thread except a vCPU's.
pub trait Accelerator: Send + Sync {
    /// As on the command line: `kvm` or `none`.
    fn name(&self) -> &'static str;

    /// Makes a write to `event` raise interrupt line `line` (an I/O APIC pin, edge triggered) in the guest.
    fn connect_interrupt(&self, line: u32, event: &EventFd) -> Result<(), AcceleratorError>;

    /// Makes interrupt line `line`, level triggered, high or low in the guest. Does nothing where nobody listens.
    fn set_interrupt_line(&self, line: u32, high: bool);

    /// Makes a write to `event` send a message in the guest (MSI): the one that the route is told, which may change at any
    /// time.
    fn connect_message(&self, event: &EventFd) -> Result<Box<dyn MessageRoute>, AcceleratorError>;

    /// Makes a 4-byte write of `value` at guest-physical `address` signal `event` without a trip through the bus, where
    /// the accelerator can do that; without a value, any write there. Where it cannot, nothing happens here and the write
    /// reaches [`Bus::write`].
    fn connect_kick(&self, address: u64, value: Option<u32>, event: &EventFd)
    -> Result<(), AcceleratorError>;

    /// Undoes [`Accelerator::connect_kick`] with the same arguments, if it was done.
    fn disconnect_kick(&self, address: u64, value: Option<u32>, event: &EventFd);

    /// Creates the threads that run the guest. To be called once.
    fn start(&self, launch: Launch) -> Result<(), AcceleratorError>;

    /// Returns when no vCPU executes anything any more. Does nothing when paused already.
    fn pause(&self);

    /// Makes vCPUs and interrupt controllers as they were at the start, those vCPUs included that the guest has ended. To be
    /// called while paused.
    fn reset(&self, entry: &InitialState) -> Result<(), AcceleratorError>;

    /// Lets the vCPUs go on. Does nothing when they run.
    fn resume(&self);

    /// The vCPUs, by index; empty before [`Accelerator::start`].
    fn vcpus(&self) -> Vec<Vcpu>;

    /// The registers of vCPU `index`, which must not run.
    fn registers(&self, index: u8) -> Result<Vec<VcpuRegister>, AcceleratorError>;

    /// The guest-physical address at which vCPU `index`, which must not run, finds what its programs have at virtual
    /// `address`; nothing if that is not mapped.
    fn translate(&self, index: u8, address: u64) -> Result<Option<u64>, AcceleratorError>;

    /// Why each vCPU has left the guest so far, by index; the same counters for as long as the accelerator exists.
    fn exits(&self) -> &[Arc<VcpuExits>];

    /// The kernel's statistics descriptors of this machine; `None` where there are none.
    fn statistics(&self) -> Result<Option<StatisticsFiles>, AcceleratorError>;

    /// Ends and joins every thread; the guest cannot be started again. May be called twice.
    fn shutdown(&self);
}

/// The accelerator asked for with `--accel`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// KVM if it works, else none.
    #[default]
    Auto,
    /// KVM or an error.
    Kvm,
    /// The built-in guest's workload on a host thread.
    None,
}

impl Choice {
    /// Every choice, in the order in which help shows them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Kvm, Self::None];

    /// As on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Kvm => "kvm",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Choice {
    type Err = AcceleratorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|choice| choice.as_str() == text)
            .ok_or_else(|| AcceleratorError::UnknownChoice(text.to_owned()))
    }
}

/// Finds out what `choice` can get on this host for this payload and takes it. The text says what was taken and why, for
/// people, such as `none: /dev/kvm cannot be opened: Permission denied`.
///
/// # Errors
/// What was asked for cannot be had.
pub fn open(
    choice: Choice,
    memory: GuestMemory,
    cpus: u8,
    payload: &Payload,
) -> Result<(Arc<dyn Accelerator>, String), AcceleratorError> {
    let without_kvm = match choice {
        Choice::None => "as asked for".to_owned(),
        // There is nothing to choose then, so KVM need not be tried out.
        Choice::Kvm | Choice::Auto if payload.needs_kvm() => return kvm(memory, cpus),
        Choice::Kvm | Choice::Auto => match kvm::probe() {
            Ok(()) => return kvm(memory, cpus),
            Err(error) if choice == Choice::Kvm => return Err(error),
            Err(error) => error.to_string(),
        },
    };
    if payload.needs_kvm() {
        return Err(AcceleratorError::KernelNeedsKvm);
    }
    let none = NoAcceleration::new(memory, cpus)?;
    Ok((Arc::new(none), format!("none: {without_kvm}")))
}

fn kvm(memory: GuestMemory, cpus: u8) -> Result<(Arc<dyn Accelerator>, String), AcceleratorError> {
    Ok((Arc::new(KvmAcceleration::new(memory, cpus)?), "kvm: /dev/kvm works".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_one_of_three_words() {
        for choice in Choice::ALL {
            assert_eq!(choice.to_string().parse::<Choice>().unwrap(), choice);
        }
        let error = "KVM".parse::<Choice>().unwrap_err();
        assert_eq!(error.to_string(), "unknown accelerator 'KVM' (expected auto, kvm or none)");
    }
}
