//! Diagnostics exactly as QEMU's front end prints them.

use std::fmt::Write;

use crate::diagnostic::{Diagnostic, Place};
use crate::source::{Sources, Span};

/// `FILE:LINE[:COLUMN]: MESSAGE`, after the files that include it and the definition it is in.
pub fn qemu(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut text = String::new();
    line(&mut text, sources, &diagnostic.place, diagnostic.span, &diagnostic.problem.to_string());
    if let Some(note) = &diagnostic.note {
        text.push('\n');
        line(&mut text, sources, &note.place, note.span, note.message);
    }
    text
}

/// Writing to a String does not fail, so that the results say nothing.
fn line(text: &mut String, sources: &Sources, place: &Place, span: Span, message: &str) {
    for inclusion in sources.inclusions(span.file) {
        let file = &sources.file(inclusion.file).name;
        let _ = writeln!(text, "In file included from {file}:{}:", sources.location(inclusion).line);
    }
    let file = &sources.file(span.file).name;
    let _ = match place {
        Place::Token => write!(text, "{file}:{}: {message}", sources.location(span)),
        Place::Line(start) => write!(text, "{file}:{}: {message}", sources.location(*start).line),
        Place::Definition(definition) => write!(
            text,
            "{file}: In {} '{}':\n{file}:{}: {message}",
            definition.meta.as_str(),
            definition.name,
            sources.location(definition.span).line
        ),
    };
}
