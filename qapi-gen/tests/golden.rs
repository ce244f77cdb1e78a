//! The Rust for a schema with every construct: kept as files that are compiled here and compared byte by byte, and
//! put to use.
//!
//! `UPDATE_GOLDEN=1 cargo test -p qapi-gen --test golden` writes the files again.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use qapi_gen::backend::introspection::{introspection, one_line};
use qapi_gen::backend::rust::{Options, Unknown, rust};
use qapi_gen::schema::Decision;
use qapi_gen::{FileSystem, Schema, parse, render};
use serde_json::{Value, json};

/// What a server has: everything is decided, nothing unknown is taken.
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a server uses what it needs")]
#[path = "golden/server.rs"]
mod server;

/// What a client has that must survive newer servers; conditions are features that this crate does not have.
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, reason = "a client uses what it needs")]
#[path = "golden/client.rs"]
mod client;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn schema() -> Schema {
    let parsed = parse(&folder().join("schema.json"), &FileSystem).unwrap();
    assert!(parsed.diagnostics.is_empty(), "{}", render::human(&parsed.diagnostics, parsed.schema.sources()));
    parsed.schema
}

fn compare(name: &str, text: &str) {
    let path = folder().join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let present = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        present == text,
        "{name} is not what is generated; run `UPDATE_GOLDEN=1 cargo test -p qapi-gen --test golden`"
    );
}

fn generated(schema: &Schema, unknown: Unknown) -> String {
    let options = Options { unknown, single_file: true, ..Options::default() };
    let files = rust(schema, None, &options);
    assert_eq!(files.len(), 1);
    files.into_iter().next().unwrap().text
}

#[test]
fn the_server_is_as_kept() {
    compare("server.rs", &generated(&schema().decide(&Decision::All), Unknown::Refuse));
}

#[test]
fn the_client_is_as_kept() {
    compare("client.rs", &generated(&schema(), Unknown::Keep));
}

#[test]
fn one_file_holds_what_many_do() {
    let schema = schema();
    let files = rust(&schema, None, &Options::default());
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<BTreeSet<String>>();
    let single = lines(&generated(&schema, Unknown::Refuse));
    for file in &files {
        let missing: Vec<String> = lines(&file.text).difference(&single).cloned().collect();
        let is_module = |line: &String| line.contains("mod ") || line.starts_with("// Written by");
        assert!(missing.iter().all(is_module), "{}: {missing:?}", file.path);
    }
}

#[test]
fn introspection_is_the_same_whichever_way_it_is_made() {
    let expected = introspection(&schema(), &Decision::All, false);
    assert_eq!(
        serde_json::from_str::<Value>(server::introspection::SCHEMA).unwrap(),
        Value::Array(expected.clone())
    );
    let lines: Vec<String> = expected.iter().map(one_line).collect();
    insta::assert_snapshot!("introspection", lines.join("\n"));
    let unmasked: Vec<String> = introspection(&schema(), &Decision::All, true).iter().map(one_line).collect();
    insta::assert_snapshot!("introspection_unmasked", unmasked.join("\n"));
}

/// Without features nothing conditional is in the client's answer.
#[test]
fn introspection_leaves_out_what_the_crate_lacks() {
    let answer: Value = serde_json::from_str(&client::introspection::schema()).unwrap();
    let decided = introspection(&schema(), &Decision::Defined(BTreeSet::new()), false);
    assert_eq!(answer, Value::Array(decided));
    assert!(!client::introspection::schema().contains("\"name\": \"dashed\""));
}

#[test]
fn the_reference_covers_everything() {
    let pages = qapi_gen::backend::docs::docs(&schema());
    let text: String = pages.iter().map(|page| format!("=== {}\n{}", page.path, page.text)).collect();
    insta::assert_snapshot!("reference", text);
}

mod wire {
    use super::*;
    use crate::server::runtime::{Decode, Path as Place, Reply, Style};
    use crate::server::schema::{
        Kind, Level, Node, NodeOrName, Numbers, Odd, Others, Plain, Shape, ShapeBranch, Tree, requests,
    };

