//! How answers and events are shown.

use std::io::{self, IsTerminal, Write};

use qmp_client::Event;
use rustix::termios::tcgetwinsize;
use serde_json::{Value, json};

use crate::table;

/// How answers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// As tables on a terminal, else as JSON: one run in several lines, several runs in a line each
    Auto,
    /// As tables
    Table,
    /// As JSON in several lines
    Json,
    /// As JSON, one line an answer
    Lines,
}

/// Standard output, and how it is written.
#[derive(Debug)]
pub(crate) struct Output {
    /// Never [`Format::Auto`].
    format: Format,
    /// How wide the terminal is, if it is one.
    width: Option<u16>,
}

impl Output {
    /// Standard output in `format`; `several` answers will come.
    pub(crate) fn new(format: Format, several: bool) -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        let width = is_terminal.then(|| tcgetwinsize(&stdout).ok().map(|size| size.ws_col)).flatten();
        let format = match format {
            Format::Auto if is_terminal => Format::Table,
            Format::Auto if several => Format::Lines,
            Format::Auto => Format::Json,
            chosen => chosen,
        };
        Self { format, width: width.filter(|width| *width > 0) }
    }

    /// Shows what a command has answered.
    ///
    /// # Errors
    /// Nobody reads it.
    pub(crate) fn answer(&self, answer: &Value) -> io::Result<()> {
        let text = match self.format {
            Format::Table | Format::Auto => table::text(answer, self.width),
            Format::Json => format!("{answer:#}\n"),
            Format::Lines => format!("{answer}\n"),
        };
        write(&text)
    }

    /// Begins the next one of several answers: on a terminal at the top, with a line that says what it is.
    ///
    /// # Errors
    /// Nobody reads it.
    pub(crate) fn next(&self, title: &str) -> io::Result<()> {
        match (self.format, self.width) {
            (Format::Table, Some(_)) => write(&format!("\x1b[H\x1b[J{title}\n\n")),
            (Format::Table, None) => write("\n"),
            _ => Ok(()),
        }
    }

    /// Shows an event.
    ///
    /// # Errors
    /// Nobody reads it.
    pub(crate) fn event(&self, event: &Event) -> io::Result<()> {
        let time = event.timestamp;
        let whole = json!({
            "event": event.name,
            "data": event.data,
            "timestamp": { "seconds": time.seconds, "microseconds": time.microseconds }
        });
        match self.format {
            Format::Table | Format::Auto => {
                let data = if event.data.is_null() { String::new() } else { format!(" {}", event.data) };
                write(&format!("{}.{:06} {}{data}\n", time.seconds, time.microseconds, event.name))
            }
            Format::Json => write(&format!("{whole:#}\n")),
            Format::Lines => write(&format!("{whole}\n")),
        }
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
