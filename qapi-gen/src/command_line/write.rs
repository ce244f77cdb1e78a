//! Writing what a backend made, and what people and tools are told.

use std::fs;
use std::io::{self, ErrorKind, Write};
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

/// Prints to the standard output. That nobody reads on is not a failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Message(format!("cannot write to the standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a line to the standard error output, if anybody listens there.
pub(super) fn complain(text: &str) {
    // There is no other place where this could be told.
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end_matches('\n'));
}
