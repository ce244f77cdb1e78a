//! KVM: the guest runs on the processor, or on what the host emulates of it.
//!
//! What `/dev/kvm` does on a host whose KVM emulates every instruction (measured, at 1 million a second): 64-bit mode,
//! both APICs, `hlt`, the baseline's integer instructions, fences and atomics all work; SSE, POPCNT, BMI and XGETBV end in
//! an internal error. So nothing here or in the built-in guest needs the latter.

mod cpuid;
mod msrs;
mod probe;
mod registers;
mod reset;
mod routing;
mod signal;
mod statistics;
#[cfg(test)]
mod tests;
mod vcpu;
mod vm;

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use boot::InitialState;
use kvm_ioctls::{IoEventAddress, NoDatamatch, VcpuFd};
use virtio_core::pci::MessageRoute;
use vmm_sys_util::eventfd::EventFd;

use super::threads::VcpuThreads;
use super::{
    Accelerator, AcceleratorError, GuestMemory, Launch, StatisticsFiles, Vcpu, VcpuExits, VcpuRegister,
};
use crate::bus::lock;
pub(super) use probe::probe;
use routing::MessageRoutes;
use vcpu::VcpuWork;
use vm::Vm;

/// `--accel kvm`.
pub(super) struct KvmAcceleration {
    vm: Arc<Vm>,
    messages: Arc<MessageRoutes>,
    /// By index. A vCPU that runs is locked by its thread.
    vcpus: Vec<Arc<Mutex<VcpuFd>>>,
    threads: VcpuThreads,
    exits: Vec<Arc<VcpuExits>>,
    is_started: AtomicBool,
    statistics: Option<StatisticsFiles>,
}

impl KvmAcceleration {
    /// A machine of `cpus` vCPUs.
    pub(super) fn new(memory: GuestMemory, cpus: u8) -> Result<Self, AcceleratorError> {
        signal::install()?;
        let vm = Vm::new(memory, cpus)?;
        let (mut vcpus, mut vcpu_statistics) = (Vec::new(), Vec::new());
        for index in 0..cpus {
            let vcpu = vm.create_vcpu(index)?;
            vcpus.push(Arc::new(Mutex::new(vcpu.fd)));
            vcpu_statistics.extend(vcpu.statistics);
        }
        let statistics = vm.statistics()?.map(|vm| StatisticsFiles { vm, vcpus: vcpu_statistics });
        let threads = VcpuThreads::new();
        let exits = (0..cpus).map(|_| Arc::default()).collect();
        let vm = Arc::new(vm);
        let messages = MessageRoutes::new(Arc::clone(&vm));
        Ok(Self { vm, messages, vcpus, threads, exits, is_started: AtomicBool::new(false), statistics })
    }

    /// A vCPU that does not run.
    fn at_rest(&self, index: u8) -> Result<MutexGuard<'_, VcpuFd>, AcceleratorError> {
        let vcpu = self.vcpus.get(usize::from(index)).ok_or(AcceleratorError::NoSuchVcpu(index))?;
        match vcpu.try_lock() {
            Ok(vcpu) => Ok(vcpu),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(AcceleratorError::VcpuRuns(index)),
        }
    }

    fn enter(&self, entry: &InitialState) -> Result<(), AcceleratorError> {
        self.vcpus.first().map_or(Ok(()), |first| registers::enter(&lock(first), entry))
    }
}

