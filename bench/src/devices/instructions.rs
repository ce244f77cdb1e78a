//! Counts the instructions of devices' threads. Few virtual machines have counters for that; valgrind counts anywhere, and
//! the same at every run but for how often the threads happen to wake up.
//!
//! A run of this program under it serves so many batches of one row, another one serves more of them: the difference is
//! what these cost, and starting and ending the device is not in it.
#![expect(clippy::panic, reason = "a benchmark that cannot go on has to end")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use virtio_core::RingForm;

use super::station::{DEPTH, Station, Subject, name_of};

/// Batches of the shorter and of the longer run.
const FEW: u32 = 50;
const MANY: u32 = 250;

/// A way to count.
pub(super) struct Instructions;

impl Instructions {
    /// Looks whether there is one.
    ///
    /// # Errors
    /// There is none, and why.
    pub(super) fn find() -> Result<Self, String> {
        let version = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status();
        match version {
            Ok(status) if status.success() => Ok(Self),
            Ok(status) => Err(format!("valgrind does not work ({status})")),
            Err(error) => Err(format!("that takes valgrind, which cannot be run ({error})")),
        }
    }

    /// The instructions of a request, if this row can be counted.
    pub(super) fn of_a_request(&self, subject: &Subject, rings: RingForm) -> Option<f64> {
        let (few, many) = (count(subject, rings, FEW)?, count(subject, rings, MANY)?);
        let difference = u32::try_from(many.checked_sub(few)?).ok()?;
        Some(f64::from(difference) / f64::from((MANY - FEW) * u32::from(DEPTH)))
    }
}

/// The instructions of all threads but the first, which is the driver's, in a run of so many batches.
fn count(subject: &Subject, rings: RingForm, batches: u32) -> Option<u64> {
    let folder = tempfile::tempdir().ok()?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--separate-threads=yes"])
        .arg(format!("--callgrind-out-file={}", folder.path().join("thread").display()))
        .arg(std::env::current_exe().ok()?)
        .args(["devices", subject.name, &name_of(rings), &batches.to_string()])
        .output()
        .ok()?;
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    let files = fs::read_dir(folder.path()).ok()?.flatten();
    let others = files.filter(|file| !matches!(&*file.file_name().to_string_lossy(), "thread" | "thread-01"));
    others.map(|file| total(&file.path())).sum()
}

/// What a file of valgrind's says of the whole run.
fn total(path: &Path) -> Option<u64> {
    let text = fs::read_to_string(path).ok()?;
    let totals = text.lines().find_map(|line| line.strip_prefix("totals: "))?;
    totals.trim().parse().ok()
}

/// What such a run does: the row's name, the form of its rings and the number of batches are its arguments.
pub(super) fn be_watched(subjects: &[Subject], arguments: &[String]) {
    let [name, rings, batches] = arguments else { panic!("not a row, a form of rings and a number") };
    let subject = subjects.iter().find(|subject| subject.name == name);
    let rings = RingForm::BOTH.into_iter().find(|form| name_of(*form) == *rings);
    let (Some(subject), Some(rings), Ok(batches)) = (subject, rings, batches.parse::<u32>()) else {
        panic!("there is no row '{name}' of so many batches");
    };
    let mut station = Station::new(subject, rings);
    (0..batches).for_each(|_| station.batch());
}
