//! Finding one's way in the generated table of verbs.

use qapi_schema::hmp::{VERBS, Verb};

use crate::parse::words::command_word;

/// A verb that was found in a line.
#[derive(Debug)]
pub(crate) struct Found<'l> {
    pub(crate) verb: &'static Verb,
    /// The words as they were typed.
    pub(crate) typed: &'l str,
    /// What follows them.
    pub(crate) rest: &'l str,
}

/// The verb that `line` starts with. If there is none, the words up to the one that is unknown.
pub(crate) fn find(line: &str) -> Result<Found<'_>, &str> {
    let line = line.trim_start();
    let mut table: &[&str] = &[];
    let mut rest = line;
    loop {
        let (word, behind) = command_word(rest);
        let typed = line.get(..line.len().saturating_sub(behind.len())).unwrap_or(line);
        let verb = in_table(table).find(|verb| is_called(verb, word)).ok_or(typed)?;
        if !verb.opens_table || behind.trim_start().is_empty() {
            return Ok(Found { verb, typed, rest: behind });
        }
        (table, rest) = (verb.words, behind);
    }
}

/// The verbs of a table, in the order of help: of the top level if `words` is empty, else of the verb with these
/// words.
pub(crate) fn in_table(words: &[&str]) -> impl Iterator<Item = &'static Verb> + Clone {
    VERBS.iter().filter(move |verb| verb.words.split_last().is_some_and(|(_, table)| table == words))
}

/// The last word and its other spellings.
pub(crate) fn spellings(verb: &'static Verb) -> impl Iterator<Item = &'static str> + Clone {
    verb.words.last().into_iter().chain(verb.aliases).copied()
}

/// Whether `word` is the last word of the verb, or another spelling of it.
pub(crate) fn is_called(verb: &'static Verb, word: &str) -> bool {
    spellings(verb).any(|spelling| spelling == word)
}
