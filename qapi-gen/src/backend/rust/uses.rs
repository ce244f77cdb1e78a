//! The `use` lines of a generated file: found from what its text names.

use std::collections::BTreeSet;

use super::context::use_line;

/// Where the names come from that generated code may use, in the order of the lines.
const SOURCES: [(&str, &[&str]); 8] = [
    ("std", &["fmt"]),
    ("std::str", &["FromStr"]),
    ("std::time", &["Duration"]),
    ("serde", &["Deserialize", "Deserializer", "Serialize", "Serializer"]),
    ("serde::ser", &["SerializeMap"]),
    ("serde_json", &["Map", "Value"]),
    (
        "super::super::runtime",
        &[
            "Command",
            "Decode",
            "DecodeMembers",
            "Empty",
            "EncodeMembers",
            "Error",
            "Event",
            "Members",
            "Path",
            "Reply",
            "Request",
            "UnknownValue",
            "decode",
            "encode",
        ],
    ),
    ("super", &["requests"]),
];

/// The lines for `body`.
pub(crate) fn lines(body: &str) -> String {
    let named = identifiers(body);
    let line = |(path, names): &(&str, &[&'static str])| {
        use_line(path, names.iter().copied().filter(|name| named.contains(name)))
    };
    SOURCES.iter().map(line).collect()
}

/// The identifiers in Rust text that can stand for something imported: not those in comments and strings, not those
/// behind `::`, and not the variants that an enum defines.
fn identifiers(body: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut in_enum = false;
    for line in body.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
        let defined = if in_enum { identifier_length(line) } else { 0 };
        in_enum = line.starts_with("pub enum ") || in_enum && line != "}";
        for stretch in outside_strings(line.get(defined..).unwrap_or("")) {
            add_identifiers(stretch, &mut found);
        }
    }
    found
}

fn add_identifiers<'t>(text: &'t str, found: &mut BTreeSet<&'t str>) {
    let mut rest = text;
    let mut behind_path = false;
    while let Some(first) = rest.chars().next() {
        let length = identifier_length(rest);
        let (token, after) = rest.split_at(length.max(first.len_utf8()));
        if length > 0 && !behind_path {
            found.insert(token);
        }
        behind_path = token == ":" && (behind_path || after.starts_with(':'));
        rest = after;
    }
}

fn identifier_length(text: &str) -> usize {
    text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_')).unwrap_or(text.len())
}

/// The stretches of a line between its string literals.
fn outside_strings(line: &str) -> Vec<&str> {
    let mut stretches = Vec::new();
    let mut rest = line;
    while let Some((before, string)) = rest.split_once('"') {
        stretches.push(before);
        rest = behind_string(string);
    }
    stretches.push(rest);
    stretches
}

fn behind_string(string: &str) -> &str {
    let mut escaped = false;
    for (at, byte) in string.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return string.get(at + 1..).unwrap_or(""),
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_comments_and_strings_do_not_count() {
        let body = "/// Empty\npub enum A {\n    Path(Box<Value>),\n}\nfn f() -> Self::Event, Error {\n    g(\"Reply \\\" Value\", Map)\n}";
        assert_eq!(lines(body), "use serde_json::{Map, Value};\nuse super::super::runtime::Error;\n");
    }
}
