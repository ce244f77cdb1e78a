//! From the markup of documentation comments (reStructuredText, mostly plain) to Markdown.

/// Turns the text of a comment into Markdown. Nothing in it is taken for code that could be compiled.
pub(crate) fn markdown(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut output = String::new();
    let mut lists = Lists::default();
    let mut index = 0;
    while let Some(&line) = lines.get(index) {
        index += 1;
        let indentation = indent(line);
        let content = line.trim();
        if content.is_empty() {
            push(&mut output, "");
            continue;
        }
        let column = lists.column(indentation);
        if let Some(kind) = directive(content) {
            let end = block_end(&lines, index, indentation);
            directive_block(&mut output, kind, lines.get(index..end).unwrap_or(&[]));
            index = end;
        } else if content.ends_with("::") {
            let end = block_end(&lines, index, indentation);
            push_at(&mut output, column, content.strip_suffix(':').unwrap_or(content));
            fence(&mut output, lines.get(index..end).unwrap_or(&[]));
            index = end;
        } else {
            push_at(&mut output, column, content);
            lists.open.extend(marker(content).map(|width| (indentation, column + width)));
        }
    }
    output.trim_end().to_owned()
}

/// Lines behind a directive that belong to it: blank ones and those indented deeper.
fn block_end(lines: &[&str], start: usize, indentation: usize) -> usize {
    let rest = lines.get(start..).unwrap_or(&[]);
    let length = rest.iter().position(|line| !line.trim().is_empty() && indent(line) <= indentation);
    start + length.unwrap_or(rest.len())
}

fn directive(content: &str) -> Option<&str> {
    content.strip_prefix(".. ")?.split_once("::").map(|(kind, _)| kind)
}

fn directive_block(output: &mut String, kind: &str, block: &[&str]) {
    match kind {
        "note" | "warning" | "admonition" | "caution" | "tip" => {
            let text = block.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
            let text: Vec<String> = text.map(inline).collect();
            push(
                output,
                &format!("**{}:** {}", if kind == "admonition" { "note" } else { kind }, text.join(" ")),
            );
            push(output, "");
        }
        _ => fence(output, block),
    }
}

fn fence(output: &mut String, block: &[&str]) {
    let is_text = |line: &&&str| !line.trim().is_empty() && !line.trim().starts_with(':');
    let indentation = block.iter().filter(is_text).map(|line| indent(line)).min().unwrap_or(0);
    let lines: Vec<&str> =
        block.iter().map(|line| line.get(indentation..).unwrap_or("").trim_end()).collect();
    let text = lines.join("\n");
    let text = text.trim_matches('\n');
    if text.is_empty() {
        return;
    }
    push(output, "");
    push(output, "```text");
    text.lines().for_each(|line| push(output, line));
    push(output, "```");
    push(output, "");
}

fn push(output: &mut String, line: &str) {
    if !(line.is_empty() && (output.is_empty() || output.ends_with("\n\n"))) {
        output.push_str(line);
        output.push('\n');
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The lists that are open: how far each item's mark is indented in the source, and where its text stands in the
/// output. Text never stands so far from there that Markdown would take it for code.
#[derive(Default)]
struct Lists {
    open: Vec<(usize, usize)>,
}

impl Lists {
    /// Where a line that is indented so far belongs; the lists that it is not part of are closed.
    fn column(&mut self, indentation: usize) -> usize {
        while self.open.last().is_some_and(|(mark, _)| *mark >= indentation) {
            self.open.pop();
        }
        self.open.last().map_or(0, |(_, column)| *column)
    }
}

/// How wide the mark is that makes a list item of a line.
fn marker(content: &str) -> Option<usize> {
    let number = content.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = content.len() - number.len();
    let numbered = (1..=9).contains(&digits) && (number.starts_with(". ") || number.starts_with(") "));
    if numbered {
        Some(digits + 2)
    } else {
        (content.starts_with("- ") || content.starts_with("* ")).then_some(2)
    }
}

fn push_at(output: &mut String, column: usize, content: &str) {
    push(output, &format!("{:column$}{}", "", inline(content)));
}

/// `@name` and ``` ``literal`` ``` become code; what Markdown would take for its own markup is escaped.
pub(crate) fn inline(text: &str) -> String {
    const SPECIAL: [char; 6] = ['@', '`', '[', ']', '<', '>'];
    let mut output = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find(SPECIAL) {
        let (plain, special) = rest.split_at(at);
        output.push_str(plain);
        let (mark, behind) = special.split_at(1);
        let at_word = output.chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        let length = if mark == "@" && at_word { name_length(behind) } else { 0 };
        let literal = special.strip_prefix("``").and_then(|literal| literal.split_once("``"));
        if let Some((literal, after)) = literal {
            output.extend(["`", literal, "`"]);
            rest = after;
        } else if length > 0 {
            let (name, after) = behind.split_at(length);
            output.extend(["`", name, "`"]);
            rest = after;
        } else {
            output.extend([if matches!(mark, "@" | "`") { "" } else { "\\" }, mark]);
            rest = behind;
        }
    }
    output.push_str(rest);
    output
}

fn name_length(text: &str) -> usize {
    let inner = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let length = text.find(|letter: char| !inner(letter)).unwrap_or(text.len());
    text.get(..length).unwrap_or("").trim_end_matches('-').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_literals_become_code() {
        assert_eq!(markdown("see @query-x, ``a[0]`` or a@b [x]"), "see `query-x`, `a[0]` or a@b \\[x\\]");
    }

    #[test]
    fn examples_are_fenced() {
        let text = "Text.\n\n.. qmp-example::\n\n    -> { }\n       more\n\nAfter.";
        assert_eq!(markdown(text), "Text.\n\n```text\n-> { }\n   more\n```\n\nAfter.");
    }

    #[test]
    fn no_indented_line_is_left_to_be_taken_for_code() {
        let text = "Text\n        deep\n\n    - item\n      goes on\n\n        deeper";
        assert!(markdown(text).lines().all(|line| !line.starts_with("     ")), "{}", markdown(text));
    }
}
