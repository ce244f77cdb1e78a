//! What is measured of a guest and its monitor.

use crate::error::Error;
use crate::machine::Machine;
use crate::monitor::MEMORY_MIB;
use crate::supplies::LOAD;

/// Something that is measured.
#[derive(Debug)]
pub(super) struct Figure {
    pub(super) name: &'static str,
    /// What one of it is called, behind the number.
    unit: &'static str,
    /// What the value is divided by for people.
    scale: f64,
    /// Places behind the point.
    places: usize,
    source: Source,
}

/// Where a value comes from.
#[derive(Debug)]
enum Source {
    /// Seconds from the monitor's start to the first line of the guest's init.
    Start,
    /// KiB that are resident in the monitor beside the guest's memory.
    Memory,
    /// What the program for that says in the guest, told this; the seconds that it takes follow.
    Load(&'static str),
}

const fn requests(name: &'static str, load: &'static str) -> Figure {
    Figure { name, unit: "/s", scale: 1.0, places: 0, source: Source::Load(load) }
}

/// A load whose requests, or bytes, are `bytes` long.
const fn throughput(name: &'static str, bytes: f64, load: &'static str) -> Figure {
    Figure { name, unit: " MiB/s", scale: 1_048_576.0 / bytes, places: 1, source: Source::Load(load) }
}

/// All that is measured, in the order in which it is. The guest's memory is touched by what it does, so what the monitor
/// has beside it comes first.
pub(super) static FIGURES: [Figure; 11] = [
    Figure { name: "start to init", unit: " s", scale: 1.0, places: 2, source: Source::Start },
    Figure {
        name: "resident beside guest memory",
        unit: " MiB",
        scale: 1024.0,
        places: 1,
        source: Source::Memory,
    },
    requests("disk, 4 KiB random reads, one at a time", "disk /dev/vda read random 4096 1"),
    requests("disk, 4 KiB random reads, 32 at once", "disk /dev/vda read random 4096 32"),
    requests("disk, 4 KiB random writes, one at a time", "disk /dev/vda write random 4096 1"),
    requests("disk, 4 KiB random writes, 32 at once", "disk /dev/vda write random 4096 32"),
    throughput(
        "disk, sequential reads of 1 MiB, 4 at once",
        1_048_576.0,
        "disk /dev/vda read sequential 1048576 4",
    ),
    throughput(
        "disk, sequential writes of 1 MiB, 4 at once",
        1_048_576.0,
        "disk /dev/vda write sequential 1048576 4",
    ),
    requests("network, round trips of 64 bytes", "network 192.168.7.1:5201 round-trips"),
    throughput("network, out of the guest", 1.0, "network 192.168.7.1:5201 send"),
    throughput("network, into the guest", 1.0, "network 192.168.7.1:5201 receive"),
];

/// Makes all of the disk there but for the mailbox at its end, and somebody to talk to.
///
/// # Errors
/// There is no room.
pub(super) fn prepare(machine: &mut Machine<'_>) -> Result<(), Error> {
    let script = format!(
        "dd if=/dev/zero of=machine/disk bs=1M count=63 conv=notrunc 2>/dev/null
         ./{LOAD} serve 192.168.7.1:5201 >/dev/null 2>&1 &
         echo $! >>machine/helpers"
    );
    machine.run(&script).map(|_| ())
}

impl Figure {
    /// Measures it, for so many seconds where time is to be chosen.
    ///
    /// # Errors
    /// It cannot be measured.
    pub(super) fn measure(&self, machine: &mut Machine<'_>, seconds: u32) -> Result<f64, Error> {
        match self.source {
            Source::Start => machine.seconds_to_init(),
            Source::Memory => resident(machine),
            Source::Load(load) => {
                let words = format!("{LOAD} {load} {seconds}");
                let answer = machine.ask(&words)?;
                let value = answer.lines.first().filter(|_| answer.ok).and_then(|line| line.parse().ok());
                let failed = format!("'{words}' says {}", answer.lines.join(" / "));
                value.ok_or_else(|| machine.failed(&failed))
            }
        }
    }

    /// A value of it for people.
    pub(super) fn text(&self, value: f64) -> String {
        format!("{}{}", self.number(value), self.unit)
    }

    /// The same without its unit.
    pub(super) fn number(&self, value: f64) -> String {
        format!("{:.*}", self.places, value / self.scale)
    }
}

/// What is resident in the monitor's process, in KiB: the sum of `Rss` over its mappings, without the one that is as
/// large as the guest's memory, which is that.
fn resident(machine: &mut Machine<'_>) -> Result<f64, Error> {
    let guest = MEMORY_MIB * 1024;
    let script = format!(
        "awk '/^Size:/ {{ size = $2 }}
              /^Rss:/ {{ if (size == {guest}) guests += 1; else own += $2 }}
              END {{ print guests + 0, own }}' /proc/$(cat machine/pid)/smaps"
    );
    let text = machine.run(&script)?;
    match text.trim().split_once(' ') {
        Some(("1", own)) => own.parse().map_err(|_| machine.failed(&format!("its mappings are '{text}'"))),
        _ => Err(machine.failed(&format!("the guest's memory is not one mapping of {guest} KiB: '{text}'"))),
    }
}
