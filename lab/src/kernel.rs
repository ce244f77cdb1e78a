//! Debian's kernel: the file that is booted, the ELF inside it, and its modules.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::error::{Error, at};

/// Where the setup header of a bzImage begins (Linux boot protocol), and the fields that are used here.
const SETUP_SECTORS: usize = 0x1f1;
const PAYLOAD_OFFSET: usize = 0x248;
const PAYLOAD_LENGTH: usize = 0x24c;
/// How a stream of the program lz4's old format begins, which kernels are compressed in.
const LZ4_LEGACY: [u8; 4] = [0x02, 0x21, 0x4c, 0x18];
/// The most that a block of that format holds.
const LZ4_BLOCK: usize = 8 << 20;

/// An unpacked kernel package.
pub(crate) struct Kernel {
    /// The compressed kernel, as boot loaders take it.
    pub(crate) image: PathBuf,
    /// The same kernel as an ELF.
    pub(crate) elf: PathBuf,
    /// The folder of its modules.
    modules: PathBuf,
    /// modules.dep: for each module what it needs, both as paths below the folder.
    dependencies: Vec<(String, Vec<String>)>,
}

impl Kernel {
    /// Makes what is derived from the package that was unpacked to `folder`/root.
    ///
    /// # Errors
    /// The package is not laid out as expected.
    pub(crate) fn prepare(folder: &Path, busybox: &Path) -> Result<(), Error> {
        let root = folder.join("root");
        let release = release(&root)?;
        command::output(Command::new(busybox).arg("depmod").arg("-b").arg(&root).arg(&release))?;
        let image = root.join("boot").join(format!("vmlinuz-{release}"));
        let compressed = at(&image, fs::read(&image))?;
        let elf = decompress(&compressed)
            .map_err(|problem| Error::Malformed { what: image.display().to_string(), problem })?;
        let path = folder.join("vmlinux");
        at(&path, fs::write(&path, elf))
    }

    /// The kernel in `folder`, where [`prepare`](Self::prepare) was.
    ///
    /// # Errors
    /// Something is missing there.
    pub(crate) fn unpacked(folder: &Path) -> Result<Self, Error> {
        let root = folder.join("root");
        let release = release(&root)?;
        let modules = root.join("lib/modules").join(&release);
        let list = modules.join("modules.dep");
        let dependencies = parse_dependencies(&at(&list, fs::read_to_string(&list))?);
        let image = root.join("boot").join(format!("vmlinuz-{release}"));
        Ok(Self { image, elf: folder.join("vmlinux"), modules, dependencies })
    }

    /// The files of these modules and of all that they need, in the order in which they have to be loaded.
    ///
    /// # Errors
    /// The kernel has no such module.
    pub(crate) fn modules(&self, names: &[&str]) -> Result<Vec<PathBuf>, Error> {
        let mut ordered: Vec<&str> = Vec::new();
        for name in names {
            let known = self.dependencies.iter().find(|(path, _)| module_name(path) == *name);
            let (path, needs) = known.ok_or_else(|| Error::Malformed {
                what: self.modules.display().to_string(),
                problem: format!("there is no module {name}"),
            })?;
            // What has to be loaded first stands last.
            for module in needs.iter().rev().chain([path]) {
                if !ordered.contains(&module.as_str()) {
                    ordered.push(module);
                }
            }
        }
        Ok(ordered.into_iter().map(|path| self.modules.join(path)).collect())
    }
}

/// A module's name: its file's without the ending, with underscores.
pub(crate) fn module_name(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file).replace('-', "_")
}

fn release(root: &Path) -> Result<String, Error> {
    let folder = root.join("lib/modules");
    let mut entries = at(&folder, fs::read_dir(&folder))?.flatten();
    let first = entries.next().map(|entry| entry.file_name().to_string_lossy().into_owned());
    first.ok_or_else(|| Error::Malformed {
        what: folder.display().to_string(),
        problem: "there is no kernel's folder in it".to_owned(),
    })
}

