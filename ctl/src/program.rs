//! From the program's arguments to its exit code.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{ArgMatches, Command};
use clap_complete::Shell;
use qmp_client::Client;

use crate::actions::{events, raw_arguments, run as run_command};
use crate::arguments::given;
use crate::command_line::{PROGRAM, own, with_commands, without_commands};
use crate::error::CtlError;
use crate::global::{self, Global};
use crate::schema::Schema;
use crate::server;

/// Does what the arguments, the program's name first, ask for. The exit code is 0 if it was done, 1 if the server
/// refused the command, 2 if the command line cannot be read, 3 if the server cannot be reached or does not answer.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match do_it(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever has closed the output has seen enough.
        Err(CtlError::Stream(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let code = error.exit_code();
            say(error);
            ExitCode::from(code)
        }
    }
}

fn do_it(arguments: &[OsString]) -> Result<(), CtlError> {
    // The commands may have to be asked for before they can be read.
    let early = global::read(&without_commands().try_get_matches_from(arguments)?);
    let (schema, client) = server::schema(&early)?;
    let mut command_line = with_commands(&schema);
    let matches = command_line.try_get_matches_from_mut(arguments)?;
    let global = global::read(&matches);
    match matches.subcommand() {
        Some((own::COMPLETION, of)) => complete(&mut command_line, of),
        Some((name, of)) => serve(&schema, client, &global, name, of),
        None => Ok(()),
    }
}

fn complete(command_line: &mut Command, matches: &ArgMatches) -> Result<(), CtlError> {
    if let Some(shell) = matches.get_one::<Shell>("shell") {
        let mut script = Vec::new();
        clap_complete::generate(*shell, command_line, PROGRAM, &mut script);
        io::stdout().write_all(&script)?;
    }
    Ok(())
}

/// Does what needs a server.
fn serve(
    schema: &Schema,
    client: Option<Client>,
    global: &Global,
    name: &str,
    matches: &ArgMatches,
) -> Result<(), CtlError> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    // What is wrong with the arguments is said before anybody connects.
    let (name, arguments) = match (name, schema.command(name)) {
        (own::RAW, _) => (text("command").unwrap_or_default(), raw_arguments(text("arguments"))?),
        (own::EVENTS, _) | (_, None) => (name, serde_json::Value::Null),
        (_, Some(command)) => (name, given(command, matches)),
    };
    let mut client = match client {
        Some(client) => client,
        None => server::connect(global.server.as_ref().ok_or(CtlError::NoServer)?, global.timeout)?,
    };
    if name == own::EVENTS {
        let names: Vec<String> = matches.get_many("name").into_iter().flatten().cloned().collect();
        return events(&mut client, global, &names);
    }
    run_command(&mut client, global, name, &arguments)
}

fn say(error: CtlError) {
    match error {
        // Help goes to standard output, and clap knows which of its texts is help.
        CtlError::CommandLine(error) => {
            let _ = error.print();
        }
        error => {
            let _ = writeln!(io::stderr(), "{PROGRAM}: {error}");
        }
    }
}
