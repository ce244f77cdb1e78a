//! What is tried on a guest that runs. Each scenario is a file; all of them run on the same boot, in this order.
//!
//! [`Scenario`] has those that concern every guest; those of families of devices stand in
//! [`FAMILIES`](crate::families::FAMILIES). Those that run is a list of [`Trial`]s.

pub(crate) mod balloon;
pub(crate) mod block;
pub(crate) mod console;
mod device;
mod drivers;
mod endings;
mod features;
mod from_outside;
mod image;
mod introspection;
pub(crate) mod net;
mod rings;
pub(crate) mod rng;
pub(crate) mod scsi;
mod statistics;
mod trial;
pub(crate) mod vhost_user;
pub(crate) mod vsock;
mod workloads;

use drivers::devices;
pub(crate) use trial::{Trial, parser};

use crate::error::Error;
use crate::machine::Machine;

/// One of them, by its name on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Scenario {
    /// Every device is found by its driver, every processor by the kernel, and nothing worries the kernel
    Drivers,
    /// Disk, network, entropy, console and balloon work
    Workloads,
    /// Every query of the monitor, on every device and queue
    Introspection,
    /// What was negotiated, bit by bit, as the guest and as the monitor see it
    Features,
    /// The rings in the memory of a stopped guest, and what the monitor says of them
    Rings,
    /// Statistics grow with the guest's work
    Statistics,
    /// The same guest under QEMU, and every difference explained
    Compare,
    /// The guest is stopped in its work and goes on (ringscope only)
    Pause,
    /// The guest notices that its power button is pressed (ringscope only)
    PowerButton,
    /// The guest reboots and comes up again (ringscope only)
    Reboot,
    /// The guest is reset from outside and comes up again (ringscope only)
    Reset,
    /// The guest powers off, and the monitor ends
    PowerOff,
}

impl Scenario {
    /// All of them, in the order in which they run.
    pub(crate) const ALL: [Self; 12] = [
        Self::Drivers,
        Self::Workloads,
        Self::Introspection,
        Self::Features,
        Self::Rings,
        Self::Statistics,
        Self::Compare,
        Self::Pause,
        Self::PowerButton,
        Self::Reboot,
        Self::Reset,
        Self::PowerOff,
    ];

    /// What it is called in the lines that people see.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Drivers => "drivers",
            Self::Workloads => "workloads",
            Self::Introspection => "introspection",
            Self::Features => "features",
            Self::Rings => "rings",
            Self::Statistics => "statistics",
            Self::Compare => "compare",
            Self::Pause => "pause",
            Self::PowerButton => "power-button",
            Self::Reboot => "reboot",
            Self::Reset => "reset",
            Self::PowerOff => "power-off",
        }
    }

    /// It can be tried on a guest with any devices, not only on one with the five.
    pub(crate) fn fits_every_device(self) -> bool {
        matches!(self, Self::Introspection | Self::Pause | Self::Reboot | Self::Reset | Self::PowerOff)
    }

    /// It tells whether the monitor is right. Of the one that ours is compared with, only what it makes of the same guest
    /// matters.
    pub(crate) fn is_for_ours_alone(self) -> bool {
        matches!(self, Self::Pause | Self::PowerButton | Self::Reboot | Self::Reset)
    }

    /// Runs it; returns what is worth telling.
    ///
    /// # Errors
    /// Something is not as it has to be.
    pub(crate) fn run(self, machine: &mut Machine<'_>) -> Result<String, Error> {
        match self {
            Self::Drivers => drivers::run(machine),
            Self::Workloads => workloads::run(machine),
            Self::Introspection => introspection::run(machine),
            Self::Features => features::run(machine),
            Self::Rings => rings::run(machine),
            Self::Statistics => statistics::run(machine),
            // What is asked here is told when all guests have ended.
            Self::Compare => Ok(String::new()),
            Self::Pause => from_outside::pause(machine),
            Self::PowerButton => from_outside::power_button(machine),
            Self::Reboot => endings::reboot(machine),
            Self::Reset => from_outside::reset(machine),
            Self::PowerOff => endings::power_off(machine),
        }
    }
}
