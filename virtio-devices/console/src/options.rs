//! `--device console,…`: from options to a device.

use virtio_core::options::{DeviceOptions, DeviceType, OptionHelp, OptionsError};
use virtio_core::roles::{BusDeviceType, Plugged};
use virtio_core::{Device, DeviceError};

use crate::config::{MAX_PORTS, ScreenSize};
use crate::details::DETAILS;
use crate::device::Console;
use crate::endpoint::{Endpoint, Input, Output};
use crate::features::DEVICE_KIND;
use crate::host_end::HostEnd;
use crate::port::Port;
use crate::ports::Ports;

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    details: &DETAILS,
    name: "console",
    aliases: &["serial"],
    summary: "console: a port for what the guest's kernel prints, and further ports with names",
    options: &[
        OptionHelp {
            name: "output",
            value: "stdout|stderr|file:PATH|null",
            meaning: "where output goes; a file is appended to; default stdout",
        },
        OptionHelp {
            name: "input",
            value: "stdin|file:PATH|null",
            meaning: "where input comes from; the file has to be a terminal or a FIFO; default null",
        },
        OptionHelp {
            name: "port",
            value: "unix:PATH|stdio|file:PATH|null",
            meaning: "where output goes and input comes from, in place of the two; of unix: whoever is connected there",
        },
        OptionHelp { name: "size", value: "COLUMNSxROWS", meaning: "size of the screen; default not told" },
        OptionHelp {
            name: CONSOLE_PATTERN,
            value: "unix:PATH|stdio|file:PATH|null",
            meaning: "a further console, /dev/hvc1 and so on in Linux, in the order of their names",
        },
        OptionHelp {
            name: PORT_PATTERN,
            value: "unix:PATH|stdio|file:PATH|null",
            meaning: "a port for programs, /dev/virtio-ports/NAME in Linux",
        },
        OptionHelp {
            name: "max_ports",
            value: "N",
            meaning: "room for so many ports, from 2 to 64: a bus for virtconsole and virtserialport, which may come and go; \
                      default only those that are named here",
        },
    ],
    build,
};

/// The entry in the machine's list of what goes onto other devices' buses, for consoles.
pub static CONSOLE_TYPE: BusDeviceType = BusDeviceType {
    name: "virtconsole",
    bus_kind: BUS_KIND,
    summary: "further console on a console with room (max_ports)",
    options: &PORT_OPTIONS,
};

/// The same for ports.
pub static PORT_TYPE: BusDeviceType = BusDeviceType {
    name: "virtserialport",
    bus_kind: BUS_KIND,
    summary: "port for programs on a console with room (max_ports)",
    options: &PORT_OPTIONS,
};

const PORT_OPTIONS: [OptionHelp; 3] = [
    OptionHelp { name: "name", value: "NAME", meaning: "what the guest finds it by; has to be given" },
    OptionHelp {
        name: "port",
        value: "unix:PATH|stdio|file:PATH|null",
        meaning: "where output goes and input comes from; of unix: whoever is connected there; default null",
    },
    OptionHelp { name: "nr", value: "N", meaning: "its number, from 1; default the first that is free" },
];

/// What messages call the bus.
pub(crate) const BUS_KIND: &str = "virtio-serial-bus";

const CONSOLE_PATTERN: &str = "console.NAME";
const PORT_PATTERN: &str = "port.NAME";
const MAX_PORTS_NUMBER: u64 = MAX_PORTS as u64;
/// The longest name of a port, in bytes.
const LONGEST_NAME: usize = 255;

fn build(options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    let size = options.take_parsed("size", "COLUMNSxROWS such as 80x25", ScreenSize::parse)?;
    let first = Port::console(None, first_end(options)?, size);
    let mut others = Vec::new();
    for (name, text) in options.take_family("console.", CONSOLE_PATTERN) {
        let (name, end) = named_end(CONSOLE_PATTERN, name, text)?;
        others.push(Port::console(Some(name), end, None));
    }
    for (name, text) in options.take_family("port.", PORT_PATTERN) {
        let (name, end) = named_end(PORT_PATTERN, name, text)?;
        if others.iter().any(|port| port.name() == Some(&name)) {
            return Err(refused(PORT_PATTERN, name, "a name that no console has"));
        }
        others.push(Port::serial(name, end));
    }
    if others.len() >= MAX_PORTS {
        let accepted = format!("up to {} of them", MAX_PORTS - 1);
        return Err(refused(PORT_PATTERN, format!("given {} times", others.len()), &accepted));
    }
    let least = u64::try_from(others.len()).unwrap_or(u64::MAX).saturating_add(1).max(2);
    let room = options.take_number("max_ports", least..=MAX_PORTS_NUMBER)?.unwrap_or(0);
    let console = Console::with_room(first, others, usize::try_from(room).unwrap_or(MAX_PORTS));
    Ok(Box::new(console.map_err(DeviceError::io("cannot create an event descriptor"))?))
}

