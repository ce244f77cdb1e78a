//! `--device net,…`: from options to a device.

use virtio_core::limit_options::LIMIT;
use virtio_core::options::{DeviceOptions, DeviceType, OptionHelp};
use virtio_core::{Device, DeviceError};

use crate::config::{MAXIMUM_PAIRS, Properties, Speed};
use crate::details::DETAILS;
use crate::device::Net;
use crate::features::DEVICE_KIND;
use crate::mac::MacAddress;
use crate::tap::open_tap;
use crate::wires::open_loopback;

/// The smallest MTU that IPv4 allows, which the specification demands as well (5.1.4.1).
const SMALLEST_MTU: u64 = 68;
/// The largest speed that the specification has a number for.
const LARGEST_SPEED: u64 = 0x7fff_ffff;

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    details: &DETAILS,
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
        OptionHelp {
            name: "queues",
            value: "COUNT",
            meaning: "pairs of queues, 1 to 64, each with a thread of its own; default 1",
        },
        OptionHelp {
            name: "mtu",
            value: "BYTES",
            meaning: "largest packet that the driver is to send; default: it is not told",
        },
        OptionHelp {
            name: "speed",
            value: "MEGABITS",
            meaning: "what the driver is told of the wire's speed in Mbit/s; default: nothing",
        },
        OptionHelp {
            name: "duplex",
            value: "half|full",
            meaning: "what the driver is told of the wire's directions; default: nothing",
        },
        LIMIT.help,
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
    let pairs = options.take_number("queues", 1..=MAXIMUM_PAIRS.into())?;
    let pairs = pairs.and_then(|pairs| u16::try_from(pairs).ok()).unwrap_or(1);
    let properties = take_properties(options)?;
    let limits = LIMIT.take(options)?;
    let link = match options.take("tap") {
        Some(name) => open_tap(&name, pairs).map_err(|error| DeviceError::Device(Box::new(error)))?,
        None => open_loopback(pairs).map_err(DeviceError::io("cannot create the loop"))?,
    };
    let net = Net::with_properties(link, mac, properties);
    let net = net.map_err(DeviceError::io("cannot create an event descriptor"))?;
    net.limiter().set(limits).map_err(|error| DeviceError::Device(Box::new(error)))?;
    Ok(Box::new(net))
}

fn take_properties(options: &mut DeviceOptions) -> Result<Properties, DeviceError> {
    let mtu = options.take_number("mtu", SMALLEST_MTU..=u16::MAX.into())?;
    let speed = options.take_number("speed", 0..=LARGEST_SPEED)?;
    let duplex = options.take_parsed("duplex", "half or full", |text| match text {
        "half" => Some(0),
        "full" => Some(1),
        _ => None,
    })?;
    let megabits = speed.and_then(|speed| u32::try_from(speed).ok()).unwrap_or(u32::MAX);
    let told = speed.is_some() || duplex.is_some();
    Ok(Properties {
        mtu: mtu.and_then(|mtu| u16::try_from(mtu).ok()),
        speed: told.then_some(Speed { megabits, duplex: duplex.unwrap_or(u8::MAX) }),
    })
}
