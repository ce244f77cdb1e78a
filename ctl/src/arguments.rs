//! A command's arguments as options, and what was typed as JSON.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, ArgAction, ArgMatches};
use serde_json::{Map, Value};

use crate::help_text;
use crate::schema::{Command, Kind, Member};

/// What switches can be said with a value.
const SWITCH: [&str; 4] = ["on", "off", "true", "false"];

/// The option for an argument; `text` is what the schema says of it.
pub(crate) fn option(member: &Member, text: &str) -> Arg {
    let option = Arg::new(member.name.clone())
        .long(member.name.clone())
        .required(member.required)
        .help(help(member, text))
        .value_name(placeholder(&member.kind));
    let option = match &member.kind {
        Kind::Text => option.value_parser(|text: &str| Ok::<_, String>(Value::from(text))),
        Kind::Integer => option.value_parser(integer).allow_negative_numbers(true),
        Kind::Number => option.value_parser(number).allow_negative_numbers(true),
        Kind::Choice(values) => option.value_parser(PossibleValuesParser::new(values).map(Value::from)),
        Kind::Json => option.value_parser(json),
        Kind::Boolean => {
            option.num_args(0..=1).require_equals(true).default_missing_value("on").value_parser(
                PossibleValuesParser::new(SWITCH).map(|word| Value::from(word == "on" || word == "true")),
            )
        }
    };
    if member.repeated { option.action(ArgAction::Append).value_delimiter(',') } else { option }
}

/// The arguments that were given.
pub(crate) fn given(command: &Command, matches: &ArgMatches) -> Value {
    let mut arguments = Map::new();
    for member in &command.members {
        let Some(mut values) = matches.get_many::<Value>(&member.name).map(Iterator::cloned) else {
            continue;
        };
        let value = if member.repeated { Some(values.collect()) } else { values.next() };
        arguments.extend(value.map(|value| (member.name.clone(), value)));
    }
    if arguments.is_empty() { Value::Null } else { Value::Object(arguments) }
}

fn help(member: &Member, text: &str) -> String {
    let mut help = help_text::argument(text);
    let mut notes = Vec::new();
    notes.extend(member.repeated.then(|| "several: with commas between".to_owned()));
    notes.extend(member.only_with.as_ref().map(|conditions| format!("with {conditions}")));
    if !notes.is_empty() {
        let blank = if help.is_empty() { "" } else { " " };
        help += &format!("{blank}[{}]", notes.join("; "));
    }
    help
}

fn placeholder(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "TEXT",
        Kind::Integer => "INTEGER",
        Kind::Number => "NUMBER",
        Kind::Boolean => "on|off",
        Kind::Choice(_) => "WORD",
        Kind::Json => "JSON",
    }
}

/// A whole number of at most 64 bits, decimal or hexadecimal.
fn integer(text: &str) -> Result<Value, String> {
    let hexadecimal = text.strip_prefix("0x").map(|digits| u64::from_str_radix(digits, 16).map(Value::from));
    let value = hexadecimal.unwrap_or_else(|| text.parse::<u64>().map(Value::from));
    value
        .or_else(|_| text.parse::<i64>().map(Value::from))
        .map_err(|_| "accepted is a whole number of at most 64 bits, such as 10, -1 or 0x1f".to_owned())
}

fn number(text: &str) -> Result<Value, String> {
    let value = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::Number);
    integer(text).ok().or(value).ok_or_else(|| "accepted is a number".to_owned())
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("accepted is JSON: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn member(name: &str, kind: Kind, repeated: bool) -> Member {
        Member { name: name.to_owned(), kind, required: false, repeated, only_with: None }
    }

    /// A command with an argument of each kind.
    fn command() -> Command {
        let choice = Kind::Choice(vec!["vm".to_owned(), "vcpu".to_owned()]);
        let members = vec![
            member("text", Kind::Text, false),
            member("count", Kind::Integer, false),
            member("part", Kind::Number, false),
            member("go", Kind::Boolean, false),
            member("one", choice.clone(), false),
            member("some", choice, true),
            member("any", Kind::Json, false),
        ];
        Command { name: "try".to_owned(), features: Vec::new(), members }
    }

    fn typed(words: &[&str]) -> Result<Value, String> {
        let command = command();
        let options = command.members.iter().map(|member| option(member, ""));
        let line = clap::Command::new("try").args(options).no_binary_name(true);
        let matches = line.try_get_matches_from(words).map_err(|error| error.to_string())?;
        Ok(given(&command, &matches))
    }

    #[test]
    fn every_kind_becomes_its_json() {
        let words = [
            "--text",
            "a,b",
            "--count=-5",
            "--part",
            "0.5",
            "--go",
            "--one=vm",
            "--some",
            "vm,vcpu",
            "--some=vm",
            "--any",
            "[{}]",
        ];
        let expected = json!({
            "text": "a,b", "count": -5, "part": 0.5, "go": true, "one": "vm", "some": ["vm", "vcpu", "vm"], "any": [{}]
        });
        assert_eq!(typed(&words), Ok(expected));
        assert_eq!(
            typed(&["--count", "0xffffffffffffffff", "--go=off"]),
            Ok(json!({ "count": u64::MAX, "go": false }))
        );
        assert_eq!(typed(&[]), Ok(Value::Null));
    }

    #[test]
    fn what_fits_no_kind_is_refused() {
        for words in [
            ["--count", "1.5"],
            ["--count", "0xg"],
            ["--one", "cpu"],
            ["--any", "{"],
            ["--part", "inf"],
            ["--go", "no"],
        ] {
            assert!(typed(&words).is_err(), "{words:?}");
        }
    }
}
