//! The examples in the schema's comments, held with a running machine: what the reference tells a client to send is
//! accepted, and the answer has the shape that it tells.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use qapi_gen::transcript::{Message, Sender, Transcript, mismatch, transcripts};
use qapi_schema::block::BlockStats;
use qapi_schema::block::requests::QueryBlockstats;
use qapi_schema::virtio::requests::{XQueryVirtio, XQueryVirtioStatus};
use serde_json::Value;
use support::{Program, QmpClient, accelerators};

/// Examples of what a test cannot ask of a machine that is to answer the next one: the connection's opening, which is
/// over, the machine's end, and what needs a bus that a machine without arguments has not.
const APART: [&str; 4] = ["qmp_capabilities", "quit", "device_add", "device_del"];

#[test]
fn every_example_is_what_a_client_would_see() {
    let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qapi-schema/schema/schema.json");
    let schema = qapi_gen::parse(&main, &qapi_gen::FileSystem).unwrap().schema;
    // The examples show a machine under KVM; what KVM counts is there only with it.
    let accelerators = accelerators();
    let accelerator = *accelerators.last().unwrap();
    let counts_nothing = accelerator != "kvm";
    let program = Program::start(&["--accel", accelerator, "--name", "example"]);
    let mut client = program.qmp();
    let mut problems = Vec::new();
    let mut held = 0;
    for transcript in transcripts(&schema) {
        let symbol = transcript.symbol.clone().unwrap_or_default();
        if APART.contains(&symbol.as_str()) || (counts_nothing && symbol.starts_with("query-stats")) {
            continue;
        }
        held += 1;
        // The example before may have reset the machine.
        wait_until_driven(&mut client);
        problems.extend(hold(&mut client, &transcript).map(|problem| format!("{symbol}: {problem}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(held > 15, "only {held} examples were found");
}

/// Sends what the client sends in the example and compares each answer with the one that follows.
fn hold(client: &mut QmpClient, transcript: &Transcript) -> Option<String> {
    let mut answer = None;
    for Message { sender, value, .. } in &transcript.messages {
        let value = value.as_ref()?;
        match sender {
            Sender::Client => {
                let command = value["execute"].as_str()?;
                answer = Some(client.answer(command, value["arguments"].clone()));
            }
            // An event comes when it comes; its shape is checked against the schema elsewhere.
            Sender::Server if value.get("event").is_some() => {}
            Sender::Server => {
                let actual = answer.take().unwrap_or(Value::Null);
                if let Some(problem) = mismatch(value, &actual) {
                    return Some(format!("{problem}\n  {actual}"));
                }
            }
        }
    }
    None
}

/// The examples show devices whose driver has set them up, and disks that were used: waits until the last of them is.
fn wait_until_driven(client: &mut QmpClient) {
    for device in client.call(&XQueryVirtio) {
        while !client.call(&XQueryVirtioStatus { path: device.path.clone() }).started {
            std::thread::yield_now();
        }
    }
    let unused = |disk: &BlockStats| disk.stats.idle_time_ns.is_none();
    while client.call(&QueryBlockstats { query_nodes: None }).iter().any(unused) {
        std::thread::yield_now();
    }
}
