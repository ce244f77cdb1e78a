//! Each rule of the dialect, each error, the way back after damage, the limits.

use proptest::prelude::*;

use super::lexer::Token;
use super::limits;
use super::parser::Parser;
use super::{JsonError, MessageReader, Value};

/// Everything that `input` makes, one line each: the value as JSON, or the error's text.
fn read(input: impl AsRef<[u8]>) -> String {
    lines(messages([input.as_ref()]))
}

/// The same, with the end of the input behind it.
fn read_to_end(input: impl AsRef<[u8]>) -> String {
    let mut reader = MessageReader::default();
    let mut messages = feed(&mut reader, input.as_ref());
    messages.extend(reader.finish());
    lines(messages)
}

fn feed(reader: &mut MessageReader, mut input: &[u8]) -> Vec<Result<Value, JsonError>> {
    let messages = std::iter::from_fn(|| reader.next(&mut input)).collect();
    assert!(input.is_empty());
    messages
}

fn messages<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Result<Value, JsonError>> {
    let mut reader = MessageReader::default();
    pieces.into_iter().flat_map(|piece| feed(&mut reader, piece)).collect()
}

/// Each message as one line, control characters shown as escapes.
fn line(message: Result<Value, JsonError>) -> String {
    let text = message.map_or_else(|error| error.to_string(), |value| value.to_string());
    let text = text.trim_start_matches("JSON parse error, ").chars();
    text.map(|char| if char.is_control() { char.escape_default().to_string() } else { char.to_string() })
        .collect()
}

fn lines(messages: Vec<Result<Value, JsonError>>) -> String {
    messages.into_iter().map(|message| line(message) + "\n").collect()
}

/// Each line of `inputs` read by a reader of its own: the line, and behind it what it makes.
fn table(inputs: &[&str]) -> String {
    let row = |input: &&str| {
        let messages: Vec<_> = messages([format!("{input}\n").as_bytes()]).into_iter().map(line).collect();
        format!("{input:?} {}\n", messages.join(" | "))
    };
    inputs.iter().map(row).collect()
}

