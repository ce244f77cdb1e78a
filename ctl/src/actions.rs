//! What the program does with a server: run a command, once or again and again, and wait for events.

use std::io::{self, Read};
use std::thread;
use std::time::Duration;

use qmp_client::{Client, ClientError};
use serde_json::Value;

use crate::error::CtlError;
use crate::global::Global;
use crate::output::Output;

/// How long one wait for an event is; the next one follows.
const WAIT: Duration = Duration::from_secs(3600);

/// Runs a command, if it is watched as often as the options say, and shows every answer.
pub(crate) fn run(
    client: &mut Client,
    global: &Global,
    command: &str,
    arguments: &Value,
) -> Result<(), CtlError> {
    let output = Output::new(global.format, global.watch.is_some());
    let Some(pause) = global.watch else {
        let answer = client.execute_value(command, arguments.clone())?;
        return Ok(output.answer(&answer)?);
    };
    let title = format!("Every {pause:?}: {command}");
    let mut runs = 0;
    loop {
        let answer = client.execute_value(command, arguments.clone())?;
        output.next(&title)?;
        output.answer(&answer)?;
        runs += 1;
        if global.count.is_some_and(|count| runs >= count) {
            return Ok(());
        }
        thread::sleep(pause);
    }
}

/// Shows events of these names, or all, until there were enough of them or the server ends. An end before that is an
/// error.
pub(crate) fn events(client: &mut Client, global: &Global, names: &[String]) -> Result<(), CtlError> {
    let output = Output::new(global.format, true);
    let mut shown = 0;
    loop {
        let event = match client.next_event(WAIT) {
            Ok(Some(event)) => event,
            Ok(None) => continue,
            Err(ClientError::Closed) if global.count.is_none() => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if !names.is_empty() && !names.contains(&event.name) {
            continue;
        }
        output.event(&event)?;
        shown += 1;
        if global.count.is_some_and(|count| shown >= count) {
            return Ok(());
        }
    }
}

/// The arguments of a command as they were typed, or as they come on standard input.
pub(crate) fn raw_arguments(text: Option<&str>) -> Result<Value, CtlError> {
    let text = match text {
        None => return Ok(Value::Null),
        Some("-") => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text)?;
            text
        }
        Some(text) => text.to_owned(),
    };
    let value: Value = serde_json::from_str(&text).map_err(|error| CtlError::Arguments(error.to_string()))?;
    if value.is_object() { Ok(value) } else { Err(CtlError::Arguments(format!("it is {value}"))) }
}
