//! What to type instead of a line that could not be run.

use qapi_schema::hmp::VERBS;

use crate::candidates::values;
use crate::complete::{argument_at, arguments};
use crate::failure::Failure;
use crate::monitor::Machine;
use crate::verbs::{Found, in_table, is_called, spellings};

/// How many values of an argument are listed at most.
const MOST_VALUES: usize = 8;

/// What may have been meant by `typed`, words up to the first that is unknown.
pub(crate) fn for_unknown(typed: &str) -> String {
    let mut table: &[&str] = &[];
    let mut unknown = "";
    for word in typed.split_ascii_whitespace() {
        unknown = word;
        if let Some(verb) = in_table(table).find(|verb| verb.opens_table && is_called(verb, word)) {
            table = verb.words;
        }
    }
    let here = closest(unknown, in_table(table).flat_map(spellings));
    let meant = match here {
        Some(word) => Some([table, &[word]].concat().join(" ")),
        // It may stand in another table.
        None => {
            let last = closest(unknown, VERBS.iter().filter_map(|verb| verb.words.last().copied()));
            let verb = VERBS.iter().find(|verb| verb.words.last().copied() == last);
            verb.map(|verb| verb.words.join(" "))
        }
    };
    match (meant, table) {
        (Some(words), _) => format!("Did you mean \"{words}\"?\n"),
        (None, []) => "Type \"help\" for a list of all commands\n".to_owned(),
        (None, table) => format!("Type \"help {}\" for a list of its commands\n", table.join(" ")),
    }
}

/// What may help after a verb that was found has failed; empty if nothing is known.
pub(crate) fn for_failure(found: &Found<'_>, failure: &Failure, machine: &impl Machine) -> String {
    let words = arguments(found.verb, found.rest);
    match failure {
        Failure::Arguments(_) => missing(found, &words, machine),
        Failure::Command(_) => mistyped(found, &words, machine),
    }
    .unwrap_or_default()
}

/// The values of the argument that is missing at the end of the line.
fn missing(found: &Found<'_>, words: &[&str], machine: &impl Machine) -> Option<String> {
    let argument = argument_at(found.verb, words.len()).filter(|argument| !argument.optional)?;
    let values = values(argument, words, machine);
    let shown = values.get(..MOST_VALUES).unwrap_or(&values);
    let more = if shown.len() < values.len() { ", ..." } else { "" };
    (!values.is_empty()).then(|| format!("{} can be {}{more}\n", argument.name, shown.join(", ")))
}

/// The first argument that is none of those that there are, and what may have been meant.
fn mistyped(found: &Found<'_>, words: &[&str], machine: &impl Machine) -> Option<String> {
    words.iter().enumerate().find_map(|(place, word)| {
        let argument = argument_at(found.verb, place)?;
        let values = values(argument, words.get(..place)?, machine);
        if values.iter().any(|value| value == word) {
            return None;
        }
        let meant = closest(word, values.iter().map(String::as_str))?;
        Some(format!("Did you mean \"{meant}\"?\n"))
    })
}

/// The candidate that is most like `word`, if one is like it: some letters may be wrong, or only the end is there.
fn closest<'c>(word: &str, candidates: impl Iterator<Item = &'c str> + Clone) -> Option<&'c str> {
    let most = (word.chars().count() / 3).max(1);
    let distance = |candidate: &&str| strsim::damerau_levenshtein(word, candidate);
    let near = candidates.clone().filter(|candidate| candidate.len() > 1 && distance(candidate) <= most);
    // Two letters that changed places are more likely than one that is missing.
    near.min_by_key(|candidate| (distance(candidate), candidate.len().abs_diff(word.len()))).or_else(|| {
        let is_end = |candidate: &&str| {
            candidate.rsplit('/').next() == Some(word) || candidate.split('/').any(|part| part == word)
        };
        candidates.clone().find(is_end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_those_that_are_near() {
        let words = ["virtio", "virtio-status", "version", "x"];
        let closest = |word| closest(word, words.into_iter());
        assert_eq!(closest("virtoi"), Some("virtio"));
        assert_eq!(closest("virtio-sttus"), Some("virtio-status"));
        assert_eq!(closest("y"), None, "any other letter is not like x");
        assert_eq!(closest("registers"), None);
    }

    #[test]
    fn the_name_of_a_device_stands_for_its_path() {
        let paths = ["/machine/peripheral/disk0", "/machine/peripheral/net0/virtio-backend"];
        let closest = |word| closest(word, paths.into_iter());
        assert_eq!(closest("disk0"), Some(paths[0]));
        assert_eq!(closest("net0"), Some(paths[1]));
        assert_eq!(closest("/machine/peripheral/disk1"), Some(paths[0]));
    }

    #[test]
    fn verbs_are_looked_for_in_their_table_first() {
        assert_eq!(for_unknown("inof"), "Did you mean \"info\"?\n");
        assert_eq!(for_unknown("info statsu"), "Did you mean \"info status\"?\n");
        assert_eq!(for_unknown("virtio-status"), "Did you mean \"info virtio-status\"?\n");
        assert_eq!(for_unknown("registers"), "Did you mean \"info registers\"?\n");
        assert_eq!(for_unknown("xyzzy"), "Type \"help\" for a list of all commands\n");
        assert_eq!(for_unknown("info xyzzy"), "Type \"help info\" for a list of its commands\n");
    }
}
