//! Text in lines of whole words.

use std::fmt::Write as _;

/// Columns of a line.
const WIDTH: usize = 100;

/// These words in lines that begin in the column `indent`. A word that is longer than a line has one of its own.
pub(crate) fn paragraph(words: &str, indent: usize) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in words.split(' ') {
        if !line.is_empty() && indent + line.len() + 1 + word.len() > WIDTH {
            let _ = writeln!(lines, "{:indent$}{line}", "");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(lines, "{:indent$}{line}", "");
    lines
}
