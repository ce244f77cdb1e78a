//! The registers of the first vCPU at the guest's first instruction.

use boot::{InitialState, Segment};
use kvm_bindings::{kvm_dtable, kvm_regs, kvm_segment};
use kvm_ioctls::VcpuFd;

use crate::accelerator::AcceleratorError;

/// Makes `vcpu`, which is as after a reset, begin in `state`.
pub(super) fn enter(vcpu: &VcpuFd, state: &InitialState) -> Result<(), AcceleratorError> {
    let mut sregs = vcpu.get_sregs().map_err(AcceleratorError::kvm("read a vCPU's registers"))?;
    sregs.cs = segment(state.cs);
    for register in [&mut sregs.ds, &mut sregs.es, &mut sregs.fs, &mut sregs.gs, &mut sregs.ss] {
        *register = segment(state.data);
    }
    sregs.tr = segment(state.tr);
    sregs.gdt = kvm_dtable { base: state.gdt.base, limit: state.gdt.limit, ..kvm_dtable::default() };
    sregs.idt = kvm_dtable { base: state.idt.base, limit: state.idt.limit, ..kvm_dtable::default() };
    sregs.cr0 = state.cr0;
    sregs.cr3 = state.cr3;
    sregs.cr4 = state.cr4;
    sregs.efer = state.efer;
    vcpu.set_sregs(&sregs).map_err(AcceleratorError::kvm("set a vCPU's registers"))?;
    let regs = kvm_regs {
        rip: state.rip,
        rbx: state.rbx,
        rsi: state.rsi,
        rflags: state.rflags,
        ..kvm_regs::default()
    };
    vcpu.set_regs(&regs).map_err(AcceleratorError::kvm("set a vCPU's registers"))
}

fn segment(segment: Segment) -> kvm_segment {
    kvm_segment {
        base: segment.base.into(),
        limit: segment.limit,
        selector: segment.selector,
        type_: segment.kind,
        present: 1,
        dpl: 0,
        db: segment.default_32_bit.into(),
        s: segment.code_or_data.into(),
        l: segment.long.into(),
        g: segment.granularity.into(),
        avl: 0,
        unusable: 0,
        padding: 0,
    }
}
