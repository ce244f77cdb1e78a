//! `KVM_GET_STATS_FD`, which `kvm-ioctls` does not have.
#![allow(unsafe_code, reason = "an ioctl that returns a new descriptor")]

use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd};

use kvm_bindings::KVMIO;
use kvm_ioctls::VmFd;
use vmm_sys_util::errno;
use vmm_sys_util::ioctl::ioctl;
use vmm_sys_util::ioctl_io_nr;

use crate::accelerator::AcceleratorError;

ioctl_io_nr!(KVM_GET_STATS_FD, KVMIO, 0xce);

/// `KVM_CAP_BINARY_STATS_FD`, likewise.
const CAPABILITY: libc::c_ulong = 203;

/// Whether the kernel has binary statistics (5.14 and later).
pub(super) fn are_available(vm: &VmFd) -> bool {
    vm.check_extension_raw(CAPABILITY) > 0
}

/// The statistics descriptor of a VM or a vCPU. For a vCPU: before it runs, because KVM answers only then.
pub(super) fn open(fd: &impl AsRawFd) -> Result<File, AcceleratorError> {
    // SAFETY: takes no argument; on anything but a VM or vCPU descriptor it fails.
    let descriptor = unsafe { ioctl(fd, KVM_GET_STATS_FD()) };
    if descriptor < 0 {
        return Err(AcceleratorError::kvm("open the statistics")(errno::Error::last()));
    }
    // SAFETY: the kernel has just made it, for us alone.
    Ok(unsafe { File::from_raw_fd(descriptor) })
}
