//! The program's command line: its own commands, and those of a schema.

use clap::{Arg, Command};
use clap_complete::Shell;
use qapi_schema::documentation::{Kind, find};

use crate::schema::{self, Schema};
use crate::{arguments, global, help_text};

/// The name by which the program is started.
pub(crate) const PROGRAM: &str = "ringscope-ctl";

/// The commands that are the program's own.
pub(crate) mod own {
    /// Runs any command with JSON.
    pub(crate) const RAW: &str = "raw";
    /// Shows events.
    pub(crate) const EVENTS: &str = "events";
    /// Writes a shell's completions.
    pub(crate) const COMPLETION: &str = "completion";
    /// All of them.
    pub(crate) const ALL: [&str; 3] = [RAW, EVENTS, COMPLETION];
}

const ABOUT: &str = "Runs QMP commands: every command of the server is a subcommand, and its arguments are options. It \
                     works with Ringscope and with QEMU.";

const AFTER: &str = "Options of this program stand before the command, arguments of the command behind it.\n\nThe exit \
                     code is 0 if the server did what it was asked for, 1 if it refused, 2 if the command line cannot \
                     be read, and 3 if the server cannot be reached or does not answer.";

/// The options before the command, and any command: to find out where the server is before its commands are known.
pub(crate) fn without_commands() -> Command {
    global::options(root()).allow_external_subcommands(true).disable_help_flag(true).ignore_errors(true)
}

/// The whole command line, with the commands of `schema`.
pub(crate) fn with_commands(schema: &Schema) -> Command {
    let theirs = schema.commands.iter().filter(|command| !own::ALL.contains(&command.name.as_str()));
    global::options(root())
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([raw(), events(), completion()])
        .subcommands(theirs.map(command))
}

fn root() -> Command {
    Command::new(PROGRAM)
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .after_help(AFTER)
        .disable_help_subcommand(true)
        .subcommand_value_name("COMMAND")
        .max_term_width(100)
}

fn command(of: &schema::Command) -> Command {
    let entry = find(&of.name).filter(|entry| entry.kind == Kind::Command);
    let warnings =
        of.features.iter().filter(|feature| ["deprecated", "unstable"].contains(&feature.as_str()));
    let notes: String = warnings.map(|feature| format!(" [{feature}]")).collect();
    let about = entry.map(|entry| help_text::summary(entry.text)).unwrap_or_default();
    let options = of.members.iter().map(|member| {
        let text = entry.map_or("", |entry| entry.member(&member.name));
        arguments::option(member, text)
    });
    let command =
        Command::new(of.name.clone()).about(format!("{about}{notes}").trim().to_owned()).args(options);
    match entry {
        Some(entry) => command.long_about(help_text::whole(entry, &of.features)),
        None => command,
    }
}

fn raw() -> Command {
    Command::new(own::RAW)
        .about("Run any command, known or not, with arguments in JSON")
        .arg(Arg::new("command").value_name("COMMAND").required(true).help("The command's name"))
        .arg(
            Arg::new("arguments")
                .value_name("JSON")
                .help("Its arguments, a JSON object; - reads them from standard input"),
        )
}

fn events() -> Command {
    Command::new(own::EVENTS)
        .about("Show events as they come, until the server ends or --count events have come")
        .arg(Arg::new("name").value_name("NAME").num_args(0..).help("Only events of these names"))
}

fn completion() -> Command {
    Command::new(own::COMPLETION)
        .about("Write what makes a shell complete this program's commands and options")
        .long_about(
            "Write what makes a shell complete this program's commands and options: those that are built in, or with \
             --server those of that server.\n\nFor bash: source <(ringscope-ctl completion bash)",
        )
        .arg(
            Arg::new("shell")
                .value_name("SHELL")
                .required(true)
                .help("The shell")
                .value_parser(clap::value_parser!(Shell)),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clap_finds_no_fault() {
        with_commands(&Schema::built_in().unwrap()).debug_assert();
        without_commands().debug_assert();
    }

    #[test]
    fn no_command_of_ours_hides_one_of_the_schema() {
        let schema = Schema::built_in().unwrap();
        assert!(own::ALL.iter().all(|name| schema.command(name).is_none()));
    }
}
