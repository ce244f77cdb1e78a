// Written by `cargo xtask codegen` from `qapi-schema/schema/device.json`; change nothing here.

//! Commands, from the server's side, of `device.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};
use super::requests;

/// The commands of `device.json`.
pub trait DeviceCommands {
    /// Takes a device off its bus.  What the guest has under way with it is brought to an end; event `DEVICE_DELETED`
    /// tells when it is gone.
    ///
    /// # Errors
    ///
    /// - DeviceNotFound if there is no such device
    /// - GenericError if it has to stay as long as the machine
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "device_del", "arguments": { "id": "disk9" } }
    /// <- { "return": {} }
    /// ```
    fn device_del(&self, arguments: requests::DeviceDel) -> Result<(), Error>;
}

/// The table of the commands of `device.json`.
pub fn commands<H: DeviceCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "device_del",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_device_del::<H>,
        },
    ])
}

fn call_device_del<H: DeviceCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    handler.device_del(decode::arguments(arguments)?)?;
    reply.write(&Empty)
}
