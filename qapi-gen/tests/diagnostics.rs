//! Every complaint that the front end can make, as QEMU words it and as people see it; and what it understands.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "each test uses its part")]
mod support;

use std::collections::BTreeSet;
use std::path::Path;

use qapi_gen::backend::dump::dump;
use qapi_gen::{Diagnostic, Parsed, Sources, hmp, parse, render};
use support::{Files, cases};

const REFUSED: [(&str, &str); 5] = [
    ("text", include_str!("cases/text.txt")),
    ("documentation", include_str!("cases/documentation.txt")),
    ("directives", include_str!("cases/directives.txt")),
    ("expressions", include_str!("cases/expressions.txt")),
    ("schema", include_str!("cases/schema.txt")),
];
const HMP: &str = include_str!("cases/hmp.txt");

/// What the cases of the human monitor's table refer to.
const HMP_SCHEMA: &str = "{ 'struct': 'Box', 'data': {} }
    { 'command': 'pack', 'data': 'Box' }
    { 'command': 'paint', 'data': { 'shape': 'str', '*shade': 'str' } }";

fn read(files: &Files) -> Parsed {
    parse(Path::new("main.json"), files).unwrap()
}

fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let lines: Vec<String> = diagnostics.iter().map(|each| render::qemu(each, sources)).collect();
    format!("{}\n\n{}", lines.join("\n"), render::human(diagnostics, sources))
}

#[test]
fn every_refusal() {
    for (name, text) in REFUSED {
        let mut output = String::new();
        for case in cases(text) {
            let Parsed { schema, diagnostics } = read(&case.files);
            let shown = match diagnostics.is_empty() {
                true => format!("accepted\n\n{}", dump_without_built_in(&dump(&schema))),
                false => shown(&diagnostics, schema.sources()),
            };
            output.push_str(&format!("=== {}\n{shown}\n", case.title));
        }
        insta::assert_snapshot!(name, output);
    }
}

#[test]
fn every_refusal_of_the_human_monitors_table() {
    let schema = read(&Files::single(HMP_SCHEMA)).schema;
    let mut output = String::new();
    for case in cases(HMP) {
        let (_, sources, diagnostics) = hmp::read(Path::new("main.json"), &case.files, &schema).unwrap();
        output.push_str(&format!("=== {}\n{}\n", case.title, shown(&diagnostics, &sources)));
    }
    insta::assert_snapshot!("hmp", output);
}

#[test]
fn what_is_understood() {
    let mut output = String::new();
    for case in cases(include_str!("cases/accepted.txt")) {
        let Parsed { schema, diagnostics } = read(&case.files);
        assert!(diagnostics.is_empty(), "{}: {}", case.title, shown(&diagnostics, schema.sources()));
        output.push_str(&format!("=== {}\n{}\n", case.title, dump_without_built_in(&dump(&schema))));
    }
    insta::assert_snapshot!("accepted", output);
}

fn dump_without_built_in(dump: &str) -> &str {
    dump.split_once("module main.json").map_or(dump, |(_, rest)| rest)
}

#[test]
fn for_tools_everything_is_an_object() {
    let parsed = read(&Files::single(
        "{ 'struct': 'Shape', 'data': { 'a': 'itn' } }\n{ 'struct': 'Shape', 'data': {} }",
    ));
    let json = render::json(&parsed.diagnostics, parsed.schema.sources());
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
}

/// A message that no case shows would be one that nobody has looked at.
#[test]
fn no_message_is_left_out() {
    let source = include_str!("../src/problem.rs");
    let body = source.split_once("pub enum Problem {").unwrap().1.split_once("\n}\n").unwrap().0;
    let declared =
        body.lines().map(str::trim).filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
    let name = |text: &str| text.split(['(', ' ', ',']).next().unwrap_or("").to_owned();
    let declared: BTreeSet<String> = declared.map(name).collect();
    let schema = read(&Files::single(HMP_SCHEMA)).schema;
    let mut shown = BTreeSet::new();
    let mut see = |diagnostics: Vec<Diagnostic>| {
        shown.extend(diagnostics.iter().map(|each| name(&format!("{:?}", each.problem))));
    };
    for case in REFUSED.iter().flat_map(|(_, text)| cases(text)) {
        see(read(&case.files).diagnostics);
    }
    for case in cases(HMP) {
        see(hmp::read(Path::new("main.json"), &case.files, &schema).unwrap().2);
    }
    let missing: Vec<&String> = declared.difference(&shown).collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}
