//! balloon.json: how much memory the guest has, and what it says of it.

use std::sync::Arc;

use qapi_schema::balloon::requests::{Balloon, SetGuestMemoryInterval};
use qapi_schema::balloon::{BalloonCommands, BalloonInfo, GuestMemoryInfo};
use qapi_schema::runtime::{Error, ErrorClass};
use virtio_core::roles::MemoryTarget;
use vm_memory::{GuestMemoryBackend, GuestMemoryRegion};

use crate::machine::Machine;

impl BalloonCommands for Machine {
    fn balloon(&self, arguments: Balloon) -> Result<(), Error> {
        let target = the_balloon(self)?;
        let wanted = u64::try_from(arguments.value).ok().filter(|value| *value > 0);
        let wanted = wanted.ok_or_else(|| Error::generic("Parameter 'target' expects a size"))?;
        target.request(memory_size(self).saturating_sub(wanted));
        Ok(())
    }

    fn query_balloon(&self) -> Result<BalloonInfo, Error> {
        let actual = memory_size(self).saturating_sub(the_balloon(self)?.given_up());
        Ok(BalloonInfo { actual: i64::try_from(actual).unwrap_or(i64::MAX) })
    }

    fn query_guest_memory(&self) -> Result<Vec<GuestMemoryInfo>, Error> {
        let info = |(path, target): (&str, &Arc<dyn MemoryTarget>)| GuestMemoryInfo {
            path: path.to_owned(),
            requested: target.requested(),
            given_up: target.given_up(),
            interval: target.statistics_interval(),
            statistics: target.statistics(),
        };
        Ok(balloons(self).map(info).collect())
    }

    fn set_guest_memory_interval(&self, arguments: SetGuestMemoryInterval) -> Result<(), Error> {
        let target = match &arguments.path {
            None => the_balloon(self)?,
            Some(path) => balloons(self)
                .find_map(|(found, target)| (found == path).then_some(target))
                .ok_or_else(|| Error::generic(format!("Path {path} is not a memory balloon")))?,
        };
        target.set_statistics_interval(arguments.seconds).map_err(|error| Error::generic(error.to_string()))
    }
}

/// The devices by which the guest can be asked for memory, and their paths.
fn balloons(machine: &Machine) -> impl Iterator<Item = (&str, &Arc<dyn MemoryTarget>)> {
    let devices = machine.objects().devices().iter();
    devices.filter_map(|device| Some((&*device.path, device.roles.memory_target.as_ref()?)))
}

/// The one that commands without a path are about.
fn the_balloon(machine: &Machine) -> Result<&Arc<dyn MemoryTarget>, Error> {
    let first = balloons(machine).next().map(|(_, target)| target);
    first.ok_or_else(|| Error::new(ErrorClass::DeviceNotActive, "No balloon device has been activated"))
}

/// The machine's memory, in bytes.
fn memory_size(machine: &Machine) -> u64 {
    machine.memory().iter().map(GuestMemoryRegion::len).sum()
}
