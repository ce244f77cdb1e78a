//! `--device net,…`: from options to a device.

use virtio_core::options::{DeviceOptions, DeviceType, OptionHelp};
use virtio_core::{Device, DeviceError};

use crate::device::Net;
use crate::features::DEVICE_KIND;
use crate::loopback;
use crate::mac::MacAddress;
use crate::tap;

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    name: "net",
    aliases: &["network"],
    summary: "network card: a tap interface of the host, or a wire that leads back to the guest",
    options: &[
        OptionHelp {
            name: "tap",
            value: "NAME",
            meaning: "interface of the host, created if missing; without it frames sent come back as received",
        },
        OptionHelp {
            name: "mac",
            value: "ADDRESS",
            meaning: "MAC address; default one made up at every start",
        },
    ],
    build,
};

fn build(options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    let mac = options.take_parsed(
        "mac",
        "six hexadecimal bytes such as 52:54:00:12:34:56, not a multicast address and not all zero",
        MacAddress::parse,
    )?;
    let mac = match mac {
        Some(mac) => mac,
        None => MacAddress::random().map_err(DeviceError::io("cannot make up a MAC address"))?,
    };
    let link = match options.take("tap") {
        Some(name) => tap::open(&name).map_err(|error| DeviceError::Device(Box::new(error)))?,
        None => loopback::open().map_err(DeviceError::io("cannot create the loop"))?,
    };
    Ok(Box::new(Net::new(link, mac)))
}
