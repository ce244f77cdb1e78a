//! The conversation with a person at a terminal.

use std::io::{self, Read, Write};

use qapi_schema::control::VersionInfo;

use crate::complete::complete;
use crate::line_editor::editor::{Editor, Event};
use crate::monitor::{Machine, Monitor};
use crate::observer::Observer;
use crate::paint::paint;
use crate::session::Session;
use crate::terminal::KnownTerminal;

/// How many bytes are read at once. Each may be answered by a line's worth of echo, which is sent before more is
/// read.
const READ_SIZE: usize = 64;

/// Talks until the input ends, a line ends the program, or the terminal cannot be read or written.
pub(crate) fn talk<M: Machine>(
    monitor: &Monitor<M>,
    terminal: Option<&KnownTerminal>,
    mut reader: impl Read,
    mut writer: impl Write,
    observer: &dyn Observer,
) -> io::Result<()> {
    let width = || terminal.and_then(KnownTerminal::width);
    let colours = terminal.is_some_and(|terminal| terminal.colours);
    let (editor, session) = (Editor::new(width(), colours), Session::for_people(width()));
    let mut conversation = Conversation { monitor, observer, editor, session, colours };
    let mut output = banner(&monitor.version).into_bytes();
    conversation.editor.prompt(&mut output);
    let mut input = [0; READ_SIZE];
    loop {
        writer.write_all(&output)?;
        writer.flush()?;
        output.clear();
        let length = match reader.read(&mut input) {
            // What comes next on a terminal, such as a shell's prompt, starts a line of its own.
            Ok(0) => return writer.write_all(b"\r\n").and_then(|()| writer.flush()),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        conversation.resize(width());
        for byte in input.iter().take(length) {
            if conversation.byte(*byte, &mut output) {
                writer.write_all(&output)?;
                return writer.flush();
            }
        }
    }
}

fn banner(version: &VersionInfo) -> String {
    format!("{} monitor - type 'help' for more information\r\n", version.package)
}

struct Conversation<'m, M> {
    monitor: &'m Monitor<M>,
    observer: &'m dyn Observer,
    editor: Editor,
    session: Session,
    colours: bool,
}

impl<M: Machine> Conversation<'_, M> {
    /// The terminal may have become wider or narrower.
    fn resize(&mut self, columns: Option<usize>) {
        self.editor.resize(columns);
        self.session.columns = columns;
    }

    /// Takes a byte from the terminal; `output` gets what is to be shown. Says whether the conversation is over.
    fn byte(&mut self, byte: u8, output: &mut Vec<u8>) -> bool {
        match self.editor.byte(byte, output) {
            None => {}
            Some(Event::Complete(text)) => {
                let completion = complete(&String::from_utf8_lossy(&text), &*self.monitor.machine);
                self.editor.complete(&completion, output);
            }
            Some(Event::Line(line)) => {
                let line = String::from_utf8_lossy(&line);
                let history = self.editor.history();
                let outcome = self.session.run_observed(self.monitor, &line, history, self.observer);
                let text = outcome.text;
                let text = if self.colours { paint(&text, outcome.failed) } else { text };
                output.extend_from_slice(text.as_bytes());
                if outcome.ended {
                    return true;
                }
                self.editor.prompt(output);
            }
        }
        false
    }
}
