//! A virtual machine and its vCPUs, before they run.
#![allow(unsafe_code, reason = "giving guest memory to KVM")]

use std::fs::File;

use kvm_bindings::{KVM_MAX_CPUID_ENTRIES, KVM_MP_STATE_RUNNABLE, kvm_mp_state, kvm_userspace_memory_region};
use kvm_ioctls::{Cap, Kvm, VcpuFd, VmFd};
use vm_memory::{Address, GuestMemoryBackend, GuestMemoryMmap, GuestMemoryRegion, MemoryRegionAddress};

use super::long_mode::{self, Entry};
use super::statistics;
use crate::accelerator::{AcceleratorError, GuestMemory};

const API_VERSION: i32 = 12;
const NEEDED: [Cap; 6] =
    [Cap::UserMemory, Cap::Irqchip, Cap::IrqRouting, Cap::Ioeventfd, Cap::Irqfd, Cap::ImmediateExit];
/// Three pages that Intel processors need for the guest's real mode, above the I/O APIC and below the firmware's place.
const TASK_STATE: usize = 0xfffb_d000;

/// A VM, and the memory it uses for as long as it exists.
pub(super) struct Vm {
    fd: VmFd,
    kvm: Kvm,
    memory: GuestMemory,
}

/// A vCPU with its statistics, where the kernel has them.
pub(super) struct NewVcpu {
    pub(super) fd: VcpuFd,
    pub(super) statistics: Option<File>,
}

impl Vm {
    /// A VM with `memory`, interrupt controllers and no vCPU.
    pub(super) fn new(memory: GuestMemory) -> Result<Self, AcceleratorError> {
        let kvm = Kvm::new().map_err(AcceleratorError::Open)?;
        match kvm.get_api_version() {
            API_VERSION => {}
            other => return Err(AcceleratorError::ApiVersion(other)),
        }
        if let Some(missing) = NEEDED.into_iter().find(|capability| !kvm.check_extension(*capability)) {
            return Err(AcceleratorError::Capability(missing));
        }
        let fd = kvm.create_vm().map_err(AcceleratorError::kvm("create a virtual machine"))?;
        fd.set_tss_address(TASK_STATE).map_err(AcceleratorError::kvm("place the task state"))?;
        fd.create_irq_chip().map_err(AcceleratorError::kvm("create interrupt controllers"))?;
        let vm = Self { fd, kvm, memory };
        vm.give_memory()?;
        long_mode::write_tables(&vm.memory)?;
        Ok(vm)
    }

    pub(super) fn memory(&self) -> &GuestMemoryMmap {
        &self.memory
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

    /// Creates vCPU `index`, to begin at `entry`.
    pub(super) fn create_vcpu(&self, index: u8, entry: &Entry) -> Result<NewVcpu, AcceleratorError> {
        let fd = self.fd.create_vcpu(u64::from(index)).map_err(AcceleratorError::kvm("create a vCPU"))?;
        let cpuid = self.kvm.get_supported_cpuid(KVM_MAX_CPUID_ENTRIES);
        let cpuid = cpuid.map_err(AcceleratorError::kvm("tell what CPUs it supports"))?;
        fd.set_cpuid2(&cpuid).map_err(AcceleratorError::kvm("describe a vCPU"))?;
        // Without this all but the first would wait for a start-up interrupt that the built-in guest never sends.
        let runnable = kvm_mp_state { mp_state: KVM_MP_STATE_RUNNABLE };
        fd.set_mp_state(runnable).map_err(AcceleratorError::kvm("make a vCPU runnable"))?;
        long_mode::enter(&fd, entry)?;
        let statistics = statistics::are_available(&self.fd).then(|| statistics::open(&fd)).transpose()?;
        Ok(NewVcpu { fd, statistics })
    }

    /// The VM's statistics, where the kernel has them.
    pub(super) fn statistics(&self) -> Result<Option<File>, AcceleratorError> {
        statistics::are_available(&self.fd).then(|| statistics::open(&self.fd)).transpose()
    }
}
