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
    let named = named(body);
    let line = |(path, names): &(&str, &[&'static str])| {
        use_line(path, names.iter().copied().filter(|name| named.contains(name)))
    };
    SOURCES.iter().map(line).collect()
}

/// The names of [`SOURCES`] that Rust text uses: identifiers that are not in comments or strings, not behind `::`, and
/// not the variants that an enum defines.
fn named(body: &str) -> BTreeSet<&'static str> {
    let mut wanted: Vec<&'static str> = SOURCES.iter().flat_map(|(_, names)| *names).copied().collect();
    wanted.sort_unstable();
    // By far the most identifiers differ from all that are wanted in their first letter.
    let mut first_letters = [false; 256];
    wanted
        .iter()
        .filter_map(|name| name.bytes().next())
        .for_each(|first| first_letters[usize::from(first)] = true);
    let is_possible =
        |name: &&str| name.bytes().next().is_some_and(|first| first_letters[usize::from(first)]);
    let mut found = BTreeSet::new();
    let mut in_enum = false;
    for line in body.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
        let defined = if in_enum { identifier_length(line) } else { 0 };
        in_enum = line.starts_with("pub enum ") || in_enum && line != "}";
        for stretch in outside_strings(line.get(defined..).unwrap_or("")) {
            let possible = identifiers(stretch).filter(is_possible);
            found.extend(possible.filter_map(|name| wanted.get(wanted.binary_search(&name).ok()?).copied()));
        }
    }
    found
}

/// The identifiers in `text` that do not stand behind `::`.
fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let mut behind_path = false;
    std::iter::from_fn(move || {
        loop {
            let start = rest.bytes().position(is_part)?;
            behind_path = if start == 0 { behind_path } else { rest.get(..start)?.ends_with("::") };
            let (token, after) = rest.get(start..)?.split_at(identifier_length(rest.get(start..)?));
            rest = after;
            if !behind_path {
                return Some(token);
            }
        }
    })
}

fn is_part(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

fn identifier_length(text: &str) -> usize {
    text.bytes().position(|byte| !is_part(byte)).unwrap_or(text.len())
}

/// The stretches of a line between its string literals.
fn outside_strings(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let (before, string) =
            line.split_once('"').map_or((line, None), |(before, string)| (before, Some(string)));
        rest = string.map(behind_string);
        Some(before)
    })
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
