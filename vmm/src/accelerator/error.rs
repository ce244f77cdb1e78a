//! What can go wrong with an accelerator.

use std::io;

use builtin_guest::layout::LEAST_MEMORY;
use kvm_ioctls::Cap;

/// What went wrong, naming the thing and the reason.
#[derive(Debug, thiserror::Error)]
pub enum AcceleratorError {
    /// `--accel` with another word.
    #[error("unknown accelerator '{0}' (expected auto, kvm or none)")]
    UnknownChoice(String),
    /// No such file, or no permission.
    #[error("/dev/kvm cannot be opened: {}", reason(.0))]
    Open(kvm_ioctls::Error),
    /// A kernel before 2.6.22, or something that is not KVM.
    #[error("/dev/kvm speaks API version {0} (expected 12)")]
    ApiVersion(i32),
    /// The kernel's KVM lacks something.
    #[error("/dev/kvm has no {0:?} capability")]
    Capability(Cap),
    /// A request that KVM refuses.
    #[error("KVM cannot {action}: {}", reason(.source))]
    Kvm {
        /// What was asked for, as the rest of a sentence.
        action: &'static str,
        /// Why not.
        source: kvm_ioctls::Error,
    },
    /// The few instructions that try out `/dev/kvm` went wrong.
    #[error("/dev/kvm does not run a guest's instructions: {0}")]
    Probe(String),
    /// A kernel, and something other than KVM asked for.
    #[error("only KVM runs a kernel")]
    KernelNeedsKvm,
    /// The kernel's KVM has a limit.
    #[error("KVM runs at most {most} vCPUs a machine, and these are {asked}")]
    TooManyVcpus {
        /// The vCPUs that were asked for.
        asked: u8,
        /// The vCPUs that there can be.
        most: usize,
    },
    /// A vCPU cannot be bound to a CPU of the host.
    #[error("vCPU {vcpu} cannot run on the host's CPU {cpu}: {source}")]
    HostCpu {
        /// The vCPU's index.
        vcpu: u8,
        /// The host's number of its CPU.
        cpu: u16,
        /// Why not.
        source: io::Error,
    },
    /// A vCPU that runs has no registers to look at.
    #[error("vCPU {0} runs, and its registers can be read while it is paused")]
    VcpuRuns(u8),
    /// There is no such vCPU.
    #[error("there is no vCPU {0}")]
    NoSuchVcpu(u8),
    /// Without KVM there is no processor.
    #[error("there are no registers without KVM")]
    NoRegisters,
    /// CPUID has more to tell than KVM takes.
    #[error("KVM supports more CPUID leaves than it can be told")]
    TooManyCpuidEntries,
    /// More model-specific registers than KVM takes at once.
    #[error("KVM does not take {0} model-specific registers at once")]
    TooManyMsrs(usize),
    /// The built-in guest does not fit.
    #[error("the built-in guest needs {} MiB of memory from address 0", LEAST_MEMORY >> 20)]
    MemoryTooSmall,
    /// Not a pin of the I/O APIC.
    #[error("there is no interrupt line {0} (expected 0 to 23)")]
    InterruptLine(u32),
    /// More messages than KVM's table has room for.
    #[error("KVM has no room for so many interrupt messages")]
    TooManyMessages,
    /// The host is out of threads or descriptors.
    #[error("the host cannot {action}: {source}")]
    Host {
        /// What was asked for, as the rest of a sentence.
        action: &'static str,
        /// Why not.
        source: io::Error,
    },
    /// [`super::Accelerator::start`] was called before.
    #[error("the guest was started already")]
    StartedAlready,
}

impl AcceleratorError {
    /// For `map_err`: KVM cannot `action`.
    pub(super) fn kvm(action: &'static str) -> impl Fn(kvm_ioctls::Error) -> Self {
        move |source| Self::Kvm { action, source }
    }

    /// For `map_err`: the host cannot `action`.
    pub(super) fn host(action: &'static str) -> impl Fn(io::Error) -> Self {
        move |source| Self::Host { action, source }
    }
}

/// The system's words without the number that `io::Error` appends.
fn reason(error: &kvm_ioctls::Error) -> String {
    let text = io::Error::from_raw_os_error(error.errno()).to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_thing_and_the_reason_in_words() {
        let denied = || kvm_ioctls::Error::new(libc::EACCES);
        let texts = [
            AcceleratorError::Open(denied()),
            AcceleratorError::ApiVersion(11),
            AcceleratorError::Capability(Cap::Irqfd),
            AcceleratorError::kvm("create a virtual machine")(denied()),
            AcceleratorError::MemoryTooSmall,
            AcceleratorError::InterruptLine(24),
        ];
        insta::assert_snapshot!(texts.map(|error| error.to_string()).join("\n"), @r"
        /dev/kvm cannot be opened: Permission denied
        /dev/kvm speaks API version 11 (expected 12)
        /dev/kvm has no Irqfd capability
        KVM cannot create a virtual machine: Permission denied
        the built-in guest needs 8 MiB of memory from address 0
        there is no interrupt line 24 (expected 0 to 23)
        ");
    }
}
