//! The examples in documentation: what a client sends (`->`) and what it is sent (`<-`).
//!
//! They are there to be run: [`transcripts`] finds them, [`check`] holds them against the schema, and [`mismatch`]
//! compares an example's message with what a live server sends.

use serde_json::Value;

use crate::documentation::Documentation;
use crate::schema::{EntityId, EntityKind, Schema};
use crate::validate::validate;

/// Stands for whatever is left out: `...` in an example.
const ANYTHING: &str = "\u{2026}";

/// The example of one definition.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// The definition that it is an example of; none in a free-form block.
    pub symbol: Option<String>,
    /// The messages in order.
    pub messages: Vec<Message>,
}

/// One message of an example.
#[derive(Clone, Debug)]
pub struct Message {
    /// Who sends it.
    pub sender: Sender,
    /// The text as it is written, in one line.
    pub text: String,
    /// The value, what is left out marked; none if the text is not JSON.
    pub value: Option<Value>,
}

/// Who sends a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// The client: `->`.
    Client,
    /// The server: `<-`.
    Server,
}

/// Every example in a schema, in the order of reading.
pub fn transcripts(schema: &Schema) -> Vec<Transcript> {
    schema.documentation().iter().map(transcript).filter(|found| !found.messages.is_empty()).collect()
}

fn transcript(block: &Documentation) -> Transcript {
    let members = block.members.iter().chain(block.features.iter()).map(|description| &description.text);
    let sections = block.sections.iter().map(|section| &section.text);
    let mut messages = Vec::new();
    for text in std::iter::once(&block.body).chain(members).chain(sections) {
        let mut is_open = false;
        for line in text.lines().map(str::trim) {
            let start = [("-> ", Sender::Client), ("<- ", Sender::Server)]
                .into_iter()
                .find_map(|(mark, sender)| Some((line.strip_prefix(mark)?, sender)));
            match (start, messages.last_mut()) {
                (Some((text, sender)), _) => {
                    messages.push(Message { sender, text: text.to_owned(), value: None });
                    is_open = true;
                }
                (None, _) if line.is_empty() => is_open = false,
                (None, Some(Message { text, .. })) if is_open => text.extend([" ", line]),
                _ => {}
            }
        }
    }
    for message in &mut messages {
        message.value = serde_json::from_str(&marked(&message.text)).ok();
    }
    Transcript { symbol: block.symbol.clone(), messages }
}

/// The text with every `...` outside strings replaced by something that JSON can hold.
fn marked(text: &str) -> String {
    let mut output = String::new();
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            '{' | '[' => {
                open.push(first);
                1
            }
            '}' | ']' => {
                open.pop();
                1
            }
            '.' if rest.starts_with("...") => {
                let is_object = open.last() == Some(&'{') && !output.trim_end().ends_with(':');
                let key = if is_object { format!("\"{ANYTHING}\": ") } else { String::new() };
                output.push_str(&format!("{key}\"{ANYTHING}\""));
                rest = rest.get(3..).unwrap_or("");
                continue;
            }
            other => other.len_utf8(),
        };
        output.push_str(rest.get(..length).unwrap_or(rest));
        rest = rest.get(length..).unwrap_or("");
    }
    output
}

/// How long the string at the start of `text` is, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether `value` stands for whatever is left out.
pub(crate) fn is_anything(value: &Value) -> bool {
    value.as_str() == Some(ANYTHING)
}

/// Everything that is wrong with an example: messages that are no JSON, commands and events that do not exist, and
/// arguments, replies and data that do not fit.
pub fn check(schema: &Schema, transcript: &Transcript) -> Vec<String> {
    let mut problems = Vec::new();
    let mut returns = None;
    for message in &transcript.messages {
        let problem = match (&message.value, message.sender) {
            (None, _) => Err("is not JSON".to_owned()),
            (Some(value), Sender::Client) => request(schema, value).map(|expected| returns = Some(expected)),
            (Some(value), Sender::Server) => answer(schema, value, returns),
        };
        problems.extend(problem.err().map(|problem| format!("{}: {problem}", message.text)));
    }
    problems
}

