//! Stopping, going on and ending: by clients and by signals.

mod support;

use std::time::{Duration, Instant};

use qapi_schema::machine::RunState;
use qapi_schema::machine::requests::{
    Cont, QueryCpusFast, QueryKvm, QueryName, QueryStatus, QueryTarget, Quit, Stop,
};
use qapi_schema::runtime::Request;
use qapi_schema::virtio::requests::{XQueryVirtioQueueStatus, XQueryVirtioStatus};
use rustix::process::Signal;
use serde_json::json;
use support::{Program, QmpClient, accelerators};

/// Far longer than a round of the guest takes.
const ROUND: Duration = Duration::from_secs(60);

fn state(client: &mut QmpClient) -> (bool, RunState) {
    let info = client.call(&QueryStatus);
    (info.running, info.status)
}

#[test]
fn stop_and_cont_change_the_state_and_tell_every_client() {
    let program = Program::start(&["--accel", "none"]);
    let (mut first, mut second) = (program.qmp(), program.qmp());
    assert_eq!(state(&mut first), (true, RunState::Running));
    first.call(&Stop);
    assert_eq!(state(&mut second), (false, RunState::Paused));
    first.call(&Stop);
    first.call(&Cont);
    first.call(&Cont);
    assert_eq!(state(&mut second), (true, RunState::Running));
    for client in [&mut first, &mut second] {
        assert_eq!(client.event(), ("STOP".to_owned(), json!(null)));
        assert_eq!(client.event(), ("RESUME".to_owned(), json!(null)), "what changes nothing is no event");
    }
}

#[test]
fn a_machine_started_paused_waits_for_cont() {
    for accelerator in accelerators() {
        let program = Program::start(&["--accel", accelerator, "-S", "--device", "rng,id=rng0"]);
        let mut client = program.qmp();
        assert_eq!(state(&mut client), (false, RunState::Prelaunch));
        let path = || "/machine/peripheral/rng0".to_owned();
        assert_eq!(
            client.call(&XQueryVirtioStatus { path: path() }).status.statuses,
            [""; 0],
            "no driver came"
        );
        client.call(&Stop);
        assert_eq!(state(&mut client), (false, RunState::Prelaunch), "what does not run cannot be stopped");
        client.call(&Cont);
        assert_eq!(client.event().0, "RESUME");
        assert_eq!(state(&mut client), (true, RunState::Running));
        let start = Instant::now();
        while client.call(&XQueryVirtioQueueStatus { path: path(), queue: 0 }).used_idx == 0 {
            assert!(start.elapsed() < ROUND, "the guest takes no entropy");
        }
    }
}

#[test]
fn stop_and_cont_in_quick_succession_lose_nothing() {
    for accelerator in accelerators() {
        let program = Program::start(&["--accel", accelerator]);
        let mut clients = [program.qmp(), program.qmp()];
        for _ in 0..100 {
            clients[0].call(&Stop);
            clients[1].call(&Cont);
        }
        assert_eq!(state(&mut clients[0]), (true, RunState::Running));
        for client in &mut clients {
            for _ in 0..100 {
                assert_eq!([client.event().0, client.event().0], ["STOP", "RESUME"]);
            }
        }
    }
}

#[test]
fn quit_is_announced_and_answered_and_then_the_connection_ends() {
    let mut program = Program::start(&["--accel", "none"]);
    let (mut client, mut other) = (program.qmp(), program.qmp());
    let files = [program.path("qmp"), program.path("hmp")];
    assert!(files.iter().all(|file| file.exists()));
    client.call(&Quit);
    let shutdown = ("SHUTDOWN".to_owned(), json!({ "guest": false, "reason": "host-qmp-quit" }));
    for client in [&mut client, &mut other] {
        assert_eq!(client.event(), shutdown);
        assert!(client.is_closed());
    }
    let (status, said) = program.wait();
    assert!(status.success(), "{status}: {said}");
    assert_eq!(said, "");
    assert!(!files.iter().any(|file| file.exists()), "the sockets are gone");
}

#[test]
fn signals_end_the_program_in_order() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut program = Program::start(&["--accel", "none"]);
        let mut client = program.qmp();
        program.signal(signal);
        let shutdown = ("SHUTDOWN".to_owned(), json!({ "guest": false, "reason": "host-signal" }));
        assert_eq!(client.event(), shutdown, "{signal:?}");
        assert!(client.is_closed());
        let (status, said) = program.wait();
        assert!(status.success(), "{signal:?}: {status}: {said}");
    }
}

#[test]
fn the_machine_tells_what_it_is() {
    let program = Program::start(&["--accel", "none", "--name", "first light"]);
    let mut client = program.qmp();
    assert_eq!(client.call(&QueryName).name.as_deref(), Some("first light"));
    let kvm = client.call(&QueryKvm);
    assert!(kvm.present && !kvm.enabled);
    assert_eq!(client.call(&QueryTarget).arch.as_str(), "x86_64");
    let cpus = client.call(&QueryCpusFast);
    let paths: Vec<_> = cpus.iter().map(|cpu| (cpu.cpu_index, cpu.qom_path.as_str())).collect();
    assert_eq!(paths, [(0, "/machine/unattached/device[0]")]);
    let task = format!("/proc/{}/task/{}", program.id(), cpus[0].thread_id);
    assert!(std::path::Path::new(&task).exists(), "{task}: a thread of the program");
    assert_eq!(QueryCpusFast::NAME, "query-cpus-fast");
}
