//! What can follow the text before the cursor.

use qapi_schema::hmp::{Argument, ArgumentKind, Verb};

use crate::candidates::{is_list, values};
use crate::line_editor::completion::Completion;
use crate::monitor::Machine;
use crate::verbs::{find, in_table, spellings};

/// The ways in which the last word of `text` can go on: names of commands, and what `machine` has where an argument
/// names a part of it.
pub(crate) fn complete(text: &str, machine: &impl Machine) -> Completion {
    let (before, typed) = text.split_at(text.rfind(' ').map_or(0, |blank| blank.saturating_add(1)));
    if before.trim().is_empty() {
        return verbs(&[], typed);
    }
    let Ok(found) = find(before) else { return Completion::default() };
    if found.verb.opens_table {
        return verbs(found.verb.words, typed);
    }
    let words: Vec<&str> = arguments(found.verb, found.rest);
    match argument_at(found.verb, words.len()) {
        None => Completion::default(),
        // What follows is a command again.
        Some(Argument { kind: ArgumentKind::Words, .. }) => complete(
            text.get(before.len().saturating_sub(found.rest.trim_start().len())..).unwrap_or(typed),
            machine,
        ),
        Some(argument) => {
            let part = if is_list(argument) { typed.rsplit(',').next().unwrap_or(typed) } else { typed };
            Completion::of(part, values(argument, &words, machine))
        }
    }
}

/// The words behind a verb that are arguments, but for the format of a dump.
pub(crate) fn arguments<'l>(verb: &Verb, rest: &'l str) -> Vec<&'l str> {
    let has_format = verb.arguments.iter().any(|argument| argument.kind == ArgumentKind::Format);
    let words = rest.split_ascii_whitespace();
    words.filter(|word| !(has_format && word.starts_with('/'))).collect()
}

/// The argument behind so many others, formats not counted.
pub(crate) fn argument_at(verb: &'static Verb, place: usize) -> Option<&'static Argument> {
    let mut arguments = verb.arguments.iter().filter(|argument| argument.kind != ArgumentKind::Format);
    // The last one may have many words.
    match verb.arguments.last() {
        Some(last) if last.kind == ArgumentKind::Words => Some(last),
        _ => arguments.nth(place),
    }
}

fn verbs(table: &[&str], typed: &str) -> Completion {
    Completion::of(typed, in_table(table).flat_map(spellings))
}
