//! The `use` lines of a generated file, for what its templates said that they need.

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

/// The lines for what is named.
pub(crate) fn lines(named: &BTreeSet<&'static str>) -> String {
    let line = |(path, names): &(&str, &[&'static str])| {
        use_line(path, names.iter().copied().filter(|name| named.contains(name)))
    };
    SOURCES.iter().map(line).collect()
}
