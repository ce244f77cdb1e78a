//! Pragmas: settings of the checks. They hold for the whole schema, wherever they stand.

use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::problem::Problem;
use crate::source::Span;
use crate::syntax::{Entry, Value};

#[derive(Clone, Debug, Default)]
pub(crate) struct Pragmas {
    pub(crate) doc_required: bool,
    pub(crate) command_names: Vec<String>,
    pub(crate) command_returns: Vec<String>,
    pub(crate) documentation: Vec<String>,
    pub(crate) member_names: Vec<String>,
}

const NAMES: [&str; 5] = [
    "doc-required",
    "command-name-exceptions",
    "command-returns-exceptions",
    "documentation-exceptions",
    "member-name-exceptions",
];

impl Pragmas {
    pub(crate) fn set(&mut self, entry: &Entry, directive: Span) -> Result<(), Box<Diagnostic>> {
        let error = |problem, span| Box::new(Diagnostic::on_line(problem, span, directive));
        let list = match entry.key.as_str() {
            "doc-required" => {
                self.doc_required = entry
                    .value
                    .as_bool()
                    .ok_or_else(|| error(Problem::PragmaNotBoolean, entry.value.span))?;
                return Ok(());
            }
            "command-name-exceptions" => &mut self.command_names,
            "command-returns-exceptions" => &mut self.command_returns,
            "documentation-exceptions" => &mut self.documentation,
            "member-name-exceptions" => &mut self.member_names,
            name => {
                let unknown = error(Problem::UnknownPragma(name.to_owned()), entry.key_span);
                return Err(unknown.help(did_you_mean(name, NAMES)).into());
            }
        };
        *list = strings(&entry.value)
            .ok_or_else(|| error(Problem::PragmaNotStrings(entry.key.clone()), entry.value.span))?;
        Ok(())
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|element| element.as_text().map(str::to_owned)).collect()
}
