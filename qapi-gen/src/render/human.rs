//! Diagnostics for people: each with the source lines it is about.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Place};
use crate::source::{SourceFile, Sources, Span};

/// How wide the report may be.
const WIDTH: usize = 140;

/// Every diagnostic with its source lines, and how many there are.
pub fn human(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&one(diagnostic, sources));
        text.push_str("\n\n");
    }
    let count = diagnostics.len();
    text.push_str(&format!("{count} error{}\n", if count == 1 { "" } else { "s" }));
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
    let annotation = kind.span(first_line(span, &file.text));
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    Snippet::source(file.text.as_str()).path(file.name.as_str()).annotation(annotation)
}

/// The part of a span in its first line: a whole definition would fill the screen.
fn first_line(span: Span, text: &str) -> std::ops::Range<usize> {
    let end = text.len().saturating_sub(1);
    let start = span.start.min(end);
    let length = text.get(start..span.end.max(start)).unwrap_or("").find('\n');
    let stop = length.map_or(span.end, |length| start + length);
    start..stop.clamp(start, text.len())
}
