//! `cargo xtask made-up-device`: proves that a device kind is one schema edit and one crate.
//!
//! A copy of the project gets a kind that no specification knows, the teapot. The copy is generated, built and
//! started; both generations of commands must show the teapot's features by name. The files that this took are
//! listed, and any file beyond the expected ones is an error. Last, its feature map is broken, and the compiler has to
//! say how.

mod refusals;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::workspace;

/// The teapot's crate and schema lines.
const TEMPLATE: &str = "xtask/made-up-device";
const SCHEMA: &str = "qapi-schema/schema/virtio-debug.json";

/// An edit: the file, a text that stands in it, and what stands there afterwards.
type Edit = (&'static str, &'static str, &'static str);

/// The schema's lines for the kind; its definitions are added at the end of the file.
const SCHEMA_EDITS: [Edit; 3] = [
    (SCHEMA, "# @virtio-rproc-serial:", "# @virtio-teapot: hot beverages\n#\n# @virtio-rproc-serial:"),
    (SCHEMA, "'virtio-rproc-serial' ]", "'virtio-rproc-serial', 'virtio-teapot' ]"),
    (
        SCHEMA,
        "    'virtio-iommu': ",
        "    'virtio-teapot': 'VirtioDeviceFeaturesOptionsTeapot',\n    'virtio-iommu': ",
    ),
];

/// The program's composition: which kinds this binary offers.
const COMPOSITION: [Edit; 2] = [
    (
        "vmm/Cargo.toml",
        "virtio-rng = ",
        "virtio-teapot = { path = \"../virtio-devices/teapot\" }\nvirtio-rng = ",
    ),
    (
        "vmm/src/devices.rs",
        "&virtio_rng::DEVICE_TYPE",
        "&virtio_teapot::DEVICE_TYPE,\n    &virtio_rng::DEVICE_TYPE",
    ),
];

/// What a client asks, and what the answers must hold.
const CONVERSATION: [(&str, &str); 3] = [
    (r#"{"execute": "qmp_capabilities"}"#, r#"{"return": {}}"#),
    (
        r#"{"execute": "x-debug-virtio-status", "arguments": {"path": "/machine/peripheral/pot"}}"#,
        r#""features": ["short-and-stout"]"#,
    ),
    (
        r#"{"execute": "x-query-virtio-status", "arguments": {"path": "/machine/peripheral/pot"}}"#,
        "VIRTIO_TEAPOT_F_SHORT_AND_STOUT: ",
    ),
];

/// Makes the copy, adds the teapot, builds, asks, lists and breaks.
///
/// # Errors
/// A step failed, an answer lacks the teapot, or a file was touched that the promise does not allow.
pub(crate) fn run() -> Result<(), String> {
    let copy = workspace::root().join("target/made-up-device/ringscope");
    copy_project(&copy)?;
    workspace::output(&copy, &[], &["git", "init", "--quiet"])?;
    workspace::output(&copy, &[], &["git", "add", "--all"])?;
    let touched_before = touched(&copy)?;

    add_crate(&copy)?;
    edit_schema(&copy)?;
    for (file, found, instead) in COMPOSITION {
        edit(&copy.join(file), found, instead)?;
    }
    let target = copy.with_file_name("target");
    let target = target.to_str().ok_or("the project lies at a path that is not UTF-8")?;
    let environment = [("CARGO_TARGET_DIR", target)];
    workspace::run(&copy, &environment, &["cargo", "xtask", "codegen"])?;
    workspace::run(&copy, &environment, &["cargo", "build", "--quiet", "--package", "vmm"])?;
    ask(&Path::new(target).join("debug/ringscope"))?;

    let mut files = touched(&copy)?;
    files.retain(|file| !touched_before.contains(file));
    report(&files)?;
    refusals::check(&copy, &environment)
}

fn copy_project(copy: &Path) -> Result<(), String> {
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    if copy.exists() {
        fs::remove_dir_all(copy).map_err(|error| failed(copy, error))?;
    }
    for file in workspace::files()? {
        let to = copy.join(&file);
        let folder = to.parent().unwrap_or(copy);
        fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        fs::copy(workspace::root().join(&file), &to).map_err(|error| failed(&to, error))?;
    }
    Ok(())
}

fn add_crate(copy: &Path) -> Result<(), String> {
    for file in workspace::files()? {
        let Ok(inside) = file.strip_prefix(Path::new(TEMPLATE).join("teapot")) else { continue };
        // The template's manifest has another name, so that cargo does not take it for a crate of ours.
        let inside =
            if inside == Path::new("Cargo.toml.template") { Path::new("Cargo.toml") } else { inside };
        let to = copy.join("virtio-devices/teapot").join(inside);
        let folder = to.parent().unwrap_or(copy);
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        fs::copy(workspace::root().join(&file), &to).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    Ok(())
}

fn edit_schema(copy: &Path) -> Result<(), String> {
    for (file, found, instead) in SCHEMA_EDITS {
        edit(&copy.join(file), found, instead)?;
    }
    let schema = copy.join(SCHEMA);
    let mut text = read(&schema)?;
    text.push_str(&read(&workspace::root().join(TEMPLATE).join("definitions.json"))?);
    fs::write(&schema, text).map_err(|error| format!("{}: {error}", schema.display()))
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn edit(file: &Path, found: &str, instead: &str) -> Result<(), String> {
    let text = read(file)?;
    if text.matches(found).count() != 1 {
        return Err(format!("{}: `{found}` must stand there once", file.display()));
    }
    fs::write(file, text.replace(found, instead)).map_err(|error| format!("{}: {error}", file.display()))
}

/// Starts the program with a teapot and holds the conversation over its standard input and output.
fn ask(program: &Path) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", program.display());
    let mut child = Command::new(program)
        // There is no PCI device ID for a number as high as its own.
        .args(["--accel", "none", "--paused", "--transport", "mmio"])
        .args(["--device", "teapot,id=pot", "--qmp", "stdio"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut input = child.stdin.take().ok_or("the program has no standard input")?;
    for (request, _) in CONVERSATION {
        writeln!(input, "{request}").map_err(failed)?;
    }
    writeln!(input, r#"{{"execute": "quit"}}"#).map_err(failed)?;
    let output = child.wait_with_output().map_err(failed)?;
    let replies = String::from_utf8_lossy(&output.stdout).into_owned();
    println!("{}", replies.trim_end());
    match CONVERSATION.iter().find(|(_, wanted)| !replies.contains(wanted)) {
        None => Ok(()),
        Some((request, wanted)) => Err(format!("the reply to {request} does not hold {wanted}")),
    }
}

/// What git sees as changed or new in the copy.
fn touched(copy: &Path) -> Result<Vec<PathBuf>, String> {
    let listed = workspace::output(
        copy,
        &[],
        &["git", "ls-files", "--modified", "--others", "--exclude-standard", "--deduplicate"],
    )?;
    Ok(listed.lines().map(PathBuf::from).collect())
}

fn report(files: &[PathBuf]) -> Result<(), String> {
    println!("files touched to add the teapot:");
    let mut unexpected = Vec::new();
    for file in files {
        let reason = reason(file);
        println!("  {:<52} {}", file.display(), reason.unwrap_or("NOT EXPECTED"));
        if reason.is_none() {
            unexpected.push(file.display().to_string());
        }
    }
    if unexpected.is_empty() {
        Ok(())
    } else {
        Err(format!("a device kind must not touch: {}", unexpected.join(", ")))
    }
}

/// Why a file may be touched; nothing for one that must not be.
fn reason(file: &Path) -> Option<&'static str> {
    let composed = COMPOSITION.iter().any(|(composition, ..)| file == Path::new(composition));
    if file == Path::new(SCHEMA) {
        Some("the schema edit")
    } else if file.starts_with("virtio-devices/teapot") {
        Some("the crate")
    } else if file.starts_with("qapi-schema/src/generated") || file.starts_with("qapi-schema/reference") {
        Some("written by cargo xtask codegen")
    } else if composed {
        Some("the composition: this program offers the kind")
    } else if file == Path::new("Cargo.lock") {
        Some("written by cargo")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_monitor_is_no_place_for_a_device() {
        assert_eq!(reason(Path::new("monitor-hmp/src/printers/virtio.rs")), None);
        assert!(reason(Path::new("virtio-devices/teapot/src/lib.rs")).is_some());
        assert!(report(&[PathBuf::from("virtio-core/src/kind.rs")]).is_err());
    }
}
