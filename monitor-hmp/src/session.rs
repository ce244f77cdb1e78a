//! One conversation with the monitor: runs lines, remembers which vCPU is selected.

use std::time::Instant;

use qapi_schema::hmp;
use qapi_schema::machine::CpuInfoFast;
use qapi_schema::runtime::Error;

use crate::advice;
use crate::failure::Failure;
use crate::guest_view::find as find_register;
use crate::help::help;
use crate::line_editor::history::History;
use crate::monitor::{Machine, Monitor};
use crate::observer::Observer;
use crate::parse::expression::ExpressionError;
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
    /// How wide the terminal is; nothing if there is none, or if it does not tell.
    pub(crate) columns: Option<usize>,
    /// Somebody reads along who wants to know what to type instead.
    gives_advice: bool,
}

impl Session {
    /// A conversation with a person, at a terminal that is this wide if its width is known.
    pub(crate) fn for_people(columns: Option<usize>) -> Self {
        Self { columns, gives_advice: true, ..Self::default() }
    }

    /// As [`Session::run`], and tells `observer` of it.
    pub(crate) fn run_observed<M: Machine>(
        &mut self,
        monitor: &Monitor<M>,
        line: &str,
        history: &History,
        observer: &dyn Observer,
    ) -> Outcome {
        let start = Instant::now();
        let outcome = self.run(monitor, line, history);
        if !line.trim().is_empty() {
            observer.ran(start.elapsed(), outcome.failed);
        }
        outcome
    }

    /// Runs one line; `history` holds the lines of this conversation.
    pub(crate) fn run<M: Machine>(&mut self, monitor: &Monitor<M>, line: &str, history: &History) -> Outcome {
        if line.trim().is_empty() {
            return Outcome::default();
        }
        let gives_advice = self.gives_advice;
        let mut screen =
            Screen { monitor, session: self, history, text: String::new(), ended: false, bare_error: None };
        let failed = match find(line) {
            Err(typed) => {
                screen.text += &format!("unknown command: '{typed}'\n");
                if gives_advice {
                    screen.text += &advice::for_unknown(typed);
                }
                true
            }
            Ok(found) if found.verb.opens_table => {
                screen.text += &help(found.typed, screen.session.columns);
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
    let cpu = screen.session.cpu;
    let register = |name: &str| read_register(&*monitor.machine, cpu, name);
    let mut arguments = ArgumentReader::new(name, found.rest, &monitor.last_format, &register);
    let outcome = hmp::run(found.verb.action, &*monitor.machine, &mut arguments, screen);
    let (outcome, prefix) = match screen.bare_error.take() {
        Some(error) => (Err(Failure::Command(error)), ""),
        None => (outcome, "Error: "),
    };
    let succeeded = outcome.is_ok();
    if let Err(failure) = outcome {
        screen.text += &match &failure {
            Failure::Arguments(error) => {
                format!("{error}\nTry \"help {}\" for more information\n", found.typed)
            }
            Failure::Command(error) => format!("{prefix}{error}\n"),
        };
        if screen.session.gives_advice {
            screen.text += &advice::for_failure(found, &failure, &*monitor.machine);
        }
    }
    succeeded
}

/// The value of a register of the vCPU with this number, for an expression.
fn read_register(machine: &impl Machine, cpu: i64, name: &str) -> Result<u64, ExpressionError> {
    let registers = machine.registers(cpu).map_err(ExpressionError::Unreadable)?;
    find_register(&registers, name).map(|register| register.value).ok_or(ExpressionError::Register)
}
