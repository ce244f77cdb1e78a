//! One complaint about a schema: what, where, and what may help.

use crate::problem::Problem;
use crate::source::Span;

/// The kinds of definitions, called as the language calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the language's")]
pub enum Meta {
    Enum,
    Struct,
    Union,
    Alternate,
    Command,
    Event,
}

impl Meta {
    /// Every kind, in the order in which messages list them.
    pub const ALL: [Meta; 6] =
        [Meta::Enum, Meta::Struct, Meta::Union, Meta::Alternate, Meta::Command, Meta::Event];

    /// The key that marks such a definition.
    pub const fn as_str(self) -> &'static str {
        match self {
            Meta::Enum => "enum",
            Meta::Struct => "struct",
            Meta::Union => "union",
            Meta::Alternate => "alternate",
            Meta::Command => "command",
            Meta::Event => "event",
        }
    }
}

/// The definition that a complaint is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionPlace {
    /// Its kind.
    pub meta: Meta,
    /// Its name.
    pub name: String,
    /// The whole expression.
    pub span: Span,
}

/// How QEMU's front end names the place of a complaint. We always know better (the diagnostic's span).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Line and column of the span.
    Token,
    /// The line where this starts.
    Line(Span),
    /// The definition, and the line where it starts.
    Definition(DefinitionPlace),
}

/// Another place that has to do with a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is there.
    pub message: &'static str,
    /// Where it is.
    pub span: Span,
    /// How QEMU names the place.
    pub place: Place,
}

/// One complaint about a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong.
    pub problem: Problem,
    /// Where exactly.
    pub span: Span,
    /// Where QEMU's front end says it is.
    pub place: Place,
    /// Another place that explains it.
    pub note: Option<Note>,
    /// What could be done about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A complaint whose place is a token.
    pub fn at(problem: Problem, span: Span) -> Self {
        Self { problem, span, place: Place::Token, note: None, help: None }
    }

    /// A complaint about `span` that QEMU places at the line where `start` starts.
    pub fn on_line(problem: Problem, span: Span, start: Span) -> Self {
        Self { problem, span, place: Place::Line(start), note: None, help: None }
    }

    /// A complaint about `span` in a definition.
    pub fn within(problem: Problem, span: Span, definition: &DefinitionPlace) -> Self {
        Self { problem, span, place: Place::Definition(definition.clone()), note: None, help: None }
    }

    /// Adds what may help.
    pub fn help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}

/// `did you mean 'NAME'?` for the candidate nearest to `name`, if one is near.
pub(crate) fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let limit = (name.chars().count() / 3).max(1);
    let near = candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= limit && *candidate != name)
        .map(|candidate| (distance(name, candidate), candidate))
        .min()?;
    (near.0 <= limit).then(|| format!("did you mean '{}'?", near.1))
}

/// How many letters must be put in, taken out or replaced; upper and lower case count as the same.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().map(|letter| letter.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().map(|letter| letter.to_ascii_lowercase()).enumerate() {
        let mut diagonal = index;
        let mut last = index + 1;
        for (column, other) in right.iter().enumerate() {
            let above = row.get(column + 1).copied().unwrap_or(0);
            let here = (diagonal + usize::from(letter != *other)).min(above + 1).min(last + 1);
            if let Some(cell) = row.get_mut(column) {
                *cell = last;
            }
            diagonal = above;
            last = here;
        }
        if let Some(cell) = row.last_mut() {
            *cell = last;
        }
    }
    row.last().copied().unwrap_or(0)
}
