//! One conversation with the monitor: runs lines, remembers which vCPU is selected.

use qapi_schema::hmp;
use qapi_schema::machine::CpuInfoFast;
use qapi_schema::runtime::Error;

use crate::failure::Failure;
use crate::help::help;
use crate::line_editor::history::History;
use crate::monitor::{Machine, Monitor};
use crate::parse::words::ArgumentReader;
use crate::screen::Screen;
use crate::verbs::{Found, find};

/// What a line led to.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// What is shown, lines ended by CR LF.
    pub(crate) text: String,
    /// The line ended the program, and the conversation with it.
    pub(crate) ended: bool,
    /// The line could not be run.
    pub(crate) failed: bool,
}

/// What a conversation remembers.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// The number of the selected vCPU.
    pub(crate) cpu: i64,
}

impl Session {
    /// Runs one line; `history` holds the lines of this conversation.
    pub(crate) fn run<M: Machine>(&mut self, monitor: &Monitor<M>, line: &str, history: &History) -> Outcome {
        if line.trim().is_empty() {
            return Outcome::default();
        }
        let mut screen = Screen { monitor, session: self, history, text: String::new(), ended: false };
        let failed = match find(line) {
            Err(typed) => {
                screen.text += &format!("unknown command: '{typed}'\n");
                true
            }
            Ok(found) if found.verb.opens_table => {
                screen.text += &help(found.typed);
                false
            }
            Ok(found) => !run_verb(&found, &mut screen),
        };
        Outcome { text: screen.text.replace('\n', "\r\n"), ended: screen.ended, failed }
    }

    /// Selects the vCPU of this number; says whether there is one.
    pub(crate) fn select_cpu(&mut self, machine: &impl Machine, number: i64) -> Result<bool, Error> {
        let found = find_cpu(machine, number)?.is_some();
        if found {
            self.cpu = number;
        }
        Ok(found)
    }
}

/// The vCPU of this number.
pub(crate) fn find_cpu(machine: &impl Machine, number: i64) -> Result<Option<CpuInfoFast>, Error> {
    Ok(machine.query_cpus_fast()?.into_iter().find(|cpu| cpu.cpu_index == number))
}

/// Says whether it succeeded.
fn run_verb<M: Machine>(found: &Found<'_>, screen: &mut Screen<'_, M>) -> bool {
    let monitor = screen.monitor;
    let name = found.verb.title.rsplit(' ').next().unwrap_or(found.verb.title);
    let mut arguments = ArgumentReader::new(name, found.rest, &monitor.last_format);
    let outcome = hmp::run(found.verb.action, &*monitor.machine, &mut arguments, screen);
    let succeeded = outcome.is_ok();
    match outcome {
        Ok(()) => {}
        Err(Failure::Arguments(error)) => {
            screen.text += &format!("{error}\nTry \"help {}\" for more information\n", found.typed);
        }
        Err(Failure::Command(error)) => screen.text += &format!("Error: {error}\n"),
    }
    succeeded
}
