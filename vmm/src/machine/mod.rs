//! The machine: memory, bus, devices, accelerator and run state put together.

mod assembly;
mod hardware;

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use monitor_qmp::Events;
use qapi_schema::machine::{Resume, RunState, Shutdown, ShutdownCause, Stop};
use stats::Registry;
use vm_memory::{Bytes, GuestAddress};

pub use assembly::{AttachError, MachineError};
use hardware::Hardware;

use crate::accelerator::{Accelerator, AcceleratorError, GuestEvent, GuestEventHandler, GuestMemory, Launch};
use crate::bus::Bus;
use crate::object_tree::ObjectTree;
use crate::program::say;
use crate::run_control::{CannotGoOn, RunControl};
use crate::shutdown::ShutdownRequest;
use crate::socket_file::SocketFile;

/// A machine. Monitors see it through the command traits that `commands` implements.
pub struct Machine {
    name: Option<String>,
    memory: GuestMemory,
    bus: Arc<Bus>,
    objects: ObjectTree,
    control: RunControl<Hardware>,
    statistics: Registry,
    events: Arc<Events>,
    shutdown: ShutdownRequest,
    accelerator_reason: String,
    /// Removed when the machine ends, not when the last client's thread lets go of the machine.
    serial_socket: Mutex<Option<SocketFile>>,
}

impl Machine {
    /// Starts the vCPUs, paused if the machine was to be.
    ///
    /// # Errors
    /// The accelerator's own.
    pub fn start(self: &Arc<Self>) -> Result<(), AcceleratorError> {
        let paused = self.run_state() == RunState::Prelaunch;
        let bus = Arc::clone(&self.bus) as _;
        self.accelerator().start(Launch { bus, events: self.guest_events(), paused })
    }

    /// Stops everything for good: no vCPU runs and no device works any more.
    pub fn end(&self) {
        self.control.shut_down();
        self.accelerator().shutdown();
        drop(self.serial_socket.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// What the machine is called.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// What runs the guest.
    pub fn accelerator(&self) -> &dyn Accelerator {
        self.control.parts().accelerator()
    }

    /// Which accelerator was taken and why, for people.
    pub fn accelerator_reason(&self) -> &str {
        &self.accelerator_reason
    }

    /// The devices.
    pub fn objects(&self) -> &ObjectTree {
        &self.objects
    }

    /// The guest's memory.
    pub fn memory(&self) -> &GuestMemory {
        &self.memory
    }

    /// Where the guest's accesses outside of memory go.
    pub fn bus(&self) -> &Bus {
        &self.bus
    }

    /// Everything that has statistics.
    pub fn statistics(&self) -> &Registry {
        &self.statistics
    }

    /// Whether the guest runs, and why not.
    pub fn run_state(&self) -> RunState {
        self.control.state()
    }

    /// Stops the guest; nothing happens if it does not run.
    pub fn pause(&self) {
        self.control.stop(RunState::Paused, || self.events.emit(&Stop));
    }

    /// Lets the guest run; nothing happens if it does.
    ///
    /// # Errors
    /// It has ended.
    pub fn resume(&self) -> Result<(), CannotGoOn> {
        self.control.cont(|| self.events.emit(&Resume))
    }

    /// Asks for the end of the machine, which then comes from the thread that waits for it. Only the first cause
    /// is told to clients.
    pub fn request_shutdown(&self, cause: ShutdownCause) {
        if self.shutdown.ask(cause) {
            let guest = matches!(cause, ShutdownCause::GuestShutdown | ShutdownCause::GuestReset);
            self.events.emit(&Shutdown { guest, reason: cause });
        }
    }

    /// Turns readable when the machine is to end.
    pub fn shutdown_request(&self) -> &ShutdownRequest {
        &self.shutdown
    }

    /// Copies guest memory; false, with `data` in part overwritten, if not all of it is memory.
    pub fn read_memory(&self, address: u64, data: &mut [u8]) -> bool {
        self.memory.read_slice(data, GuestAddress(address)).is_ok()
    }

    /// What happens when the guest ends by itself. A reset ends the machine too: the built-in guest would only do
    /// the same again.
    fn guest_events(self: &Arc<Self>) -> GuestEventHandler {
        // Weak, for the machine owns the accelerator that owns this.
        let machine = Arc::downgrade(self);
        Arc::new(move |event| {
            let Some(machine) = machine.upgrade() else { return };
            match event {
                GuestEvent::PowerOff => machine.request_shutdown(ShutdownCause::GuestShutdown),
                GuestEvent::Reset => machine.request_shutdown(ShutdownCause::GuestReset),
                // The vCPU that reports it cannot wait for itself to pause.
                GuestEvent::Crash(reason) => drop(thread::spawn(move || machine.guest_crashed(&reason))),
            }
        })
    }

    /// The guest is kept as it is, for people to look at.
    fn guest_crashed(&self, reason: &str) {
        if self.control.stop(RunState::InternalError, || self.events.emit(&Stop)) {
            say(&format!("ringscope: the guest cannot go on: {reason}\n"));
        }
    }
}

#[cfg(test)]
mod tests;
