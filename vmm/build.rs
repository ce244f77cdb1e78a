//! Builds the built-in guest's image, which the program embeds: the crate `builtin-guest`, compiled once more as a
//! freestanding object and linked alone.
//!
//! Cargo cannot do that by itself on the stable toolchain: it has no target without an operating system installed, and
//! no way to build one crate twice with different flags.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Integer instructions only: a host that emulates the guest knows no others. And no red zone, because the handlers of
/// interrupts use the stack of what they interrupt.
const COMPILE: &str = "--edition=2024 --crate-name=builtin_guest --crate-type=lib --emit=obj --cfg=builtin_guest_image \
    -Copt-level=2 -Ccodegen-units=1 -Cpanic=abort -Cforce-unwind-tables=no -Crelocation-model=static -Cno-redzone=yes \
    -Coverflow-checks=no -Cdebug-assertions=no -Ctarget-feature=-sse,-sse2 --cap-lints=allow";

/// Alone: without the precompiled `core`, whose code may hold other instructions. What needs it does not link.
const LINK: &str = "-nostdlib -static -no-pie -Wl,--build-id=none";

/// Where the image is loaded and entered: `builtin_guest::layout::IMAGE`.
const ADDRESS: u64 = 0x10_0000;

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot build the built-in guest: {error}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Box<dyn Error>> {
    let target = env::var("TARGET")?;
    if !target.starts_with("x86_64-") {
        return Err(format!("the built-in guest is for x86-64; this build is for {target}").into());
    }
    let source = Path::new("guest/src/lib.rs");
    let script = Path::new("guest/image.ld");
    let out = env::var("OUT_DIR")?;
    let object = Path::new(&out).join("builtin-guest.o");
    let executable = Path::new(&out).join("builtin-guest.elf");

    let mut compile = Command::new(env::var("RUSTC")?);
    compile.args(COMPILE.split_whitespace()).arg(format!("--target={target}"));
    run(compile.arg(source).arg("-o").arg(&object))?;

    let linker = env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let mut link = Command::new(linker);
    link.args(LINK.split_whitespace()).arg("-Wl,-T").arg(script);
    run(link.arg("-o").arg(&executable).arg(&object))?;
    let image = flatten(&fs::read(&executable)?)
        .ok_or("the linked image is not one piece that begins with its entry")?;
    fs::write(Path::new(&out).join("builtin-guest.bin"), image)?;

    println!("cargo::rustc-env=BUILTIN_GUEST_OBJECT={}", object.display());
    for input in ["build.rs", "guest/src", "guest/image.ld"] {
        println!("cargo::rerun-if-changed={input}");
    }
    Ok(())
}

/// The one segment that `executable` (64-bit ELF) loads, if that is at [`ADDRESS`] and begins with the entry.
///
/// The linker's own binary output is no way to get it: GNU ld then leaves calls through the global offset table unresolved,
/// without a word.
fn flatten(executable: &[u8]) -> Option<Vec<u8>> {
    const HEADER_SIZE: usize = 56;
    const LOADABLE: u64 = 1;
    let number = |offset: usize, size: usize| {
        let bytes = executable.get(offset..offset.checked_add(size)?)?;
        Some(bytes.iter().rev().fold(0, |high, byte| high << 8 | u64::from(*byte)))
    };
    let place = |offset: usize| usize::try_from(number(offset, 8)?).ok();
    let (entry, first, count) = (number(0x18, 8)?, place(0x20)?, usize::try_from(number(0x38, 2)?).ok()?);
    let headers: Vec<usize> = (0..count).map(|index| first + index * HEADER_SIZE).collect();
    let mut loadable = headers.into_iter().filter(|header| number(*header, 4) == Some(LOADABLE));
    let (segment, more) = (loadable.next()?, loadable.next());
    let (start, size) = (place(segment + 8)?, place(segment + 0x20)?);
    let as_expected = more.is_none() && entry == ADDRESS && number(segment + 0x10, 8)? == ADDRESS;
    as_expected.then(|| executable.get(start..start.checked_add(size)?).map(<[u8]>::to_vec))?
}

fn run(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} failed ({}):\n{said}", output.status).into())
}