    /// Reads a value and writes it again.
    fn round<T: Decode + serde::Serialize>(value: Value) -> Result<Value, String> {
        let decoded = T::decode(value, &Place::ROOT).map_err(|error| error.to_string())?;
        let mut reply = Reply::new(Style::Line);
        reply.write(&decoded).map_err(|error| error.to_string())?;
        Ok(serde_json::from_slice(reply.as_bytes()).unwrap())
    }

    fn same<T: Decode + serde::Serialize>(value: Value) {
        assert_eq!(round::<T>(value.clone()), Ok(value));
    }

    #[test]
    fn values_survive_a_round() {
        same::<Numbers>(json!({
            "a": -128, "b": -32768, "c": i32::MIN, "d": i64::MIN, "e": i64::MAX, "f": 255, "g": 65535, "h": u32::MAX,
            "i": u64::MAX, "j": u64::MAX, "k": 1.5,
        }));
        same::<Others>(json!({"any": {"x": [1, null]}, "of": "qdict", "text": {"str": "é"}}));
        same::<Others>(
            json!({"nothing": null, "any": null, "maybe": null, "of": "none", "text": {"str": ""}}),
        );
        same::<Node>(json!({"next": {"all": []}, "all": [{"all": []}], "pair": {"right": "x"}}));
        same::<NodeOrName>(json!([{"all": []}]));
        same::<NodeOrName>(json!(null));
        same::<Plain>(json!({"kind": "circle", "radius": 2.5}));
        same::<Plain>(json!({"kind": "square"}));
        same::<Shape>(
            json!({"label": "a", "kind": "square", "branch": 3, "name": "b", "line-width": 1, "colours": []}),
        );
        same::<Tree>(json!({"leaf": "more", "inner": {"leaf": "none"}}));
        same::<Level>(json!("more"));
        same::<Level>(json!(7));
        same::<Level>(json!({"name": "x"}));
        same::<requests::Match>(json!({"type": "a-1"}));
    }

    /// Whatever is wrong, the answer says which member it is.
    #[test]
    fn every_mistake_names_the_member() {
        let error = |value| round::<Shape>(value).unwrap_err();
        insta::assert_snapshot!(error(json!({"label": "a"})), @"Parameter 'kind' is missing");
        insta::assert_snapshot!(error(json!({"kind": "oval"})), @"Parameter 'kind' does not accept value 'oval'");
        insta::assert_snapshot!(error(json!({"kind": "circle"})), @"Parameter 'label' is missing");
        insta::assert_snapshot!(error(json!({"kind": "circle", "label": "a"})), @"Parameter 'radius' is missing");
        insta::assert_snapshot!(
            error(json!({"kind": "circle", "label": "a", "radius": 1, "colours": []})),
            @"Parameter 'colours' is unexpected"
        );
        insta::assert_snapshot!(
            error(json!({"kind": "self", "label": "a", "name": "b", "colours": ["x", 1]})),
            @"Invalid parameter type for 'colours[1]', expected: string"
        );
        let node = |value| round::<Node>(value).unwrap_err();
        insta::assert_snapshot!(
            node(json!({"all": [{"all": [], "next": {"all": 5}}]})),
            @"Invalid parameter type for 'all[0].next.all', expected: array"
        );
        insta::assert_snapshot!(
            node(json!({"all": [], "pair": {"right": true}})),
            @"Invalid parameter type for 'right', expected: NodeOrName"
        );
        insta::assert_snapshot!(
            round::<Numbers>(json!({"a": 128})).unwrap_err(),
            @"Parameter 'a' expects int8_t"
        );
        insta::assert_snapshot!(
            round::<Others>(json!({"any": 1, "of": "none", "text": null})).unwrap_err(),
            @"Invalid parameter type for 'text', expected: object"
        );
    }

    #[test]
    fn names_that_clash_in_rust_are_kept_apart() {
        let values: Vec<&str> = Odd::ALL.iter().map(|value| value.as_str()).collect();
        assert_eq!(values, ["a1", "A1", "a-1", "1-2", "12", "other", "type", "Some"]);
        assert!(Odd::ALL.iter().all(|value| value.as_str().parse() == Ok(*value)));
        assert_eq!(Kind::Self_.to_string(), "self");
    }

