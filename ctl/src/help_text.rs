//! From the schema's documentation to the text of `--help`.

use qapi_schema::documentation::Entry;

/// The first sentence of what is said, on one line and without its full stop.
pub(crate) fn summary(text: &str) -> String {
    let first = text.split("\n\n").next().unwrap_or_default();
    let line = plain(first).split_whitespace().collect::<Vec<_>>().join(" ");
    let end = line.find(". ").or_else(|| line.strip_suffix('.').map(str::len)).unwrap_or(line.len());
    line.get(..end).unwrap_or(&line).to_owned()
}

/// All that is said of a command, which has these features.
pub(crate) fn whole(entry: &Entry, features: &[String]) -> String {
    let mut parts = vec![paragraphs(entry.text)];
    if !entry.returns.is_empty() {
        parts.push(format!("Returns {}", paragraphs(entry.returns)));
    }
    if !entry.errors.is_empty() {
        parts.push(format!("Errors:\n{}", plain(entry.errors)));
    }
    if !features.is_empty() {
        parts.push(format!("Features: {}", features.join(", ")));
    }
    parts.join("\n\n")
}

/// What is said of an argument, on one line.
pub(crate) fn argument(text: &str) -> String {
    plain(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lines that belong together on one line each, so that they can be broken where the terminal ends.
fn paragraphs(text: &str) -> String {
    let paragraph = |text: &str| {
        // What is indented is laid out by hand.
        let is_laid_out = text.lines().any(|line| line.starts_with(' ')) || text.contains("::");
        if is_laid_out { plain(text) } else { argument(text) }
    };
    text.split("\n\n").map(paragraph).collect::<Vec<_>>().join("\n\n")
}

/// The text without the mark before names.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut before = ' ';
    for character in text.chars() {
        let is_mark = character == '@' && !before.is_alphanumeric();
        if !is_mark {
            plain.push(character);
        }
        before = character;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_the_first_sentence() {
        assert_eq!(summary("Tells what\n@path is.  And more."), "Tells what path is");
        assert_eq!(summary("One.\n\nTwo."), "One");
        assert_eq!(summary(""), "");
    }

    #[test]
    fn paragraphs_flow_and_lists_do_not() {
        assert_eq!(paragraphs("a\nb\n\n  - c\n  - d\n\ne@f"), "a b\n\n  - c\n  - d\n\ne@f");
    }
}
