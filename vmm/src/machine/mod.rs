//! The machine: memory, bus, devices, accelerator and run state put together.

mod assembly;
mod hardware;

use std::sync::{Arc, Mutex, MutexGuard};

use boot::{InitialState, Platform};
use monitor_qmp::Events;
use qapi_schema::machine::{Powerdown, Reset, Resume, RunState, Shutdown, ShutdownCause, Stop};
use stats::Registry;
use vm_memory::{Bytes, GuestAddress};
use vmm_sys_util::eventfd::EventFd;

pub use assembly::{AttachError, MachineError};
use hardware::Hardware;

use crate::accelerator::{Accelerator, AcceleratorError, GuestEvent, GuestMemory, Launch};
use crate::bus::{Bus, lock};
use crate::command_line::Settings;
use crate::machine_requests::MachineRequests;
use crate::object_tree::ObjectTree;
use crate::payload::{Payload, PayloadError};
use crate::program::say;
use crate::run_control::{CannotGoOn, RunControl};
use crate::serial::{SerialLine, SerialPlace};
use crate::shutdown::ShutdownRequest;
use crate::subscriptions::Subscriptions;

/// A machine. Monitors see it through the command traits that `commands` implements.
pub struct Machine {
    settings: Settings,
    memory: GuestMemory,
    bus: Arc<Bus>,
    objects: ObjectTree,
    control: RunControl<Hardware>,
    statistics: Registry,
    subscriptions: Subscriptions,
    events: Arc<Events>,
    shutdown: ShutdownRequest,
    accelerator_reason: String,
    requests: Arc<MachineRequests>,
    ends_at_reset: bool,
    /// Written to, it is pressed.
    power_button: EventFd,
    payload: Payload,
    platform: Platform,
    /// Where the payload that is in memory begins.
    entry: InitialState,
    host_cpus: Vec<u16>,
    /// Held while a device is put on a bus or taken off one.
    plugging: Mutex<()>,
    /// Taken down when the machine ends, not when the last client's thread lets go of the machine.
    serial_line: Mutex<Option<SerialLine>>,
    serial: SerialPlace,
}

/// A machine that cannot begin anew.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// What the guest begins with cannot be put into memory.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// The vCPUs cannot be reset.
    #[error(transparent)]
    Accelerator(#[from] AcceleratorError),
}

impl Machine {
    /// Starts the vCPUs, paused if the machine was to be.
    ///
    /// # Errors
    /// The accelerator's own.
    pub fn start(&self) -> Result<(), AcceleratorError> {
        let request = Arc::clone(&self.requests);
        self.accelerator().start(Launch {
            bus: Arc::clone(&self.bus) as _,
            events: Arc::new(move |event| request.ask(event)),
            entry: self.entry,
            host_cpus: self.host_cpus.clone(),
            paused: self.run_state() == RunState::Prelaunch,
        })
    }

    /// Stops everything for good: no vCPU runs and no device works any more.
    pub fn end(&self) {
        self.control.shut_down();
        self.accelerator().shutdown();
        drop(lock(&self.serial_line).take());
    }

    /// What the machine is called.
    pub fn name(&self) -> Option<&str> {
        self.settings.name.as_deref()
    }

    /// What was asked for when it was built.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What runs the guest.
    pub fn accelerator(&self) -> &dyn Accelerator {
        self.control.parts().accelerator()
    }

    /// Which accelerator was taken and why, for people.
    pub fn accelerator_reason(&self) -> &str {
        &self.accelerator_reason
    }

    /// What is at the other end of the serial port's line.
    pub fn serial(&self) -> &SerialPlace {
        &self.serial
    }

    /// The devices.
    pub fn objects(&self) -> &ObjectTree {
        &self.objects
    }

