//! The built-in guest's image holds only instructions that a host which emulates them knows.

use std::process::Command;

/// Registers of the instruction sets that such hosts lack.
const FOREIGN_REGISTERS: [&str; 5] = ["xmm", "ymm", "zmm", "%mm", "%st"];
/// Beginnings of instructions on general registers that are not in the x86-64 baseline.
const FOREIGN_INSTRUCTIONS: [&str; 13] = [
    "popcnt", "lzcnt", "tzcnt", "andn", "bextr", "bls", "pdep", "pext", "mulx", "shlx", "shrx", "sarx",
    "rorx",
];

#[test]
fn the_image_has_baseline_integer_instructions_only() {
    let object = env!("BUILTIN_GUEST_OBJECT");
    let output = Command::new("objdump").args(["--disassemble", "--no-show-raw-insn", object]).output();
    let Ok(output) = output else {
        virtio_core::driver::skipped(
            "objdump is not installed, so the image's instructions cannot be listed",
        );
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let listing = String::from_utf8(output.stdout).unwrap();
    let instructions: Vec<_> = listing.lines().filter_map(|line| line.split_once(":\t")).collect();
    assert!(instructions.len() > 2000, "only {} instructions in {object}", instructions.len());
    for (address, instruction) in instructions {
        let mnemonic = instruction.split_whitespace().next().unwrap_or_default();
        let foreign = FOREIGN_REGISTERS.iter().any(|register| instruction.contains(register))
            || mnemonic == "(bad)"
            || FOREIGN_INSTRUCTIONS.iter().any(|foreign| mnemonic.starts_with(foreign));
        assert!(!foreign, "at {}: {instruction}", address.trim());
    }
}
