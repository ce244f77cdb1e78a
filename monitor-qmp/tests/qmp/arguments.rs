//! Mistakes in arguments.

use crate::conversation::negotiated;

/// The errors that the command `take` answers to `arguments`, each an object's inside.
fn errors(arguments: &[&str]) -> String {
    let requests: Vec<_> =
        arguments.iter().map(|inside| format!("{{'execute': 'take', 'arguments': {{{inside}}}}}")).collect();
    let text = negotiated(&requests.iter().map(String::as_str).collect::<Vec<_>>());
    let replies = text.lines().filter_map(|line| line.strip_prefix("<- "));
    let shown = replies.map(|reply| {
        let reply: serde_json::Value = serde_json::from_str(reply).unwrap();
        reply["error"]["desc"].as_str().map_or_else(|| reply["return"].to_string(), str::to_owned)
    });
    arguments.iter().zip(shown).map(|(inside, shown)| format!("{inside}  =>  {shown}\n")).collect()
}

#[test]
fn members_that_are_missing_or_nobody_knows() {
    insta::assert_snapshot!(errors(&["", "'name': 'x'", "'name': 'x', 'b': 1, 'a': 2", "'b': 1"]), @r#"
      =>  Parameter 'name' is missing
    'name': 'x'  =>  ["name"]
    'name': 'x', 'b': 1, 'a': 2  =>  Parameter 'a' is unexpected
    'b': 1  =>  Parameter 'name' is missing
    "#);
}

#[test]
fn values_of_the_wrong_type() {
    insta::assert_snapshot!(errors(&[
        "'name': 5", "'name': null", "'name': 'x', 'flag': 1", "'name': 'x', 'ratio': '1'", "'name': 'x', 'nothing': 0",
        "'name': 'x', 'list': {}", "'name': 'x', 'list': ['a', 'b', 3]", "'name': 'x', 'ratio': 3, 'nothing': null, 'list': []",
    ]), @r#"
    'name': 5  =>  Invalid parameter type for 'name', expected: string
    'name': null  =>  Invalid parameter type for 'name', expected: string
    'name': 'x', 'flag': 1  =>  Invalid parameter type for 'flag', expected: boolean
    'name': 'x', 'ratio': '1'  =>  Invalid parameter type for 'ratio', expected: number
    'name': 'x', 'nothing': 0  =>  Invalid parameter type for 'nothing', expected: null
    'name': 'x', 'list': {}  =>  Invalid parameter type for 'list', expected: array
    'name': 'x', 'list': ['a', 'b', 3]  =>  Invalid parameter type for 'list[2]', expected: string
    'name': 'x', 'ratio': 3, 'nothing': null, 'list': []  =>  ["name","ratio","nothing","list"]
    "#);
}

#[test]
fn integers() {
    insta::assert_snapshot!(errors(&[
        "'name': 'x', 'number': '5'", "'name': 'x', 'number': 1.0", "'name': 'x', 'number': 9223372036854775808",
        "'name': 'x', 'port': 65535", "'name': 'x', 'port': 65536", "'name': 'x', 'port': -1", "'name': 'x', 'port': 1.0",
        "'name': 'x', 'port': true", "'name': 'x', 'address': 18446744073709551615", "'name': 'x', 'address': 18446744073709551616",
        "'name': 'x', 'address': -1", "'name': 'x', 'address': '0x10'", "'name': 'x', 'address': 1e3",
    ]), @r#"
    'name': 'x', 'number': '5'  =>  Invalid parameter type for 'number', expected: integer
    'name': 'x', 'number': 1.0  =>  Invalid parameter type for 'number', expected: integer
    'name': 'x', 'number': 9223372036854775808  =>  Invalid parameter type for 'number', expected: integer
    'name': 'x', 'port': 65535  =>  ["name","port"]
    'name': 'x', 'port': 65536  =>  Parameter 'port' expects uint16_t
    'name': 'x', 'port': -1  =>  Parameter 'port' expects uint16_t
    'name': 'x', 'port': 1.0  =>  Parameter 'port' expects uint64
    'name': 'x', 'port': true  =>  Parameter 'port' expects uint64
    'name': 'x', 'address': 18446744073709551615  =>  ["name","address"]
    'name': 'x', 'address': 18446744073709551616  =>  Parameter 'address' expects uint64
    'name': 'x', 'address': -1  =>  ["name","address"]
    'name': 'x', 'address': '0x10'  =>  Parameter 'address' expects uint64
    'name': 'x', 'address': 1e3  =>  Parameter 'address' expects uint64
    "#);
}
