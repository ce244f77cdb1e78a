//! The answer to `query-qmp-schema` as Rust.

use serde_json::Value;

use super::code::{Code, code};
use super::conditions::predicate;
use crate::backend::introspection::{Guard, Presence, introspection, introspection_with, one_line};
use crate::schema::{Decision, Schema};

/// Writes a constant where the answer is fixed, else a function that puts it together.
pub(crate) fn write(schema: &Schema, is_conditional: bool, code: &mut Code) {
    if is_conditional {
        return write_function(schema, code);
    }
    let entries = introspection(schema, &Decision::All, false);
    code!(code, "/// The answer as JSON, one line.\npub const SCHEMA: &str = concat!(\n\"[\",");
    let last = entries.len().saturating_sub(1);
    for (index, entry) in entries.iter().enumerate() {
        let separator = if index == last { "" } else { ", " };
        code!(code, "r#\"{}{separator}\"#,", one_line(entry));
    }
    code!(code, "\"]\",\n);");
}

/// Every part that depends on a condition is a piece of its own; what a missing part leaves behind is taken out in the
/// end. Names of a schema contain none of the texts that are looked for.
fn write_function(schema: &Schema, code: &mut Code) {
    let entries = introspection_with(schema, false, &|condition| Presence::When(predicate(condition)));
    code!(code, "/// The answer as JSON, one line.\npub fn schema() -> String {{");
    code!(code, "let pieces: &[&str] = &[\n\"[\",");
    for entry in &entries {
        let mut pieces = Pieces::default();
        pieces.guarded(entry);
        pieces.close();
        for (guard, text) in pieces.done {
            if let Some(guard) = guard {
                code!(code, "#[cfg({guard})]");
            }
            code!(code, "r#\"{text}\"#,");
        }
    }
    code!(code, "\"]\",\n];");
    code!(code, r#"pieces.concat().replace(", ]", "]").replace("\"features\": [], ", "")"#);
    code!(code, "}}");
}

/// Text in pieces, each under the same conditions throughout.
#[derive(Default)]
struct Pieces {
    done: Vec<(Option<String>, String)>,
    guards: Vec<String>,
    text: String,
}

impl Pieces {
    fn close(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let guard = match self.guards.as_slice() {
            [] => None,
            [guard] => Some(guard.clone()),
            guards => Some(format!("all({})", guards.join(", "))),
        };
        self.done.push((guard, std::mem::take(&mut self.text)));
    }

    /// An element of a list, with the separator behind it.
    fn guarded(&mut self, value: &Value) {
        let guard = Guard::of(value);
        if let Some(guard) = guard {
            self.close();
            self.guards.push(guard.to_owned());
        }
        self.value(value);
        self.text.push_str(", ");
        if guard.is_some() {
            self.close();
            self.guards.pop();
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Array(elements) => {
                self.text.push('[');
                elements.iter().for_each(|element| self.guarded(element));
                self.text.push(']');
            }
            Value::Object(_) if Guard::text(value).is_some() => {
                self.text.push_str(&one_line(&Value::from(Guard::text(value).unwrap_or_default())));
            }
            Value::Object(members) => {
                self.text.push('{');
                for (index, (name, value)) in Guard::members(members).enumerate() {
                    self.text.push_str(if index == 0 { "" } else { ", " });
                    self.text.push_str(&format!("{}: ", Value::from(name)));
                    self.value(value);
                }
                self.text.push('}');
            }
            scalar => self.text.push_str(&scalar.to_string()),
        }
    }
}
