//! The program `ringscope`: from its arguments to its exit code.

use std::ffi::OsString;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::sync::Arc;

use monitor_qmp::Events;
use qapi_schema::machine::ShutdownCause;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::accelerator::AcceleratorError;
use crate::command_line::{self, Invocation, Settings};
use crate::defaults;
use crate::devices;
use crate::machine::{Machine, MachineError};
use crate::metrics::{Metrics, MetricsError};
use crate::monitors::{Monitors, MonitorsError};
use crate::protocols::{self, Protocols};
use crate::signals::{Signals, SignalsError};
use crate::start_message::start_message;
use crate::terminal;
use crate::wake::wait_readable;

/// The program could not start, or could not go on.
#[derive(Debug, thiserror::Error)]
enum ProgramError {
    #[error(transparent)]
    Signals(#[from] SignalsError),
    #[error(transparent)]
    Machine(#[from] MachineError),
    #[error("the guest cannot be started: {0}")]
    Start(#[from] AcceleratorError),
    #[error(transparent)]
    Monitors(#[from] MonitorsError),
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    #[error("cannot make a directory for the program's sockets: {0}")]
    Directory(io::Error),
    #[error("cannot wait for events: {0}")]
    Wait(#[from] io::Error),
}

/// Does what the arguments behind the program's name ask for. The exit code is 0 if it was done (for a machine: if
/// it ended as it was told to, or by itself), 1 if the machine cannot be had or the host got in the way, 2 if the
/// command line cannot be read.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let text = match command_line::parse(arguments) {
        Ok(Invocation::Run(settings)) => return run_machine(*settings),
        Ok(Invocation::Help) => command_line::help(),
        Ok(Invocation::Version) => command_line::version(),
        Ok(Invocation::DeviceHelp) => devices::help(),
        Err(error) => {
            say(&format!("ringscope: {error}\n"));
            return ExitCode::from(2);
        }
    };
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn run_machine(settings: Settings) -> ExitCode {
    match start_and_wait(settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("ringscope: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

fn start_and_wait(mut settings: Settings) -> Result<(), ProgramError> {
    allow_many_descriptors();
    let signals = Signals::hold()?;
    let _directory =
        defaults::complete(&mut settings, terminal::is_ours()).map_err(ProgramError::Directory)?;
    let events = Arc::new(Events::new());
    let machine = Arc::new(Machine::new(&settings, Arc::clone(&events))?);
    let monitors = Monitors::bind(&settings)?;
    let metrics = Metrics::bind(&settings.metrics)?;
    say(&start_message(&settings, &machine, &monitors, &metrics));
    machine.start()?;
    let protocols = Protocols::new(&machine, events);
    let serving = monitors.serve(|kind, address, terms| protocols.serve(kind, address, terms))?;
    let metrics = metrics.serve(protocols::metrics(&machine))?;
    wait_for_end(&machine, &signals)?;
    machine.end();
    drop(metrics);
    serving.close();
    Ok(())
}

/// Every client takes a descriptor, and what hosts allow at first is often 1024.
fn allow_many_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    // A host that refuses leaves us with what we have; clients who find no descriptor free have to wait.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

/// Returns when a client, a signal or the guest wants the program to end. What else the guest wants is done meanwhile.
fn wait_for_end(machine: &Machine, signals: &Signals) -> Result<(), ProgramError> {
    signals.deliver()?;
    let (ended, requests) = (machine.shutdown_request(), machine.requests());
    loop {
        match wait_readable([ended.as_fd(), signals.as_fd(), requests.as_fd()], None)? {
            [true, _, _] => return Ok(()),
            [_, true, _] => machine.request_shutdown(ShutdownCause::HostSignal),
            _ => machine.serve_request(),
        }
    }
}

/// Tells the person who started the program. Standard output belongs to monitors and to the guest.
pub(crate) fn say(text: &str) {
    // Whoever has closed standard error does not want to know.
    let _ = io::stderr().write_all(text.as_bytes());
}
