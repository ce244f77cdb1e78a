//! A server that answers as a test says.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::thread;

use serde_json::{Value, json};

/// Serves every client that comes to `socket`: `answers` makes, for each of them, what answers the commands it
/// sends, by name and arguments. What answers nothing has not been found.
pub fn serve<A: FnMut(&str, &Value) -> Option<Value>>(
    socket: &Path,
    answers: impl Fn() -> A + Send + 'static,
) {
    let listener = UnixListener::bind(socket).unwrap();
    thread::spawn(move || {
        for client in listener.incoming() {
            // A client that leaves in the middle of an answer has seen enough.
            let _ = answer(client.unwrap(), answers());
        }
    });
}

fn answer(
    mut client: UnixStream,
    mut answers: impl FnMut(&str, &Value) -> Option<Value>,
) -> std::io::Result<()> {
    let version = json!({ "qemu": { "major": 10, "minor": 0, "micro": 2 }, "package": "" });
    writeln!(client, "{}", json!({ "QMP": { "version": version, "capabilities": ["oob"] } }))?;
    let lines = BufReader::new(client.try_clone()?).lines();
    for line in lines {
        let request: Value = serde_json::from_str(&line?)?;
        let command = request["execute"].as_str().unwrap();
        let answer = match answers(command, &request["arguments"]) {
            _ if command == "qmp_capabilities" => json!({ "return": {}, "id": request["id"] }),
            Some(value) => json!({ "return": value, "id": request["id"] }),
            None => {
                let text = format!("The command {command} has not been found");
                json!({ "error": { "class": "CommandNotFound", "desc": text }, "id": request["id"] })
            }
        };
        writeln!(client, "{answer}")?;
    }
    Ok(())
}
