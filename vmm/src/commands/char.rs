//! char.json: what carries characters between the guest and the host.

use qapi_schema::char::{CharCommands, ChardevInfo};
use qapi_schema::runtime::Error;

use crate::machine::Machine;
use crate::serial::SerialPlace;

impl CharCommands for Machine {
    fn query_chardev(&self) -> Result<Vec<ChardevInfo>, Error> {
        let of_devices = self.objects().devices().iter().filter_map(|device| device.roles.character.as_ref());
        let serial = (*self.serial() != SerialPlace::None).then(|| ChardevInfo {
            label: "serial0".to_owned(),
            filename: self.serial().to_string(),
            // A serial port has no way to tell.
            frontend_open: true,
        });
        Ok(serial.into_iter().chain(of_devices.flat_map(|ends| ends.ends())).collect())
    }
}
