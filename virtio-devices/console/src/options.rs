//! `--device console,…`: from options to a device.

use virtio_core::options::{DeviceOptions, DeviceType, OptionHelp, OptionsError};
use virtio_core::{Device, DeviceError};

use crate::config::{MAX_PORTS, ScreenSize};
use crate::details::DETAILS;
use crate::device::Console;
use crate::endpoint::{Endpoint, Input, Output};
use crate::features::DEVICE_KIND;
use crate::host_end::HostEnd;
use crate::port::Port;

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
    ],
    build,
};

const CONSOLE_PATTERN: &str = "console.NAME";
const PORT_PATTERN: &str = "port.NAME";
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
    Ok(Box::new(Console::new(first, others)))
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
    if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(refused(pattern, name, "a name of 1 to 255 bytes without control characters"));
    }
    match Endpoint::parse(&text) {
        Some(endpoint) => Ok((name, open(&endpoint)?)),
        None => Err(refused(pattern, text, Endpoint::FORMS)),
    }
}

fn open(endpoint: &Endpoint) -> Result<HostEnd, DeviceError> {
    endpoint.open().map_err(DeviceError::io(format!("cannot open the port's end {endpoint}")))
}

fn refused(key: &'static str, value: String, accepted: &str) -> DeviceError {
    OptionsError::Value { key: key.into(), value, accepted: accepted.to_owned() }.into()
}
