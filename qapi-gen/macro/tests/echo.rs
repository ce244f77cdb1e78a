//! A server and a client of a schema that is nowhere but in its file.

qapi_gen_macro::qapi! {
    /// What the echo server speaks.
    #[allow(dead_code, unreachable_pub, reason = "the test uses a part of it")]
    mod speech = "tests/echo.json";
}

use serde_json::{Value, json};
use speech::echo::requests;
use speech::echo::{EchoCommands, Heard, Loudness, commands};
use speech::runtime::{Error, Reply, Style};

struct Wall;

impl EchoCommands for Wall {
    fn echo(&self, arguments: requests::Echo) -> Result<Heard, Error> {
        let text = match arguments.loudness {
            Some(Loudness::Loud) => arguments.text.to_uppercase(),
            Some(Loudness::Soft) | None => arguments.text.to_lowercase(),
        };
        Ok(Heard { text, times: 1 })
    }
}

/// The reply to `echo` with these arguments, as it goes to the client.
fn echo(arguments: Value) -> Result<String, Error> {
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    let mut reply = Reply::new(Style::Line);
    for command in commands::<Wall>().iter().filter(|command| command.name == "echo") {
        (command.call)(&Wall, arguments.clone(), &mut reply)?;
    }
    Ok(String::from_utf8_lossy(reply.as_bytes()).into_owned())
}

#[test]
fn a_schema_is_a_module() {
    assert_eq!(
        echo(json!({ "text": "Hello", "loudness": "loud" })).unwrap(),
        r#"{"text": "HELLO", "times": 1}"#
    );
    let error = echo(json!({ "text": "Hello", "loudness": "deafening" })).unwrap_err();
    assert_eq!(error.description, "Parameter 'loudness' does not accept value 'deafening'");
}