impl Accelerator for KvmAcceleration {
    fn name(&self) -> &'static str {
        "kvm"
    }

    fn connect_interrupt(&self, line: u32, event: &EventFd) -> Result<(), AcceleratorError> {
        self.vm.fd().register_irqfd(event, line).map_err(AcceleratorError::kvm("connect an interrupt line"))
    }

    fn set_interrupt_line(&self, line: u32, high: bool) {
        // The only failure is a line that the interrupt controllers do not have; nobody would hear of it either.
        let _ = self.vm.fd().set_irq_line(line, high);
    }

    fn connect_message(&self, event: &EventFd) -> Result<Box<dyn MessageRoute>, AcceleratorError> {
        self.messages.connect(event)
    }

    fn connect_kick(
        &self,
        address: u64,
        value: Option<u32>,
        event: &EventFd,
    ) -> Result<(), AcceleratorError> {
        let address = IoEventAddress::Mmio(address);
        let connected = match value {
            Some(value) => self.vm.fd().register_ioevent(event, &address, value),
            None => self.vm.fd().register_ioevent(event, &address, NoDatamatch),
        };
        connected.map_err(AcceleratorError::kvm("connect a queue's kicks"))
    }

    fn disconnect_kick(&self, address: u64, value: Option<u32>, event: &EventFd) {
        let address = IoEventAddress::Mmio(address);
        // The only failure is that it was not connected.
        let _ = match value {
            Some(value) => self.vm.fd().unregister_ioevent(event, &address, value),
            None => self.vm.fd().unregister_ioevent(event, &address, NoDatamatch),
        };
    }

    fn start(&self, launch: Launch) -> Result<(), AcceleratorError> {
        if self.is_started.swap(true, Ordering::Relaxed) {
            return Err(AcceleratorError::StartedAlready);
        }
        self.enter(&launch.entry)?;
        for ((index, vcpu), exits) in (0..).zip(&self.vcpus).zip(&self.exits) {
            let work = VcpuWork {
                vcpu: Arc::clone(vcpu),
                bus: Arc::clone(&launch.bus),
                events: Arc::clone(&launch.events),
                vm: Arc::clone(&self.vm),
                exits: Arc::clone(exits),
            };
            self.threads.spawn(index, launch.host_cpu(index), move |gate| work.run(gate))?;
        }
        if !launch.paused {
            self.threads.resume();
        }
        Ok(())
    }

    fn pause(&self) {
        self.threads.pause(signal::interrupt);
        for vcpu in &self.vcpus {
            // The guest's watchdogs forgive the time that it does not run. Without a guest that reads KVM's clock, KVM
            // refuses, and there is nothing to forgive.
            let _ = vcpu.try_lock().map(|vcpu| vcpu.kvmclock_ctrl());
        }
    }

    fn reset(&self, entry: &InitialState) -> Result<(), AcceleratorError> {
        let reset = self.vm.reset_state()?;
        reset.apply_to_machine(self.vm.fd())?;
        for (index, vcpu) in (0..).zip(&self.vcpus) {
            reset.apply(&mut lock(vcpu), index)?;
        }
        self.enter(entry)?;
        self.threads.begin_anew();
        Ok(())
    }

    fn resume(&self) {
        self.threads.resume();
    }

    fn vcpus(&self) -> Vec<Vcpu> {
        self.threads.vcpus()
    }

    fn registers(&self, index: u8) -> Result<Vec<VcpuRegister>, AcceleratorError> {
        registers::all(&*self.at_rest(index)?)
    }

    fn translate(&self, index: u8, address: u64) -> Result<Option<u64>, AcceleratorError> {
        let translated = self.at_rest(index)?.translate_gva(address);
        let translated = translated.map_err(AcceleratorError::kvm("translate an address"))?;
        Ok((translated.valid != 0).then_some(translated.physical_address))
    }

    fn exits(&self) -> &[Arc<VcpuExits>] {
        &self.exits
    }

    fn statistics(&self) -> Result<Option<StatisticsFiles>, AcceleratorError> {
        let duplicate = |files: &StatisticsFiles| {
            let vcpus: io::Result<_> = files.vcpus.iter().map(File::try_clone).collect();
            Ok(StatisticsFiles { vm: files.vm.try_clone()?, vcpus: vcpus? })
        };
        let files = self.statistics.as_ref().map(duplicate).transpose();
        files.map_err(AcceleratorError::host("duplicate a statistics descriptor"))
    }

    fn shutdown(&self) {
        self.threads.shutdown(signal::interrupt);
    }
}

impl Drop for KvmAcceleration {
    fn drop(&mut self) {
        self.shutdown();
    }
}
