//! The monitors as files: ours, built here, and QEMU with everything that it needs.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::error::{Error, at};
use crate::{project, target};

/// The firmware that QEMU takes for the machines that the lab has it make, and where Debian installs it.
const FIRMWARE: [&str; 5] = [
    "/usr/share/seabios/bios-256k.bin",
    "/usr/share/qemu/bios-microvm.bin",
    "/usr/share/qemu/linuxboot_dma.bin",
    "/usr/share/qemu/pvh.bin",
    "/usr/share/qemu/kvmvapic.bin",
];

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Builds a program of this project, optimised, statically linked and without debug information, so that it is one file
/// that runs anywhere; returns where it is.
///
/// # Errors
/// It does not compile.
pub(crate) fn build(package: &str, program: &str) -> Result<PathBuf, Error> {
    let (project, target) = (project(), target());
    let folder = target.join("lab-build");
    let arguments =
        ["build", "--quiet", "--release", "--package", package, "--bin", program, "--target", TARGET];
    command::run(
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(arguments)
            .arg("--target-dir")
            .arg(&folder)
            .current_dir(project)
            .env("CARGO_PROFILE_RELEASE_STRIP", "true")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env("RUSTFLAGS", "-C target-feature=+crt-static"),
    )?;
    Ok(folder.join(TARGET).join("release").join(program))
}

/// Where a program's loader has to be, as its file says, and where that looks for libraries.
pub(crate) const LIBRARIES: [&str; 2] = ["lib64", "lib/x86_64-linux-gnu"];

/// The files that a program needs in a machine that has nothing else, each with its path there: `folder` is the
/// program's own.
///
/// # Errors
/// It is no program for this machine.
pub(crate) fn with_libraries(program: &Path, folder: &str) -> Result<Vec<(String, PathBuf)>, Error> {
    let mut files = vec![(format!("{folder}/{}", file_name(&program.to_string_lossy())), program.to_owned())];
    let listed = command::output(Command::new("ldd").arg(program))?;
    let [loader, others] = LIBRARIES;
    for library in listed.lines().filter_map(library) {
        let place = if library.contains("/ld-linux") { loader } else { others };
        files.push((format!("{place}/{}", file_name(library)), PathBuf::from(library)));
    }
    Ok(files)
}

/// The files that QEMU needs in a machine that has nothing else: each with its path there.
///
/// # Errors
/// A library or a firmware is not where it is said to be.
pub(crate) fn qemu_files(qemu: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let mut files = with_libraries(qemu, "usr/bin")?;
    for firmware in FIRMWARE {
        let path = at(firmware, std::fs::canonicalize(firmware))?;
        files.push((format!("usr/share/qemu/{}", file_name(firmware)), path));
    }
    Ok(files)
}

/// The path in a line of ldd: `libz.so.1 => /lib/libz.so.1 (0x…)`, or that of the loader alone.
fn library(line: &str) -> Option<&str> {
    let path = line.split_once("=> ").map_or(line, |(_, path)| path).trim();
    path.starts_with('/').then(|| path.split_once(" (").map_or(path, |(path, _)| path))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::library;

    #[test]
    fn libraries_are_found_in_the_lines_of_ldd() {
        assert_eq!(library("\tlibz.so.1 => /lib/x/libz.so.1 (0x00007f)"), Some("/lib/x/libz.so.1"));
        assert_eq!(library("\t/lib64/ld-linux-x86-64.so.2 (0x00007f)"), Some("/lib64/ld-linux-x86-64.so.2"));
        assert_eq!(library("\tlinux-vdso.so.1 (0x00007ffd)"), None);
    }
}
