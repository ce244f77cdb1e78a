//! The QEMU that makes the machine for the monitors.
//!
//! Not every QEMU emulates a machine well in which KVM has guests. With 7.2, which Debian 12 has, a processor was seen in a
//! breakpoint that was long gone from memory, for good: it went on with what it had translated from code that another one was
//! changing. With 10.0 a machine of one processor went without its timer for minutes, until something else interrupted it. With
//! 11.1 neither was seen again. So a late one is taken from the backports of Debian 13, with the libraries of that, by apt:
//! unpacked into the cache, never installed, and so not the monitor that ours is compared with.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::error::{Error, at};

/// The first version that is taken to be sound.
const SOUND: (u32, u32) = (11, 1);
/// Where there is one.
const SOURCES: &str = "\
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main
deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie-backports main
";
const RELEASE: &str = "trixie-backports";
/// The program, which depends on the firmware of a PC.
const PACKAGE: &str = "qemu-system-x86";
/// Below the folder that packages are unpacked to: the program, firmware, libraries, and what loads the program with those.
const PROGRAM: &str = "usr/bin/qemu-system-x86_64";
const FIRMWARE: [&str; 2] = ["usr/share/qemu", "usr/share/seabios"];
const LIBRARIES: &str = "usr/lib/x86_64-linux-gnu";
const LOADER: &str = "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2";

/// The program.
pub(crate) struct Emulator {
    /// The beginning of a command line that runs it.
    pub(crate) words: Vec<OsString>,
    /// What it says of its version.
    pub(crate) version: String,
}

impl Emulator {
    /// The installed QEMU if it will do, or else a later one, which is taken to the folder `cache` if it is not there.
    ///
    /// # Errors
    /// Debian cannot be reached, or what it has does not run.
    pub(crate) fn find(installed: &Path, cache: &Path) -> Result<Self, Error> {
        let here = Self::of(vec![installed.into()])?;
        if is_sound(&here.version) {
            return Ok(here);
        }
        let folder = cache.join("emulator");
        if !folder.join(LOADER).is_file() {
            take(&folder)?;
        }
        let taken = Self::of(unpacked(&folder))?;
        if !is_sound(&taken.version) {
            return Err(Error::Missing {
                missing: format!("{} is '{}'", folder.join(PROGRAM).display(), taken.version),
                remedy: format!(
                    "QEMU {}.{} or later is needed; installed here, it is taken instead",
                    SOUND.0, SOUND.1
                ),
            });
        }
        Ok(taken)
    }

    fn of(words: Vec<OsString>) -> Result<Self, Error> {
        let mut command = Command::new(words.first().map_or_else(Default::default, OsString::as_os_str));
        let printed = command::output(command.args(words.iter().skip(1)).arg("--version"))?;
        Ok(Self { version: printed.lines().next().unwrap_or_default().to_owned(), words })
    }
}

/// What runs the program in this folder, with libraries that may be newer than those of this machine.
fn unpacked(folder: &Path) -> Vec<OsString> {
    let below = |path: &str| folder.join(path).into_os_string();
    let firmware = FIRMWARE.iter().flat_map(|path| ["-L".into(), below(path)]);
    [below(LOADER), "--library-path".into(), below(LIBRARIES), below(PROGRAM)]
        .into_iter()
        .chain(firmware)
        .collect()
}

/// `QEMU emulator version 11.1.3 (Debian …)`, and the like.
fn is_sound(version: &str) -> bool {
    let numbers =
        version.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    let mut numbers = numbers.unwrap_or_default().split('.').map_while(|number| number.parse::<u32>().ok());
    (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default()) >= SOUND
}

/// Fills the folder, and gives it its name when it is whole.
fn take(folder: &Path) -> Result<(), Error> {
    let unfinished = folder.with_extension("unfinished");
    for old in [&unfinished, folder].into_iter().filter(|old| old.exists()) {
        at(old, fs::remove_dir_all(old))?;
    }
    let settings = settings(&unfinished)?;
    let install =
        ["install", "-qq", "-y", "--download-only", "--no-install-recommends", "-t", RELEASE, PACKAGE];
    for arguments in [&["update", "-qq"][..], &install] {
        command::output(Command::new("apt-get").args(arguments).env("APT_CONFIG", &settings))?;
    }
    let root = unfinished.join("root");
    for archive in crate::packages::archives(&unfinished.join("archives"))? {
        command::output(Command::new("dpkg-deb").arg("-x").arg(&archive).arg(&root))?;
    }
    at(folder, fs::rename(&root, folder))?;
    at(&unfinished, fs::remove_dir_all(&unfinished))
}

/// What has apt work in this folder, as on a machine where nothing is installed: then it takes every library as well.
fn settings(folder: &Path) -> Result<PathBuf, Error> {
    for part in ["lists/partial", "archives/partial"] {
        let part = folder.join(part);
        at(&part, fs::create_dir_all(&part))?;
    }
    let (sources, status) = (folder.join("sources.list"), folder.join("status"));
    at(&sources, fs::write(&sources, SOURCES))?;
    at(&status, fs::write(&status, ""))?;
    let nothing = Path::new("/dev/null");
    let places = [
        ("Dir::Etc::sourcelist", sources.as_path()),
        ("Dir::Etc::sourceparts", nothing),
        ("Dir::Etc::preferencesparts", nothing),
        ("Dir::State", folder),
        ("Dir::State::status", &status),
        ("Dir::Cache", folder),
    ];
    let mut text = "APT::Sandbox::User \"root\";\n".to_owned();
    text.extend(places.map(|(name, path)| format!("{name} \"{}\";\n", path.display())));
    let settings = folder.join("apt.conf");
    at(&settings, fs::write(&settings, text))?;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::is_sound;

    #[test]
    fn versions_are_compared_as_numbers() {
        for sound in [
            "QEMU emulator version 11.1.3 (Debian 1:11.1.3+ds-1~bpo13+1)",
            "QEMU emulator version 11.1.0",
            "version 12",
        ] {
            assert!(is_sound(sound), "{sound}");
        }
        for not in [
            "QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)",
            "QEMU emulator version 11.0.50",
            "QEMU",
            "",
        ] {
            assert!(!is_sound(not), "{not}");
        }
    }
}
