//! The command line.

use std::ffi::OsString;
use std::time::Duration;

use lexopt::prelude::{Long, Short, Value, ValueExt};
use qmp_client::{Address, NotAnAddress};

use crate::filter::Filter;
use crate::tables::{Choice, Sort};

/// The shortest time between two questions, in seconds.
const SHORTEST: f64 = 0.05;
/// The longest one.
const LONGEST: f64 = 3600.0;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Usage: ringscope-top [OPTION]... ADDRESS...

Shows what machines count, as it moves: their devices and queues, their vCPUs, and every other statistic.

ADDRESS is where a machine's QMP server listens, unix:PATH or tcp:HOST:PORT: a Ringscope machine's, or QEMU's
(7.1 or later), of which only what KVM counts is known.

Options:
  -i, --interval SECONDS  how often the machines are asked (default: 1)
  -s, --sort KEY          what comes first: rate, total or name (default: rate)
  -f, --filter PATTERN    only statistics and objects that this regular expression or text matches
  -z, --idle              also statistics that have never moved
  -e, --each              statistics of each object instead of all of a sort together
      --once              ask twice, an interval apart, print the tables, and end
  -h, --help              this text
  -V, --version           the version

In the program ? explains the keys.
";

/// What the program is asked to do.
#[derive(Debug)]
pub(crate) enum Task {
    /// Show machines.
    Show(Arguments),
    /// Print a text and end.
    Print(String),
}

/// What is to be shown.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) addresses: Vec<Address>,
    pub(crate) interval: Duration,
    pub(crate) choice: Choice,
    /// As text, once.
    pub(crate) once: bool,
}

/// What is wrong with a command line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArgumentError {
    /// No machine.
    #[error("no ADDRESS is given; accepted is unix:PATH or tcp:HOST:PORT, one for each machine")]
    NoAddress,
    /// An address that is none.
    #[error(transparent)]
    Address(#[from] NotAnAddress),
    /// A value that cannot be used.
    #[error("{option}: '{value}' {problem}")]
    Value {
        /// The option.
        option: &'static str,
        /// As written.
        value: String,
        /// What is wrong, and what would be accepted.
        problem: String,
    },
    /// An option that is none, or lacks its value.
    #[error(transparent)]
    Option(#[from] lexopt::Error),
}

/// Reads the command line.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Task, ArgumentError> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut addresses = Vec::new();
    let mut interval = Duration::from_secs(1);
    let mut choice = Choice::default();
    let mut once = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('i') | Long("interval") => interval = read_interval(&parser.value()?.string()?)?,
            Short('s') | Long("sort") => choice.sort = read_sort(&parser.value()?.string()?)?,
            Short('f') | Long("filter") => choice.filter = Filter::new(&parser.value()?.string()?),
            Short('z') | Long("idle") => choice.idle = true,
            Short('e') | Long("each") => choice.each = true,
            Long("once") => once = true,
            Short('h') | Long("help") => return Ok(Task::Print(HELP.to_owned())),
            Short('V') | Long("version") => return Ok(Task::Print(version())),
            Value(address) => addresses.push(address.string()?.parse()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if addresses.is_empty() {
        return Err(ArgumentError::NoAddress);
    }
    Ok(Task::Show(Arguments { addresses, interval, choice, once }))
}

fn version() -> String {
    format!("ringscope-top {}\n", env!("CARGO_PKG_VERSION"))
}

fn read_interval(text: &str) -> Result<Duration, ArgumentError> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (SHORTEST..=LONGEST).contains(seconds));
    seconds.map(Duration::from_secs_f64).ok_or_else(|| ArgumentError::Value {
        option: "--interval",
        value: text.to_owned(),
        problem: format!("is no number of seconds; accepted is a number from {SHORTEST} to {LONGEST}"),
    })
}

fn read_sort(text: &str) -> Result<Sort, ArgumentError> {
    Sort::ALL.into_iter().find(|sort| sort.as_str() == text).ok_or_else(|| ArgumentError::Value {
        option: "--sort",
        value: text.to_owned(),
        problem: format!("is nothing to sort by; accepted are {}", Sort::ALL.map(Sort::as_str).join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(arguments: &[&str]) -> String {
        parse(arguments.iter().map(OsString::from)).unwrap_err().to_string()
    }

    #[test]
    fn options_and_addresses_are_read() {
        let line = ["-i", "0.5", "unix:/a", "--sort=name", "-f", "exits", "-z", "tcp:h:1", "--once"];
        let Task::Show(arguments) = parse(line.map(OsString::from)).unwrap() else { panic!() };
        assert_eq!(arguments.addresses.len(), 2);
        assert_eq!(arguments.interval, Duration::from_millis(500));
        assert_eq!((arguments.choice.sort, arguments.choice.filter.text()), (Sort::Name, "exits"));
        assert!(arguments.once && arguments.choice.idle && !arguments.choice.each);
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(
            error(&[]),
            "no ADDRESS is given; accepted is unix:PATH or tcp:HOST:PORT, one for each machine"
        );
        assert_eq!(
            error(&["/run/qmp"]),
            "'/run/qmp' is no address of a QMP server; accepted is unix:PATH or tcp:HOST:PORT"
        );
        assert_eq!(
            error(&["-i", "0", "unix:/a"]),
            "--interval: '0' is no number of seconds; accepted is a number from 0.05 to 3600"
        );
        assert_eq!(
            error(&["-i", "NaN", "unix:/a"]).split(';').next(),
            Some("--interval: 'NaN' is no number of seconds")
        );
        assert_eq!(
            error(&["--sort", "size", "unix:/a"]),
            "--sort: 'size' is nothing to sort by; accepted are rate, total, name"
        );
        assert_eq!(error(&["--twice"]), "invalid option '--twice'");
    }
}
