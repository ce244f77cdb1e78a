//! `--device console,…`: from options to a device.

use virtio_core::options::{DeviceOptions, DeviceType, OptionHelp};
use virtio_core::{Device, DeviceError};

use crate::config::ScreenSize;
use crate::device::Console;
use crate::endpoint::{Input, Output};
use crate::features::DEVICE_KIND;

/// The entry in the machine's list of devices.
pub static DEVICE_TYPE: DeviceType = DeviceType {
    kind: &DEVICE_KIND,
    name: "console",
    aliases: &["serial"],
    summary: "console: one port for the guest's output and input",
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
        OptionHelp { name: "size", value: "COLUMNSxROWS", meaning: "size of the screen; default not told" },
    ],
    build,
};

fn build(options: &mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError> {
    let output = options.take_parsed("output", "stdout, stderr, file:PATH or null", Output::parse)?;
    let input = options.take_parsed("input", "stdin, file:PATH or null", Input::parse)?;
    let size = options.take_parsed("size", "COLUMNSxROWS such as 80x25", ScreenSize::parse)?;
    let output = output.unwrap_or(Output::Stdout);
    let input = input.unwrap_or(Input::Null);
    let output_file =
        output.open().map_err(DeviceError::io(format!("cannot write console output to {output}")))?;
    let input_file =
        input.open().map_err(DeviceError::io(format!("cannot read console input from {input}")))?;
    Ok(Box::new(Console::new(output_file, input_file, size)))
}