/// A port that is asked for.
#[derive(Debug)]
pub(crate) struct PortOptions {
    device_type: &'static BusDeviceType,
    name: String,
    number: Option<usize>,
    endpoint: Endpoint,
}

impl PortOptions {
    /// Takes the options out.
    ///
    /// # Errors
    /// An option has a value that it cannot have.
    pub(crate) fn take(
        device_type: &'static BusDeviceType,
        options: &mut DeviceOptions,
    ) -> Result<Self, DeviceError> {
        let name = checked_name("name", options.require("name")?)?;
        let number = options.take_number("nr", 1..=MAX_PORTS_NUMBER - 1)?;
        let endpoint = options.take_parsed("port", Endpoint::FORMS, Endpoint::parse)?;
        let number = number.and_then(|number| usize::try_from(number).ok());
        Ok(Self { device_type, name, number, endpoint: endpoint.unwrap_or(Endpoint::Null) })
    }

    /// The port, and a number that none of `others` has.
    ///
    /// # Errors
    /// There is no such number, another port has the name, or the host's end cannot be had.
    pub(crate) fn make(
        self,
        id: Option<&str>,
        path: &str,
        others: &Ports,
    ) -> Result<(usize, Port), DeviceError> {
        let Self { device_type, name, number, endpoint } = self;
        if others.all().any(|(_, port)| port.name() == Some(&name)) {
            return Err(refused("name", name, "a name that no port of the console has"));
        }
        let room = others.room();
        let is_free = |number: &usize| (1..room).contains(number) && others.get(*number).is_none();
        let number = number.or_else(|| (1..room).find(is_free)).unwrap_or(room);
        if !is_free(&number) {
            let accepted = format!("a number below {room} that no port has");
            return Err(refused("nr", number.to_string(), &accepted));
        }
        let end = open(&endpoint)?;
        let port = match device_type.name == CONSOLE_TYPE.name {
            true => Port::console(Some(name), end, None),
            false => Port::serial(name, end),
        };
        Ok((number, port.on_bus(Plugged::new(device_type, id, path))))
    }
}

/// The end of port 0.
fn first_end(options: &mut DeviceOptions) -> Result<HostEnd, DeviceError> {
    let both = options.take_parsed("port", Endpoint::FORMS, Endpoint::parse)?;
    let output = options.take_parsed("output", "stdout, stderr, file:PATH or null", Output::parse)?;
    let input = options.take_parsed("input", "stdin, file:PATH or null", Input::parse)?;
    if let Some(endpoint) = both {
        if output.is_some() || input.is_some() {
            return Err(refused("port", endpoint.to_string(), "this, or input and output"));
        }
        return open(&endpoint);
    }
    let output = output.unwrap_or(Output::Stdout);
    let input = input.unwrap_or(Input::Null);
    let output_file =
        output.open().map_err(DeviceError::io(format!("cannot write console output to {output}")))?;
    let input_file =
        input.open().map_err(DeviceError::io(format!("cannot read console input from {input}")))?;
    let name = if input == Input::Null { output.to_string() } else { format!("{output},{input}") };
    Ok(HostEnd::files(output_file, input_file, name))
}

/// The name and the end of a further port.
fn named_end(pattern: &'static str, name: String, text: String) -> Result<(String, HostEnd), DeviceError> {
    let name = checked_name(pattern, name)?;
    match Endpoint::parse(&text) {
        Some(endpoint) => Ok((name, open(&endpoint)?)),
        None => Err(refused(pattern, text, Endpoint::FORMS)),
    }
}

fn checked_name(key: &'static str, name: String) -> Result<String, DeviceError> {
    if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(refused(key, name, "a name of 1 to 255 bytes without control characters"));
    }
    Ok(name)
}

fn open(endpoint: &Endpoint) -> Result<HostEnd, DeviceError> {
    endpoint.open().map_err(DeviceError::io(format!("cannot open the port's end {endpoint}")))
}

fn refused(key: &'static str, value: String, accepted: &str) -> DeviceError {
    OptionsError::Value { key: key.into(), value, accepted: accepted.to_owned() }.into()
}
