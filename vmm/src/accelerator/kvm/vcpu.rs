//! A vCPU's thread: enters the guest, and serves what the guest leaves it for.

use std::sync::{Arc, Mutex};

use kvm_bindings::{KVM_SYSTEM_EVENT_RESET, KVM_SYSTEM_EVENT_SHUTDOWN};
use kvm_ioctls::{VcpuExit, VcpuFd};

use super::signal::Registration;
use super::vm::Vm;
use crate::accelerator::gate::{Gate, Pass};
use crate::accelerator::{Bus, ExitReason, GuestEvent, GuestEventHandler, VcpuExits};
use crate::bus::lock;

/// What a vCPU's thread works with.
pub(super) struct VcpuWork {
    /// The thread keeps it locked while it is at work, and so nobody else meanwhile.
    pub(super) vcpu: Arc<Mutex<VcpuFd>>,
    pub(super) bus: Arc<dyn Bus>,
    pub(super) events: GuestEventHandler,
    /// Keeps the guest's memory mapped while the vCPU exists.
    pub(super) vm: Arc<Vm>,
    pub(super) exits: Arc<VcpuExits>,
}

impl VcpuWork {
    /// The thread's life.
    pub(super) fn run(self, gate: &Gate) {
        let registration = Registration::new(&self.vcpu);
        let mut pass = gate.enter();
        while let Some(open) = pass {
            let event = self.run_while_valid(&open);
            pass = match event {
                // The event's handler may ask for a pause, which must not wait for this thread.
                Some(event) => open.retire(|| (self.events)(event)),
                None => open.renew(),
            };
        }
        drop(registration);
        drop(self.vm);
    }

    /// Runs the guest until somebody wants it to stop, or it ends by itself.
    fn run_while_valid(&self, pass: &Pass<'_>) -> Option<GuestEvent> {
        let mut vcpu = lock(&self.vcpu);
        while pass.is_valid() {
            let event = run_once(&mut vcpu, &*self.bus, &self.exits);
            if event.is_some() {
                return event;
            }
        }
        None
    }
}

/// Runs the guest until it needs something, and serves that. Returns what ends this vCPU's work.
fn run_once(vcpu: &mut VcpuFd, bus: &dyn Bus, exits: &VcpuExits) -> Option<GuestEvent> {
    let exit = vcpu.run();
    let _handling = exits.begin(reason(&exit));
    match exit {
        Ok(VcpuExit::MmioRead(address, data)) => bus.read(address, data),
        Ok(VcpuExit::MmioWrite(address, data)) => bus.write(address, data),
        Ok(VcpuExit::IoIn(port, data)) => {
            data.chunks_mut(element(data.len())).for_each(|data| bus.port_read(port, data));
        }
        Ok(VcpuExit::IoOut(port, data)) => {
            data.chunks(element(data.len())).for_each(|data| bus.port_write(port, data));
        }
        Ok(VcpuExit::Shutdown) => return Some(GuestEvent::Reset),
        Ok(VcpuExit::SystemEvent(KVM_SYSTEM_EVENT_SHUTDOWN, _)) => return Some(GuestEvent::PowerOff),
        Ok(VcpuExit::SystemEvent(KVM_SYSTEM_EVENT_RESET, _)) => return Some(GuestEvent::Reset),
        Ok(VcpuExit::Intr | VcpuExit::Hlt) => {}
        Ok(other) => {
            let exit = format!("{other:?}");
            return Some(GuestEvent::Crash(describe(vcpu, &exit)));
        }
        Err(error) if error.errno() == libc::EINTR => vcpu.set_kvm_immediate_exit(0),
        Err(error) if error.errno() == libc::EAGAIN => {}
        Err(error) => return Some(GuestEvent::Crash(describe(vcpu, &format!("KVM_RUN: {error}")))),
    }
    None
}

fn reason(exit: &Result<VcpuExit<'_>, kvm_ioctls::Error>) -> ExitReason {
    match exit {
        Ok(VcpuExit::MmioRead(..)) => ExitReason::MmioRead,
        Ok(VcpuExit::MmioWrite(..)) => ExitReason::MmioWrite,
        Ok(VcpuExit::IoIn(..)) => ExitReason::PortRead,
        Ok(VcpuExit::IoOut(..)) => ExitReason::PortWrite,
        Ok(VcpuExit::Hlt) => ExitReason::Halt,
        Ok(VcpuExit::Intr) => ExitReason::Interrupted,
        Ok(VcpuExit::Shutdown | VcpuExit::SystemEvent(..)) => ExitReason::Shutdown,
        Err(error) if error.errno() == libc::EINTR => ExitReason::Interrupted,
        Ok(_) | Err(_) => ExitReason::Other,
    }
}

/// Bytes of each element of a port access of `length` bytes: more than four come from a string instruction, and the only
/// ports of this machine where that makes sense are a byte wide.
fn element(length: usize) -> usize {
    if length <= 4 { length.max(1) } else { 1 }
}

fn describe(vcpu: &VcpuFd, exit: &str) -> String {
    match vcpu.get_regs() {
        Ok(regs) => format!("{exit} at instruction {:#x}", regs.rip),
        Err(_) => exit.to_owned(),
    }
}
