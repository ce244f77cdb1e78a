//! Messages in a stream: pieces, several at once, damage.

use proptest::prelude::*;

use crate::conversation::{answers, conversation, negotiated};
use crate::machine::server;

#[test]
fn lines_mean_nothing() {
    insta::assert_snapshot!(negotiated(&[
        "{'execute': 'echo', 'arguments': {'a': 1}} {'execute': 'echo', 'id': 2}{'execute': 'echo', 'id': 3}",
        "{'execute'",
        ": ",
        "",
        "\t'fail'",
        "}",
        "5 'five' [5] null",
    ]), @r#"
    -> {'execute': 'echo', 'arguments': {'a': 1}} {'execute': 'echo', 'id': 2}{'execute': 'echo', 'id': 3}
    <- {"return": {"a": 1}}
    <- {"return": {}, "id": 2}
    <- {"return": {}, "id": 3}
    -> {'execute'
    -> :
    -> 
    -> 	'fail'
    -> }
    <- {"error": {"class": "DeviceNotFound", "desc": "Device 'disk9' not found"}}
    -> 5 'five' [5] null
    <- {"error": {"class": "GenericError", "desc": "QMP input must be a JSON object"}}
    <- {"error": {"class": "GenericError", "desc": "QMP input must be a JSON object"}}
    <- {"error": {"class": "GenericError", "desc": "QMP input must be a JSON object"}}
    <- {"error": {"class": "GenericError", "desc": "QMP input must be a JSON object"}}
    "#);
    assert_eq!(answers(&server().0, &[b"{'execute': 'echo'}"]), ["{\"return\": {}}"]);
}

#[test]
fn damage_is_answered_without_id_and_the_conversation_goes_on() {
    insta::assert_snapshot!(negotiated(&[
        "{'id': 1, 'execute': nope}",
        "{'id': 2, 'execute': *}",
        "{'id': 1e999}",
        "{'id': 3, 'execute': 'echo'",
        "'arguments': {}}",
        "{'id': 4, 'execute': 'echo', 'id': 4}",
        "{'execute': 'echo', 'id': 5}",
    ]), @r#"
    -> {'id': 1, 'execute': nope}
    <- {"error": {"class": "GenericError", "desc": "JSON parse error, invalid keyword 'nope'"}}
    -> {'id': 2, 'execute': *}
    <- {"error": {"class": "GenericError", "desc": "JSON parse error, stray '*'"}}
    <- {"error": {"class": "GenericError", "desc": "JSON parse error, expecting value"}}
    -> {'id': 1e999}
    <- {"error": {"class": "GenericError", "desc": "JSON parse error, number '1e999' is out of range"}}
    -> {'id': 3, 'execute': 'echo'
    -> 'arguments': {}}
    <- {"error": {"class": "GenericError", "desc": "JSON parse error, expected separator in dict"}}
    -> {'id': 4, 'execute': 'echo', 'id': 4}
    <- {"error": {"class": "GenericError", "desc": "JSON parse error, duplicate key"}}
    -> {'execute': 'echo', 'id': 5}
    <- {"return": {}, "id": 5}
    "#);
}

#[test]
fn the_end_of_the_input_ends_the_last_message() {
    assert_eq!(
        answers(&server().0, &[b"{'execute': "]),
        ["{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error, premature EOI\"}}"]
    );
    assert_eq!(answers(&server().0, &[b"{'execute': 'fail'} \n"]).len(), 1);
}

#[test]
fn replies_are_ascii() {
    insta::assert_snapshot!(negotiated(&[
        r#"{"execute": "echo", "arguments": {"\u00e9\u20ac": "\ud83d\ude00", "c": "\b\f\n\r\t\u0001\u007f\"\\/<>&", "n": "\u0000"}}"#,
        "{'execute': '\u{e9}\u{20ac}'}",
    ]), @r#"
    -> {"execute": "echo", "arguments": {"\u00e9\u20ac": "\ud83d\ude00", "c": "\b\f\n\r\t\u0001\u007f\"\\/<>&", "n": "\u0000"}}
    <- {"return": {"c": "\b\f\n\r\t\u0001\u007F\"\\/<>&", "n": "\u0000", "\u00E9\u20AC": "\uD83D\uDE00"}}
    -> {'execute': 'é€'}
    <- {"error": {"class": "CommandNotFound", "desc": "The command \u00E9\u20AC has not been found"}}
    "#);
}

#[test]
fn numbers_of_an_id_come_back() {
    insta::assert_snapshot!(negotiated(&[
        "{'execute': 'silly', 'id': 18446744073709551615}",
        "{'execute': 'silly', 'id': -9223372036854775808}",
        "{'execute': 'silly', 'id': 1.5}",
        "{'execute': 'silly', 'id': 1e3}",
        "{'execute': 'silly', 'id': -0.0}",
        "{'execute': 'silly', 'id': 18446744073709551616}",
        "{'execute': 'silly', 'id': -1e300}",
        "{'execute': 'silly', 'id': 0.0000025}",
    ]), @r#"
    -> {'execute': 'silly', 'id': 18446744073709551615}
    <- {"id": 18446744073709551615, "error": {"class": "CommandNotFound", "desc": "The command silly has not been found"}}
    -> {'execute': 'silly', 'id': -9223372036854775808}
    <- {"id": -9223372036854775808, "error": {"class": "CommandNotFound", "desc": "The command silly has not been found"}}
    -> {'execute': 'silly', 'id': 1.5}
    <- {"id": 1.5, "error": {"class": "CommandNotFound", "desc": "The command silly has not been found"}}
    -> {'execute': 'silly', 'id': 1e3}
    <- {"id": 1000, "error": {"class": "CommandNotFound", "desc": "The command silly has not been found"}}
    -> {'execute': 'silly', 'id': -0.0}
    <- {"id": -0, "error": {"class": "CommandNotFound", "desc": "The command silly has not been found"}}
    -> {'execute': 'silly', 'id': 18446744073709551616}
    <- {"id": 1.8446744073709552e19, "error": {"class": "CommandNotFound", "desc": "The command silly has not been found"}}
    -> {'execute': 'silly', 'id': -1e300}
    <- {"id": -1e300, "error": {"class": "CommandNotFound", "desc": "The command silly has not been found"}}
    -> {'execute': 'silly', 'id': 0.0000025}
    <- {"id": 2.5e-6, "error": {"class": "CommandNotFound", "desc": "The command silly has not been found"}}
    "#);
}

#[test]
fn before_negotiation_damage_is_answered_as_after() {
    insta::assert_snapshot!(conversation(&["{'execute': }", "[]", "*"]), @r#"
    <- {"QMP": {"version": {"qemu": {"major": 10, "minor": 1, "micro": 2}, "package": "a test of \u00FC"}, "capabilities": ["oob"]}}
    -> {'execute': }
    <- {"error": {"class": "GenericError", "desc": "JSON parse error, expecting value"}}
    -> []
    <- {"error": {"class": "GenericError", "desc": "QMP input must be a JSON object"}}
    -> *
    <- {"error": {"class": "GenericError", "desc": "JSON parse error, stray '*'"}}
    "#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Where a stream is cut makes no difference to what is answered, whatever the bytes are.
    #[test]
    fn cuts_do_not_matter(
        parts in prop::collection::vec(prop_oneof![
            prop::sample::select(vec![
                "{'execute': 'echo', 'arguments': {'x': [1, 2.5, null]}, 'id': 7}", "{'execute': 'fail', 'id': {}}",
                "{'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob']}}", "{'execute': 'silent'}", "\n", "} ",
                "{'execute':", "'echo'", "{'exec-oob': 'echo'}", "\"\\ud800\"", "]",
            ]).prop_map(|text| text.as_bytes().to_vec()),
            prop::collection::vec(any::<u8>(), 1..4),
        ], 0..20),
        size in 1_usize..40,
    ) {
        let input = parts.concat();
        let whole = answers(&server().0, &[&input]);
        let pieces: Vec<&[u8]> = input.chunks(size).collect();
        prop_assert_eq!(answers(&server().0, &pieces), whole);
    }
}
