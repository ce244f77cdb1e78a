//! What can follow the text before the cursor.

use qapi_schema::hmp::ArgumentKind;

use crate::line_editor::completion::Completion;
use crate::verbs::{in_table, is_called, spellings};

/// The ways in which the last word of `text` can go on: names of commands, and the paths that `devices` gives where
/// an argument names a device.
pub(crate) fn complete(text: &str, devices: impl FnOnce() -> Vec<String>) -> Completion {
    let start = text.rfind(' ').map_or(0, |blank| blank.saturating_add(1));
    let (before, typed) = text.split_at(start);
    let mut words = before.split_ascii_whitespace();
    let mut table: &[&str] = &[];
    while let Some(word) = words.next() {
        let Some(verb) = in_table(table).find(|verb| is_called(verb, word)) else {
            return Completion::default();
        };
        if verb.opens_table {
            table = verb.words;
            continue;
        }
        match verb.arguments.first().map(|argument| argument.kind) {
            // What follows is a command again.
            Some(ArgumentKind::Words) => table = &[],
            Some(ArgumentKind::Device) if words.next().is_none() => return Completion::of(typed, devices()),
            _ => return Completion::default(),
        }
    }
    Completion::of(typed, in_table(table).flat_map(spellings))
}
