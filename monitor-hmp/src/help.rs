//! `help`: the lines of the command table.

use qapi_schema::hmp::Verb;

use crate::verbs::{in_table, is_called};

/// Explains the verb that `words` names, the whole table if it opens one; all verbs of the top level without words.
pub(crate) fn help(words: &str) -> String {
    let mut table: &[&str] = &[];
    let mut unknown = String::new();
    for word in words.split_ascii_whitespace() {
        unknown += &format!("{}{word}", if unknown.is_empty() { "" } else { " " });
        match in_table(table).find(|verb| is_called(verb, word)) {
            Some(verb) if verb.opens_table => table = verb.words,
            Some(verb) => return line(verb),
            None => return format!("unknown command: '{unknown}'\n"),
        }
    }
    in_table(table).map(line).collect()
}

/// `NAME PARAMETERS -- HELP`
fn line(verb: &'static Verb) -> String {
    format!("{} {} -- {}\n", verb.title, verb.parameters, verb.help)
}
