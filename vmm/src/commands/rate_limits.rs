//! rate-limits.json: how much devices may do in a second.

use qapi_schema::rate_limits::requests::SetRateLimits;
use qapi_schema::rate_limits::{RateLimitsCommands, RateLimitsInfo};
use qapi_schema::runtime::{Error, ErrorClass};
use virtio_core::roles::Limited;

use crate::machine::Machine;

impl RateLimitsCommands for Machine {
    fn query_rate_limits(&self) -> Result<Vec<RateLimitsInfo>, Error> {
        Ok(limited(self).map(info).collect())
    }

    fn set_rate_limits(&self, SetRateLimits { path, limits }: SetRateLimits) -> Result<(), Error> {
        let found = limited(self).find(|limited| is_called(limited, &path));
        let found =
            found.ok_or_else(|| not_found(self, &path, &format!("Device '{path}' cannot be limited")))?;
        found.limiter.set(limits).map_err(|error| Error::generic(error.to_string()))
    }
}

/// Whether this is the id or the path of something that can be limited.
pub(super) fn is_called(limited: &Limited, name: &str) -> bool {
    limited.path == name || limited.id.as_deref() == Some(name)
}

/// Why nothing of this id or path was found: there is no such device, or it is `unfit`.
pub(super) fn not_found(machine: &Machine, name: &str, unfit: &str) -> Error {
    let is_meant = |id: Option<&str>, path: &str| id == Some(name) || path == name;
    let objects = machine.objects();
    let own = objects.devices().iter().any(|device| is_meant(device.id(), &device.path));
    if own || objects.on_buses().any(|(_, device)| is_meant(device.id.as_deref(), &device.path)) {
        return Error::generic(unfit);
    }
    Error::new(ErrorClass::DeviceNotFound, format!("Device '{name}' not found"))
}

/// What can be limited.
fn limited(machine: &Machine) -> impl Iterator<Item = Limited> {
    let devices = machine.objects().devices().iter();
    devices.filter_map(|device| device.roles.rate_limits.as_ref()).flat_map(|role| role.limited())
}

fn info(Limited { path, limiter, .. }: Limited) -> RateLimitsInfo {
    let held_back = limiter.held_back();
    RateLimitsInfo {
        path,
        limits: limiter.limits(),
        held_back_now: held_back.waiting(),
        held_back: held_back.ever(),
        held_back_time: held_back.nanoseconds(),
    }
}
