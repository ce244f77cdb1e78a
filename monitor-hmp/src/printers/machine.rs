//! `info status`, `info version`, `info name`, `info kvm`, `info balloon`, `info chardev`, `info cpus`,
//! `info iothreads`.

use std::fmt::{self, Display};

use qapi_schema::balloon::BalloonInfo;
use qapi_schema::char::ChardevInfo;
use qapi_schema::control::VersionInfo;
use qapi_schema::machine::{CpuInfoFast, IOThreadInfo, KvmInfo, MemoryInfo, NameInfo, RunState, StatusInfo};

use super::table::table;

/// Whether the guest runs; the state itself where it says more.
pub(crate) fn status(status: &StatusInfo) -> impl Display {
    let running = if status.running { "running" } else { "paused" };
    fmt::from_fn(move |f| match status.status {
        RunState::Running | RunState::Paused => writeln!(f, "VM status: {running}"),
        other => writeln!(f, "VM status: {running} ({other})"),
    })
}

/// The version of the protocol, directly followed by the name of the program.
pub(crate) fn version(version: &VersionInfo) -> impl Display {
    let qemu = &version.qemu;
    fmt::from_fn(move |f| writeln!(f, "{}.{}.{}{}", qemu.major, qemu.minor, qemu.micro, version.package))
}

/// The machine's name, if it has one.
pub(crate) fn name(name: &NameInfo) -> impl Display {
    fmt::from_fn(|f| name.name.as_ref().map_or(Ok(()), |name| writeln!(f, "{name}")))
}

/// How much memory there is, in bytes.
pub(crate) fn memory(memory: &MemoryInfo) -> impl Display {
    fmt::from_fn(|f| {
        writeln!(f, "base memory: {}", memory.base_memory)?;
        memory.plugged_memory.map_or(Ok(()), |plugged| writeln!(f, "plugged memory: {plugged}"))
    })
}

/// Whether KVM runs the guest.
pub(crate) fn kvm(kvm: &KvmInfo) -> impl Display {
    let support = match kvm {
        KvmInfo { present: false, .. } => "not compiled",
        KvmInfo { enabled: true, .. } => "enabled",
        KvmInfo { enabled: false, .. } => "disabled",
    };
    fmt::from_fn(move |f| writeln!(f, "kvm support: {support}"))
}

/// The guest's memory, in MiB.
pub(crate) fn balloon(balloon: &BalloonInfo) -> impl Display {
    fmt::from_fn(|f| writeln!(f, "balloon: actual={}", balloon.actual >> 20))
}

/// What carries characters, and where it ends.
pub(crate) fn character_devices(devices: &[ChardevInfo]) -> impl Display {
    fmt::from_fn(move |f| {
        devices.iter().try_for_each(|device| writeln!(f, "{}: filename={}", device.label, device.filename))
    })
}

/// The vCPUs as a table on a terminal of so many columns; a star marks the one with the number `current`.
pub(crate) fn cpu_table(cpus: &[CpuInfoFast], current: i64, columns: usize) -> String {
    let row = |cpu: &CpuInfoFast| {
        let mark = if cpu.cpu_index == current { '*' } else { ' ' };
        [format!("{mark} {}", cpu.cpu_index), cpu.thread_id.to_string(), cpu.qom_path.clone()]
    };
    let rows: Vec<_> = cpus.iter().map(row).collect();
    table(["  CPU", "THREAD", "PATH"], &rows, columns)
}

/// The vCPUs; a star marks the one with the number `current`.
pub(crate) fn cpus(cpus: &[CpuInfoFast], current: i64) -> impl Display {
    fmt::from_fn(move |f| {
        cpus.iter().try_for_each(|cpu| {
            let mark = if cpu.cpu_index == current { '*' } else { ' ' };
            writeln!(f, "{mark} CPU #{}: thread_id={}", cpu.cpu_index, cpu.thread_id)
        })
    })
}

/// The threads of devices, and how each polls.
pub(crate) fn io_threads(threads: &[IOThreadInfo]) -> impl Display {
    fmt::from_fn(move |f| {
        threads.iter().try_for_each(|thread| {
            writeln!(f, "{}:\n  thread_id={}", thread.id, thread.thread_id)?;
            writeln!(f, "  poll-max-ns={}\n  poll-grow={}", thread.poll_max_ns, thread.poll_grow)?;
            writeln!(f, "  poll-shrink={}\n  aio-max-batch={}", thread.poll_shrink, thread.aio_max_batch)
        })
    })
}
