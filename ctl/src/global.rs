//! The options that stand before the command.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use qmp_client::Address;

use crate::output::Format;

/// What the options before the command say.
#[derive(Clone, Debug)]
pub(crate) struct Global {
    /// Where the server is.
    pub(crate) server: Option<Address>,
    /// From where the commands are known.
    pub(crate) schema: SchemaChoice,
    /// How answers are shown.
    pub(crate) format: Format,
    /// How long to wait between two runs of the command; without, it is run once.
    pub(crate) watch: Option<Duration>,
    /// How many times to run a command that is watched, or how many events to wait for; without, for ever.
    pub(crate) count: Option<u64>,
    /// How long an answer may take.
    pub(crate) timeout: Duration,
}

/// From where the commands are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SchemaChoice {
    /// From the program if the server is Ringscope or none is named, else from the server
    Auto,
    /// From the program
    BuiltIn,
    /// From the server
    Server,
}

/// Adds the options to the program's command line.
pub(crate) fn options(command: Command) -> Command {
    let option = |name: &'static str, short: char, placeholder: &'static str, help: &'static str| {
        Arg::new(name).long(name).short(short).value_name(placeholder).help(help)
    };
    let seconds = |text: &str| seconds(text);
    command
        .arg(
            option(
                "server",
                's',
                "ADDRESS",
                "Where the server is: unix:PATH, tcp:HOST:PORT or the PATH of a socket",
            )
            .env("RINGSCOPE_QMP")
            .value_parser(address),
        )
        .arg(
            option("format", 'f', "FORMAT", "How answers are shown: tables for people, JSON for programs")
                .value_parser(value_parser!(Format))
                .hide_possible_values(false)
                .default_value("auto"),
        )
        .arg(
            option("watch", 'w', "SECONDS", "Run the command again and again, with so many seconds between")
                .value_parser(seconds),
        )
        .arg(
            option("count", 'n', "N", "Stop after so many runs or events")
                .value_parser(value_parser!(u64).range(1..)),
        )
        .arg(
            option("timeout", 't', "SECONDS", "How long to wait for an answer")
                .value_parser(seconds)
                .default_value("30"),
        )
        .arg(
            Arg::new("schema")
                .long("schema")
                .value_name("FROM")
                .help("From where the commands and their options are known")
                .value_parser(value_parser!(SchemaChoice))
                .default_value("auto")
                .action(ArgAction::Set),
        )
}

/// What the options say.
pub(crate) fn read(matches: &ArgMatches) -> Global {
    let choice = |name| matches.get_one::<SchemaChoice>(name).copied();
    Global {
        server: matches.get_one("server").cloned(),
        schema: choice("schema").unwrap_or(SchemaChoice::Auto),
        format: matches.get_one("format").copied().unwrap_or(Format::Auto),
        watch: matches.get_one("watch").copied(),
        count: matches.get_one("count").copied(),
        timeout: matches.get_one("timeout").copied().unwrap_or(Duration::from_secs(30)),
    }
}

/// An address; a path alone is a unix socket.
fn address(text: &str) -> Result<Address, String> {
    if text.starts_with(['/', '.']) {
        return Ok(Address::Unix(text.into()));
    }
    text.parse::<Address>().map_err(|error| error.to_string())
}

/// The shortest and the longest time that can be asked for, in seconds.
const SECONDS: (f64, f64) = (0.001, 1e9);

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (SECONDS.0..=SECONDS.1).contains(seconds));
    let seconds = seconds
        .ok_or_else(|| format!("accepted is a number of seconds from {} to {}", SECONDS.0, SECONDS.1))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_an_address() {
        assert_eq!(address("/run/qmp"), Ok(Address::Unix("/run/qmp".into())));
        assert_eq!(address("./qmp"), Ok(Address::Unix("./qmp".into())));
        assert_eq!(address("tcp:[::1]:4444"), Ok(Address::Tcp("[::1]:4444".to_owned())));
        assert!(address("qmp").is_err());
    }

    #[test]
    fn seconds_may_have_parts() {
        assert_eq!(seconds("0.25"), Ok(Duration::from_millis(250)));
        for text in ["0", "-1", "inf", "NaN", "1e10", "soon", ""] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
