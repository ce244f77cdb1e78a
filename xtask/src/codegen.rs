//! `cargo xtask codegen`: the Rust and the reference that are generated from the schema.
//!
//! Writing and checking go the same way up to the last step, so that they cannot disagree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use qapi_gen::backend::OutputFile;
use qapi_gen::backend::rust::{Options, Outputs};
use qapi_gen::{Build, BuildError};

/// What people run to bring the output up to date.
const COMMAND: &str = "cargo xtask codegen";
const SCHEMA: &str = "qapi-schema/schema";
const RUST: &str = "qapi-schema/src/generated";
const REFERENCE: &str = "qapi-schema/reference";

/// Why the output could not be made, or is not what it should be.
#[derive(Debug)]
pub(crate) enum CodegenError {
    /// Nothing could be generated.
    Build(BuildError),
    /// A file could not be read or written.
    File(PathBuf, io::Error),
    /// A file is not what would be written.
    Stale(PathBuf),
}

impl fmt::Display for CodegenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CodegenError::Build(error) => error.fmt(formatter),
            CodegenError::File(path, error) => write!(formatter, "{}: {error}", path.display()),
            CodegenError::Stale(path) => {
                write!(formatter, "{} is not what the schema says; run `{COMMAND}`", path.display())
            }
        }
    }
}

impl std::error::Error for CodegenError {}

/// Writes everything that is generated, or with `check` only compares.
pub(crate) fn run(check: bool) -> Result<(), CodegenError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let schema = root.join(SCHEMA);
    let outputs = Outputs { documentation: true, ..Options::default().outputs };
    let (command, folder) = (COMMAND.to_owned(), SCHEMA.to_owned());
    let options = Options { command, schema: folder, outputs, ..Options::default() };
    let build =
        Build::new(schema.join("schema.json")).human_monitor(schema.join("hmp.json")).options(options);
    bring_up_to_date(&root.join(RUST), &build.rust().map_err(CodegenError::Build)?, check)?;
    bring_up_to_date(&root.join(REFERENCE), &build.docs().map_err(CodegenError::Build)?, check)
}

/// Makes `folder` hold these files and no others.
fn bring_up_to_date(folder: &Path, files: &[OutputFile], check: bool) -> Result<(), CodegenError> {
    for file in files {
        update(&folder.join(&file.path), &file.text, check)?;
    }
    remove_strangers(folder, files, check)
}

/// Writes `text` to `path` unless it stands there already; with `check` that is an error instead.
fn update(path: &Path, text: &str, check: bool) -> Result<(), CodegenError> {
    let failed = |error| CodegenError::File(path.to_owned(), error);
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return Ok(());
    }
    if check {
        return Err(CodegenError::Stale(path.to_owned()));
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}

/// Removes files that nothing generates any more.
fn remove_strangers(output: &Path, files: &[OutputFile], check: bool) -> Result<(), CodegenError> {
    let expected: BTreeSet<PathBuf> = files.iter().map(|file| output.join(&file.path)).collect();
    let mut folders = vec![output.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error| CodegenError::File(folder.clone(), error);
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if !expected.contains(&path) {
                if check {
                    return Err(CodegenError::Stale(path));
                }
                fs::remove_file(&path).map_err(failed)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// An example that a client would be refused is worse than none.
    #[test]
    fn examples_fit_the_schema() {
        let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("../qapi-schema/schema/schema.json");
        let schema = qapi_gen::parse(&main, &qapi_gen::FileSystem).unwrap().schema;
        let transcripts = qapi_gen::transcript::transcripts(&schema);
        assert!(!transcripts.is_empty());
        let check = |transcript| qapi_gen::transcript::check(&schema, transcript);
        let problems: Vec<String> = transcripts.iter().flat_map(check).collect();
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    }

    /// What is checked in is what the schema says.
    #[test]
    fn generated_code_is_fresh() {
        if let Err(error) = super::run(true) {
            panic!("{error}");
        }
    }
}
