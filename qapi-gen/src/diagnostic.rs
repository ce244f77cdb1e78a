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
    let limit = (name.chars().count() + 1) / 3;
    let near = candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= limit && *candidate != name)
        .map(|candidate| (distance(name, candidate), candidate))
        .min()?;
    (near.0 <= limit.max(1)).then(|| format!("did you mean '{}'?", near.1))
}

/// How many letters must be put in, taken out, replaced or swapped with the next one; upper and lower case count as
/// the same. Rows of the usual table, of which the last two are kept.
fn distance(left: &str, right: &str) -> usize {
    let letters = |text: &str| text.chars().map(|letter| letter.to_ascii_lowercase()).collect::<Vec<char>>();
    let (left, right) = (letters(left), letters(right));
    let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.iter().enumerate() {
        let mut row = vec![index + 1];
        for (column, other) in right.iter().enumerate() {
            let replaced = at(&above, column) + usize::from(letter != other);
            let mut best = replaced.min(at(&above, column + 1) + 1).min(at(&row, column) + 1);
            let swapped = index > 0
                && column > 0
                && left.get(index - 1) == Some(other)
                && right.get(column - 1) == Some(letter);
            if swapped {
                best = best.min(at(&before, column - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    at(&above, right.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        let types = ["str", "uint8", "int", "Shape", "StatusInfo"];
        let hint = |name| did_you_mean(name, types);
        assert_eq!(hint("strng").as_deref(), Some("did you mean 'str'?"));
        assert_eq!(hint("unit8").as_deref(), Some("did you mean 'uint8'?"));
        assert_eq!(hint("statusinfo").as_deref(), Some("did you mean 'StatusInfo'?"));
        assert_eq!(hint("Colour"), None);
        assert_eq!(hint("x"), None);
    }
}
