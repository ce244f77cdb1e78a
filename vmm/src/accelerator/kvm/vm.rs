//! A virtual machine and its vCPUs, before they run.
#![allow(unsafe_code, reason = "giving guest memory to KVM")]

use std::fs::File;

use kvm_bindings::{
    CpuId, KVM_IRQCHIP_PIC_MASTER, KVM_IRQCHIP_PIC_SLAVE, KVM_MAX_CPUID_ENTRIES, KVM_PIT_SPEAKER_DUMMY,
    kvm_irqchip, kvm_pit_config, kvm_userspace_memory_region,
};
use kvm_ioctls::{Cap, Kvm, VcpuFd, VmFd};
use vm_memory::{Address, GuestMemoryBackend, GuestMemoryRegion, MemoryRegionAddress};

use super::cpuid::{Topology, physical_address_bits};
use super::reset::Reset;
use super::{msrs, statistics};
use crate::accelerator::{AcceleratorError, GuestMemory};

const API_VERSION: i32 = 12;
const NEEDED: [Cap; 7] = [
    Cap::UserMemory,
    Cap::Irqchip,
    Cap::IrqRouting,
    Cap::Pit2,
    Cap::Ioeventfd,
    Cap::Irqfd,
    Cap::ImmediateExit,
];
/// A page and three pages that Intel processors need for the guest's real mode, above the I/O APIC and below the firmware's
/// place.
const IDENTITY_MAP: u64 = 0xfffb_c000;
const TASK_STATE: usize = 0xfffb_d000;

/// A VM, and the memory it uses for as long as it exists.
pub(super) struct Vm {
    fd: VmFd,
    kvm: Kvm,
    supported: CpuId,
    topology: Topology,
    memory: GuestMemory,
}

/// A vCPU with its statistics, where the kernel has them.
pub(super) struct NewVcpu {
    pub(super) fd: VcpuFd,
    pub(super) statistics: Option<File>,
}

impl Vm {
    /// A VM with `memory`, interrupt controllers, an interval timer and no vCPU of `cpus`.
    pub(super) fn new(memory: GuestMemory, cpus: u8) -> Result<Self, AcceleratorError> {
        let kvm = Kvm::new().map_err(AcceleratorError::Open)?;
        match kvm.get_api_version() {
            API_VERSION => {}
            other => return Err(AcceleratorError::ApiVersion(other)),
        }
        if let Some(missing) = NEEDED.into_iter().find(|capability| !kvm.check_extension(*capability)) {
            return Err(AcceleratorError::Capability(missing));
        }
        let most = kvm.get_max_vcpus();
        if usize::from(cpus) > most {
            return Err(AcceleratorError::TooManyVcpus { asked: cpus, most });
        }
        let supported = kvm.get_supported_cpuid(KVM_MAX_CPUID_ENTRIES);
        let supported = supported.map_err(AcceleratorError::kvm("tell what CPUs it supports"))?;
        let topology =
            Topology { count: cpus, has_deadline_timer: kvm.check_extension(Cap::TscDeadlineTimer) };
        let fd = kvm.create_vm().map_err(AcceleratorError::kvm("create a virtual machine"))?;
        let vm = Self { fd, kvm, supported, topology, memory };
        // Before anything else: what a VM does beside memory makes it wait for the kernel when memory changes.
        vm.give_memory()?;
        create_controllers(&vm.fd)?;
        Ok(vm)
    }

    pub(super) fn fd(&self) -> &VmFd {
        &self.fd
    }

