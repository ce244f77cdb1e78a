//! Conversations with a server as a reader of the protocol would write them down.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use monitor_qmp::{Server, Terms};

use crate::machine::{Machine, server};

/// What was said, in order: `-> ` by the client, `<- ` by the server.
type Record = Arc<Mutex<String>>;

/// The client's side: one line a read.
struct Script {
    lines: VecDeque<Vec<u8>>,
    record: Option<Record>,
}

impl Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(line) = self.lines.pop_front() else { return Ok(0) };
        if let Some(record) = &self.record {
            *record.lock().unwrap() += &format!("-> {}\n", String::from_utf8_lossy(&line).trim_end());
        }
        buffer[..line.len()].copy_from_slice(&line);
        Ok(line.len())
    }
}

/// The server's side: whole lines, each ended by CR LF.
#[derive(Clone, Default)]
pub(crate) struct Sink {
    record: Record,
    partial: Vec<u8>,
}

impl Sink {
    /// The lines so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        let text = self.record.lock().unwrap();
        text.lines().map(|line| line.trim_start_matches("<- ").to_owned()).collect()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.partial.extend_from_slice(bytes);
        while let Some(end) = self.partial.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.partial.drain(..=end).collect();
            let line = line.strip_suffix(b"\r\n").expect("every line ends with CR LF");
            *self.record.lock().unwrap() += &format!("<- {}\n", std::str::from_utf8(line).unwrap());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The record of a new connection to which the client says `lines`, one after the other.
pub(crate) fn conversation(lines: &[&str]) -> String {
    let text = conversation_on(Terms::default(), lines);
    assert!(text.starts_with("<- {\"QMP\": "), "{text}");
    text
}

/// The same at an address with terms of its own.
pub(crate) fn conversation_on(terms: Terms, lines: &[&str]) -> String {
    let sink = Sink::default();
    let lines = lines.iter().map(|line| format!("{line}\n").into_bytes()).collect();
    let script = Script { lines, record: Some(Arc::clone(&sink.record)) };
    server().0.serve_on_terms(script, sink.clone(), || (), Arc::new(()), terms);
    sink.record.lock().unwrap().clone()
}

/// The same behind the negotiation, which is left out.
pub(crate) fn negotiated(lines: &[&str]) -> String {
    let open = ["{'execute': 'qmp_capabilities'}"];
    let text = conversation(&[&open, lines].concat());
    text.splitn(4, '\n').nth(3).unwrap().to_owned()
}

/// The lines that a negotiated connection answers to `pieces`, each of which is one read.
pub(crate) fn answers(server: &Server<Machine>, pieces: &[&[u8]]) -> Vec<String> {
    let sink = Sink::default();
    let open: &[u8] = b"{'execute': 'qmp_capabilities'}";
    let lines = [&[open], pieces].concat().into_iter().map(<[u8]>::to_vec).collect();
    server.serve(Script { lines, record: None }, sink.clone());
    sink.lines().split_off(2)
}

/// A pipe in memory: bytes that one thread writes and another reads.
pub(crate) fn pipe() -> (PipeWriter, PipeReader) {
    let (sender, receiver) = channel();
    (PipeWriter(sender), PipeReader { receiver, rest: Vec::new() })
}

#[derive(Clone)]
pub(crate) struct PipeWriter(Sender<Vec<u8>>);

pub(crate) struct PipeReader {
    receiver: Receiver<Vec<u8>>,
    rest: Vec<u8>,
}

impl Write for PipeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for PipeReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            self.rest = self.receiver.recv().unwrap_or_default();
        }
        let length = self.rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.rest[..length]);
        self.rest.drain(..length);
        Ok(length)
    }
}
