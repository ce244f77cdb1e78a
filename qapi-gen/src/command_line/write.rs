//! Writing what a backend made.

use std::fs;
use std::path::Path;

use qapi_gen::backend::OutputFile;

use super::Failure;

/// Writes the files into `folder`; those that are there already with the same content are not touched.
pub(super) fn write(folder: &Path, files: &[OutputFile]) -> Result<(), Failure> {
    for file in files {
        let path = folder.join(&file.path);
        let failed = |error| Failure::Message(format!("cannot write {}: {error}", path.display()));
        if fs::read_to_string(&path).is_ok_and(|present| present == file.text) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        fs::write(&path, &file.text).map_err(failed)?;
    }
    Ok(())
}
