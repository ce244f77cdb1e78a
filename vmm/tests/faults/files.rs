//! Files that fail, made of what the host has.

use std::fs::{File, OpenOptions};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
use rustix::mount::{MountFlags, MountPropagationFlags, UnmountFlags, mount, mount_change, unmount};
use tempfile::TempDir;

/// An anonymous file of `size` bytes that can be sealed, and a path to it.
pub(crate) fn sealable(size: u64) -> (File, String) {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let file = File::from(memfd_create("failing-disk", flags).unwrap());
    file.set_len(size).unwrap();
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    (file, path)
}

/// From now on the host refuses every write to the file, whoever has it open.
pub(crate) fn refuse_writes(file: &File) {
    fcntl_add_seals(file, SealFlags::WRITE).unwrap();
}

/// A file system of a size, in memory. It goes when this does.
pub(crate) struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// Room for so many bytes; or why there is none.
    pub(crate) fn new(bytes: u64) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let options = std::ffi::CString::new(format!("size={bytes}")).unwrap();
        mount("tmpfs", folder.path(), "tmpfs", MountFlags::empty(), Some(options.as_c_str()))
            .map_err(|error| format!("cannot mount a small file system: {error}"))?;
        // What happens to it is nobody else's business.
        let _ = mount_change(folder.path(), MountPropagationFlags::PRIVATE);
        Ok(Self { folder })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file of `size` bytes of which nothing is stored.
    pub(crate) fn sparse(&self, name: &str, size: u64) -> PathBuf {
        let path = self.path(name);
        File::create_new(&path).unwrap().set_len(size).unwrap();
        path
    }

    /// Takes all the room that there is, for a file that is given back.
    pub(crate) fn fill(&self) -> PathBuf {
        let path = self.path("filler");
        let file = OpenOptions::new().create_new(true).write(true).open(&path).unwrap();
        let full = std::io::copy(&mut std::io::repeat(0xff), &mut &file).unwrap_err();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
        path
    }

    /// Takes it away while its files are open.
    pub(crate) fn detach(&self) {
        unmount(self.folder.path(), UnmountFlags::DETACH).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // It may have been taken away.
        let _ = unmount(self.folder.path(), UnmountFlags::DETACH);
    }
}

/// A path as an option has it.
pub(crate) fn option(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Images of that format, whole and damaged.
pub(crate) mod qcow2 {
    use std::fs::OpenOptions;
    use std::os::unix::fs::FileExt;
    use std::path::Path;

    use imago::file::File;
    use imago::qcow2::Qcow2;
    use imago::{FormatCreateBuilder, Storage, StorageCreateOptions};

    /// An empty image of a disk of `size` bytes.
    pub(crate) fn create(path: &Path, size: u64) {
        let file = File::create_open(StorageCreateOptions::new().filename(path).size(0)).unwrap();
        Qcow2::<File>::create_builder(file).size(size).create().unwrap();
    }

    /// Says of the first cluster of the second half of a disk of a gigabyte that it lies where no cluster can begin. (A table of
    /// clusters of 64 KiB has 8192 entries: it is one for half a gigabyte.)
    pub(crate) fn damage_cluster_of_second_half(path: &Path) {
        let file = OpenOptions::new().read(true).write(true).open(path).unwrap();
        let number = |at: u64| {
            let mut bytes = [0; 8];
            file.read_exact_at(&mut bytes, at).unwrap();
            u64::from_be_bytes(bytes)
        };
        // The header says where the table of tables is.
        let entry = number(number(40) + 8) & 0x00ff_ffff_ffff_fe00;
        assert_ne!(number(entry), 0, "the cluster is in use");
        file.write_all_at(&(number(entry) | 0x200).to_be_bytes(), entry).unwrap();
    }
}