    /// While somebody holds this, nobody else puts a device on a bus or takes one off.
    pub(crate) fn plugging(&self) -> MutexGuard<'_, ()> {
        lock(&self.plugging)
    }

    /// What QEMU calls the bus on which the machine's own devices are, to which none can be added while it runs.
    pub(crate) fn own_bus(&self) -> &'static str {
        if self.platform.pci.is_some() { "pcie.0" } else { "main-system-bus" }
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

    /// The clients that follow statistics.
    pub fn subscriptions(&self) -> &Subscriptions {
        &self.subscriptions
    }

    /// Whether the guest runs, and why not.
    pub fn run_state(&self) -> RunState {
        self.control.state()
    }

    /// Stops the guest; nothing happens if it does not run.
    pub fn pause(&self) {
        self.control.stop(RunState::Paused, || self.events.emit(&Stop));
    }

    /// Lets the guest run; nothing happens if it does. Every stop that a device has asked for is then over, even one that has
    /// not come yet: it comes now, for whoever asks for this has heard of the error, and what failed is to be tried again.
    ///
    /// # Errors
    /// It has ended.
    pub fn resume(&self) -> Result<(), CannotGoOn> {
        self.stop_for_error();
        self.control.cont(|| {
            // Asked for when the devices settled for a stop that came first.
            self.requests.take_stop_for_error();
            let devices = self.objects.devices().iter();
            devices
                .filter_map(|device| device.roles.storage.as_ref())
                .for_each(|disks| disks.forget_errors());
            self.events.emit(&Resume);
        })
    }

    /// Asks for the end of the machine, which then comes from the thread that waits for it. Only the first cause
    /// is told to clients.
    pub fn request_shutdown(&self, cause: ShutdownCause) {
        self.shutdown.ask(cause, || {
            self.events.emit(&Shutdown { guest: is_of_guest(cause), reason: cause });
        });
    }

    /// Turns readable when the machine is to end.
    pub fn shutdown_request(&self) -> &ShutdownRequest {
        &self.shutdown
    }

    /// Copies guest memory; false, with `data` in part overwritten, if not all of it is memory.
    pub fn read_memory(&self, address: u64, data: &mut [u8]) -> bool {
        self.memory.read_slice(data, GuestAddress(address)).is_ok()
    }

    /// Turns readable when the guest or a device wants something of the machine, which [`Machine::serve_request`] then
    /// does.
    pub fn requests(&self) -> &MachineRequests {
        &self.requests
    }

    /// Does what is wanted, if something is.
    pub fn serve_request(&self) {
        self.requests.begin_look();
        self.stop_for_error();
        if let Some(event) = self.requests.of_guest() {
            self.serve_guest(event);
        }
    }

    /// Stops the guest if a device has asked for it.
    fn stop_for_error(&self) {
        let wanted = || self.requests.take_stop_for_error();
        self.control.stop_if(wanted, RunState::IoError, || self.events.emit(&Stop));
    }

    fn serve_guest(&self, event: GuestEvent) {
        match event {
            GuestEvent::PowerOff => self.request_shutdown(ShutdownCause::GuestShutdown),
            GuestEvent::Reset if self.ends_at_reset => self.request_shutdown(ShutdownCause::GuestReset),
            GuestEvent::Reset => {
                if let Err(error) = self.reset(ShutdownCause::GuestReset) {
                    say(&format!("ringscope: the machine cannot be reset: {error}\n"));
                }
            }
            GuestEvent::Crash(reason) => self.fail(&reason),
        }
    }

    /// Has the guest begin anew, as after switching on. A machine that is stopped stays so.
    ///
    /// # Errors
    /// What the guest begins with cannot be loaded again; the machine is then stopped, and failed.
    pub fn reset(&self, reason: ShutdownCause) -> Result<(), ResetError> {
        let reset = || {
            self.requests.clear();
            self.bus.reset();
            let entry = self.payload.load(&self.memory, &self.platform)?;
            self.accelerator().reset(&entry)?;
            self.events.emit(&Reset { guest: is_of_guest(reason), reason });
            Ok::<_, ResetError>(())
        };
        self.control.reset(reset).inspect_err(|_| self.events.emit(&Stop))
    }

    /// The guest cannot go on; it is kept as it is, for people to look at.
    fn fail(&self, reason: &str) {
        if self.control.stop(RunState::InternalError, || self.events.emit(&Stop)) {
            say(&format!("ringscope: the guest cannot go on: {reason}\n"));
        }
    }

    /// Presses the power button: a guest that listens to it will switch itself off.
    pub fn press_power_button(&self) {
        // Fails only when the counter is full, and then the guest has not noticed the last time yet.
        let _ = self.power_button.write(1);
        self.events.emit(&Powerdown);
    }
}

/// Whether the guest wanted it.
fn is_of_guest(cause: ShutdownCause) -> bool {
    matches!(cause, ShutdownCause::GuestShutdown | ShutdownCause::GuestReset)
}

#[cfg(test)]
mod tests;