    fn give_memory(&self) -> Result<(), AcceleratorError> {
        for (slot, region) in (0..).zip(self.memory.iter()) {
            let host = region.get_host_address(MemoryRegionAddress(0));
            let host = host.map_err(|_| AcceleratorError::MemoryTooSmall)?;
            let region = kvm_userspace_memory_region {
                slot,
                flags: 0,
                guest_phys_addr: region.start_addr().raw_value(),
                memory_size: region.len(),
                userspace_addr: host.expose_provenance() as u64,
            };
            // SAFETY: the mapping is at least that long and lives as long as `self.memory`, which is dropped after
            // `self.fd`; every vCPU keeps the `Vm` alive.
            let given = unsafe { self.fd.set_user_memory_region(region) };
            given.map_err(AcceleratorError::kvm("take the guest's memory"))?;
        }
        Ok(())
    }

    /// Creates vCPU `index`. The first can run; the others wait until the guest starts them.
    pub(super) fn create_vcpu(&self, index: u8) -> Result<NewVcpu, AcceleratorError> {
        let fd = self.new_vcpu(&self.fd, index)?;
        let statistics = statistics::are_available(&self.fd).then(|| statistics::open(&fd)).transpose()?;
        Ok(NewVcpu { fd, statistics })
    }

    fn new_vcpu(&self, vm: &VmFd, index: u8) -> Result<VcpuFd, AcceleratorError> {
        let fd = vm.create_vcpu(index.into()).map_err(AcceleratorError::kvm("create a vCPU"))?;
        let cpuid = self.topology.describe(&self.supported, index);
        let cpuid = cpuid.map_err(|_| AcceleratorError::TooManyCpuidEntries)?;
        fd.set_cpuid2(&cpuid).map_err(AcceleratorError::kvm("describe a vCPU"))?;
        msrs::set_up(&fd, physical_address_bits(&self.supported))?;
        Ok(fd)
    }

    /// What vCPUs and interrupt controllers are like before the guest's first instruction.
    pub(super) fn reset_state(&self) -> Result<Reset, AcceleratorError> {
        let known = self.kvm.get_msr_index_list();
        let known = known.map_err(AcceleratorError::kvm("list model-specific registers"))?;
        let vm = self.kvm.create_vm().map_err(AcceleratorError::kvm("create a virtual machine"))?;
        create_controllers(&vm)?;
        let vcpu = self.new_vcpu(&vm, 0)?;
        Reset::read(&vm, &vcpu, known.as_slice())
    }

    /// The VM's statistics, where the kernel has them.
    pub(super) fn statistics(&self) -> Result<Option<File>, AcceleratorError> {
        statistics::are_available(&self.fd).then(|| statistics::open(&self.fd)).transpose()
    }
}

/// Masks all lines of an old interrupt controller, as firmware leaves it. A guest that is told of no such controllers never
/// does, and each interrupt of theirs would be taken for an exception of the processor.
fn mask(vm: &VmFd, controller: u32) -> Result<(), AcceleratorError> {
    let mut chip = kvm_irqchip { chip_id: controller, ..kvm_irqchip::default() };
    vm.get_irqchip(&mut chip).map_err(AcceleratorError::kvm("read an interrupt controller"))?;
    chip.chip.pic.imr = 0xff;
    vm.set_irqchip(&chip).map_err(AcceleratorError::kvm("mask an interrupt controller"))
}

/// Creates interrupt controllers and the interval timer.
fn create_controllers(vm: &VmFd) -> Result<(), AcceleratorError> {
    vm.set_identity_map_address(IDENTITY_MAP).map_err(AcceleratorError::kvm("place the identity map"))?;
    vm.set_tss_address(TASK_STATE).map_err(AcceleratorError::kvm("place the task state"))?;
    vm.create_irq_chip().map_err(AcceleratorError::kvm("create interrupt controllers"))?;
    for controller in [KVM_IRQCHIP_PIC_SLAVE, KVM_IRQCHIP_PIC_MASTER] {
        mask(vm, controller)?;
    }
    let timer = kvm_pit_config { flags: KVM_PIT_SPEAKER_DUMMY, ..kvm_pit_config::default() };
    vm.create_pit2(timer).map_err(AcceleratorError::kvm("create the interval timer"))
}
