//! device.json: devices that come and go.

use qapi_schema::device::requests::DeviceDel;
use qapi_schema::device::{self, DeviceCommands};
use qapi_schema::runtime::{Command, Empty, Error, ErrorClass, Reply};
use serde_json::{Map, Value};
use virtio_core::DeviceOptions;

use crate::bus_devices::plug;
use crate::devices::{bus_device_type, is_kind, new_on_bus};
use crate::machine::Machine;

/// The members that the schema declares, all of them strings.
const DECLARED: [&str; 3] = ["driver", "bus", "id"];

/// The commands of the module; the arguments of `device_add` are read here, for they are whatever the device takes.
pub(crate) fn commands() -> Vec<Command<Machine>> {
    let device_add = Command {
        name: "device_add",
        allow_oob: false,
        allow_preconfig: false,
        success_response: true,
        features: &["json-cli", "json-cli-hotplug"],
        call: call_device_add,
    };
    [vec![device_add], device::commands()].concat()
}

fn call_device_add(machine: &Machine, arguments: Map<String, Value>, reply: &mut Reply) -> Result<(), Error> {
    let mut values = Vec::with_capacity(arguments.len());
    let mut driver = None;
    for (key, value) in arguments {
        let value = option_text(&key, value)?;
        if key == "driver" { driver = Some(value) } else { values.push((key, value)) }
    }
    let driver = driver.ok_or_else(|| Error::generic("Parameter 'driver' is missing"))?;
    device_add(machine, &driver, DeviceOptions::from_values(values))?;
    reply.write(&Empty)
}

/// A value as it would be written on the command line.
fn option_text(key: &str, value: Value) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text),
        _ if DECLARED.contains(&key) => Err(no_string(key)),
        Value::Bool(true) => Ok("on".to_owned()),
        Value::Bool(false) => Ok("off".to_owned()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(no_string(key)),
    }
}

fn no_string(key: &str) -> Error {
    Error::generic(format!("Invalid parameter type for '{key}', expected: string"))
}

/// Puts a device on a bus.
///
/// # Errors
/// As the schema says.
pub(crate) fn device_add(machine: &Machine, driver: &str, options: DeviceOptions) -> Result<(), Error> {
    let Some(device_type) = bus_device_type(driver) else {
        return Err(Error::generic(match is_kind(driver) {
            true => no_hotplug(machine.own_bus()),
            false => format!("'{driver}' is not a valid device model name"),
        }));
    };
    let _only = machine.plugging();
    plug(machine.objects(), new_on_bus(device_type, options))
        .map_err(|error| Error::generic(error.to_client(driver)))
}

fn no_hotplug(bus: &str) -> String {
    format!("Bus '{bus}' does not support hotplugging")
}

impl DeviceCommands for Machine {
    fn device_del(&self, arguments: DeviceDel) -> Result<(), Error> {
        let _only = self.plugging();
        let wanted = arguments.id.as_str();
        let is_wanted = |id: Option<&str>, path: &str| id == Some(wanted) || path == wanted;
        let found =
            self.objects().on_buses().find(|(_, device)| is_wanted(device.id.as_deref(), &device.path));
        if found.is_some_and(|(bus, device)| bus.unplug(&device.path)) {
            return Ok(());
        }
        match self.objects().devices().iter().any(|device| is_wanted(device.id(), &device.path)) {
            true => Err(Error::generic(no_hotplug(self.own_bus()))),
            false => Err(Error::new(ErrorClass::DeviceNotFound, format!("Device '{wanted}' not found"))),
        }
    }
}
