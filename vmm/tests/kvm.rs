//! What only KVM can show: statistics of the kernel, and several vCPUs that run.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;

use qapi_schema::control::requests::HumanMonitorCommand;
use qapi_schema::machine::requests::{QueryCpusFast, QueryKvm};
use qapi_schema::stats::requests::{QueryStats, QueryStatsSchemas};
use qapi_schema::stats::{StatsFilter, StatsFilterBranch, StatsTarget, StatsVCPUFilter};
use support::{Program, accelerators};

/// A machine with two vCPUs, where there is KVM.
fn machine() -> Option<Program> {
    accelerators().contains(&"kvm").then(|| Program::start(&["--accel", "kvm", "--cpus", "2"]))
}

#[test]
fn the_vcpus_are_threads_of_the_program() {
    let Some(program) = machine() else { return };
    let mut client = program.qmp();
    assert!(client.call(&QueryKvm).enabled);
    let cpus = client.call(&QueryCpusFast);
    let paths: Vec<_> = cpus.iter().map(|cpu| (cpu.cpu_index, cpu.qom_path.as_str())).collect();
    assert_eq!(paths, [(0, "/machine/unattached/device[0]"), (1, "/machine/unattached/device[1]")]);
    let threads: BTreeSet<_> = cpus.iter().map(|cpu| cpu.thread_id).collect();
    assert_eq!(threads.len(), 2);
    for thread in threads {
        let name = format!("/proc/{}/task/{thread}/comm", program.id());
        assert!(std::fs::read_to_string(&name).unwrap().starts_with("vcpu"), "{name}");
    }
}

/// The built-in guest's first instruction stands at 1 MiB, where its page tables lead to the same address.
#[test]
fn the_registers_of_a_vcpu_at_rest_can_be_read() {
    let Some(program) = machine() else { return };
    let mut client = program.qmp();
    let mut run =
        |line: &str| client.call(&HumanMonitorCommand { command_line: line.to_owned(), cpu_index: None });
    run("stop");
    // Whatever the guest was doing: it can be reset to a known place.
    run("system_reset");
    assert_eq!(run("p/x $rip"), "0x100000\r\n");
    assert_eq!(run("p/x $eip + 1"), "0x100001\r\n");
    assert!(run("info registers").contains(" RIP=0000000000100000 "), "{}", run("info registers"));
    assert!(run("info registers 1").contains(" RIP=000000000000fff0 "), "{}", run("info registers 1"));
    assert_eq!(run("x/2xw $rip"), run("xp/2xw 0x100000"));
    assert_eq!(run("x/1xb 0x7fffffffffff"), "00007fffffffffff: Cannot access memory\r\n");
    assert_eq!(run("info registers 2"), "Error: invalid CPU index\r\n");
}

#[test]
fn the_kernels_statistics_come_with_their_description() {
    let Some(program) = machine() else { return };
    let mut client = program.qmp();
    let mut query = |branch| client.call(&QueryStats(StatsFilter { providers: None, branch }));
    let vm = query(StatsFilterBranch::Vm);
    let vcpus = query(StatsFilterBranch::Vcpu(StatsVCPUFilter { vcpus: None }));
    assert_eq!(vm.iter().map(|result| result.qom_path.as_deref()).collect::<Vec<_>>(), [None]);
    let paths: Vec<_> = vcpus.iter().filter_map(|result| result.qom_path.as_deref()).collect();
    assert_eq!(paths, ["/machine/unattached/device[1]", "/machine/unattached/device[0]"]);
    let one = StatsVCPUFilter { vcpus: Some(vec!["/machine/unattached/device[0]".to_owned()]) };
    assert_eq!(query(StatsFilterBranch::Vcpu(one)).len(), 1);

    let schemas = client.call(&QueryStatsSchemas { provider: None });
    let targets: Vec<_> = schemas.iter().map(|schema| schema.target).collect();
    assert_eq!(targets, [StatsTarget::Vcpu, StatsTarget::Vm]);
    for (schema, result) in schemas.iter().zip([&vcpus[0], &vm[0]]) {
        let described: Vec<_> = schema.stats.iter().map(|value| &value.name).collect();
        let counted: Vec<_> = result.stats.iter().map(|value| &value.name).collect();
        assert_eq!(described, counted);
        assert!(!counted.is_empty());
    }
}

#[test]
fn without_kvm_there_are_no_statistics() {
    let program = Program::start(&["--accel", "none", "-S"]);
    let mut client = program.qmp();
    assert_eq!(client.call(&QueryStats(StatsFilter { providers: None, branch: StatsFilterBranch::Vm })), []);
    assert_eq!(client.call(&QueryStatsSchemas { provider: None }), []);
}
