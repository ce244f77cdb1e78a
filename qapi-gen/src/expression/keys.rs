//! Which keys an object must and may have.

use super::Context;
use crate::diagnostic::did_you_mean;
use crate::problem::Problem;
use crate::source::Span;
use crate::syntax::Entry;

pub(super) fn has(entries: &[Entry], key: &str) -> bool {
    entries.iter().any(|entry| entry.key == key)
}

impl Context<'_> {
    /// Whether the mandatory keys are all there; complains about missing and about unknown ones.
    pub(super) fn keys(
        &mut self,
        entries: &[Entry],
        span: Span,
        source: &str,
        required: &[&str],
        optional: &[&str],
    ) -> bool {
        let missing: Vec<String> =
            required.iter().filter(|key| !has(entries, key)).map(|key| (*key).to_owned()).collect();
        let complete = missing.is_empty();
        if !complete {
            self.error(Problem::MissingKeys { source_: source.to_owned(), keys: missing }, span);
        }
        let known = || required.iter().chain(optional).copied();
        let unknown: Vec<&Entry> =
            entries.iter().filter(|entry| !known().any(|key| key == entry.key)).collect();
        if let Some(first) = unknown.first() {
            let problem = Problem::UnknownKeys {
                source_: source.to_owned(),
                keys: unknown.iter().map(|entry| entry.key.clone()).collect(),
                valid: known().map(str::to_owned).collect(),
            };
            self.error_with(problem, first.key_span, did_you_mean(&first.key, known()));
        }
        complete
    }
}