#[test]
fn values_of_every_kind() {
    insta::assert_snapshot!(table(&[
        "{}", "[]", "[[], {}]", "true", "false", "null", "'single'", "\"double\"",
        "{'a': [1, -2, {\"b\": null}], \"c\": 'd'}", "5 6", "5\t'x'[ ]{ }null", "{}{}", "[ 1\r,\t2 ]",
    ]), @r#"
    "{}" {}
    "[]" []
    "[[], {}]" [[],{}]
    "true" true
    "false" false
    "null" null
    "'single'" "single"
    "\"double\"" "double"
    "{'a': [1, -2, {\"b\": null}], \"c\": 'd'}" {"a":[1,-2,{"b":null}],"c":"d"}
    "5 6" 5 | 6
    "5\t'x'[ ]{ }null" 5 | "x" | [] | {} | null
    "{}{}" {} | {}
    "[ 1\r,\t2 ]" [1,2]
    "#);
}

#[test]
fn scalars_need_a_character_behind_them() {
    assert_eq!(read("5"), "");
    assert_eq!(read("true"), "");
    assert_eq!(read("'x'"), "\"x\"\n");
    assert_eq!(read_to_end("5"), "5\n");
    assert_eq!(read_to_end("-1.5e1"), "-15.0\n");
    assert_eq!(read_to_end("nul"), "invalid keyword 'nul'\n");
}

#[test]
fn numbers_keep_their_kind() {
    insta::assert_snapshot!(table(&[
        "0", "-0", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
        "-9223372036854775808", "-9223372036854775809", "1.0", "1e3", "1E+3", "0e0", "10.25e-1", "1e-999",
    ]), @r#"
    "0" 0
    "-0" 0
    "9223372036854775807" 9223372036854775807
    "9223372036854775808" 9223372036854775808
    "18446744073709551615" 18446744073709551615
    "18446744073709551616" 1.8446744073709552e+19
    "-9223372036854775808" -9223372036854775808
    "-9223372036854775809" -9.223372036854776e+18
    "1.0" 1.0
    "1e3" 1000.0
    "1E+3" 1000.0
    "0e0" 0.0
    "10.25e-1" 1.025
    "1e-999" 0.0
    "#);
}

#[test]
fn infinity_is_refused() {
    insta::assert_snapshot!(table(&["1e999", "[-1e400]", "{'id': 1e309}"]), @r#"
    "1e999" number '1e999' is out of range
    "[-1e400]" number '-1e400' is out of range
    "{'id': 1e309}" number '1e309' is out of range
    "#);
    assert_eq!(
        read(format!("{} ", "9".repeat(400))),
        format!("number '{}' is out of range\n", "9".repeat(400))
    );
}

#[test]
fn stray_text_is_shown_up_to_the_offending_character() {
    insta::assert_snapshot!(table(&[
        "ABC", "True", "007", "-07", "2.", "2.x", "3e", "3e+", "3ex", "+4", ".4", "--4", "-", "Infinity", "%d", "// c", "# c",
        "{};", "\u{e9}", "\"open", "'open", "\"tab\there\"", "\"esc\\\there\"", "\"\u{1}\"", "\u{7f}", "\0", "'a\0'",
    ]), @r##"
    "ABC" stray 'A'
    "True" stray 'T'
    "007" stray '00'
    "-07" stray '-07'
    "2." stray '2.\n'
    "2.x" stray '2.x'
    "3e" stray '3e\n'
    "3e+" stray '3e+\n'
    "3ex" stray '3ex'
    "+4" stray '+'
    ".4" stray '.'
    "--4" stray '--'
    "-" stray '-\n'
    "Infinity" stray 'I'
    "%d" stray '%'
    "// c" stray '/'
    "# c" stray '#'
    "{};" {} | stray ';'
    "é" stray '�'
    "\"open" stray '"open\n'
    "'open" stray ''open\n'
    "\"tab\there\"" stray '"tab\t'
    "\"esc\\\there\"" stray '"esc\\t'
    "\"\u{1}\"" stray '"\u{1}'
    "\u{7f}" stray '\u{7f}'
    "\0" stray ''
    "'a\0'" stray ''a'
    "##);
}

#[test]
fn words() {
    insta::assert_snapshot!(table(&["nul", "nulll", "xyz", "[true, nope]", "{nope: 1}", "truefalse", "true1", "nilE"]), @r#"
    "nul" invalid keyword 'nul'
    "nulll" invalid keyword 'nulll'
    "xyz" invalid keyword 'xyz'
    "[true, nope]" invalid keyword 'nope'
    "{nope: 1}" invalid keyword 'nope'
    "truefalse" invalid keyword 'truefalse'
    "true1" true | 1
    "nilE" invalid keyword 'nil' | stray 'E'
    "#);
}

#[test]
fn structure() {
    insta::assert_snapshot!(table(&[
        "]", "}", ":", ",", "{]", "[}", "[2,]", "[,2]", "[2 3]", "[2:3]", "[2}", "{,}", "{'a'}", "{'a',}", "{'a' 'b'}",
        "{'a':}", "{'a': 1,}", "{'a': 1 'b': 2}", "{'a': 1]", "{'a': 1: 2}", "{5: 6}", "{null: 6}", "{{}: 6}", "{[1 2]: 3}",
        "{['a']: 3}", "{'a': 1, 'a': 1}", "{'a': 1, 'b': 2, 'a': nope}", "{'a': {'a': {}}}", "{'a': [1}]", "{:}",
    ]), @r#"
    "]" expecting value
    "}" expecting value
    ":" expecting value
    "," expecting value
    "{]" expecting value
    "[}" expecting value
    "[2,]" expecting value
    "[,2]" expecting value
    "[2 3]" expected separator in list
    "[2:3]" expected separator in list
    "[2}" expected separator in list
    "{,}" expecting value
    "{'a'}" missing : in object pair
    "{'a',}" missing : in object pair
    "{'a' 'b'}" missing : in object pair
    "{'a':}" expecting value
    "{'a': 1,}" expecting value
    "{'a': 1 'b': 2}" expected separator in dict
    "{'a': 1]" expected separator in dict
    "{'a': 1: 2}" expected separator in dict
    "{5: 6}" key is not a string in object
    "{null: 6}" key is not a string in object
    "{{}: 6}" key is not a string in object
    "{[1 2]: 3}" expected separator in list
    "{['a']: 3}" key is not a string in object
    "{'a': 1, 'a': 1}" duplicate key
    "{'a': 1, 'b': 2, 'a': nope}" invalid keyword 'nope'
    "{'a': {'a': {}}}" {"a":{"a":{}}}
    "{'a': [1}]" expected separator in list
    "{:}" expecting value
    "#);
}

#[test]
fn one_message_gives_its_first_error_when_it_is_complete() {
    assert_eq!(read("[nope, {'a'}, '\\x'"), "");
    assert_eq!(read("[nope, {'a'}, '\\x'] 5 "), "invalid keyword 'nope'\n5\n");
    assert_eq!(read("{'a': 1 'b' {}"), "");
    // A brace that was never opened completes the message, whatever is open besides.
    assert_eq!(read("[[1 }5 "), "expected separator in list\n5\n");
}

#[test]
fn escapes() {
    insta::assert_snapshot!(table(&[
        r#""\" \' \\ \/ \b \f \n \r \t""#, r#"'\" \''"#, r#""\u0041\u00e9\u20AC""#, r#""\ud83d\ude00""#, r#""\u0000""#, r#""a%sb""#,
        r#""\x""#, r#""\U0041""#, "\"\\\u{e9}\"", r#""\u12""#, r#""\u12zz""#, r#""\u""#, r#""\u+123""#, r#""\ud900""#,
        r#""\ud900x""#, r#""\ud900\u0041""#, r#""\ud900\n""#, r#""\udd00""#, r#""\ud900\ud900""#, r#""\uffff""#, r#""\uFFFE""#, r#""\ufdd0""#,
        r#""\ud83f\udffe""#, r#""\udbff\udffd""#,
    ]), @r#"
    "\"\\\" \\' \\\\ \\/ \\b \\f \\n \\r \\t\"" "\" ' \\ / \b \f \n \r \t"
    "'\\\" \\''" "\" '"
    "\"\\u0041\\u00e9\\u20AC\"" "Aé€"
    "\"\\ud83d\\ude00\"" "😀"
    "\"\\u0000\"" "\u0000"
    "\"a%sb\"" "a%sb"
    "\"\\x\"" invalid escape sequence in string
    "\"\\U0041\"" invalid escape sequence in string
    "\"\\é\"" invalid escape sequence in string
    "\"\\u12\"" \u12" is not a valid Unicode character
    "\"\\u12zz\"" \u12zz is not a valid Unicode character
    "\"\\u\"" \u" is not a valid Unicode character
    "\"\\u+123\"" \u+123 is not a valid Unicode character
    "\"\\ud900\"" \ud900 is not a valid Unicode character
    "\"\\ud900x\"" \ud900 is not a valid Unicode character
    "\"\\ud900\\u0041\"" \ud900 is not a valid Unicode character
    "\"\\ud900\\n\"" \ud900 is not a valid Unicode character
    "\"\\udd00\"" \udd00 is not a valid Unicode character
    "\"\\ud900\\ud900\"" \ud900 is not a valid Unicode character
    "\"\\uffff\"" \uffff is not a valid Unicode character
    "\"\\uFFFE\"" \uFFFE is not a valid Unicode character
    "\"\\ufdd0\"" \ufdd0 is not a valid Unicode character
    "\"\\ud83f\\udffe\"" \ud83f\udffe is not a valid Unicode character
    "\"\\udbff\\udffd\"" "􏿽"
    "#);
}

#[test]
fn utf8() {
    let string = |bytes: &[u8]| read([b"'", bytes, b"'"].concat());
    assert_eq!(string("\u{e9}\u{20ac}\u{1f600}".as_bytes()), "\"\u{e9}\u{20ac}\u{1f600}\"\n");
    assert_eq!(string(b"a\xc0\x80b"), "\"a\\u0000b\"\n");
    let invalid: [&[u8]; 8] = [
        b"\xc3(",
        b"\x80",
        b"\xc3",
        b"\xe2\x82",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xef\xbf\xbf",
        b"\xf4\x90\x80\x80",
    ];
    for bytes in invalid {
        assert_eq!(string(bytes), "invalid UTF-8 sequence in string\n", "{bytes:x?}");
    }
    // Two bytes never occur in UTF-8; clients send them to get a fresh start.
    assert_eq!(string(b"ab\xff"), "stray ''ab\u{fffd}'\n");
    assert_eq!(read(b"\xfe\xff{}"), "stray '\u{fffd}'\nstray '\u{fffd}'\n{}\n");
}

#[test]
fn after_stray_text_reading_restarts_at_a_promising_place() {
    // Up to the end of the line; a tab is no such place.
    assert_eq!(read("* nope \t {\u{e9}\n5 "), "stray '*'\nstray '\u{fffd}'\n5\n");
    // The offending character itself is gone: a line end that broke a string hides the next line.
    assert_eq!(read("'ab\n'c' 5\n6 "), "stray ''ab\\n'\n6\n");
    assert_eq!(read("*5 6,7 "), "stray '*'\nexpecting value\n7\n");
    // The half-read message is forgotten, so that its rest is wrong in new ways.
    assert_eq!(read("{'a': *}\n5 "), "stray '*'\nexpecting value\n5\n");
    assert_eq!(read("{'a': [[*\n{}"), "stray '*'\n{}\n");
}

#[test]
fn what_is_shown_of_stray_text_is_bounded() {
    let long = "x".repeat(1023);
    assert_eq!(read(format!("'{long}\n")), format!("stray ''{long}...'\n"));
    assert_eq!(read(format!("{long} ")), format!("invalid keyword '{long}'\n"));
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| read("[".repeat(depth) + &"]".repeat(depth));
    assert!(nested(limits::NESTING).starts_with("[[["));
    let text = nested(limits::NESTING + 1);
    assert!(text.starts_with("JSON nesting depth limit exceeded\nexpecting value\n"));
    assert_eq!(text.lines().count(), limits::NESTING + 2);
    let mixed = "{'a':[".repeat(512);
    assert_eq!(read(mixed.clone()), "");
    assert_eq!(read(mixed + "{"), "JSON nesting depth limit exceeded\n");
}

#[test]
fn tokens_are_counted() {
    // n elements are n + (n - 1) + 2 tokens.
    let elements = |count: usize| "[".to_owned() + &"1,".repeat(count - 1) + "1]";
    let fitting = limits::TOKENS / 2 - 1;
    assert!(matches!(*messages([elements(fitting).as_bytes()]), [Ok(_)]));
    let text = "[".to_owned() + &"1,".repeat(limits::TOKENS / 2) + "\n5 ";
    assert_eq!(read(text), "JSON token count limit exceeded\n5\n");
}

#[test]
fn the_size_of_tokens_is_limited_and_the_memory_given_back() {
    let piece = vec![b'x'; 1 << 20];
    let mut reader = MessageReader::default();
    assert!(feed(&mut reader, b"'").is_empty());
    for _ in 0..limits::TOKEN_BYTES / piece.len() {
        assert!(feed(&mut reader, &piece).is_empty());
        assert!(reader.lexer.capacity() <= 2 * limits::TOKEN_BYTES);
    }
    assert_eq!(feed(&mut reader, b"'"), [Err(JsonError::TokenSize)]);
    assert_eq!(lines(feed(&mut reader, b"5 ")), "5\n");
    assert!(reader.lexer.capacity() <= limits::KEPT_BYTES);
}

#[test]
fn many_tokens_share_the_limit() {
    let mut parser = Parser::default();
    let string = vec![b'x'; 1 << 20];
    assert_eq!(parser.accept(Token::OpenArray), None);
    for _ in 0..(limits::TOKEN_BYTES >> 20) - 1 {
        assert_eq!(parser.accept(Token::String(&string)), None);
        assert_eq!(parser.accept(Token::Comma), None);
    }
    assert_eq!(parser.accept(Token::String(&string)), Some(Err(JsonError::TokenSize)));
    assert_eq!(parser.accept(Token::Keyword(b"true")), Some(Ok(Value::Bool(true))));
}

#[test]
fn values_that_take_far_more_than_their_text_are_refused() {
    let many = |element: &str| read(format!("[{}1]", format!("{element},").repeat(limits::TOKENS / 8)));
    for element in ["{'a':1}", "[[1]]", "{'a':{}}"] {
        assert_eq!(many(element), "JSON token size limit exceeded\n", "{element}");
    }
    for element in ["{}", "1,2,3", "'text'"] {
        assert!(many(element).starts_with('['), "{element}");
    }
}

#[test]
fn the_end_of_the_input_is_an_end() {
    assert_eq!(read_to_end("{'a'"), "premature EOI\n");
    assert_eq!(read_to_end("{'a': 5"), "premature EOI\n");
    assert_eq!(read_to_end("[nope"), "invalid keyword 'nope'\n");
    assert_eq!(read_to_end("'abc"), "stray ''abc'\n");
    assert_eq!(read_to_end("2."), "stray '2.'\n");
    assert_eq!(read_to_end("*abc"), "stray '*'\n");
    assert_eq!(read_to_end(" \n"), "");
}

/// Bytes that are likely to be taken for JSON.
fn almost_json() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::sample::select(&b"{}[]:,\"'\\u0123456789abcdefnrtls.-+eE \n\t\xff\xfe\xc3\xa9\0%"[..])
            .prop_map(|byte| vec![byte]),
        prop::sample::select(vec![
            "true",
            "null",
            "{\"a\": 1}",
            "[1, 2]",
            "\"\\ud83d\\ude00\"",
            "'x'",
            "1.5e3",
            "{'a': {'b': []}}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Where the bytes are cut makes no difference, and nothing panics.
    #[test]
    fn cuts_do_not_matter(input in almost_json(), cuts in prop::collection::vec(1_usize..9, 0..200)) {
        let whole = messages([input.as_slice()]);
        let mut rest = input.as_slice();
        let mut pieces = Vec::new();
        for length in cuts {
            let (piece, behind) = rest.split_at(length.min(rest.len()));
            pieces.push(piece);
            rest = behind;
        }
        pieces.push(rest);
        prop_assert_eq!(messages(pieces), whole);
    }

    #[test]
    fn any_bytes_are_survived(input in prop::collection::vec(any::<u8>(), 0..300)) {
        read_to_end(input);
    }

    /// What another implementation of JSON writes is read as it was meant.
    #[test]
    fn values_survive_the_way(value in value()) {
        prop_assert_eq!(messages([format!("{value} ").as_bytes()]), [Ok(value.clone())]);
        prop_assert_eq!(messages([format!("{value:#} ").as_bytes()]), [Ok(value)]);
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        "[a-z\"\\\\\n\u{e9}\u{1f600}]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{0,4}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}
