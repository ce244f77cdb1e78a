//! Diagnostics for tools.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Place};
use crate::source::{Sources, Span};

/// An array with an object a diagnostic: `message`, `file`, `line`, `column`, `end-line`, `end-column`, and where they are
/// known `definition` (`meta`, `name`), `note` (`message` and place), `help`, `included-from` (places, the outermost
/// first).
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let diagnostics: Vec<Value> = diagnostics.iter().map(|each| one(each, sources)).collect();
    Value::Array(diagnostics).to_string()
}

fn one(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let mut object = place(diagnostic.span, sources);
    object.insert("message".to_owned(), json!(diagnostic.problem.to_string()));
    if let Place::Definition(definition) = &diagnostic.place {
        let definition = json!({"meta": definition.meta.as_str(), "name": definition.name});
        object.insert("definition".to_owned(), definition);
    }
    if let Some(note) = &diagnostic.note {
        let mut described = place(note.span, sources);
        described.insert("message".to_owned(), json!(note.message));
        object.insert("note".to_owned(), Value::Object(described));
    }
    if let Some(help) = &diagnostic.help {
        object.insert("help".to_owned(), json!(help));
    }
    let inclusions = sources.inclusions(diagnostic.span.file);
    if !inclusions.is_empty() {
        let inclusions = inclusions.into_iter().map(|span| Value::Object(place(span, sources)));
        object.insert("included-from".to_owned(), inclusions.collect());
    }
    Value::Object(object)
}

fn place(span: Span, sources: &Sources) -> Map<String, Value> {
    let start = sources.location(span);
    let end = sources.location(Span { start: span.end.max(span.start), ..span });
    let mut object = Map::new();
    object.insert("file".to_owned(), json!(sources.file(span.file).name));
    for (name, value) in
        [("line", start.line), ("column", start.column), ("end-line", end.line), ("end-column", end.column)]
    {
        object.insert(name.to_owned(), json!(value));
    }
    object
}
