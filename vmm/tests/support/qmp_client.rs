//! A QMP client that speaks through the generated types and waits for every answer.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use qapi_schema::runtime::{Decode, Path as Place, Request};
use serde_json::{Value, json};

/// Far longer than any answer or event takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that is ready for commands.
pub struct QmpClient {
    reader: BufReader<UnixStream>,
    /// Events that came while an answer was waited for.
    events: Vec<Value>,
}

impl QmpClient {
    /// Connects, takes the greeting and negotiates.
    pub fn connect(socket: &Path) -> Self {
        let stream = UnixStream::connect(socket).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut client = Self { reader: BufReader::new(stream), events: Vec::new() };
        let greeting = client.receive().unwrap();
        assert!(greeting["QMP"]["version"]["qemu"]["major"].is_u64(), "{greeting}");
        assert_eq!(client.send(&json!({ "execute": "qmp_capabilities" })), json!({ "return": {} }));
        client
    }

    /// Runs a command that must succeed.
    pub fn call<R: Request>(&mut self, request: &R) -> R::Return {
        self.try_call(request).unwrap_or_else(|answer| panic!("{}: {answer}", R::NAME))
    }

    /// Runs a command; the whole answer if it failed.
    pub fn try_call<R: Request>(&mut self, request: &R) -> Result<R::Return, Value> {
        let answer = self.execute(request);
        match answer.get("return") {
            Some(value) => Ok(R::Return::decode(value.clone(), &Place::ROOT).unwrap()),
            None => Err(answer),
        }
    }

    /// Runs a command that must fail; class and text of the error.
    pub fn refused<R: Request>(&mut self, request: &R) -> (String, String) {
        let answer = self.execute(request);
        let member =
            |name: &str| answer["error"][name].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        (member("class"), member("desc"))
    }

    fn execute<R: Request>(&mut self, request: &R) -> Value {
        let arguments = match serde_json::to_value(request).unwrap() {
            Value::Null => json!({}),
            arguments => arguments,
        };
        self.send(&json!({ "execute": R::NAME, "arguments": arguments }))
    }

    /// Sends a message; its answer.
    pub fn send(&mut self, message: &Value) -> Value {
        writeln!(self.reader.get_mut(), "{message}").unwrap();
        loop {
            let answer = self.receive().expect("an answer");
            if answer.get("event").is_none() {
                return answer;
            }
            self.events.push(answer);
        }
    }

    /// The next event, waited for if need be: its name and its data.
    pub fn event(&mut self) -> (String, Value) {
        let event =
            if self.events.is_empty() { self.receive().expect("an event") } else { self.events.remove(0) };
        let name = event["event"].as_str().unwrap_or_else(|| panic!("{event}")).to_owned();
        (name, event["data"].clone())
    }

    /// Whether the server has hung up.
    pub fn is_closed(&mut self) -> bool {
        self.receive().is_none()
    }

    fn receive(&mut self) -> Option<Value> {
        let mut line = String::new();
        let read = self.reader.read_line(&mut line).unwrap();
        (read > 0).then(|| serde_json::from_str(&line).unwrap())
    }
}
