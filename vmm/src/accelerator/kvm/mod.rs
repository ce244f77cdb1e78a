//! KVM: the guest runs on the processor, or on what the host emulates of it.
//!
//! What `/dev/kvm` does on a host whose KVM emulates every instruction (measured, at 1 million a second): 64-bit mode,
//! both APICs, `hlt`, the baseline's integer instructions, fences and atomics all work; SSE, POPCNT, BMI and XGETBV end in
//! an internal error. So nothing here or in the built-in guest needs the latter.

mod long_mode;
mod probe;
mod routing;
mod signal;
mod statistics;
#[cfg(test)]
mod tests;
mod vcpu;
mod vm;

use std::fs::File;
use std::io;
use std::sync::{Arc, Mutex};

use builtin_guest::layout::{IMAGE, STACK_TOP};
use kvm_ioctls::{IoEventAddress, NoDatamatch, VcpuFd};
use virtio_core::pci::MessageRoute;
use vmm_sys_util::eventfd::EventFd;

use super::threads::VcpuThreads;
use super::{Accelerator, AcceleratorError, GuestMemory, Launch, StatisticsFiles, Vcpu, image};
use crate::bus::lock;
use long_mode::Entry;
pub(super) use probe::probe;
use routing::MessageRoutes;
use vcpu::VcpuWork;
use vm::Vm;

/// `--accel kvm`.
pub(super) struct KvmAcceleration {
    vm: Arc<Vm>,
    messages: Arc<MessageRoutes>,
    program: &'static [u8],
    /// Until the start.
    vcpus: Mutex<Option<Vec<VcpuFd>>>,
    threads: VcpuThreads,
    statistics: Option<StatisticsFiles>,
}

impl KvmAcceleration {
    /// A machine of `cpus` vCPUs that will run `program`.
    pub(super) fn new(
        memory: GuestMemory,
        cpus: u8,
        program: &'static [u8],
    ) -> Result<Self, AcceleratorError> {
        image::check_memory(&memory)?;
        signal::install()?;
        let vm = Vm::new(memory)?;
        let (mut vcpus, mut vcpu_statistics) = (Vec::new(), Vec::new());
        for index in 0..cpus {
            let entry = Entry { address: IMAGE, stack: STACK_TOP, argument: u64::from(index) };
            let vcpu = vm.create_vcpu(index, &entry)?;
            vcpus.push(vcpu.fd);
            vcpu_statistics.extend(vcpu.statistics);
        }
        let statistics = vm.statistics()?.map(|vm| StatisticsFiles { vm, vcpus: vcpu_statistics });
        let vm = Arc::new(vm);
        Ok(Self {
            messages: MessageRoutes::new(Arc::clone(&vm)),
            vm,
            program,
            vcpus: Mutex::new(Some(vcpus)),
            threads: VcpuThreads::new(),
            statistics,
        })
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
        let vcpus = lock(&self.vcpus).take().ok_or(AcceleratorError::StartedAlready)?;
        image::load(self.vm.memory(), self.program)?;
        for (index, fd) in (0..).zip(vcpus) {
            let work = VcpuWork {
                fd,
                bus: Arc::clone(&launch.bus),
                events: Arc::clone(&launch.events),
                vm: Arc::clone(&self.vm),
            };
            self.threads.spawn(index, move |gate| work.run(gate))?;
        }
        if !launch.paused {
            self.threads.resume();
        }
        Ok(())
    }

    fn pause(&self) {
        self.threads.pause(signal::interrupt);
    }

    fn resume(&self) {
        self.threads.resume();
    }

    fn vcpus(&self) -> Vec<Vcpu> {
        self.threads.vcpus()
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
