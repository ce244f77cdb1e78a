//! The registers of the first vCPU at the guest's first instruction, and those of any vCPU at any time.

use boot::{InitialState, Segment};
use kvm_bindings::{kvm_dtable, kvm_regs, kvm_segment};
use kvm_ioctls::VcpuFd;

use crate::accelerator::{AcceleratorError, VcpuRegister};

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

/// What monitors show of a vCPU, in the order in which they show it.
pub(super) fn all(vcpu: &VcpuFd) -> Result<Vec<VcpuRegister>, AcceleratorError> {
    let regs = vcpu.get_regs().map_err(AcceleratorError::kvm("read a vCPU's registers"))?;
    let sregs = vcpu.get_sregs().map_err(AcceleratorError::kvm("read a vCPU's registers"))?;
    let general = [
        ("rax", regs.rax),
        ("rbx", regs.rbx),
        ("rcx", regs.rcx),
        ("rdx", regs.rdx),
        ("rsi", regs.rsi),
        ("rdi", regs.rdi),
        ("rbp", regs.rbp),
        ("rsp", regs.rsp),
        ("r8", regs.r8),
        ("r9", regs.r9),
        ("r10", regs.r10),
        ("r11", regs.r11),
        ("r12", regs.r12),
        ("r13", regs.r13),
        ("r14", regs.r14),
        ("r15", regs.r15),
        ("rip", regs.rip),
        ("rflags", regs.rflags),
    ];
    let segments = [
        ("cs", sregs.cs),
        ("ds", sregs.ds),
        ("es", sregs.es),
        ("fs", sregs.fs),
        ("gs", sregs.gs),
        ("ss", sregs.ss),
        ("tr", sregs.tr),
        ("ldt", sregs.ldt),
    ];
    let system = [
        ("fs_base", sregs.fs.base),
        ("gs_base", sregs.gs.base),
        ("gdtr_base", sregs.gdt.base),
        ("idtr_base", sregs.idt.base),
        ("cr0", sregs.cr0),
        ("cr2", sregs.cr2),
        ("cr3", sregs.cr3),
        ("cr4", sregs.cr4),
        ("cr8", sregs.cr8),
        ("efer", sregs.efer),
    ];
    let wide = |(name, value)| VcpuRegister { name, value, bits: 64 };
    let selector =
        |(name, segment): (_, kvm_segment)| VcpuRegister { name, value: segment.selector.into(), bits: 16 };
    let all = general.map(wide).into_iter().chain(segments.map(selector)).chain(system.map(wide));
    Ok(all.collect())
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
