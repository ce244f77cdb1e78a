//! Making vCPUs and interrupt controllers what they were before the guest's first instruction.
//!
//! What that is, is read from another machine that never runs, made for the purpose: so nothing has to be remembered
//! from the start on, and no register can be forgotten here that KVM can tell.

use kvm_bindings::{
    KVM_IRQCHIP_IOAPIC, KVM_IRQCHIP_PIC_MASTER, KVM_IRQCHIP_PIC_SLAVE, KVM_MP_STATE_RUNNABLE,
    KVM_MP_STATE_UNINITIALIZED, kvm_debugregs, kvm_fpu, kvm_irqchip, kvm_lapic_state, kvm_mp_state,
    kvm_msr_entry, kvm_pit_state2, kvm_sregs, kvm_vcpu_events, kvm_xcrs,
};
use kvm_ioctls::{VcpuFd, VmFd};

use super::msrs;
use crate::accelerator::AcceleratorError;

/// In the register for the local APIC's address: this is the first processor.
const FIRST_PROCESSOR: u64 = 1 << 8;
/// Of the local APIC's registers, the byte of its ID.
const APIC_ID: usize = 0x23;
/// The time stamp counter and its offset: no reset stops it, and all vCPUs' must keep in step.
const TIME_STAMP: [u32; 2] = [0x10, 0x3b];

/// Everything about a vCPU and the machine's interrupt controllers that a guest can change.
pub(super) struct Reset {
    sregs: kvm_sregs,
    fpu: kvm_fpu,
    control: kvm_xcrs,
    debug: kvm_debugregs,
    events: kvm_vcpu_events,
    apic: kvm_lapic_state,
    msrs: Vec<kvm_msr_entry>,
    controllers: Vec<kvm_irqchip>,
    timer: kvm_pit_state2,
}

fn reading(error: kvm_ioctls::Error) -> AcceleratorError {
    AcceleratorError::kvm("read the state of a new vCPU")(error)
}

fn writing(error: kvm_ioctls::Error) -> AcceleratorError {
    AcceleratorError::kvm("reset a vCPU")(error)
}

impl Reset {
    /// Reads it from a machine and its vCPU that have not run, with the registers that KVM calls `known`.
    pub(super) fn read(vm: &VmFd, vcpu: &VcpuFd, known: &[u32]) -> Result<Self, AcceleratorError> {
        let known: Vec<u32> = known.iter().copied().filter(|index| !TIME_STAMP.contains(index)).collect();
        // The second controller first: what still waits there raises the line to the first one when that is set, and
        // stays as an interrupt of nobody's.
        let chips = [KVM_IRQCHIP_PIC_SLAVE, KVM_IRQCHIP_PIC_MASTER, KVM_IRQCHIP_IOAPIC];
        let mut controllers = chips.map(|chip_id| kvm_irqchip { chip_id, ..kvm_irqchip::default() }).to_vec();
        for controller in &mut controllers {
            vm.get_irqchip(controller).map_err(reading)?;
        }
        Ok(Self {
            sregs: vcpu.get_sregs().map_err(reading)?,
            fpu: vcpu.get_fpu().map_err(reading)?,
            control: vcpu.get_xcrs().map_err(reading)?,
            debug: vcpu.get_debug_regs().map_err(reading)?,
            events: vcpu.get_vcpu_events().map_err(reading)?,
            apic: vcpu.get_lapic().map_err(reading)?,
            msrs: msrs::get(vcpu, &known)?,
            controllers,
            timer: vm.get_pit2().map_err(reading)?,
        })
    }

    /// Resets the interrupt controllers and the timer.
    pub(super) fn apply_to_machine(&self, vm: &VmFd) -> Result<(), AcceleratorError> {
        for controller in &self.controllers {
            vm.set_irqchip(controller).map_err(writing)?;
        }
        vm.set_pit2(&self.timer).map_err(writing)
    }

    /// Resets vCPU `index`, whose general registers are then still what they were.
    pub(super) fn apply(&self, vcpu: &mut VcpuFd, index: u8) -> Result<(), AcceleratorError> {
        finish_access(vcpu);
        let mut sregs = self.sregs;
        let mut apic = self.apic;
        if index > 0 {
            sregs.apic_base &= !FIRST_PROCESSOR;
        }
        if let Some(id) = apic.regs.get_mut(APIC_ID) {
            *id = index.cast_signed();
        }
        vcpu.set_sregs(&sregs).map_err(writing)?;
        vcpu.set_lapic(&apic).map_err(writing)?;
        vcpu.set_fpu(&self.fpu).map_err(writing)?;
        // Without XSAVE there is no such register, and KVM takes not even none.
        if self.control.nr_xcrs > 0 {
            vcpu.set_xcrs(&self.control).map_err(writing)?;
        }
        vcpu.set_debug_regs(&self.debug).map_err(writing)?;
        msrs::set(vcpu, &self.msrs)?;
        vcpu.set_vcpu_events(&self.events).map_err(writing)?;
        let mp_state = if index == 0 { KVM_MP_STATE_RUNNABLE } else { KVM_MP_STATE_UNINITIALIZED };
        vcpu.set_mp_state(kvm_mp_state { mp_state }).map_err(writing)
    }
}

/// An access that the vCPU left the guest for changes registers when it is entered again: that must not come later.
fn finish_access(vcpu: &mut VcpuFd) {
    vcpu.set_kvm_immediate_exit(1);
    // Being told to leave at once, it reports an interruption and nothing else.
    let _ = vcpu.run();
    vcpu.set_kvm_immediate_exit(0);
}