    #[test]
    fn a_branch_knows_its_tag() {
        let branch = ShapeBranch::from(server::schema::Circle { radius: 1.0 });
        assert_eq!(branch.tag(), Kind::Circle);
        assert_eq!(ShapeBranch::empty(Kind::_2d), Some(ShapeBranch::_2d));
        assert_eq!(ShapeBranch::empty(Kind::Circle), None);
    }
}

mod dispatch {
    use super::*;
    use crate::server::runtime::{Command, Error, Event, Reply, Streams, Style, collect, stream};
    use crate::server::schema::{
        Derived, Level, Node, SchemaCommands, Shape, ShapeEvent, Stop, Watchdog, commands, requests,
    };

    /// Answers with what it was sent.
    struct Handler;

    impl SchemaCommands for Handler {
        fn stop(&self) -> Result<(), Error> {
            Ok(())
        }
        fn echo(&self, arguments: requests::Echo) -> Result<Value, Error> {
            Ok(arguments.value)
        }
        fn draw(&self, arguments: Shape) -> Result<Vec<Node>, Error> {
            Err(Error::generic(arguments.label))
        }
        fn paint(&self, _arguments: Derived) -> Result<(), Error> {
            Ok(())
        }
        fn snake_command(&self, arguments: requests::SnakeCommand) -> Result<u64, Error> {
            Ok(arguments.number.unsigned_abs())
        }
        fn match_(&self, _arguments: requests::Match) -> Result<(), Error> {
            Ok(())
        }
        fn levels(&self) -> Result<Vec<Level>, Error> {
            Ok(vec![Level::Number(1), Level::Exact(true)])
        }
        fn vanish(&self) -> Result<(), Error> {
            Ok(())
        }
        fn circle(&self, _arguments: requests::CircleRequest) -> Result<(), Error> {
            Ok(())
        }
    }

    /// Streams a number that [`SchemaCommands::snake_command`] would not answer; what it has to return is none below 10.
    impl Streams<requests::SnakeCommand> for Handler {
        fn stream(&self, request: requests::SnakeCommand, reply: &mut Reply) -> Result<(), Error> {
            match request.number {
                0..10 => reply.write_raw("\"few\""),
                number => reply.write_number(number.unsigned_abs() + 1),
            }
            if request.number < 0 { Err(Error::generic("too cold")) } else { Ok(()) }
        }
    }

    #[test]
    fn a_streamed_command_keeps_its_row_and_its_type() {
        let mut table = commands::<Handler>();
        stream::<requests::SnakeCommand, _>(&mut table);
        let ask = |number: i64| call_in(&table, "snake_command", json!({"number": number}));
        assert_eq!(ask(41), Ok("42".to_owned()));
        assert_eq!(ask(-1), Err("too cold".to_owned()));
        assert_eq!(call_in(&table, "snake_command", json!({})).unwrap_err(), "Parameter 'number' is missing");
        assert_eq!(call_in(&table, "levels", json!({})).unwrap(), "[1, true]", "other rows are as they were");
        let names = |table: &[Command<Handler>]| table.iter().map(|row| row.name).collect::<Vec<_>>();
        assert_eq!(names(&table), names(&commands()));

        let value = |number| {
            collect(&Handler, requests::SnakeCommand { number, levels: None })
                .map_err(|error| error.to_string())
        };
        assert_eq!(value(41), Ok(42));
        assert_eq!(value(-1), Err("too cold".to_owned()));
        assert_eq!(value(1), Err("Parameter '' expects uint64".to_owned()), "the schema promises a number");
    }

    fn call(name: &str, arguments: Value) -> Result<String, String> {
        call_in(&commands(), name, arguments)
    }

    fn call_in(table: &[Command<Handler>], name: &str, arguments: Value) -> Result<String, String> {
        let command = table.iter().find(|command| command.name == name).unwrap();
        let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
        let mut reply = Reply::new(Style::Line);
        (command.call)(&Handler, arguments, &mut reply).map_err(|error| error.to_string())?;
        Ok(String::from_utf8(reply.into_bytes()).unwrap())
    }

