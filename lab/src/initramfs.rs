//! The file systems that both Linuxes start from: busybox, kernel modules, and an `init` of ours.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cpio::Archive;
use crate::error::{Error, at};
use crate::families::Family;
use crate::kernel::module_name;
use crate::packages::{self, Packages};
use crate::programs;

/// The first program of the machine that the monitors run in.
const FIRST_INIT: &str = include_str!("../guest/l1/init");
/// The first program of their guests.
const GUEST_INIT: &str = include_str!("../guest/l2/init");

/// What the first Linux needs to reach us, and to give guests a network.
const FIRST_MODULES: [&str; 5] = ["virtio_pci", "virtio_blk", "virtio_console", "virtio_net", "tun"];
/// KVM, for either maker's processors.
const KVM_MODULES: [&str; 2] = ["kvm_amd", "kvm_intel"];
/// The drivers that the lab is about.
const GUEST_MODULES: [&str; 7] = [
    "virtio_mmio",
    "virtio_pci",
    "virtio_blk",
    "virtio_net",
    "virtio_console",
    "virtio_rng",
    "virtio_balloon",
];

/// The power button, and events of buttons for programs; loaded by those who want them.
const BUTTON_MODULES: [&str; 2] = ["button", "evdev"];

/// Writes the initial RAM disk of the machine that the monitors run in.
///
/// # Errors
/// A file cannot be read or written, or the kernel lacks a module.
pub(crate) fn first(packages: &Packages, path: &Path) -> Result<(), Error> {
    let lists = [("lib/modules.list", &FIRST_MODULES[..]), ("lib/modules.kvm", &KVM_MODULES[..])];
    write(packages, path, FIRST_INIT, &lists, &[])
}

/// Writes the guests' initial RAM disk, with what these families need in it and programs of our own with their places.
///
/// # Errors
/// As for [`first`], or a family's program is missing.
pub(crate) fn guest(
    packages: &Packages,
    families: &[&Family],
    own: Vec<(String, PathBuf)>,
    path: &Path,
) -> Result<(), Error> {
    let mut modules = GUEST_MODULES.to_vec();
    let mut files = Vec::new();
    for (inside, outside) in own {
        files.push((inside, read(&outside)?));
    }
    for family in families {
        modules.extend(family.modules);
        files.push((format!("lib/lab/{}", family.name), family.functions.as_bytes().to_vec()));
        for program in family.in_guest {
            for (inside, outside) in programs::with_libraries(&packages::installed(program)?, "bin")? {
                // Programs share libraries.
                if !files.iter().any(|(known, _)| *known == inside) {
                    files.push((inside, read(&outside)?));
                }
            }
        }
    }
    write(
        packages,
        path,
        GUEST_INIT,
        &[("lib/modules.list", &modules), ("lib/modules.button", &BUTTON_MODULES)],
        &files,
    )
}

/// Each list names modules and becomes a file of them, in loading order; `files` are further files.
fn write(
    packages: &Packages,
    path: &Path,
    init: &str,
    lists: &[(&str, &[&str])],
    files: &[(String, Vec<u8>)],
) -> Result<(), Error> {
    let busybox = read(&packages.busybox)?;
    let mut modules: Vec<(String, Vec<u8>)> = Vec::new();
    let mut texts = Vec::new();
    for (name, wanted) in lists {
        let mut text = String::new();
        for file in packages.kernel.modules(wanted)? {
            let inside = format!("lib/{}.ko", module_name(&file.to_string_lossy()));
            text.push_str(&format!("/{inside}\n"));
            if !modules.iter().any(|(known, _)| *known == inside) {
                modules.push((inside, read(&file)?));
            }
        }
        texts.push((*name, text));
    }
    let archive = || -> io::Result<Vec<u8>> {
        let mut archive = Archive::new(Vec::new());
        let folders = ["bin", "dev", "lib", "lib/lab", "proc", "sys", "tmp"];
        for folder in folders.into_iter().chain(programs::LIBRARIES) {
            archive.directory(folder)?;
        }
        archive.file("init", true, init.as_bytes())?;
        archive.file("bin/busybox", true, &busybox)?;
        for (name, content) in &modules {
            archive.file(name, false, content)?;
        }
        for (name, content) in files {
            archive.file(name, true, content)?;
        }
        for (name, text) in &texts {
            archive.file(name, false, text.as_bytes())?;
        }
        archive.finish()
    };
    at(path, archive().and_then(|bytes| fs::write(path, bytes)))
}

fn read(path: &PathBuf) -> Result<Vec<u8>, Error> {
    at(path, fs::read(path))
}
