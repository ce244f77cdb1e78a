//! The members of a request, and which command they name.

use std::thread;

use crate::conversation::{answers, negotiated};
use crate::machine::server;

#[test]
fn what_is_no_request() {
    insta::assert_snapshot!(negotiated(&[
        "[]",
        "'echo'",
        "{}",
        "{'id': 'lonely'}",
        "{'execute': 5}",
        "{'execute': null, 'id': [1]}",
        "{'execute': 'echo', 'arguments': null}",
        "{'execute': 'echo', 'arguments': [], 'id': 1}",
        "{'execute': 'echo', 'extra': 1}",
        "{'execute': 'echo', 'extra': 1, 'id': 'x1'}",
        "{'return': {}}",
        "{'exec-oob': 'open'}",
        "{'execute': 'open', 'exec-oob': 'open'}",
    ]), @r#"
    -> []
    <- {"error": {"class": "GenericError", "desc": "QMP input must be a JSON object"}}
    -> 'echo'
    <- {"error": {"class": "GenericError", "desc": "QMP input must be a JSON object"}}
    -> {}
    <- {"error": {"class": "GenericError", "desc": "QMP input lacks member 'execute'"}}
    -> {'id': 'lonely'}
    <- {"id": "lonely", "error": {"class": "GenericError", "desc": "QMP input lacks member 'execute'"}}
    -> {'execute': 5}
    <- {"error": {"class": "GenericError", "desc": "QMP input member 'execute' must be a string"}}
    -> {'execute': null, 'id': [1]}
    <- {"id": [1], "error": {"class": "GenericError", "desc": "QMP input member 'execute' must be a string"}}
    -> {'execute': 'echo', 'arguments': null}
    <- {"error": {"class": "GenericError", "desc": "QMP input member 'arguments' must be an object"}}
    -> {'execute': 'echo', 'arguments': [], 'id': 1}
    <- {"id": 1, "error": {"class": "GenericError", "desc": "QMP input member 'arguments' must be an object"}}
    -> {'execute': 'echo', 'extra': 1}
    <- {"error": {"class": "GenericError", "desc": "QMP input member 'extra' is unexpected"}}
    -> {'execute': 'echo', 'extra': 1, 'id': 'x1'}
    <- {"id": "x1", "error": {"class": "GenericError", "desc": "QMP input member 'extra' is unexpected"}}
    -> {'return': {}}
    <- {"error": {"class": "GenericError", "desc": "QMP input member 'return' is unexpected"}}
    -> {'exec-oob': 'open'}
    <- {"error": {"class": "GenericError", "desc": "QMP input member 'exec-oob' is unexpected"}}
    -> {'execute': 'open', 'exec-oob': 'open'}
    <- {"error": {"class": "GenericError", "desc": "QMP input member 'exec-oob' is unexpected"}}
    "#);
}

#[test]
fn commands_that_are_not_there() {
    insta::assert_snapshot!(negotiated(&[
        "{'execute': 'ech'}",
        "{'execute': 'ECHO', 'id': 1}",
        "{'execute': ''}",
    ]), @r#"
    -> {'execute': 'ech'}
    <- {"error": {"class": "CommandNotFound", "desc": "The command ech has not been found"}}
    -> {'execute': 'ECHO', 'id': 1}
    <- {"id": 1, "error": {"class": "CommandNotFound", "desc": "The command ECHO has not been found"}}
    -> {'execute': ''}
    <- {"error": {"class": "CommandNotFound", "desc": "The command  has not been found"}}
    "#);
}

#[test]
fn success_and_failure() {
    insta::assert_snapshot!(negotiated(&[
        "{'execute': 'echo'}",
        "{'execute': 'echo', 'arguments': {}}",
        "{'arguments': {'b': 1, 'a': [true]}, 'id': 1, 'execute': 'echo'}",
        "{'execute': 'fail'}",
        "{'execute': 'fail', 'id': null}",
        "{'execute': 'fail-late', 'id': 2}",
        "{'execute': 'silent', 'id': 3}",
        "{'execute': 'silent', 'arguments': {'x': 1}, 'id': 4}",
        "{'execute': 'echo', 'id': {'b': 1, 'a': ['x', null, {}]}}",
    ]), @r#"
    -> {'execute': 'echo'}
    <- {"return": {}}
    -> {'execute': 'echo', 'arguments': {}}
    <- {"return": {}}
    -> {'arguments': {'b': 1, 'a': [true]}, 'id': 1, 'execute': 'echo'}
    <- {"return": {"a": [true], "b": 1}, "id": 1}
    -> {'execute': 'fail'}
    <- {"error": {"class": "DeviceNotFound", "desc": "Device 'disk9' not found"}}
    -> {'execute': 'fail', 'id': null}
    <- {"id": null, "error": {"class": "DeviceNotFound", "desc": "Device 'disk9' not found"}}
    -> {'execute': 'fail-late', 'id': 2}
    <- {"id": 2, "error": {"class": "DeviceNotActive", "desc": "too late"}}
    -> {'execute': 'silent', 'id': 3}
    -> {'execute': 'silent', 'arguments': {'x': 1}, 'id': 4}
    <- {"id": 4, "error": {"class": "GenericError", "desc": "Parameter 'x' is unexpected"}}
    -> {'execute': 'echo', 'id': {'b': 1, 'a': ['x', null, {}]}}
    <- {"return": {}, "id": {"a": ["x", null, {}], "b": 1}}
    "#);
}

#[test]
fn the_monitors_own_commands() {
    insta::assert_snapshot!(negotiated(&[
        "{'execute': 'query-version'}",
        "{'execute': 'query-commands'}",
        "{'execute': 'human-monitor-command', 'arguments': {'command-line': 'info \u{e9}'}}",
        "{'execute': 'human-monitor-command', 'arguments': {'command-line': '', 'cpu-index': 3}, 'id': 1}",
        "{'execute': 'human-monitor-command', 'arguments': {'command-line': '', 'cpu-index': 4}, 'id': 2}",
        "{'execute': 'human-monitor-command', 'arguments': {'command-line': '', 'cpu-index': '1'}}",
        "{'execute': 'query-qmp-schema', 'arguments': {'all': true}}",
    ]), @r###"
    -> {'execute': 'query-version'}
    <- {"return": {"qemu": {"major": 10, "minor": 1, "micro": 2}, "package": "a test of \u00FC"}}
    -> {'execute': 'query-commands'}
    <- {"return": [{"name": "ping"}, {"name": "tick-late"}, {"name": "tick"}, {"name": "open"}, {"name": "silent"}, {"name": "panic"}, {"name": "wait"}, {"name": "stop"}, {"name": "fail-late"}, {"name": "fail"}, {"name": "take"}, {"name": "look"}, {"name": "echo"}, {"name": "query-qmp-schema"}, {"name": "human-monitor-command"}, {"name": "query-commands"}, {"name": "query-version"}, {"name": "qmp_capabilities"}]}
    -> {'execute': 'human-monitor-command', 'arguments': {'command-line': 'info é'}}
    <- {"return": "info \u00E9 on 0\r\n"}
    -> {'execute': 'human-monitor-command', 'arguments': {'command-line': '', 'cpu-index': 3}, 'id': 1}
    <- {"return": " on 3\r\n", "id": 1}
    -> {'execute': 'human-monitor-command', 'arguments': {'command-line': '', 'cpu-index': 4}, 'id': 2}
    <- {"id": 2, "error": {"class": "GenericError", "desc": "Parameter 'cpu-index' expects a CPU number"}}
    -> {'execute': 'human-monitor-command', 'arguments': {'command-line': '', 'cpu-index': '1'}}
    <- {"error": {"class": "GenericError", "desc": "Invalid parameter type for 'cpu-index', expected: integer"}}
    -> {'execute': 'query-qmp-schema', 'arguments': {'all': true}}
    <- {"error": {"class": "GenericError", "desc": "Parameter 'all' is unexpected"}}
    "###);
}

#[test]
fn the_schema_is_sent_as_it_was_compiled() {
    let reply = negotiated(&["{'execute': 'query-qmp-schema', 'id': 1}"]);
    let expected = format!("<- {{\"return\": {}, \"id\": 1}}\n", qapi_schema::introspection::SCHEMA);
    assert_eq!(reply.split_once('\n').unwrap().1, expected);
}

#[test]
fn a_mistake_in_a_command_ends_its_connection_and_no_other() {
    let (server, ..) = server();
    let broken = server.clone();
    let ended = thread::spawn(move || answers(&broken, &[b"{'execute': 'panic'}"])).join();
    assert!(ended.is_err());
    assert_eq!(answers(&server, &[b"{'execute': 'echo'}"]), ["{\"return\": {}}"]);
}

#[test]
fn what_is_repeated_to_a_client_is_bounded() {
    let (server, ..) = server();
    let long = "x".repeat(1 << 20);
    let answer = |request: String| {
        answers(&server, &request.as_bytes().chunks(8192).collect::<Vec<_>>()).pop().unwrap()
    };
    assert_eq!(
        answer(format!("{{'execute': 'echo', 'id': ['{long}']}}")),
        r#"{"error": {"class": "GenericError", "desc": "QMP input member 'id' is longer than 1 MiB"}}"#
    );
    assert!(answer(format!("{{'execute': 'echo', 'id': '{}'}}", &long[100..])).len() > 1_000_000);
    for request in
        ["{'execute': 'LONG'}", "{'LONG': 1}", "{'execute': 'take', 'arguments': {'name': '', 'LONG': 1}}"]
    {
        let answer = answer(request.replace("LONG", &long));
        assert!((1000..5000).contains(&answer.len()), "{}", answer.len());
        assert!(answer.contains("xxx...") && answer.ends_with("}}"));
    }
}
