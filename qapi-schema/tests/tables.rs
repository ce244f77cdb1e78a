//! What is generated from the schema agrees with itself.

#![allow(clippy::expect_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use qapi_schema::balloon::{self, BalloonCommands};
use qapi_schema::block::{self, BlockCommands};
use qapi_schema::char::{self, CharCommands};
use qapi_schema::control::{self, ControlCommands};
use qapi_schema::device::{self, DeviceCommands};
use qapi_schema::inspect::{self, InspectCommands};
use qapi_schema::machine::{self, MachineCommands};
use qapi_schema::net::{self, NetCommands};
use qapi_schema::qom::{self, QomCommands};
use qapi_schema::rate_limits::{self, RateLimitsCommands};
use qapi_schema::statistics::{self, StatisticsCommands};
use qapi_schema::statistics_push::{self, StatisticsPushCommands};
use qapi_schema::stats::{self, StatsCommands};
use qapi_schema::virtio::{self, VirtioCommands};
use qapi_schema::virtio_debug::{self, VirtioDebugCommands};
use qapi_schema::{hmp, introspection};
use serde_json::Value;

/// What no table has: a command whose answer is a constant, and one whose arguments only the machine knows.
const IN_NO_TABLE: [&str; 2] = ["query-qmp-schema", "device_add"];

fn entries(meta: &str) -> BTreeSet<String> {
    let answer: Vec<Value> = serde_json::from_str(introspection::SCHEMA).expect("the answer is JSON");
    let wanted = answer.iter().filter(|entry| entry["meta-type"] == *meta);
    wanted.filter_map(|entry| Some(entry["name"].as_str()?.to_owned())).collect()
}

#[test]
fn introspection_and_the_tables_list_the_same_commands() {
    let tables: [Vec<&str>; 15] = [
        balloon::commands::<dyn BalloonCommands>().iter().map(|command| command.name).collect(),
        block::commands::<dyn BlockCommands>().iter().map(|command| command.name).collect(),
        char::commands::<dyn CharCommands>().iter().map(|command| command.name).collect(),
        control::commands::<dyn ControlCommands>().iter().map(|command| command.name).collect(),
        device::commands::<dyn DeviceCommands>().iter().map(|command| command.name).collect(),
        inspect::commands::<dyn InspectCommands>().iter().map(|command| command.name).collect(),
        machine::commands::<dyn MachineCommands>().iter().map(|command| command.name).collect(),
        net::commands::<dyn NetCommands>().iter().map(|command| command.name).collect(),
        qom::commands::<dyn QomCommands>().iter().map(|command| command.name).collect(),
        rate_limits::commands::<dyn RateLimitsCommands>().iter().map(|command| command.name).collect(),
        statistics::commands::<dyn StatisticsCommands>().iter().map(|command| command.name).collect(),
        statistics_push::commands::<dyn StatisticsPushCommands>()
            .iter()
            .map(|command| command.name)
            .collect(),
        stats::commands::<dyn StatsCommands>().iter().map(|command| command.name).collect(),
        virtio::commands::<dyn VirtioCommands>().iter().map(|command| command.name).collect(),
        virtio_debug::commands::<dyn VirtioDebugCommands>().iter().map(|command| command.name).collect(),
    ];
    let mut dispatched: BTreeSet<String> = tables.into_iter().flatten().map(str::to_owned).collect();
    dispatched.extend(IN_NO_TABLE.map(str::to_owned));
    assert_eq!(entries("command"), dispatched);
}

/// A monitor that is open for reading only has all that asks, whoever declares it, and nothing that acts.
#[test]
fn what_asks_is_marked_as_changing_nothing_and_what_acts_is_not() {
    let answer: Vec<Value> = serde_json::from_str(introspection::SCHEMA).expect("the answer is JSON");
    let marked =
        |entry: &Value| entry["features"].as_array().is_some_and(|all| all.contains(&"read-only".into()));
    let asks =
        |name: &str| ["query-", "x-query-", "x-debug-", "qom-"].iter().any(|start| name.starts_with(start));
    for entry in answer.iter().filter(|entry| entry["meta-type"] == "command") {
        let name = entry["name"].as_str().expect("a command has a name");
        assert!(!asks(name) || marked(entry), "{name} asks and is not marked");
    }
    let acts = ["stop", "cont", "quit", "system_reset", "system_powerdown", "human-monitor-command"];
    let marked_names: BTreeSet<&str> =
        answer.iter().filter(|entry| marked(entry)).filter_map(|entry| entry["name"].as_str()).collect();
    assert!(acts.iter().all(|name| !marked_names.contains(name)), "{marked_names:?}");
}

/// QMP's reader takes a message apart at its line ends.
#[test]
fn the_introspection_is_one_line_in_the_protocols_style() {
    assert!(!introspection::SCHEMA.contains('\n'));
    assert!(introspection::SCHEMA.starts_with(r#"[{"arg-type": "0", "#));
}

#[test]
fn every_verb_has_a_table_that_leads_to_it() {
    for verb in hmp::VERBS {
        let Some((_, table)) = verb.words.split_last() else { panic!("a verb without words") };
        let opens = hmp::VERBS.iter().any(|other| other.words == table && other.opens_table);
        assert!(table.is_empty() || opens, "nothing leads to {:?}", verb.words);
    }
}
