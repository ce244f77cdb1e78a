//! The program is what its schema says: every command that `query-qmp-schema` lists is called, well and badly, and every
//! reply has the shape that is told there.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeMap;

use qapi_schema::machine::requests::{QueryStatus, Quit};
use serde_json::{Map, Value, json};
use support::{Program, QmpClient};

/// What `query-qmp-schema` has told, by name.
struct Schema(BTreeMap<String, Value>);

impl Schema {
    fn read(client: &mut QmpClient) -> Self {
        let answer = client.answer("query-qmp-schema", json!({}));
        let entries = answer["return"].as_array().unwrap();
        Self(
            entries.iter().map(|entry| (entry["name"].as_str().unwrap().to_owned(), entry.clone())).collect(),
        )
    }

    fn commands(&self) -> impl Iterator<Item = (&str, &Value)> {
        let commands = self.0.iter().filter(|(_, entry)| entry["meta-type"] == "command");
        commands.map(|(name, entry)| (name.as_str(), entry))
    }

    fn entry(&self, name: &Value) -> &Value {
        &self.0[name.as_str().unwrap()]
    }

    /// The members that an object of this type can have: name, type, whether it may be left out.
    fn members(&self, of: &Value) -> Vec<(&str, &Value, bool)> {
        let members = self.entry(of)["members"].as_array().unwrap();
        members
            .iter()
            .map(|member| {
                (member["name"].as_str().unwrap(), &member["type"], member.get("default").is_some())
            })
            .collect()
    }

    /// What is wrong with `value` as one of this type.
    fn check(&self, value: &Value, of: &Value, place: &str) -> Result<(), String> {
        let entry = self.entry(of);
        let fits = match entry["meta-type"].as_str().unwrap() {
            "builtin" => match entry["json-type"].as_str().unwrap() {
                "string" => value.is_string(),
                "int" => value.is_i64() || value.is_u64(),
                "number" => value.is_number(),
                "boolean" => value.is_boolean(),
                "null" => value.is_null(),
                "value" => true,
                other => panic!("what is a {other}?"),
            },
            "enum" => entry["values"].as_array().unwrap().contains(value),
            "array" => {
                let elements = value.as_array().ok_or(format!("{place} is no array: {value}"))?;
                let mut elements = elements.iter().enumerate();
                return elements.try_for_each(|(index, element)| {
                    self.check(element, &entry["element-type"], &format!("{place}[{index}]"))
                });
            }
            "alternate" => {
                let branches = entry["members"].as_array().unwrap();
                branches.iter().any(|branch| self.check(value, &branch["type"], place).is_ok())
            }
            "object" => return self.check_object(value, of, place),
            other => panic!("what is a {other}?"),
        };
        if fits { Ok(()) } else { Err(format!("{place} is {value}, which is no {entry}")) }
    }

    fn check_object(&self, value: &Value, of: &Value, place: &str) -> Result<(), String> {
        let mut left = value.as_object().ok_or(format!("{place} is no object: {value}"))?.clone();
        let entry = self.entry(of);
        let mut members = self.members(of);
        if let Some(tag) = entry.get("tag") {
            let chosen = &value[tag.as_str().unwrap()];
            let cases = entry["variants"].as_array().unwrap();
            if let Some(case) = cases.iter().find(|case| &case["case"] == chosen) {
                members.extend(self.members(&case["type"]));
            }
        }
        for (name, of, optional) in members {
            match left.remove(name) {
                Some(member) => self.check(&member, of, &format!("{place}.{name}"))?,
                None if optional => {}
                None => return Err(format!("{place} lacks {name}: {value}")),
            }
        }
        if left.is_empty() {
            Ok(())
        } else {
            Err(format!("{place} has members that no schema knows: {left:?}"))
        }
    }

