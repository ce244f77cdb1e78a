//! Colours for what is shown on a terminal that has them.

const RED: &str = "\x1b[31m";
const CYAN: &str = "\x1b[36m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[0m";

/// The lines of an answer: what went wrong in red, headings bold, labels in cyan.
pub(crate) fn paint(text: &str, failed: bool) -> String {
    let mut lines = text.split_inclusive('\n');
    let mut painted = String::new();
    if failed {
        // What follows the first line says what to do.
        painted.extend(lines.next().map(|line| in_colour(RED, line)));
    }
    painted.extend(lines.map(line));
    painted
}

fn line(text: &str) -> String {
    let (content, _) = split_end(text);
    let is_indented = content.starts_with([' ', '\t']);
    if content.ends_with(':') {
        return in_colour(if is_indented { CYAN } else { BOLD }, text);
    }
    match content.find(": ") {
        Some(colon) if colon > 0 => {
            let (label, value) = text.split_at(colon.saturating_add(1));
            format!("{}{value}", in_colour(CYAN, label))
        }
        _ => text.to_owned(),
    }
}

/// The text and its line end.
fn split_end(text: &str) -> (&str, &str) {
    let content = text.trim_end_matches(['\r', '\n']);
    text.split_at(content.len())
}

/// The colour goes neither over the blanks before nor over the line's end.
fn in_colour(colour: &str, text: &str) -> String {
    let (content, end) = split_end(text);
    let word = content.trim_start();
    let (indentation, word) = content.split_at(content.len().saturating_sub(word.len()));
    if word.is_empty() { text.to_owned() } else { format!("{indentation}{colour}{word}{PLAIN}{end}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(text: &str, failed: bool) -> String {
        paint(text, failed).replace('\x1b', "^").replace("\r\n", "$\n")
    }

    #[test]
    fn headings_labels_and_values_differ() {
        let text = "/machine/peripheral/disk0:\r\n  queue_index:  0\r\n  VRing:\r\n\r\nplain text\r\n";
        assert_eq!(
            painted(text, false),
            "^[1m/machine/peripheral/disk0:^[0m$\n  ^[36mqueue_index:^[0m  0$\n  ^[36mVRing:^[0m$\n$\nplain text$\n"
        );
    }

    #[test]
    fn only_the_fault_is_red_and_not_the_advice() {
        let text = "unknown command: 'inof'\r\nDid you mean \"info\"?\r\n";
        assert_eq!(painted(text, true), "^[31munknown command: 'inof'^[0m$\nDid you mean \"info\"?$\n");
        assert_eq!(painted("", true), "");
    }
}
