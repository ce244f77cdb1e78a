//! Addresses for reading only, and addresses for people.

use monitor_qmp::{Access, Terms};
use qapi_schema::runtime::Style;

use crate::conversation::conversation_on;

#[test]
fn who_may_only_read_finds_nothing_else() {
    let terms = Terms { access: Access::ReadOnly, ..Terms::default() };
    let text = conversation_on(
        terms,
        &[
            "{'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob']}}",
            "{'execute': 'look', 'arguments': {'at': 1}}",
            "{'execute': 'echo', 'id': 1}",
            "{'execute': 'tick', 'id': 2}",
            "{'exec-oob': 'open', 'id': 3}",
            "{'execute': 'human-monitor-command', 'arguments': {'command-line': 'quit'}, 'id': 4}",
            "{'execute': 'nosuch', 'id': 5}",
        ],
    );
    let (_, answers) = text.split_once("<- {\"return\": {}}\n").unwrap();
    let mut answers: Vec<_> = answers.lines().filter(|line| line.starts_with("<-")).collect();
    // The one that was sent out of band comes at any time.
    answers.sort_unstable();
    insta::assert_snapshot!(answers.join("\n"), @r###"
    <- {"id": 1, "error": {"class": "CommandNotFound", "desc": "Command echo has been disabled: this monitor is for reading only"}}
    <- {"id": 2, "error": {"class": "CommandNotFound", "desc": "Command tick has been disabled: this monitor is for reading only"}}
    <- {"id": 3, "error": {"class": "CommandNotFound", "desc": "Command open has been disabled: this monitor is for reading only"}}
    <- {"id": 4, "error": {"class": "CommandNotFound", "desc": "Command human-monitor-command has been disabled: this monitor is for reading only"}}
    <- {"id": 5, "error": {"class": "CommandNotFound", "desc": "The command nosuch has not been found"}}
    <- {"return": {"at": 1}}
    "###);
}

#[test]
fn who_may_only_read_is_told_of_nothing_else() {
    let ask = ["{'execute': 'qmp_capabilities'}", "{'execute': 'query-commands'}"];
    let terms = Terms { access: Access::ReadOnly, ..Terms::default() };
    let text = conversation_on(terms, &ask);
    insta::assert_snapshot!(text.lines().last().unwrap_or_default(), @r###"<- {"return": [{"name": "look"}, {"name": "query-qmp-schema"}, {"name": "query-commands"}, {"name": "query-version"}, {"name": "qmp_capabilities"}]}"###);
    assert!(conversation_on(Terms::default(), &ask).contains("human-monitor-command"));
}

#[test]
fn people_get_a_line_for_every_part() {
    let terms = Terms { style: Style::Pretty, ..Terms::default() };
    let ask =
        ["{'execute': 'qmp_capabilities'}", "{'execute': 'stop', 'id': [1, {}]}", "{'execute': 'fail'}"];
    let text = conversation_on(terms, &ask);
    let lasting: Vec<_> = text.lines().filter(|line| !line.contains("seconds")).collect();
    insta::assert_snapshot!(lasting.join("\n"), @r###"
    <- {
    <-     "QMP": {
    <-         "version": {
    <-             "qemu": {
    <-                 "major": 10,
    <-                 "minor": 1,
    <-                 "micro": 2
    <-             },
    <-             "package": "a test of \u00FC"
    <-         },
    <-         "capabilities": [
    <-             "oob"
    <-         ]
    <-     }
    <- }
    -> {'execute': 'qmp_capabilities'}
    <- {
    <-     "return": {
    <-     }
    <- }
    -> {'execute': 'stop', 'id': [1, {}]}
    <- {
    <-     "timestamp": {
    <-     },
    <-     "event": "STOP"
    <- }
    <- {
    <-     "return": {
    <-     },
    <-     "id": [
    <-         1,
    <-         {
    <-         }
    <-     ]
    <- }
    -> {'execute': 'fail'}
    <- {
    <-     "error": {
    <-         "class": "DeviceNotFound",
    <-         "desc": "Device 'disk9' not found"
    <-     }
    <- }
    "###);
}
