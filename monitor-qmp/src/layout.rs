//! Messages laid out for people: what `pretty=on` asks for.

/// How far nested values are moved to the right at most, in levels: a hostile `id` must not become blanks without bound.
const DEEPEST: usize = 64;
const INDENT: &[u8] = b"    ";

/// Lays out messages as the server writes them: JSON with `": "` and `", "` between its parts, CR LF behind each. Every
/// part gets a line of its own.
pub(crate) fn pretty(messages: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(messages.len() * 2);
    let mut depth = 0_usize;
    let mut rest = messages;
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match byte {
            b'"' => {
                let (string, behind) = behind.split_at(string_length(behind));
                text.push(byte);
                text.extend_from_slice(string);
                rest = behind;
            }
            b'{' | b'[' => {
                depth += 1;
                text.push(byte);
                new_line(&mut text, depth);
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut text, depth);
                text.push(byte);
            }
            b',' => {
                text.push(byte);
                new_line(&mut text, depth);
                // The blank behind the comma has become the line end.
                rest = behind.strip_prefix(b" ").unwrap_or(behind);
            }
            _ => text.push(byte),
        }
    }
    text
}

/// How many bytes of `text`, which begins in a string, still belong to it; its closing quote is one of them.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    let end = text.iter().position(|&byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 1)
}

fn new_line(text: &mut Vec<u8>, depth: usize) {
    // The part that is empty so far has begun a line that nothing stands in.
    while text.ends_with(b" ") {
        text.pop();
    }
    if !text.ends_with(b"\r\n") {
        text.extend_from_slice(b"\r\n");
    }
    (0..depth.min(DEEPEST)).for_each(|_| text.extend_from_slice(INDENT));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(message: &str) -> String {
        String::from_utf8(pretty(message.as_bytes())).unwrap().replace("\r\n", "\n")
    }

    #[test]
    fn every_part_has_its_line_and_empty_ones_have_two() {
        insta::assert_snapshot!(laid_out(
            "{\"return\": [{\"a\": 1, \"b\": [], \"c\": {}}, null], \"id\": \"x\"}\r\n{\"return\": {}}\r\n"
        ), @r#"
        {
            "return": [
                {
                    "a": 1,
                    "b": [
                    ],
                    "c": {
                    }
                },
                null
            ],
            "id": "x"
        }
        {
            "return": {
            }
        }
        "#);
    }

    #[test]
    fn strings_are_left_alone() {
        insta::assert_snapshot!(laid_out(r#"{"a": "{[, \" ]}", "\\": "x, y"}"#), @r#"
        {
            "a": "{[, \" ]}",
            "\\": "x, y"
        }
        "#);
    }

    #[test]
    fn depth_does_not_make_blanks_without_bound() {
        let deep = format!("{}{}", "[".repeat(1024), "]".repeat(1024));
        assert!(laid_out(&deep).len() < 2048 * (2 + DEEPEST * INDENT.len()));
    }
}
