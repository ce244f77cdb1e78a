//! How long `qapi-gen` takes: release build, whole process, for made-up schemas of growing size and for one that is
//! given; and how long cargo needs to check what was generated.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::workspace;

/// The made-up schemas, in lines.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

pub(super) fn run(schema: Option<&Path>, runs: usize) -> Result<(), String> {
    workspace::run(
        workspace::root(),
        &[],
        &["cargo", "build", "--quiet", "--release", "--package", "qapi-gen"],
    )?;
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace::root().join("target"), PathBuf::from);
    let program = target.join("release/qapi-gen");
    let scratch = env::temp_dir().join(format!("qapi-gen-bench-{}", std::process::id()));
    let outcome = measure_all(&program, &scratch, schema, runs.max(1));
    let removed = fs::remove_dir_all(&scratch).map_err(|error| failed(&scratch, &error));
    outcome.and(removed)
}

fn measure_all(program: &Path, scratch: &Path, schema: Option<&Path>, runs: usize) -> Result<(), String> {
    println!("{:>24} {:>9} {:>12} {:>12} {:>12} {:>12}", "", "lines", "check", "", "generate", "");
    println!(
        "{:>24} {:>9} {:>12} {:>12} {:>12} {:>12}",
        "schema", "", "best ms", "us/line", "best ms", "us/line"
    );
    fs::create_dir_all(scratch).map_err(|error| failed(scratch, &error))?;
    for lines in SIZES {
        let path = scratch.join(format!("lines-{lines}.json"));
        fs::write(&path, made_up(lines)).map_err(|error| failed(&path, &error))?;
        measure(program, scratch, &path, lines, runs)?;
    }
    let Some(schema) = schema else { return Ok(()) };
    let lines = lines_beside(schema)?;
    measure(program, scratch, schema, lines, runs)?;
    compile(program, scratch, schema)
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

/// The lines of all schema files in a main file's folder.
fn lines_beside(schema: &Path) -> Result<usize, String> {
    let folder = schema.parent().unwrap_or(Path::new("."));
    let mut lines = 0;
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            lines += fs::read_to_string(&path).map_err(|error| failed(&path, &error))?.lines().count();
        }
    }
    Ok(lines)
}

fn measure(program: &Path, scratch: &Path, schema: &Path, lines: usize, runs: usize) -> Result<(), String> {
    let mut times = Vec::new();
    for (subcommand, writes) in [("check", false), ("generate", true)] {
        let mut best = Duration::MAX;
        for run in 0..runs {
            let out = scratch.join(format!("out-{run}"));
            let mut command = Command::new(program);
            command.arg(subcommand).arg(schema).stdout(Stdio::null());
            if writes {
                command.arg("--out").arg(&out);
            }
            let start = Instant::now();
            let status = command.status().map_err(|error| failed(program, &error))?;
            best = best.min(start.elapsed());
            if !status.success() {
                return Err(format!("{} {subcommand} {} failed", program.display(), schema.display()));
            }
            if writes {
                fs::remove_dir_all(&out).map_err(|error| failed(&out, &error))?;
            }
        }
        times.push(best.as_secs_f64());
    }
    let name = schema.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut row = format!("{name:>24} {lines:>9}");
    for seconds in times {
        let lines = u32::try_from(lines.max(1)).map_err(|error| error.to_string())?;
        let per_line = seconds * 1e6 / f64::from(lines);
        // Writing to a String does not fail.
        let _ = write!(row, " {:>12.1} {per_line:>12.2}", seconds * 1e3);
    }
    println!("{row}");
    Ok(())
}

/// Checks a crate that holds nothing but the output. Its dependencies are built before the clock starts.
fn compile(program: &Path, scratch: &Path, schema: &Path) -> Result<(), String> {
    let folder = scratch.join("crate");
    let source = folder.join("src");
    fs::create_dir_all(&source).map_err(|error| failed(&source, &error))?;
    let write = |path: PathBuf, text: &str| fs::write(&path, text).map_err(|error| failed(&path, &error));
    let manifest = "[package]\nname = \"measured\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
                    serde = \"1\"\nserde_json = \"1\"\n\n[workspace]\n";
    write(folder.join("Cargo.toml"), manifest)?;
    let lock = workspace::root().join("Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock")).map_err(|error| failed(&lock, &error))?;
    write(source.join("lib.rs"), "")?;
    let check = ["cargo", "check", "--quiet", "--offline", "--target-dir", "target"];
    workspace::run(&folder, &[], &check)?;
    let main = schema.to_string_lossy().into_owned();
    let out = source.join("generated").to_string_lossy().into_owned();
    let program = program.to_string_lossy().into_owned();
    workspace::run(
        workspace::root(),
        &[],
        &[&program, "generate", &main, "--out", &out, "--conditions", "all"],
    )?;
    write(source.join("lib.rs"), "pub mod generated;\n")?;
    let start = Instant::now();
    workspace::run(&folder, &[], &check)?;
    println!("cargo check of the output: {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// A schema of about so many lines with every kind of definition, documented.
fn made_up(lines: usize) -> String {
    let mut text = "{ 'pragma': { 'doc-required': true } }\n".to_owned();
    let length = block(0).lines().count();
    for number in 0..lines / length {
        text.push_str(&block(number));
    }
    text
}

fn block(number: usize) -> String {
    format!(
        "##
# @Kind{number}x:
#
# The kinds of thing number {number}, see @do-{number}.
#
# @first: the first kind
#
# @second: the second kind
##
{{ 'enum': 'Kind{number}x', 'data': [ 'first', 'second' ] }}

##
# @Base{number}x:
#
# What every thing has.
#
# @name: its name
#
# @size: its size in bytes
##
{{ 'struct': 'Base{number}x', 'data': {{ 'name': 'str', '*size': 'uint64' }} }}

##
# @Thing{number}x:
#
# A thing.
#
# @kind: its kind
#
# @parts: what it consists of
##
{{ 'union': 'Thing{number}x',
  'base': {{ 'kind': 'Kind{number}x', '*parts': [ 'Thing{number}x' ] }},
  'discriminator': 'kind',
  'data': {{ 'first': 'Base{number}x' }} }}

##
# @do-{number}:
#
# Does something with things.
#
# @things: the things
#
# Returns: the things
#
# Since: 1.0
##
{{ 'command': 'do-{number}', 'data': {{ 'things': [ 'Thing{number}x' ] }}, 'returns': [ 'Thing{number}x' ] }}

##
# @DONE_{number}:
#
# Something was done.
#
# @thing: with this thing
##
{{ 'event': 'DONE_{number}', 'data': {{ 'thing': 'Thing{number}x' }} }}

"
    )
}
