//! Which machine the monitors run in.

use std::fs;
use std::path::Path;
use std::time::Duration;

use super::first::{First, Processor};
use super::here::Here;
use super::{Host, Parts};
use crate::error::Error;

/// How long an emulated machine may take to come up, on a busy machine.
const EMULATED: Duration = Duration::from_secs(240);
/// The same with KVM; one that cannot run Linux shows nothing at all.
const REAL: Duration = Duration::from_secs(15);

/// Which one is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Choice {
    /// What this machine's /dev/kvm turns out to be good for
    Auto,
    /// A machine emulated in software, with KVM inside
    Emulated,
    /// A machine under this machine's KVM, with KVM inside
    Nested,
    /// This machine itself
    Direct,
}

/// A machine for the monitors, whose own files are in `folder`, and why it was chosen.
///
/// # Errors
/// It cannot be had.
pub(crate) fn choose(choice: Choice, parts: &Parts, folder: &Path) -> Result<(Box<dyn Host>, String), Error> {
    if choice == Choice::Emulated {
        return emulated(parts, folder, "as asked for".to_owned());
    }
    let verdict = probe(parts, folder);
    match (choice, verdict) {
        (Choice::Auto, Verdict::Unfit(why)) => emulated(parts, folder, format!("emulated, for {why}")),
        (_, Verdict::Unfit(why)) => Err(refused(format!("a machine under this machine's KVM ({why})"))),
        (Choice::Nested, Verdict::Direct) => {
            Err(refused("a machine with KVM of its own (this machine's KVM makes none with it)".to_owned()))
        }
        (Choice::Auto | Choice::Nested, Verdict::Nested(first)) => {
            Ok((first, "KVM of this machine, nested".to_owned()))
        }
        (_, Verdict::Nested(_) | Verdict::Direct) => {
            Ok((Box::new(Here::new(parts, folder)?), "/dev/kvm of this machine".to_owned()))
        }
    }
}

fn refused(what: String) -> Error {
    Error::Choice { what, remedy: "`--host emulated` needs no KVM".to_owned() }
}

fn emulated(parts: &Parts, folder: &Path, why: String) -> Result<(Box<dyn Host>, String), Error> {
    let (first, hello) = First::boot(parts, folder, Processor::Emulated, EMULATED)?;
    if !hello.kvm {
        return Err(Error::Missing {
            missing: "the machine that the monitors run in has no /dev/kvm".to_owned(),
            remedy: format!(
                "what emulates it has to emulate a processor with AMD's virtualisation; this is {}",
                parts.packages.emulator.version
            ),
        });
    }
    Ok((Box::new(first), why))
}

/// What this machine's /dev/kvm is good for.
enum Verdict {
    /// Linux runs under it, and has KVM itself: that machine.
    Nested(Box<First>),
    /// Linux runs under it, without KVM.
    Direct,
    /// Neither, and why.
    Unfit(String),
}

/// Tries; whether Linux runs is not to be told from anything but that.
fn probe(parts: &Parts, folder: &Path) -> Verdict {
    let kvm = "/dev/kvm";
    if let Err(error) = fs::OpenOptions::new().read(true).write(true).open(kvm) {
        return Verdict::Unfit(format!("{kvm} cannot be used here: {error}"));
    }
    // A machine that failed once fails again until it is started anew.
    let memory = folder.with_file_name("kvm-is-unfit");
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let why = format!("no Linux comes up under this machine's {kvm} in {} s", REAL.as_secs());
    if !boot.is_empty() && fs::read_to_string(&memory).is_ok_and(|known| known == boot) {
        return Verdict::Unfit(format!("{why}; tried before, as {} says", memory.display()));
    }
    match First::boot(parts, folder, Processor::Real, REAL) {
        Ok((first, hello)) if hello.kvm => Verdict::Nested(Box::new(first)),
        Ok(_) => Verdict::Direct,
        Err(_) => {
            // Without this the next run only tries again.
            let _ = fs::write(&memory, boot);
            Verdict::Unfit(why)
        }
    }
}
