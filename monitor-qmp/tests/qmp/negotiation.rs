//! The opening of a connection.

use crate::conversation::conversation;

#[test]
fn only_the_negotiation_is_known_at_first() {
    insta::assert_snapshot!(conversation(&[
        "{'execute': 'query-version'}",
        "{'execute': 'nosuch', 'id': 1}",
        "{'exec-oob': 'qmp_capabilities'}",
        "{'execute': 'qmp_capabilities', 'arguments': {'enable': ['fast']}}",
        "{'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob', 1]}}",
        "{'execute': 'qmp_capabilities', 'arguments': {'enable': 'oob'}}",
        "{'execute': 'qmp_capabilities', 'arguments': {'other': true}}",
        "{'execute': 'query-version', 'id': 'still closed'}",
        "{'execute': 'qmp_capabilities', 'arguments': {'enable': []}, 'id': 'open'}",
        "{'execute': 'echo'}",
        "{'execute': 'qmp_capabilities', 'id': 'again'}",
        "{'execute': 'qmp_capabilities', 'arguments': {'other': true}}",
        "{'exec-oob': 'open'}",
    ]), @r#"
    <- {"QMP": {"version": {"qemu": {"major": 10, "minor": 1, "micro": 2}, "package": "a test of \u00FC"}, "capabilities": ["oob"]}}
    -> {'execute': 'query-version'}
    <- {"error": {"class": "CommandNotFound", "desc": "Expecting capabilities negotiation with 'qmp_capabilities'"}}
    -> {'execute': 'nosuch', 'id': 1}
    <- {"id": 1, "error": {"class": "CommandNotFound", "desc": "Expecting capabilities negotiation with 'qmp_capabilities'"}}
    -> {'exec-oob': 'qmp_capabilities'}
    <- {"error": {"class": "GenericError", "desc": "QMP input member 'exec-oob' is unexpected"}}
    -> {'execute': 'qmp_capabilities', 'arguments': {'enable': ['fast']}}
    <- {"error": {"class": "GenericError", "desc": "Parameter 'null' does not accept value 'fast'"}}
    -> {'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob', 1]}}
    <- {"error": {"class": "GenericError", "desc": "Invalid parameter type for 'enable[1]', expected: string"}}
    -> {'execute': 'qmp_capabilities', 'arguments': {'enable': 'oob'}}
    <- {"error": {"class": "GenericError", "desc": "Invalid parameter type for 'enable', expected: array"}}
    -> {'execute': 'qmp_capabilities', 'arguments': {'other': true}}
    <- {"error": {"class": "GenericError", "desc": "Parameter 'other' is unexpected"}}
    -> {'execute': 'query-version', 'id': 'still closed'}
    <- {"id": "still closed", "error": {"class": "CommandNotFound", "desc": "Expecting capabilities negotiation with 'qmp_capabilities'"}}
    -> {'execute': 'qmp_capabilities', 'arguments': {'enable': []}, 'id': 'open'}
    <- {"return": {}, "id": "open"}
    -> {'execute': 'echo'}
    <- {"return": {}}
    -> {'execute': 'qmp_capabilities', 'id': 'again'}
    <- {"id": "again", "error": {"class": "CommandNotFound", "desc": "Capabilities negotiation is already complete, command ignored"}}
    -> {'execute': 'qmp_capabilities', 'arguments': {'other': true}}
    <- {"error": {"class": "GenericError", "desc": "Parameter 'other' is unexpected"}}
    -> {'exec-oob': 'open'}
    <- {"error": {"class": "GenericError", "desc": "QMP input member 'exec-oob' is unexpected"}}
    "#);
}

#[test]
fn every_connection_starts_anew() {
    assert_eq!(conversation(&[]), conversation(&[]));
}
