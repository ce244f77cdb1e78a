//! Model-specific registers as firmware leaves them, where KVM's values are those of a processor that has just been reset:
//! Linux takes MTRRs that are off for broken firmware, and then does without page attributes as well.

use boot::addresses::{HOLE, HOLE_END};
use kvm_bindings::{Msrs, kvm_msr_entry};
use kvm_ioctls::VcpuFd;

use crate::accelerator::AcceleratorError;

const MISCELLANEOUS_ENABLE: u32 = 0x1a0;
const FAST_STRINGS: u64 = 1;
const MTRR_DEFAULT: u32 = 0x2ff;
/// On, without ranges below 1 MiB of their own: memory is cached (write-back) unless another register says otherwise.
const MTRR_WRITE_BACK: u64 = 1 << 11 | 6;
const MTRR_BASE: u32 = 0x200;
const MTRR_MASK: u32 = 0x201;
const MTRR_UNCACHED: u64 = 0;
const MTRR_VALID: u64 = 1 << 11;
const _: () = assert!((HOLE_END - HOLE).is_power_of_two() && HOLE.is_multiple_of(HOLE_END - HOLE));

/// Sets them on a vCPU with `address_bits` bits in a guest-physical address. All vCPUs must agree.
pub(super) fn set_up(vcpu: &VcpuFd, address_bits: u32) -> Result<(), AcceleratorError> {
    let addresses = 1_u64.checked_shl(address_bits).map_or(u64::MAX, |end| end - 1);
    let hole = addresses & !(HOLE_END - HOLE - 1);
    let wanted = [
        (MISCELLANEOUS_ENABLE, FAST_STRINGS),
        (MTRR_BASE, HOLE | MTRR_UNCACHED),
        (MTRR_MASK, hole | MTRR_VALID),
        (MTRR_DEFAULT, MTRR_WRITE_BACK),
    ];
    set(vcpu, &wanted.map(|(index, data)| kvm_msr_entry { index, data, ..kvm_msr_entry::default() }))
}

/// Sets registers. Those that KVM does not let be set are left: the guest will not find them either.
pub(super) fn set(vcpu: &VcpuFd, mut wanted: &[kvm_msr_entry]) -> Result<(), AcceleratorError> {
    while !wanted.is_empty() {
        let msrs = Msrs::from_entries(wanted).map_err(|_| AcceleratorError::TooManyMsrs(wanted.len()))?;
        let done =
            vcpu.set_msrs(&msrs).map_err(AcceleratorError::kvm("set a vCPU's model-specific registers"))?;
        wanted = wanted.get(done + 1..).unwrap_or_default();
    }
    Ok(())
}

/// Reads those of `wanted` that KVM lets be read.
pub(super) fn get(vcpu: &VcpuFd, wanted: &[u32]) -> Result<Vec<kvm_msr_entry>, AcceleratorError> {
    let entry = |index: &u32| kvm_msr_entry { index: *index, ..kvm_msr_entry::default() };
    let mut wanted: Vec<_> = wanted.iter().map(entry).collect();
    let mut found = Vec::new();
    while !wanted.is_empty() {
        let mut msrs =
            Msrs::from_entries(&wanted).map_err(|_| AcceleratorError::TooManyMsrs(wanted.len()))?;
        let read = vcpu.get_msrs(&mut msrs);
        let read = read.map_err(AcceleratorError::kvm("read a vCPU's model-specific registers"))?;
        found.extend(msrs.as_slice().iter().take(read));
        wanted.drain(..wanted.len().min(read + 1));
    }
    Ok(found)
}
