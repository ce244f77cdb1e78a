//! Diagnostics for people: each with the source lines it is about.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Place};
use crate::source::{SourceFile, Sources, Span};

/// How wide the report may be.
const WIDTH: usize = 140;

/// How many diagnostics are shown. Nobody reads more, and the first ones are mostly the cause of the rest.
const MOST_SHOWN: usize = 100;

/// The diagnostics with their source lines, and how many there are.
pub fn human(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics.iter().take(MOST_SHOWN) {
        text.push_str(&one(diagnostic, sources));
        text.push_str("\n\n");
    }
    let count = diagnostics.len();
    text.push_str(&format!("{count} error{}", if count == 1 { "" } else { "s" }));
    if count > MOST_SHOWN {
        text.push_str(&format!(", of which the first {MOST_SHOWN} are shown"));
    }
    text.push('\n');
    text
}

fn one(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let message = diagnostic.problem.to_string();
    let label = match &diagnostic.place {
        Place::Definition(place) => format!("in {} '{}'", place.meta.as_str(), place.name),
        Place::Token | Place::Line(_) => String::new(),
    };
    let mut group: Group<'_> = Level::ERROR.primary_title(&message).element(snippet(
        sources,
        diagnostic.span,
        &label,
        AnnotationKind::Primary,
    ));
    if let Some(note) = &diagnostic.note {
        group = group.element(snippet(sources, note.span, note.message, AnnotationKind::Context));
    }
    let included: Vec<String> = sources
        .inclusions(diagnostic.span.file)
        .into_iter()
        .rev()
        .map(|span| included(span, sources))
        .collect();
    group = group.elements(included.iter().map(|text| Level::NOTE.message(text)));
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    Renderer::plain().term_width(WIDTH).render(&[group])
}

fn included(span: Span, sources: &Sources) -> String {
    format!("included from {}:{}", sources.file(span.file).name, sources.location(span).line)
}

fn snippet<'a>(
    sources: &'a Sources,
    span: Span,
    label: &'a str,
    kind: AnnotationKind,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let file: &SourceFile = sources.file(span.file);
    let (line, range) = first_line(span, &file.text);
    let annotation = kind.span(range);
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    let number = sources.location(span).line;
    Snippet::source(line).line_start(number).path(file.name.as_str()).annotation(annotation)
}

/// The line where a span starts, and the part of the span in it: a whole definition would fill the screen.
fn first_line(span: Span, text: &str) -> (&str, std::ops::Range<usize>) {
    let start = span.start.min(text.len().saturating_sub(1));
    let (before, behind) = text.split_at_checked(start).unwrap_or((text, ""));
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line_end = behind.find('\n').map_or(text.len(), |length| start + length);
    let end = span.end.clamp(start, line_end);
    (text.get(line_start..line_end).unwrap_or(""), start - line_start..end - line_start)
}
