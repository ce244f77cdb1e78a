//! The QEMU that makes the machine for the monitors, which has two processors.
//!
//! Linux patches its own code while it runs: in the machine, and in the machine's guests. With QEMU 7.2 one of its processors
//! was seen in a breakpoint that was long gone from memory, for good: it went on with what it had translated from code that
//! another one was changing. Guests hung, or their vCPUs disagreed about the time, as they would after the same. With 10.0 that
//! has not been seen in dozens of boots; it should hold from 8.1 on, which is not tried. Debian 12 has 7.2, so a later one is
//! taken from its backports: unpacked into the cache, never installed, and so not the monitor that ours is compared with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::error::{Error, at};

/// The first version that is taken to be sound in that.
const SOUND: (u32, u32) = (8, 1);
/// Where Debian 12 has a later one.
const BACKPORTS: &str = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian \
     bookworm-backports main";
/// The program and the firmware of a PC. Its libraries are those of the installed one.
const PACKAGES: [&str; 3] = ["qemu-system-x86", "qemu-system-data", "seabios"];
/// Firmware, below the folder that packages are unpacked to.
const FIRMWARE: [&str; 2] = ["usr/share/qemu", "usr/share/seabios"];

/// The program.
pub(crate) struct Emulator {
    program: PathBuf,
    /// Where it looks for firmware, if not where it would by itself.
    firmware: Vec<PathBuf>,
    /// What it says of its version.
    pub(crate) version: String,
}

impl Emulator {
    /// The installed QEMU if it will do, or else a later one, which is taken to the folder `cache` if it is not there.
    ///
    /// # Errors
    /// Debian cannot be reached, or what it has does not run.
    pub(crate) fn find(installed: &Path, cache: &Path) -> Result<Self, Error> {
        let version = version(installed)?;
        if is_sound(&version) {
            return Ok(Self { program: installed.to_owned(), firmware: Vec::new(), version });
        }
        let folder = cache.join("emulator");
        if !folder.is_dir() {
            take(&folder)?;
        }
        let program = folder.join("usr/bin/qemu-system-x86_64");
        let version = self::version(&program)?;
        if !is_sound(&version) {
            return Err(Error::Missing {
                missing: format!("{} is '{version}'", program.display()),
                remedy: format!(
                    "QEMU {}.{} or later is needed; installed here, it is taken instead",
                    SOUND.0, SOUND.1
                ),
            });
        }
        Ok(Self { program, firmware: FIRMWARE.map(|path| folder.join(path)).to_vec(), version })
    }

    /// The beginning of a command line, to be run by another program.
    pub(crate) fn words(&self) -> Vec<&std::ffi::OsStr> {
        let firmware = self.firmware.iter().flat_map(|folder| ["-L".as_ref(), folder.as_os_str()]);
        [self.program.as_os_str()].into_iter().chain(firmware).collect()
    }
}

fn version(program: &Path) -> Result<String, Error> {
    let printed = command::output(Command::new(program).arg("--version"))?;
    Ok(printed.lines().next().unwrap_or_default().to_owned())
}

/// `QEMU emulator version 10.0.2 (Debian …)`, and the like.
fn is_sound(version: &str) -> bool {
    let numbers =
        version.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    let mut numbers = numbers.unwrap_or_default().split('.').map_while(|number| number.parse::<u32>().ok());
    (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default()) >= SOUND
}

/// Fills the folder, and gives it its name when it is whole.
fn take(folder: &Path) -> Result<(), Error> {
    let unfinished = folder.with_extension("unfinished");
    if unfinished.exists() {
        at(&unfinished, fs::remove_dir_all(&unfinished))?;
    }
    let lists = unfinished.join("lists");
    at(&lists, fs::create_dir_all(lists.join("partial")))?;
    let sources = unfinished.join("sources.list");
    at(&sources, fs::write(&sources, format!("{BACKPORTS}\n")))?;
    let exact = PACKAGES.map(|package| format!("{package}/bookworm-backports"));
    for arguments in [
        vec!["update", "-qq"],
        [vec!["download", "-qq"], exact.iter().map(String::as_str).collect()].concat(),
    ] {
        command::output(apt(&unfinished, &sources, &lists).args(arguments))?;
    }
    let root = unfinished.join("root");
    for archive in crate::packages::archives(&unfinished)? {
        command::output(Command::new("dpkg-deb").arg("-x").arg(&archive).arg(&root))?;
    }
    at(folder, fs::rename(&root, folder))?;
    at(&unfinished, fs::remove_dir_all(&unfinished))
}

/// apt with these sources alone, and nothing of the system's that it changes.
fn apt(folder: &Path, sources: &Path, lists: &Path) -> Command {
    let mut command = Command::new("apt-get");
    let settings = [
        ("Dir::Etc::sourcelist", sources),
        ("Dir::Etc::sourceparts", Path::new("/dev/null")),
        ("Dir::State::lists", lists),
        ("Dir::Cache", folder),
    ];
    for (name, path) in settings {
        command.arg("-o").arg(format!("{name}={}", path.display()));
    }
    command.args(["-o", "APT::Sandbox::User=root"]).current_dir(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::is_sound;

    #[test]
    fn versions_are_compared_as_numbers() {
        for sound in [
            "QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2)",
            "QEMU emulator version 8.1.0",
            "version 9",
        ] {
            assert!(is_sound(sound), "{sound}");
        }
        for not in
            ["QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)", "QEMU emulator version 8.0.50", "QEMU", ""]
        {
            assert!(!is_sound(not), "{not}");
        }
    }
}
