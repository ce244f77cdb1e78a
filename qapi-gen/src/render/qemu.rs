//! Diagnostics exactly as QEMU's front end prints them.

use std::fmt::Write;

use crate::diagnostic::{Diagnostic, Place};
use crate::source::{Location, Sources, Span};

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
        Place::Token => {
            let location = sources.location(span);
            let column = column(sources, span, location);
            write!(text, "{file}:{}:{column}: {message}", location.line)
        }
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

/// QEMU's front end counts a tab in a way of its own: the column falls back to where it stands within its eight.
fn column(sources: &Sources, span: Span, location: Location) -> usize {
    let text = &sources.file(span.file).text;
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    if span.start >= text.len() {
        return location.column;
    }
    line.chars().fold(1, |column, letter| if letter == '\t' { (column + 7) % 8 + 1 } else { column + 1 })
}
