//! The conversation with a person at a terminal.

use std::io::{self, Read, Write};
use std::time::Instant;

use qapi_schema::control::VersionInfo;

use crate::complete::complete;
use crate::line_editor::editor::{Editor, Event};
use crate::monitor::{Machine, Monitor};
use crate::observer::Observer;
use crate::session::Session;

/// How many bytes are read at once. Each may be answered by a line's worth of echo, which is sent before more is
/// read.
const READ_SIZE: usize = 64;

/// Talks until the input ends, a line ends the program, or the terminal cannot be read or written.
pub(crate) fn talk<M: Machine>(
    monitor: &Monitor<M>,
    mut reader: impl Read,
    mut writer: impl Write,
    observer: &dyn Observer,
) -> io::Result<()> {
    let (editor, session) = (Editor::default(), Session::default());
    let mut conversation = Conversation { monitor, observer, editor, session };
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
}

impl<M: Machine> Conversation<'_, M> {
    /// Takes a byte from the terminal; `output` gets what is to be shown. Says whether the conversation is over.
    fn byte(&mut self, byte: u8, output: &mut Vec<u8>) -> bool {
        match self.editor.byte(byte, output) {
            None => {}
            Some(Event::Complete(text)) => {
                let completion = complete(&String::from_utf8_lossy(&text), || self.device_paths());
                self.editor.complete(&completion, output);
            }
            Some(Event::Line(line)) => {
                let line = String::from_utf8_lossy(&line);
                let start = Instant::now();
                let outcome = self.session.run(self.monitor, &line, self.editor.history());
                if !line.trim().is_empty() {
                    self.observer.ran(start.elapsed(), outcome.failed);
                }
                output.extend_from_slice(outcome.text.as_bytes());
                if outcome.ended {
                    return true;
                }
                self.editor.prompt(output);
            }
        }
        false
    }

    /// The paths of all virtio devices; none if they cannot be listed.
    fn device_paths(&self) -> Vec<String> {
        let devices = self.monitor.machine.x_query_virtio().unwrap_or_default();
        devices.into_iter().map(|device| device.path).collect()
    }
}
