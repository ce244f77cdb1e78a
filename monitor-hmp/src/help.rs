//! `help`: the lines of the command table.

use qapi_schema::hmp::Verb;
use textwrap::{Options, wrap};

use crate::verbs::{in_table, is_called};

/// The narrowest terminal on which the explanations stand beside the commands.
const NARROW: usize = 60;

/// The narrowest column of explanations, on whatever terminal.
const NARROWEST: usize = 10;

/// The widest commands that have their explanations beside them, in columns.
const WIDEST: usize = 34;

/// Explains the verb that `words` names, the whole table if it opens one; all verbs of the top level without words. A
/// terminal of so many `columns` gets them in two columns.
pub(crate) fn help(words: &str, columns: Option<usize>) -> String {
    let mut table: &[&str] = &[];
    let mut unknown = String::new();
    for word in words.split_ascii_whitespace() {
        unknown += &format!("{}{word}", if unknown.is_empty() { "" } else { " " });
        match in_table(table).find(|verb| is_called(verb, word)) {
            Some(verb) if verb.opens_table => table = verb.words,
            Some(verb) => return line(verb, columns),
            None => return format!("unknown command: '{unknown}'\n"),
        }
    }
    in_table(table).map(|verb| line(verb, columns)).collect()
}

fn line(verb: &'static Verb, columns: Option<usize>) -> String {
    match columns {
        // `NAME PARAMETERS -- HELP`
        None => format!("{} {} -- {}\n", verb.title, verb.parameters, verb.help),
        Some(columns) => in_columns(verb, columns),
    }
}

/// The command, and beside it or below it what it does.
fn in_columns(verb: &'static Verb, columns: usize) -> String {
    let command = format!("{} {}", verb.title, verb.parameters);
    let command = command.trim_end();
    let (margin, below) = match columns {
        ..NARROW => (4, true),
        _ => (WIDEST, command.len().saturating_add(2) > WIDEST),
    };
    let indentation = " ".repeat(margin);
    let first = if below { indentation.clone() } else { format!("{command:margin$}") };
    let options = Options::new(columns.saturating_sub(1).max(margin.saturating_add(NARROWEST)));
    let lines = wrap(verb.help, options.initial_indent(&first).subsequent_indent(&indentation));
    let explanation = lines.join("\n");
    if below { format!("{command}\n{explanation}\n") } else { format!("{explanation}\n") }
}
