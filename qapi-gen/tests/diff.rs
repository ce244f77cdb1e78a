//! Which changes of a schema break a client.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "each test uses its part")]
mod support;

use std::path::Path;

use qapi_gen::schema::Decision;
use qapi_gen::{Schema, diff, parse};
use support::Files;

/// What pairs have in common.
const COMMON: &str = "{ 'enum': 'Hue', 'data': [ 'red', 'green' ] }
    { 'struct': 'Colour', 'data': { 'hue': 'Hue', '*shade': 'uint8' } }\n";

fn schema(text: &str) -> Schema {
    let parsed = parse(Path::new("main.json"), &Files::single(text)).unwrap();
    assert!(parsed.diagnostics.is_empty(), "{text}: {:?}", parsed.diagnostics);
    parsed.schema.decide(&Decision::All)
}

fn changes(old: &str, new: &str) -> String {
    let changes = diff::diff(&schema(old), &schema(new));
    changes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn common(old: &str, new: &str) -> String {
    changes(&format!("{COMMON}{old}"), &format!("{COMMON}{new}"))
}

#[test]
fn arguments() {
    let old = "{ 'command': 'paint', 'data': { 'a': 'int' } }";
    insta::assert_snapshot!(common(old, old), @"");
    insta::assert_snapshot!(
        common(old, "{ 'command': 'paint', 'data': { 'a': 'int', '*b': 'str' } }"),
        @"fine: command 'paint', argument 'b': is new and optional"
    );
    insta::assert_snapshot!(
        common(old, "{ 'command': 'paint', 'data': { 'a': 'int', 'b': 'str' } }"),
        @"breaks: command 'paint', argument 'b': is new and mandatory"
    );
    insta::assert_snapshot!(
        common(old, "{ 'command': 'paint' }"),
        @"breaks: command 'paint', argument 'a': is gone"
    );
    insta::assert_snapshot!(
        common(old, "{ 'command': 'paint', 'data': { '*a': 'int' } }"),
        @"fine: command 'paint', argument 'a': is optional now"
    );
    insta::assert_snapshot!(
        common("{ 'command': 'paint', 'data': { '*a': 'int' } }", old),
        @"breaks: command 'paint', argument 'a': is mandatory now"
    );
}

#[test]
fn replies() {
    let old = "{ 'command': 'paint', 'returns': 'Colour' }";
    let reply = |members: &str| {
        format!("{{ 'struct': 'Other', 'data': {members} }} {{ 'command': 'paint', 'returns': 'Other' }}")
    };
    insta::assert_snapshot!(
        common(old, &reply("{ 'hue': 'Hue', '*shade': 'uint8', 'wet': 'bool' }")),
        @"fine: command 'paint', reply, member 'wet': is new and mandatory"
    );
    insta::assert_snapshot!(
        common(old, &reply("{ 'hue': 'Hue', 'shade': 'uint8' }")),
        @"fine: command 'paint', reply, member 'shade': is mandatory now"
    );
    insta::assert_snapshot!(
        common(old, &reply("{ '*shade': 'uint8' }")),
        @"breaks: command 'paint', reply, member 'hue': is gone"
    );
    insta::assert_snapshot!(
        common(old, &reply("{ '*hue': 'Hue' }")),
        @r"
    breaks: command 'paint', reply, member 'hue': is optional now
    fine: command 'paint', reply, member 'shade': is gone
    "
    );
    insta::assert_snapshot!(
        common(old, "{ 'command': 'paint', 'returns': [ 'Colour' ] }"),
        @"breaks: command 'paint', reply: has another type"
    );
    insta::assert_snapshot!(
        common(old, "{ 'command': 'paint' }"),
        @r"
    breaks: command 'paint', reply, member 'hue': is gone
    fine: command 'paint', reply, member 'shade': is gone
    "
    );
}

#[test]
fn enums() {
    let with = |values: &str| {
        format!(
            "{{ 'enum': 'Hue', 'data': {values} }} {{ 'struct': 'Colour', 'data': {{ 'hue': 'Hue' }} }}
            {{ 'command': 'set', 'data': 'Colour' }} {{ 'command': 'get', 'returns': 'Colour' }}"
        )
    };
    insta::assert_snapshot!(
        changes(&with("[ 'red', 'green' ]"), &with("[ 'red' ]")),
        @r"
    breaks: command 'set', argument 'hue': value 'green' is gone
    fine: command 'get', reply, member 'hue': value 'green' is gone
    "
    );
    insta::assert_snapshot!(
        changes(&with("[ 'red' ]"), &with("[ 'red', 'green' ]")),
        @r"
    fine: command 'set', argument 'hue': value 'green' is new
    breaks: command 'get', reply, member 'hue': value 'green' is new
    "
    );
}

#[test]
fn types() {
    let argument = |of: &str| format!("{{ 'command': 'paint', 'data': {{ 'a': {of} }} }}");
    let reply = |of: &str| {
        format!(
            "{{ 'struct': 'Reply', 'data': {{ 'a': {of} }} }} {{ 'command': 'paint', 'returns': 'Reply' }}"
        )
    };
    for (old, new, sent, received) in [
        ("'int'", "'str'", "breaks", "breaks"),
        ("'int16'", "'int32'", "fine", "breaks"),
        ("'int32'", "'uint32'", "breaks", "breaks"),
        ("'uint8'", "'int16'", "fine", "breaks"),
        ("'int'", "'number'", "fine", "breaks"),
        ("'int'", "'any'", "fine", "breaks"),
        ("'any'", "'Hue'", "breaks", "fine"),
        ("'Hue'", "'str'", "fine", "breaks"),
        ("[ 'int8' ]", "[ 'int16' ]", "fine", "breaks"),
        ("'int'", "[ 'int' ]", "breaks", "breaks"),
        ("'Colour'", "'Hue'", "breaks", "breaks"),
        ("'Hue'", "'Either'", "fine", "breaks"),
        ("'Either'", "'Hue'", "breaks", "fine"),
        ("'Either'", "'More'", "fine", "breaks"),
        ("'int64'", "'int'", "", ""),
    ] {
        let types = "{ 'alternate': 'Either', 'data': { 'h': 'Hue', 'c': 'Colour' } }
            { 'alternate': 'More', 'data': { 'h': 'Hue', 'c': 'Colour', 'n': 'null' } }\n";
        let verdict = |of: &dyn Fn(&str) -> String| {
            let text = common(&format!("{types}{}", of(old)), &format!("{types}{}", of(new)));
            text.split(':').next().unwrap_or("").to_owned()
        };
        assert_eq!(verdict(&argument), sent, "{old} to {new}, sent");
        assert_eq!(verdict(&reply), received, "{old} to {new}, received");
    }
}

#[test]
fn unions_are_compared_branch_by_branch() {
    let with = |branch: &str, returns: &str| {
        format!(
            "{COMMON} {{ 'struct': 'Branch', 'data': {branch} }}
            {{ 'union': 'Shape', 'base': {{ 'hue': 'Hue' }}, 'discriminator': 'hue', 'data': {{ 'red': 'Branch' }} }}
            {{ 'command': 'paint', 'data': 'Shape', 'boxed': true {returns} }}"
        )
    };
    insta::assert_snapshot!(
        changes(&with("{ 'a': 'int' }", ""), &with("{ 'a': 'int', 'b': 'int' }", "")),
        @"breaks: command 'paint' where 'hue' is 'red', argument 'b': is new and mandatory"
    );
    insta::assert_snapshot!(
        changes(&with("{ 'a': 'int' }", ", 'returns': 'Shape'"), &with("{}", ", 'returns': 'Shape'")),
        @r"
    breaks: command 'paint' where 'hue' is 'red', argument 'a': is gone
    breaks: command 'paint', reply where 'hue' is 'red', member 'a': is gone
    "
    );
}

#[test]
fn types_that_contain_themselves_end() {
    let node = |of: &str| {
        format!(
            "{{ 'struct': 'Node', 'data': {{ '*next': 'Node', 'value': {of} }} }} {{ 'command': 'list', 'returns': 'Node' }}"
        )
    };
    insta::assert_snapshot!(
        changes(&node("'int'"), &node("'int8'")),
        @"fine: command 'list', reply, member 'value': can have fewer values now"
    );
}

#[test]
fn commands_and_events() {
    let old = "{ 'command': 'paint', 'allow-oob': true } { 'event': 'DRY', 'data': { 'hue': 'Hue' } } { 'command': 'go' }";
    let new =
        "{ 'command': 'paint', 'features': [ 'deprecated' ] } { 'event': 'DRY', 'data': { 'wet': 'bool' } }
        { 'command': 'draw' } { 'event': 'WET' }";
    insta::assert_snapshot!(common(old, new), @r"
    breaks: command 'paint': cannot be sent out of band any more
    fine: command 'paint': has the feature 'deprecated' now
    breaks: event 'DRY', data 'hue': is gone
    fine: event 'DRY', data 'wet': is new and mandatory
    breaks: command 'go': is gone
    fine: command 'draw': is new
    fine: event 'WET': is new
    ");
    insta::assert_snapshot!(
        common("{ 'command': 'a' }", "{ 'command': 'a', 'success-response': false, 'allow-preconfig': true }"),
        @r"
    fine: command 'a': can be run earlier now
    breaks: command 'a': does not answer any more
    "
    );
}

/// Unions in unions: every pair of them is looked at once, however many ways lead there.
#[test]
fn nested_unions_do_not_multiply() {
    let level = |number: usize| {
        let next = format!("U{}x", number + 1);
        format!(
            "{{ 'union': 'U{number}x', 'base': {{ 'k{number}': 'Hue' }}, 'discriminator': 'k{number}',
                'data': {{ 'red': '{next}', 'green': '{next}' }} }}\n"
        )
    };
    let levels: String = (0..60).map(level).collect();
    let nested = |leaf: &str| {
        format!("{levels}{{ 'struct': 'U60x', 'data': {leaf} }} {{ 'command': 'get', 'returns': 'U0x' }}")
    };
    let changes = common(&nested("{ 'a': 'int' }"), &nested("{ 'b': 'int' }"));
    assert_eq!(changes.lines().count(), 2);
}
