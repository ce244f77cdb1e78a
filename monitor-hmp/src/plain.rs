//! The conversation with somebody who has no terminal, a script or a person who wants the answers in a pager, or one on which
//! no line can be edited.

use std::io::{self, BufRead, BufReader, Read, Write};

use crate::line_editor::PROMPT;
use crate::line_editor::editor::LONGEST_LINE;
use crate::line_editor::history::History;
use crate::monitor::{Machine, Monitor};
use crate::observer::Observer;
use crate::session::Session;

/// When a line's prompt is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// To ask for it; the terminal shows what is typed.
    BeforeTheLine,
    /// With the line, which nobody has seen, when it has come.
    WithTheLine,
}

/// Runs line after line until the input ends, a line ends the program, or input or output fail.
pub(crate) fn talk<M: Machine>(
    monitor: &Monitor<M>,
    prompt: Prompt,
    reader: impl Read,
    mut writer: impl Write,
    observer: &dyn Observer,
) -> io::Result<()> {
    let mut reader = BufReader::new(reader);
    let (mut session, mut history) = (Session::for_people(None), History::default());
    loop {
        if prompt == Prompt::BeforeTheLine {
            write!(writer, "{PROMPT}")?;
            writer.flush()?;
        }
        let Some(line) = next_line(&mut reader)? else { break };
        history.add(&line);
        let line = String::from_utf8_lossy(&line);
        let outcome = session.run_observed(monitor, &line, &history, observer);
        let answer = outcome.text.replace('\r', "");
        match prompt {
            Prompt::BeforeTheLine => write!(writer, "{answer}")?,
            Prompt::WithTheLine => write!(writer, "{PROMPT}{line}\n{answer}")?,
        }
        writer.flush()?;
        if outcome.ended {
            break;
        }
    }
    Ok(())
}

/// The next line without its end; of a line that is too long, what is too much is dropped. Nothing at the end.
fn next_line(reader: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut any = false;
    loop {
        let bytes = match reader.fill_buf() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if bytes.is_empty() {
            return Ok(any.then_some(line));
        }
        any = true;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let taken = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
        let room = LONGEST_LINE.saturating_sub(line.len());
        line.extend(taken.iter().filter(|byte| **byte != b'\r').take(room));
        let used = end.map_or(bytes.len(), |end| end.saturating_add(1));
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}
