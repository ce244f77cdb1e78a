//! The command line: its names are a contract that scripts rely on.
//!
//! `options.rs` holds the one list of options; parsing, help and error messages all read it.

mod error;
mod help;
mod options;

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Parser};

pub use error::CommandLineError;
pub use help::{help, version};

use crate::accelerator::Choice;
use crate::endpoint::{Endpoint, SocketAddress};
use crate::memory::HugePages;
use crate::monitors::MonitorAddress;
use crate::serial::SerialPlace;
use crate::transport::TransportKind;
use crate::uuid::Uuid;
use options::{OPTIONS, OptionRow, Takes};

/// What the command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// Run a machine.
    Run(Box<Settings>),
    /// Print the help.
    Help,
    /// Print name and version.
    Version,
    /// Print the device kinds and their options.
    DeviceHelp,
}

/// The machine that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The kernel to boot, instead of the built-in guest.
    pub kernel: Option<PathBuf>,
    /// Its initial RAM disk.
    pub initrd: Option<PathBuf>,
    /// Its command line.
    pub kernel_command_line: Option<String>,
    /// vCPUs.
    pub cpus: u8,
    /// The host's CPUs that vCPUs are bound to, in turn; none: they are not bound.
    pub host_cpus: Vec<u16>,
    /// Guest memory in bytes, a multiple of the page size.
    pub memory: u64,
    /// What kind of pages that is made of.
    pub huge_pages: HugePages,
    /// What runs the guest.
    pub accelerator: Choice,
    /// What the machine is called.
    pub name: Option<String>,
    /// By which number the machine is known everywhere.
    pub uuid: Option<Uuid>,
    /// Wait for `cont` before the guest's first instruction.
    pub paused: bool,
    /// End when the guest wants a reset.
    pub no_reboot: bool,
    /// The texts of `--device`, in order.
    pub devices: Vec<String>,
    /// How the guest finds them.
    pub transport: TransportKind,
    /// Where QMP is served.
    pub qmp: Vec<MonitorAddress>,
    /// Where the human monitor is served.
    pub hmp: Vec<MonitorAddress>,
    /// Where the statistics are served to Prometheus.
    pub metrics: Vec<SocketAddress>,
    /// What is at the other end of the guest's serial port.
    pub serial: SerialPlace,
    /// Whether the times of virtio requests are taken.
    pub stage_clocks: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            kernel: None,
            initrd: None,
            kernel_command_line: None,
            cpus: 1,
            host_cpus: Vec::new(),
            memory: 256 << 20,
            huge_pages: HugePages::Auto,
            accelerator: Choice::Auto,
            name: None,
            uuid: None,
            paused: false,
            no_reboot: false,
            devices: Vec::new(),
            transport: TransportKind::default(),
            qmp: Vec::new(),
            hmp: Vec::new(),
            metrics: Vec::new(),
            serial: SerialPlace::None,
            stage_clocks: true,
        }
    }
}

/// Reads the arguments behind the program's name.
///
/// # Errors
/// The first mistake, with the option, the value and what would be accepted.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Invocation, CommandLineError> {
    let mut parser = Parser::from_args(arguments);
    let mut settings = Settings::default();
    let mut seen: Vec<&str> = Vec::new();
    while let Some(row) = next_option(&mut parser)? {
        match row.takes {
            Takes::Nothing(apply) => apply(&mut settings),
            Takes::Value { apply, accepts, .. } => {
                let value = value_of(&mut parser, row, accepts)?;
                if !row.repeatable && seen.contains(&row.name) {
                    return Err(CommandLineError::Repeated { option: row.name, value });
                }
                seen.push(row.name);
                apply(&mut settings, &value).map_err(|reason| reason.of(row.name, value, accepts))?;
            }
            Takes::Question(invocation) => return Ok(invocation()),
        }
    }
    if settings.devices.iter().any(|device| device == "help" || device.ends_with(",help")) {
        return Ok(Invocation::DeviceHelp);
    }
    check_kernel(&settings)?;
    check_stdio(&settings)?;
    Ok(Invocation::Run(Box::new(settings)))
}

fn next_option(parser: &mut Parser) -> Result<Option<&'static OptionRow>, CommandLineError> {
    let argument = match parser.next() {
        Ok(None) => return Ok(None),
        Ok(Some(argument)) => argument,
        Err(lexopt::Error::UnexpectedValue { option, value }) => {
            return Err(CommandLineError::UnexpectedValue { option, value: lossy(value) });
        }
        Err(error) => return Err(CommandLineError::Unreadable(error)),
    };
    let row = match argument {
        Arg::Long(name) => OPTIONS.iter().find(|row| row.name == name),
        Arg::Short(letter) => OPTIONS.iter().find(|row| row.short == Some(letter)),
        Arg::Value(value) => return Err(CommandLineError::UnexpectedArgument { value: lossy(value) }),
    };
    match row {
        Some(row) => Ok(Some(row)),
        None => Err(CommandLineError::UnknownOption { option: written(&argument) }),
    }
}

fn written(argument: &Arg<'_>) -> String {
    match argument {
        Arg::Long(name) => format!("--{name}"),
        Arg::Short(letter) => format!("-{letter}"),
        Arg::Value(value) => value.to_string_lossy().into_owned(),
    }
}

fn value_of(
    parser: &mut Parser,
    row: &OptionRow,
    accepts: fn() -> String,
) -> Result<String, CommandLineError> {
    let value = parser
        .value()
        .map_err(|_| CommandLineError::MissingValue { option: row.name, accepted: accepts() })?;
    value.into_string().map_err(|value| CommandLineError::Value {
        option: row.name,
        value: lossy(value),
        reason: "is not valid UTF-8".to_owned(),
        accepted: accepts(),
    })
}

fn lossy(value: OsString) -> String {
    value.to_string_lossy().into_owned()
}

/// What is for a kernel needs one.
fn check_kernel(settings: &Settings) -> Result<(), CommandLineError> {
    let option = match settings {
        Settings { kernel: None, initrd: Some(_), .. } => "initrd",
        Settings { kernel: None, kernel_command_line: Some(_), .. } => "cmdline",
        _ => return Ok(()),
    };
    Err(CommandLineError::NoKernel { option })
}

/// Standard input and output can carry one conversation.
fn check_stdio(settings: &Settings) -> Result<(), CommandLineError> {
    let serial = (settings.serial == SerialPlace::Stdio).then_some("serial");
    let users =
        [("qmp", &settings.qmp), ("hmp", &settings.hmp)].into_iter().flat_map(|(option, addresses)| {
            addresses.iter().filter(|address| address.endpoint == Endpoint::Stdio).map(move |_| option)
        });
    match users.chain(serial).nth(1) {
        Some(option) => Err(CommandLineError::StdioTaken { option }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