fn parse_dependencies(text: &str) -> Vec<(String, Vec<String>)> {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines
        .map(|(path, needs)| (path.to_owned(), needs.split_whitespace().map(str::to_owned).collect()))
        .collect()
}

/// The ELF inside a bzImage that is compressed with LZ4.
fn decompress(image: &[u8]) -> Result<Vec<u8>, String> {
    let sectors = match image.get(SETUP_SECTORS) {
        None => return Err("too short for a kernel".to_owned()),
        Some(0) => 4,
        Some(count) => usize::from(*count),
    };
    let start = (sectors + 1) * 512 + number(image, PAYLOAD_OFFSET)?;
    let length = number(image, PAYLOAD_LENGTH)?;
    let payload = image.get(start..).and_then(|rest| rest.get(..length)).ok_or("its payload is cut off")?;
    let mut rest = payload.strip_prefix(&LZ4_LEGACY).ok_or("it is not compressed with LZ4")?;
    // The last four bytes are the length of what comes out.
    let expected = number(payload, length.saturating_sub(4))?;
    let mut elf = Vec::with_capacity(expected);
    while elf.len() < expected {
        let size = number(rest, 0)?;
        let block = rest.get(4..4 + size).ok_or("a compressed block is cut off")?;
        let plain = lz4_flex::block::decompress(block, LZ4_BLOCK).map_err(|error| error.to_string())?;
        elf.extend(plain);
        rest = rest.get(4 + size..).unwrap_or_default();
    }
    if elf.starts_with(b"\x7fELF") { Ok(elf) } else { Err("what is in it is no ELF".to_owned()) }
}

/// The 32-bit number at `offset`.
fn number(bytes: &[u8], offset: usize) -> Result<usize, String> {
    let field = bytes.get(offset..).and_then(|rest| rest.first_chunk()).ok_or("it is cut off")?;
    usize::try_from(u32::from_le_bytes(*field)).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_come_after_what_they_need() {
        let text = "kernel/a/virtio-rng.ko: kernel/b/ring.ko kernel/b/virtio.ko\nkernel/b/virtio.ko:\n";
        let kernel = Kernel {
            image: PathBuf::new(),
            elf: PathBuf::new(),
            modules: PathBuf::from("/m"),
            dependencies: parse_dependencies(text),
        };
        let files = kernel.modules(&["virtio", "virtio_rng"]).unwrap();
        let expected = ["/m/kernel/b/virtio.ko", "/m/kernel/b/ring.ko", "/m/kernel/a/virtio-rng.ko"];
        assert_eq!(files, expected.map(PathBuf::from));
        assert_eq!(kernel.modules(&["floppy"]).unwrap_err().to_string(), "/m: there is no module floppy");
    }

    /// An image whose payload is one LZ4 block of literals only.
    fn image(plain: &[u8]) -> Vec<u8> {
        let block = [&[u8::try_from(plain.len()).unwrap() << 4][..], plain].concat();
        let size = |length: usize| u32::try_from(length).unwrap().to_le_bytes();
        let payload = [&LZ4_LEGACY[..], &size(block.len()), &block, &size(plain.len())].concat();
        let mut image = vec![0; 5 * 512];
        image[PAYLOAD_LENGTH..PAYLOAD_LENGTH + 4].copy_from_slice(&size(payload.len()));
        [image, payload].concat()
    }

    #[test]
    fn the_elf_is_found_in_the_image() {
        assert_eq!(decompress(&image(b"\x7fELFabcd")).unwrap(), b"\x7fELFabcd");
    }

    #[test]
    fn what_is_no_such_image_is_refused() {
        assert_eq!(decompress(b"MZ").unwrap_err(), "too short for a kernel");
        assert_eq!(decompress(&image(b"#!/bin/sh")).unwrap_err(), "what is in it is no ELF");
        let whole = image(b"\x7fELFabcd");
        assert_eq!(decompress(&whole[..whole.len() - 2]).unwrap_err(), "its payload is cut off");
        assert_eq!(decompress(&[0; 4096]).unwrap_err(), "it is not compressed with LZ4");
    }
}
