//! `--device vsock,…`: from options to a device.

use std::path::PathBuf;

use virtio_core::options::{DeviceOptions, DeviceType, OptionHelp, OptionsError};
use virtio_core::{Device, DeviceError};

use crate::config::GuestCid;
use crate::details::DETAILS;
use crate::device::Vsock;
use crate::features::DEVICE_KIND;

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    details: &DETAILS,
    name: "vsock",
    aliases: &[],
    summary: "sockets between programs in the guest and programs on the host",
    options: &[
        OptionHelp {
            name: "path",
            value: "PATH",
            meaning: "the unix socket where programs of the host connect and say 'CONNECT PORT'; a program of the guest \
                      that connects to port N of the host gets to whoever listens at PATH_N; required",
        },
        OptionHelp { name: "cid", value: "NUMBER", meaning: "the guest's address; default 3" },
    ],
    build,
};

/// The longest name of a unix socket, in bytes.
const LONGEST_PATH: usize = 107;
/// What follows PATH at most: the largest port.
const LONGEST_PORT: usize = "_4294967295".len();

fn build(options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    let accepted = "a number from 3 to 4294967294";
    let cid = options.take_parsed("cid", accepted, |text| GuestCid::new(text.parse().ok()?))?;
    let path = PathBuf::from(options.require("path")?);
    if path.as_os_str().len() > LONGEST_PATH - LONGEST_PORT {
        let accepted = format!("a path of up to {} bytes", LONGEST_PATH - LONGEST_PORT);
        return Err(
            OptionsError::Value { key: "path".into(), value: path.display().to_string(), accepted }.into()
        );
    }
    let device = Vsock::new(cid.unwrap_or(GuestCid::FIRST), &path);
    Ok(Box::new(device.map_err(DeviceError::io(format!("cannot listen at '{}'", path.display())))?))
}
