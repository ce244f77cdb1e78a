//! What the lab takes from Debian: a kernel, busybox, and QEMU.
//!
//! Packages are downloaded with apt and unpacked into the cache, never installed; only QEMU, which has fifty libraries,
//! is used as it is installed. `versions` in the cache says what was taken: nothing is taken anew until that file, or
//! the folder, is gone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::emulator::Emulator;
use crate::error::{Error, at};
use crate::families::Program;
use crate::kernel::Kernel;
use crate::supplies::cache;

/// The package that stands for the current kernel of this flavour.
const KERNEL: &str = "linux-image-cloud-amd64";
const BUSYBOX: &str = "busybox-static";
/// The monitor that ours is compared with.
const QEMU: Program = Program { file: "qemu-system-x86_64", package: "qemu-system-x86" };

/// What was taken, ready for use.
pub(crate) struct Packages {
    /// The guest's kernel, which the first Linux runs as well.
    pub(crate) kernel: Kernel,
    /// One program, statically linked, that is a shell and its tools.
    pub(crate) busybox: PathBuf,
    /// QEMU, as it is installed here: the monitor that ours is compared with.
    pub(crate) qemu: PathBuf,
    /// QEMU, which makes the machine for the monitors.
    pub(crate) emulator: Emulator,
    /// A line for each package: name and version.
    pub(crate) versions: String,
}

impl Packages {
    /// Takes what is missing in the folder `cache`.
    ///
    /// # Errors
    /// apt is not here or cannot reach Debian, or a package is not what it was.
    pub(crate) fn fetch(cache: &Path) -> Result<Self, Error> {
        let folder = cache.join("packages");
        let record = folder.join("versions");
        if !record.is_file() {
            take(&folder)?;
        }
        let qemu = installed(&QEMU)?;
        let mut versions = at(&record, fs::read_to_string(&record))?;
        let printed = command::output(Command::new(&qemu).arg("--version"))?;
        versions.push_str(printed.lines().next().unwrap_or_default());
        let emulator = Emulator::find(&qemu, cache)?;
        versions.push_str(&format!("\nfor the emulated machine: {}", emulator.version));
        Ok(Self {
            kernel: Kernel::unpacked(&folder)?,
            busybox: folder.join("root/bin/busybox"),
            qemu,
            emulator,
            versions: versions.trim().to_owned(),
        })
    }
}

/// Fills the folder, and gives it its name when it is whole.
fn take(folder: &Path) -> Result<(), Error> {
    let unfinished = folder.with_extension("unfinished");
    if unfinished.exists() {
        at(&unfinished, fs::remove_dir_all(&unfinished))?;
    }
    let root = unfinished.join("root");
    at(&root, fs::create_dir_all(&root))?;
    let versions = match download(&unfinished) {
        Ok(versions) => versions,
        // What apt knows may be nothing, or older than what the mirror still has.
        Err(_) => {
            command::output(Command::new("apt-get").args(["update", "-qq"]))?;
            download(&unfinished)?
        }
    };
    for archive in archives(&unfinished)? {
        command::output(Command::new("dpkg-deb").arg("-x").arg(&archive).arg(&root))?;
        at(&archive, fs::remove_file(&archive))?;
    }
    Kernel::prepare(&unfinished, &root.join("bin/busybox"))?;
    let record = unfinished.join("versions");
    at(&record, fs::write(&record, versions))?;
    if folder.exists() {
        at(folder, fs::remove_dir_all(folder))?;
    }
    at(folder, fs::rename(&unfinished, folder))
}

/// Downloads the packages into the folder; returns a line for each.
fn download(folder: &Path) -> Result<String, Error> {
    let mut versions = String::new();
    for package in [current_kernel()?.as_str(), BUSYBOX] {
        let version = candidate(package)?.ok_or_else(|| nowhere(package))?;
        let exact = format!("{package}={version}");
        command::output(Command::new("apt-get").args(["download", "-qq", &exact]).current_dir(folder))?;
        versions.push_str(&format!("{package} {version}\n"));
    }
    Ok(versions)
}

/// The packages in a folder.
pub(crate) fn archives(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = at(folder, fs::read_dir(folder))?;
    let paths = entries.flatten().map(|entry| entry.path());
    Ok(paths.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).collect())
}

/// The version that apt would take, if it knows the package.
fn candidate(package: &str) -> Result<Option<String>, Error> {
    let known = command::output(Command::new("apt-cache").args(["policy", package]))?;
    let version = known.lines().find_map(|line| line.trim().strip_prefix("Candidate: ").map(str::to_owned));
    Ok(version.filter(|version| version != "(none)"))
}

/// The package of the kernel that [`KERNEL`] stands for.
fn current_kernel() -> Result<String, Error> {
    let depends = command::output(Command::new("apt-cache").args(["depends", KERNEL]))?;
    let package = depends.lines().find_map(|line| line.trim().strip_prefix("Depends: linux-image-"));
    package.map(|rest| format!("linux-image-{rest}")).ok_or_else(|| nowhere(KERNEL))
}

fn nowhere(package: &str) -> Error {
    Error::Missing {
        missing: format!("apt knows no package {package}"),
        remedy: "the lab needs the package lists of Debian 12 and its security updates (`apt-get update`)"
            .to_owned(),
    }
}

/// Where a program is, which is installed first if it is not there and this is root.
///
/// # Errors
/// It is not there and cannot be installed.
pub(crate) fn installed(program: &Program) -> Result<PathBuf, Error> {
    let Program { file, package } = program;
    if let Some(found) = command::find(file) {
        return Ok(found);
    }
    if let Some((name, version)) = package.strip_prefix("crates.io:").and_then(|name| name.split_once('@')) {
        return compiled(file, name, version);
    }
    let install = ["install", "-y", "-qq", "--no-install-recommends", package];
    let installed =
        command::output(Command::new("apt-get").args(install).env("DEBIAN_FRONTEND", "noninteractive"));
    command::find(file).ok_or_else(|| Error::Missing {
        missing: format!(
            "{file} is not installed{}",
            installed.err().map(|error| format!(" ({error})")).unwrap_or_default()
        ),
        remedy: format!("as root: apt-get install --no-install-recommends {package}"),
    })
}

/// A program that is made of its published source, in the cache, if it is not there.
fn compiled(file: &str, name: &str, version: &str) -> Result<PathBuf, Error> {
    let root = cache().join("crates");
    let program = root.join("bin").join(file);
    if !program.is_file() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut install = Command::new(cargo);
        install.args(["install", "--quiet", "--locked", "--version", version, name, "--root"]).arg(&root);
        // The lab's own build has a folder of its own; what is built there is kept.
        command::run(install.env("CARGO_TARGET_DIR", root.join("target")))?;
    }
    Ok(program)
}
