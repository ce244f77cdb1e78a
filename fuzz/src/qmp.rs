//! Any bytes in place of what a QMP client sends: to the reader of messages, the dispatcher and the decoders of arguments.

use std::io::{self, Cursor, Read, Write};
use std::sync::{Arc, Mutex};

use monitor_qmp::{Access, Client, Events, Handler, HumanMonitor, Server, Terms};
use qapi_schema::control::{VersionInfo, VersionTriple};
use qapi_schema::runtime::{Command, Error, Style};
use serde_json::Value;

use crate::input::Input;

/// Many requests in little text, between which there are the fuzzer's bytes.
const OPEN: &[u8] = b"{'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob']}}";

/// Commands that show what they were given.
struct Echo;

impl Handler for Echo {
    type PerClient = ();

    fn connect(&self, _client: Client) {}
}

impl HumanMonitor for Echo {
    fn execute(&self, command_line: &str, _cpu_index: Option<i64>) -> Result<String, Error> {
        Ok(command_line.to_owned())
    }
}

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().map_err(|_| io::ErrorKind::Other)?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Serves a client that sends these bytes, some of them as they are: everything that is sent back is JSON in whole lines,
/// and there is not much more of it than was sent.
pub fn qmp(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let access = if input.bool() { Access::ReadOnly } else { Access::Everything };
    let style = if input.bool() { Style::Pretty } else { Style::Line };
    let negotiated = input.bool();
    let command = |name, allow_oob| Command {
        name,
        allow_oob,
        allow_preconfig: true,
        success_response: true,
        features: &["read-only"],
        call: |_: &Echo, arguments, reply| reply.write(&arguments),
    };
    let version =
        VersionInfo { qemu: VersionTriple { major: 10, minor: 0, micro: 0 }, package: String::new() };
    let rows = vec![command("a", false), command("b", true)];
    let server =
        Server::new(Arc::new(Echo), rows, Vec::new(), version, Arc::new(Echo), Arc::new(Events::new()));
    let sink = Sink::default();
    let reader = Cursor::new(if negotiated { OPEN } else { b"" }).chain(Cursor::new(bytes.to_vec()));
    server.serve_on_terms(reader, sink.clone(), || (), Arc::new(()), Terms { access, style });
    let sent = sink.0.lock().map(|sent| sent.clone()).unwrap_or_default();
    assert!(sent.ends_with(b"\r\n"));
    let messages = serde_json::Deserializer::from_slice(&sent).into_iter::<Value>();
    let answers = messages.inspect(|message| assert!(message.as_ref().is_ok_and(Value::is_object))).count();
    assert!(answers <= bytes.len() + 2);
}