    #[test]
    fn commands_are_found_called_and_answered() {
        assert_eq!(call("stop", json!({})).unwrap(), "{}");
        assert_eq!(call("echo", json!({"value": [1, "é\u{1}"]})).unwrap(), r#"[1, "\u00E9\u0001"]"#);
        assert_eq!(call("snake_command", json!({"number": i64::MIN})).unwrap(), "9223372036854775808");
        assert_eq!(call("levels", json!({})).unwrap(), "[1, true]");
        assert_eq!(call("vanish", json!({})).unwrap(), "", "a command without a response writes nothing");
        assert_eq!(call("draw", json!({"kind": "2d", "label": "no"})).unwrap_err(), "no");
        assert_eq!(call("stop", json!({"now": true})).unwrap_err(), "Parameter 'now' is unexpected");
        assert_eq!(call("match", json!({})).unwrap_err(), "Parameter 'type' is missing");
        assert_eq!(call("circle", json!({"radius": 1})).unwrap(), "{}");
        assert_eq!(call("paint", json!({"name": "x", "colours": []})).unwrap(), "{}");
    }

    #[test]
    fn the_table_tells_the_flags() {
        let flags: Vec<_> = commands::<dyn SchemaCommands>()
            .iter()
            .map(|command| {
                (command.name, command.allow_oob, command.allow_preconfig, command.success_response)
            })
            .filter(|(_, oob, preconfig, response)| *oob || *preconfig || !response)
            .collect();
        assert_eq!(
            flags,
            [("draw", true, false, true), ("paint", false, true, true), ("vanish", false, false, false)]
        );
        assert!(commands::<Handler>().iter().all(|command| command.name != "raw"), "no code for it");
    }

    #[test]
    fn events_carry_their_data() {
        let event = ShapeEvent { kind: server::schema::Kind::Circle, old: None };
        assert_eq!(serde_json::to_value(event).unwrap(), json!({"kind": "circle"}));
        assert_eq!((Stop::NAME, Stop::HAS_DATA, Stop::INTERVAL), ("STOP", false, None));
        assert_eq!(Watchdog::INTERVAL, Some(std::time::Duration::from_secs(1)));
    }
}

mod client_side {
    use super::*;
    use crate::client::runtime::Request;
    use crate::client::schema::{Kind, Plain, Shape, requests};

    #[test]
    fn what_a_newer_server_sends_is_kept() {
        let shape: Shape = serde_json::from_value(json!({
            "label": "a", "kind": "hyperbola", "eccentricity": 2, "focus": [1, 2]
        }))
        .unwrap();
        assert_eq!(shape.tag(), Kind::Other("hyperbola".to_owned()));
        assert_eq!(
            serde_json::to_value(&shape).unwrap(),
            json!({"label": "a", "kind": "hyperbola", "eccentricity": 2, "focus": [1, 2]})
        );
        let plain: Plain =
            serde_json::from_value(json!({"kind": "circle", "radius": 1.0, "new": 1})).unwrap();
        assert_eq!(serde_json::to_value(plain).unwrap(), json!({"kind": "circle", "radius": 1.0}));
    }

    #[test]
    fn a_request_knows_its_name_and_what_it_returns() {
        fn answer<R: Request>(_request: &R, answer: Value) -> R::Return {
            use crate::client::runtime::{Decode, Path};
            R::Return::decode(answer, &Path::ROOT).unwrap()
        }
        let request = requests::Draw(serde_json::from_value(json!({"label": "a", "kind": "2d"})).unwrap());
        assert_eq!(requests::Draw::NAME, "draw");
        assert_eq!(serde_json::to_value(&request).unwrap(), json!({"label": "a", "kind": "2d"}));
        assert_eq!(answer(&request, json!([{"all": []}])).len(), 1);
        assert_eq!(serde_json::to_value(requests::Stop).unwrap(), json!({}));
        let _: crate::client::runtime::Empty = answer(&requests::Stop, json!({}));
    }
}
