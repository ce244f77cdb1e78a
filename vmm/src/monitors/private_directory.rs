//! A directory for the sockets and the log of this run, which nobody else can enter.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A directory of our own; removed, with all that is in it, when dropped.
#[derive(Debug)]
pub struct PrivateDirectory(PathBuf);

impl PrivateDirectory {
    /// Makes one, in the directory that the session manager gives to its user for such things, else in the
    /// directory for temporary files.
    ///
    /// # Errors
    /// It cannot be made; the text names the directory.
    pub fn create() -> io::Result<Self> {
        let parent = std::env::var_os("XDG_RUNTIME_DIR")
            .map(PathBuf::from)
            .filter(|directory| directory.is_dir())
            .unwrap_or_else(std::env::temp_dir);
        Self::create_in(&parent)
    }

    fn create_in(parent: &Path) -> io::Result<Self> {
        let name = format!("ringscope-{}", std::process::id());
        // A program that ended in disorder may have had our number.
        let mut names =
            std::iter::once(name.clone()).chain((1..100).map(|number| format!("{name}-{number}")));
        let made = names.find_map(|name| {
            let path = parent.join(name);
            match DirBuilder::new().mode(0o700).create(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
                Err(error) => Some(Err(io::Error::new(error.kind(), format!("{}: {error}", path.display())))),
                Ok(()) => Some(Ok(Self(path))),
            }
        });
        made.unwrap_or_else(|| Err(io::Error::other(format!("{}/{name}: exists", parent.display()))))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for PrivateDirectory {
    fn drop(&mut self) {
        // What cannot be removed only takes up room.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn each_is_new_private_and_goes_away() {
        let parent = tempfile::tempdir().unwrap();
        let first = PrivateDirectory::create_in(parent.path()).unwrap();
        let second = PrivateDirectory::create_in(parent.path()).unwrap();
        assert_ne!(first.path(), second.path());
        assert_eq!(fs::metadata(first.path()).unwrap().permissions().mode() & 0o777, 0o700);
        drop((first, second));
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