    /// A value of this type; of an object, with its mandatory members only.
    fn example(&self, of: &Value) -> Value {
        let entry = self.entry(of);
        match entry["meta-type"].as_str().unwrap() {
            "builtin" => match entry["json-type"].as_str().unwrap() {
                "string" => json!("nothing"),
                "int" | "number" => json!(0),
                "boolean" => json!(false),
                _ => Value::Null,
            },
            "enum" => entry["values"][0].clone(),
            "array" => json!([]),
            "alternate" => self.example(&entry["members"][0]["type"]),
            _ => Value::Object(self.mandatory(of)),
        }
    }

    fn mandatory(&self, of: &Value) -> Map<String, Value> {
        let members = self.members(of).into_iter().filter(|(.., optional)| !optional);
        members.map(|(name, of, _)| (name.to_owned(), self.example(of))).collect()
    }
}

/// Values of every JSON type.
fn of_every_type() -> [Value; 7] {
    [
        json!("text"),
        json!(7),
        json!(7.5),
        json!(true),
        json!(null),
        json!([[]]),
        json!({ "no-such-member": 1 }),
    ]
}

fn expect(answer: &Value, starts: &[&str], command: &str) {
    let text = answer["error"]["desc"].as_str().unwrap_or_default();
    assert_eq!(answer["error"]["class"], "GenericError", "{command}: {answer}");
    assert!(starts.iter().any(|start| text.starts_with(start)), "{command}: {answer}");
}

#[test]
fn every_command_answers_as_the_schema_says() {
    let mut program = Program::start(&["--accel", "none"]);
    let mut client = program.qmp();
    let schema = Schema::read(&mut client);
    for (command, entry) in
        schema.commands().filter(|(command, _)| !["quit", "qmp_capabilities"].contains(command))
    {
        let mandatory = schema.mandatory(&entry["arg-type"]);
        if let Some(first) = mandatory.keys().next() {
            let answer = client.answer(command, json!({}));
            expect(&answer, &["Parameter '"], command);
            assert!(answer["error"]["desc"].as_str().unwrap().ends_with("' is missing"), "{first}: {answer}");
            // What it names does not exist, which it may or may not mind.
            let answer = client.answer(command, Value::Object(mandatory));
            check_reply(&schema, &answer, entry, command);
        } else {
            check_reply(&schema, &client.answer(command, json!({})), entry, command);
        }
    }
    client.call(&QueryStatus);
    client.call(&Quit);
    assert!(program.wait().0.success());
}

/// A reply of the right shape, or an error that has a class and a text.
fn check_reply(schema: &Schema, answer: &Value, entry: &Value, command: &str) {
    match answer.get("return") {
        Some(value) => schema
            .check(value, &entry["ret-type"], "return")
            .unwrap_or_else(|error| panic!("{command}: {error}")),
        None => assert!(!answer["error"]["desc"].as_str().unwrap().is_empty(), "{command}: {answer}"),
    }
}

#[test]
fn every_command_refuses_what_it_does_not_know() {
    let program = Program::start(&["--accel", "none"]);
    let mut client = program.qmp();
    let schema = Schema::read(&mut client);
    for (command, entry) in schema.commands() {
        let mandatory = schema.mandatory(&entry["arg-type"]);
        let mut arguments = mandatory.clone();
        arguments.insert("no-such-member".to_owned(), json!(1));
        let answer = client.answer(command, Value::Object(arguments));
        // What else this one takes is the device's own affair, which is looked for first.
        let refusal = match command {
            "device_add" => "'nothing' is not a valid device model name",
            _ => "Parameter 'no-such-member' is unexpected",
        };
        expect(&answer, &[refusal], command);
        for (name, of, _) in schema.members(&entry["arg-type"]) {
            for wrong in of_every_type() {
                if schema.check(&wrong, of, name).is_ok() {
                    continue;
                }
                let mut arguments = mandatory.clone();
                arguments.insert(name.to_owned(), wrong);
                let answer = client.answer(command, Value::Object(arguments));
                expect(&answer, &["Invalid parameter type for '", "Parameter '"], command);
            }
        }
    }
    client.call(&QueryStatus);
}