/// Checks a request; returns what its command returns.
fn request(schema: &Schema, value: &Value) -> Result<Option<EntityId>, String> {
    let name = value.get("execute").or_else(|| value.get("exec-oob")).and_then(Value::as_str);
    let name = name.ok_or("names no command")?;
    let found = schema.lookup(name).map(|id| &schema.entity(id).kind);
    let Some(EntityKind::Command(command)) = found else {
        return Err(format!("there is no command '{name}'"));
    };
    let none = Value::Object(serde_json::Map::new());
    // Where no code is generated, whoever reads the arguments may take more than is declared.
    if command.generate {
        object(schema, command.arguments, value.get("arguments").unwrap_or(&none))?;
    }
    Ok(command.returns)
}

fn answer(schema: &Schema, value: &Value, returns: Option<Option<EntityId>>) -> Result<(), String> {
    if let Some(name) = value.get("event").and_then(Value::as_str) {
        let found = schema.lookup(name).map(|id| &schema.entity(id).kind);
        let Some(EntityKind::Event(event)) = found else { return Err(format!("there is no event '{name}'")) };
        let none = Value::Object(serde_json::Map::new());
        return object(schema, event.arguments, value.get("data").unwrap_or(&none));
    }
    match (value.get("return"), returns) {
        (Some(value), Some(Some(returns))) => validate(schema, returns, value),
        (Some(value), _) => object(schema, None, value),
        (None, _) if value.get("error").is_some() => Ok(()),
        (None, _) => Err("is no reply and no event".to_owned()),
    }
}

fn object(schema: &Schema, of: Option<EntityId>, value: &Value) -> Result<(), String> {
    match of.or_else(|| schema.lookup("q_empty")) {
        Some(of) => validate(schema, of, value),
        None => Ok(()),
    }
}

/// Where `actual` differs in shape from the example `expected`: in the kind of a value or in the members of an object.
/// Numbers and strings may differ, an error's class may not. Lists are compared by their first elements.
pub fn mismatch(expected: &Value, actual: &Value) -> Option<String> {
    difference("", expected, actual)
}

fn difference(place: &str, expected: &Value, actual: &Value) -> Option<String> {
    match (expected, actual) {
        _ if is_anything(expected) => None,
        (Value::Object(expected), Value::Object(actual)) => {
            let is_open = expected.contains_key(ANYTHING);
            let missing = expected.keys().find(|name| *name != ANYTHING && !actual.contains_key(*name));
            let further = actual.keys().find(|name| !is_open && !expected.contains_key(*name));
            if let Some(name) = missing {
                return Some(format!("{place}.{name} is missing"));
            }
            if let Some(name) = further {
                return Some(format!("{place}.{name} is not in the example"));
            }
            let mut common =
                expected.iter().filter_map(|(name, value)| Some((name, value, actual.get(name)?)));
            common.find_map(|(name, expected, actual)| match name.as_str() {
                "class" if expected != actual => Some(format!("{place}.class is {actual}, not {expected}")),
                _ => difference(&format!("{place}.{name}"), expected, actual),
            })
        }
        (Value::Array(expected), Value::Array(actual)) => {
            difference(&format!("{place}[0]"), expected.first()?, actual.first()?)
        }
        _ if std::mem::discriminant(expected) == std::mem::discriminant(actual) => None,
        _ => Some(format!("{place} is {actual}, the example has {expected}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_left_out_is_marked() {
        let value: Value = serde_json::from_str(&marked(r#"{ "a...": [ 1, ... ], "b": ..., ... }"#)).unwrap();
        assert_eq!(value, json!({"a...": [1, ANYTHING], "b": ANYTHING, ANYTHING: ANYTHING}));
    }

    #[test]
    fn shapes_are_compared_and_values_are_not() {
        let expected = json!({"return": {"a": 1, "b": ["x"], ANYTHING: ANYTHING}});
        assert_eq!(mismatch(&expected, &json!({"return": {"a": 7, "b": [], "c": null}})), None);
        assert_eq!(mismatch(&expected, &json!({"return": {"a": 7}})).unwrap(), ".return.b is missing");
        let error = mismatch(&json!({"error": {"class": "A"}}), &json!({"error": {"class": "B"}})).unwrap();
        assert_eq!(error, r#".error.class is "B", not "A""#);
        assert_eq!(mismatch(&json!([1]), &json!(["x"])).unwrap(), r#"[0] is "x", the example has 1"#);
    }
}
