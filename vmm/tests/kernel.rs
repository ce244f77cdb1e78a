//! A kernel from outside under KVM: how it begins, starts its other vCPUs, and ends or begins anew, told by events and exit
//! codes.
//!
//! The kernel is a few instructions that do what the letters of its command line say; all others it prints on the serial port.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use qapi_schema::machine::RunState;
use qapi_schema::machine::requests::{Cont, QueryStatus, Quit, Stop, SystemPowerdown, SystemReset};
use serde_json::json;
use support::{Program, QmpClient, accelerators};

/// Far longer than the kernel takes for anything.
const PATIENCE: Duration = Duration::from_secs(60);

const POWER_OFF: &str = "p";
const RESET: &str = "r";
const RESET_BY_KEYBOARD_CONTROLLER: &str = "k";
const TRIPLE_FAULT: &str = "t";
/// Has another vCPU jump to where firmware begins in real mode.
const RESET_BY_FIRMWARE: &str = "f";
/// Goes on with the next letter the first time; when the machine has been reset, prints 2 and switches it off.
const ONCE: &str = "o";
/// Prints the APIC ID, and the number of vCPUs in the package.
const TOPOLOGY: &str = "c";
/// Starts all other vCPUs, waits until as many have come as the digit that follows says, and prints that.
const START_OTHERS: &str = "s";

/// 32-bit code, entered by the PVH protocol; it reads its command line from the start information. The other vCPUs count
/// themselves at 0x7000 in real mode.
#[rustfmt::skip]
const PROGRAM: &[u8] = &[
    // start:
    0x8b, 0x73, 0x18, // mov esi, [ebx+0x18]
    0x66, 0xba, 0xf8, 0x03, // mov dx, 0x3f8
    // next:
    0xac, // lodsb
    0x3c, 0x70, // cmp al, 'p'
    0x74, 0x28, // je power_off
    0x3c, 0x72, // cmp al, 'r'
    0x74, 0x2d, // je reset
    0x3c, 0x6b, // cmp al, 'k'
    0x74, 0x32, // je keyboard
    0x3c, 0x74, // cmp al, 't'
    0x74, 0x34, // je fault
    0x3c, 0x6f, // cmp al, 'o'
    0x74, 0x32, // je once
    0x3c, 0x63, // cmp al, 'c'
    0x74, 0x44, // je topology
    0x3c, 0x73, // cmp al, 's'
    0x0f, 0x84, 0x9b, 0x00, 0x00, 0x00, // je start_others
    0x3c, 0x66, // cmp al, 'f'
    0x74, 0x63, // je firmware
    0xee, // out dx, al
    0x84, 0xc0, // test al, al
    0x75, 0xd6, // jne next
    // wait:
    0xf4, // hlt
    0xeb, 0xfd, // jmp wait
    // power_off:
    0x66, 0xba, 0x00, 0x06, // mov dx, 0x600
    0xb0, 0x34, // mov al, 0x34
    0xee, // out dx, al
    0xeb, 0xf4, // jmp wait
    // reset:
    0x66, 0xba, 0x02, 0x06, // mov dx, 0x602
    0xb0, 0x01, // mov al, 0x1
    0xee, // out dx, al
    0xeb, 0xeb, // jmp wait
    // keyboard:
    0xb0, 0xfe, // mov al, 0xfe
    0xe6, 0x64, // out 0x64, al
    0xeb, 0xe5, // jmp wait
    // fault:
    0x0f, 0x0b, // ud2
    // once:
    0x80, 0x3d, 0x00, 0x00, 0x20, 0x00, 0x00, // cmp byte [0x200000], 0x0
    0x75, 0x08, // jne again
    0xfe, 0x05, 0x00, 0x00, 0x20, 0x00, // inc byte [0x200000]
    0xeb, 0xa8, // jmp next
    // again:
    0xb0, 0x32, // mov al, 0x32
    0xee, // out dx, al
    0xeb, 0xd0, // jmp power_off
    // topology:
    0xb8, 0x01, 0x00, 0x00, 0x00, // mov eax, 0x1
    0x0f, 0xa2, // cpuid
    0xc1, 0xeb, 0x18, // shr ebx, 0x18
    0x8d, 0x43, 0x30, // lea eax, [ebx+0x30]
    0x66, 0xba, 0xf8, 0x03, // mov dx, 0x3f8
    0xee, // out dx, al
    0xb8, 0x0b, 0x00, 0x00, 0x00, // mov eax, 0xb
    0xb9, 0x01, 0x00, 0x00, 0x00, // mov ecx, 0x1
    0x0f, 0xa2, // cpuid
    0x8d, 0x43, 0x30, // lea eax, [ebx+0x30]
    0x66, 0xba, 0xf8, 0x03, // mov dx, 0x3f8
    0xee, // out dx, al
    0xe9, 0x78, 0xff, 0xff, 0xff, // jmp next
    // firmware:
    0xc7, 0x05, 0x00, 0x80, 0x00, 0x00, 0xea, 0x00, 0x00, 0xff, // mov dword [0x8000], 0xff0000ea
    0xc6, 0x05, 0x04, 0x80, 0x00, 0x00, 0xff, // mov byte [0x8004], 0xff
    0xc7, 0x05, 0xf0, 0x00, 0xe0, 0xfe, 0xff, 0x01, 0x00, 0x00, // mov dword [0xfee000f0], 0x1ff
    0xc7, 0x05, 0x00, 0x03, 0xe0, 0xfe, 0x00, 0x45, 0x0c, 0x00, // mov dword [0xfee00300], 0xc4500
    0xc7, 0x05, 0x00, 0x03, 0xe0, 0xfe, 0x08, 0x46, 0x0c, 0x00, // mov dword [0xfee00300], 0xc4608
    0xe9, 0x6e, 0xff, 0xff, 0xff, // jmp wait
    // start_others:
    0xc6, 0x05, 0x00, 0x70, 0x00, 0x00, 0x00, // mov byte [0x7000], 0x0
    0xc7, 0x05, 0x00, 0x80, 0x00, 0x00, 0xf0, 0xfe, 0x06, 0x00, // mov dword [0x8000], 0x6fef0
    0xc7, 0x05, 0x04, 0x80, 0x00, 0x00, 0x70, 0xf4, 0xeb, 0xfd, // mov dword [0x8004], 0xfdebf470
    0xc7, 0x05, 0xf0, 0x00, 0xe0, 0xfe, 0xff, 0x01, 0x00, 0x00, // mov dword [0xfee000f0], 0x1ff
    0xc7, 0x05, 0x00, 0x03, 0xe0, 0xfe, 0x00, 0x45, 0x0c, 0x00, // mov dword [0xfee00300], 0xc4500
    0xc7, 0x05, 0x00, 0x03, 0xe0, 0xfe, 0x08, 0x46, 0x0c, 0x00, // mov dword [0xfee00300], 0xc4608
    0xac, // lodsb
    0x88, 0xc1, // mov cl, al
    0x80, 0xe9, 0x30, // sub cl, 0x30
    // still:
    0x38, 0x0d, 0x00, 0x70, 0x00, 0x00, // cmp byte [0x7000], cl
    0x75, 0xf8, // jne still
    0xee, // out dx, al
    0xe9, 0xf7, 0xfe, 0xff, 0xff, // jmp next
];
const LOADED_AT: u64 = 0x10_0000;

/// An ELF file with the program, and the note that names its PVH entry.
fn elf() -> Vec<u8> {
    const HEADERS: u64 = 64 + 2 * 56;
    let note: Vec<u8> = [4_u32, 4, 18].iter().flat_map(|word| word.to_le_bytes()).chain(*b"Xen\0").collect();
    let note = [note, u32::try_from(LOADED_AT).unwrap().to_le_bytes().to_vec()].concat();
    let (note_size, size) = (note.len() as u64, PROGRAM.len() as u64);
    let program_header = |kind: u32, offset: u64, address: u64, size: u64| {
        let words = [offset, address, address, size, size, 4];
        let words = words.iter().flat_map(|word| word.to_le_bytes());
        [kind, 7].iter().flat_map(|word| word.to_le_bytes()).chain(words).collect::<Vec<_>>()
    };
    // 64-bit, little-endian, executable, x86-64; the rest of each line is one field each.
    let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0".to_vec();
    for word in [LOADED_AT, 64, 0] {
        file.extend(word.to_le_bytes());
    }
    file.extend(0_u32.to_le_bytes());
    for half in [64_u16, 56, 2, 64, 0, 0] {
        file.extend(half.to_le_bytes());
    }
    file.extend(program_header(4, HEADERS, 0, note_size));
    file.extend(program_header(1, HEADERS + note_size, LOADED_AT, size));
    [file, note, PROGRAM.to_vec()].concat()
}

/// A program that runs the kernel, and what it prints.
struct Running {
    program: Program,
    client: QmpClient,
    console: PathBuf,
}

impl Running {
    /// `None`, and a message, where KVM cannot be used. The kernel waits for the first `cont`.
    fn paused(letters: &[&str], arguments: &[&str]) -> Option<Self> {
        if !accelerators().contains(&"kvm") {
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str| directory.path().join(name);
        let (kernel, console) = (file("kernel"), file("console"));
        fs::write(&kernel, elf()).unwrap();
        let mut command = Program::command();
        command.arg("--kernel").arg(&kernel).args(["--cmdline", &letters.concat(), "-S"]).args(arguments);
        command.arg("--serial").arg(format!("file:{}", console.display()));
        command.arg("--qmp").arg(format!("unix:{}", file("qmp").display()));
        let program = Program::spawn(command, directory);
        let client = program.qmp();
        Some(Self { program, client, console })
    }

    fn start(letters: &[&str], arguments: &[&str]) -> Option<Self> {
        let mut running = Self::paused(letters, arguments)?;
        running.client.call(&Cont);
        running.expect("RESUME", json!(null));
        Some(running)
    }

    fn expect(&mut self, event: &str, data: serde_json::Value) {
        assert_eq!(self.client.event(), (event.to_owned(), data));
    }

    /// Waits until the kernel has printed `text`.
    fn wait_for(&self, text: &str) {
        let start = Instant::now();
        while !self.printed().ends_with(text) {
            assert!(start.elapsed() < PATIENCE, "not {text} but {}", self.printed());
            std::thread::yield_now();
        }
    }

    fn printed(&self) -> String {
        fs::read_to_string(&self.console).unwrap().replace('\0', "")
    }

    /// Waits for the machine's end, which has this cause; what the kernel has printed.
    fn end(mut self, cause: &str) -> String {
        self.expect("SHUTDOWN", json!({ "guest": cause.starts_with("guest"), "reason": cause }));
        let (status, said) = self.program.wait();
        assert!(status.success(), "{status}: {said}");
        self.printed()
    }
}

#[test]
fn a_kernel_that_switches_off_ends_the_program() {
    let text = "ALL OF THIS REACHES THE FILE.";
    let Some(kernel) = Running::start(&[text, POWER_OFF], &[]) else { return };
    assert_eq!(kernel.end("guest-shutdown"), text);
}

#[test]
fn every_way_to_reset_begins_anew() {
    for how in [RESET, RESET_BY_KEYBOARD_CONTROLLER, RESET_BY_FIRMWARE, TRIPLE_FAULT] {
        let Some(mut kernel) = Running::start(&["A", ONCE, how], &["--cpus", "2"]) else { return };
        kernel.expect("RESET", json!({ "guest": true, "reason": "guest-reset" }));
        assert_eq!(kernel.end("guest-shutdown"), "AA2", "{how}");
    }
}

#[test]
fn a_reset_ends_the_program_that_is_to_end_then() {
    for how in [RESET, TRIPLE_FAULT] {
        let Some(kernel) = Running::start(&["A", how], &["--no-reboot"]) else { return };
        assert_eq!(kernel.end("guest-reset"), "A");
    }
}

#[test]
fn a_client_can_reset_a_machine_that_runs_or_is_stopped() {
    let Some(mut kernel) = Running::start(&["A", ONCE, "B"], &[]) else { return };
    kernel.wait_for("AB");
    kernel.client.call(&Stop);
    kernel.expect("STOP", json!(null));
    kernel.client.call(&SystemReset);
    kernel.expect("RESET", json!({ "guest": false, "reason": "host-qmp-system-reset" }));
    assert_eq!(kernel.client.call(&QueryStatus).status, RunState::Prelaunch);
    assert_eq!(kernel.printed(), "AB", "it waits");
    kernel.client.call(&Cont);
    kernel.expect("RESUME", json!(null));
    assert_eq!(kernel.end("guest-shutdown"), "ABA2");

    let Some(mut kernel) = Running::start(&["A", ONCE, "B"], &[]) else { return };
    kernel.wait_for("AB");
    kernel.client.call(&SystemReset);
    kernel.expect("RESET", json!({ "guest": false, "reason": "host-qmp-system-reset" }));
    assert_eq!(kernel.end("guest-shutdown"), "ABA2");
}

#[test]
fn a_power_button_that_nobody_listens_to_does_nothing() {
    let Some(mut kernel) = Running::start(&["A"], &[]) else { return };
    kernel.client.call(&SystemPowerdown);
    kernel.expect("POWERDOWN", json!(null));
    assert!(kernel.client.call(&QueryStatus).running);
    kernel.client.call(&Quit);
    kernel.end("host-qmp-quit");
}

#[test]
fn the_kernel_finds_and_starts_every_vcpu() {
    let letters = [TOPOLOGY, START_OTHERS, "3", ONCE, RESET];
    let Some(mut kernel) = Running::start(&letters, &["--cpus", "4"]) else { return };
    kernel.expect("RESET", json!({ "guest": true, "reason": "guest-reset" }));
    assert_eq!(kernel.end("guest-shutdown"), "0430432", "after a reset too");
}

#[test]
fn vcpus_that_were_started_stop_and_go_on() {
    let Some(mut kernel) = Running::paused(&[START_OTHERS, "3"], &["--cpus", "4"]) else { return };
    for _ in 0..20 {
        kernel.client.call(&Cont);
        kernel.expect("RESUME", json!(null));
        kernel.client.call(&Stop);
        kernel.expect("STOP", json!(null));
    }
    kernel.client.call(&Cont);
    kernel.wait_for("3");
    kernel.client.call(&Quit);
}

/// The last thing that the program says, which cannot start.
fn mistake(arguments: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("text"), "not a kernel").unwrap();
    fs::write(directory.path().join("empty"), "").unwrap();
    fs::write(directory.path().join("kernel"), elf()).unwrap();
    let output = Program::command().current_dir(directory.path()).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap().lines().last().unwrap().to_owned()
}

#[test]
fn a_kernel_that_cannot_be_had_is_named() {
    let mistakes = [
        mistake(&["--kernel", "missing"]),
        mistake(&["--kernel", "kernel", "--initrd", "missing"]),
        mistake(&["--kernel", "kernel", "--accel", "none"]),
    ];
    insta::assert_snapshot!(mistakes.join("\n"), @r"
    ringscope: --kernel: 'missing' cannot be opened: No such file or directory (os error 2); accepted is a kernel: ELF (vmlinux) or bzImage (vmlinuz)
    ringscope: --initrd: 'missing' cannot be opened: No such file or directory (os error 2); accepted is what the kernel unpacks, such as a cpio archive
    ringscope: --accel: 'none' cannot be had: only KVM runs a kernel; accepted are auto, kvm, none
    ");
}

#[test]
fn a_kernel_that_cannot_begin_is_named() {
    if !accelerators().contains(&"kvm") {
        return;
    }
    let mistakes = [
        mistake(&["--kernel", "text"]),
        mistake(&["--kernel", "kernel", "--initrd", "empty"]),
        mistake(&["--kernel", "kernel", "--cmdline", &"x".repeat(1 << 16)])
            .replace(&"x".repeat(1 << 16), "x..."),
        mistake(&["--kernel", "kernel", "--cpu-affinity", "1023"]),
    ];
    insta::assert_snapshot!(mistakes.join("\n"), @r"
    ringscope: --kernel: 'text': not a kernel: 12 bytes, the first are [6e, 6f, 74, 20, 61, 20, 6b, 65]; accepted are ELF files for x86-64 (vmlinux) and bzImage (vmlinuz)
    ringscope: --initrd: 'empty': the file has 0 bytes; accepted is what the kernel unpacks, such as a cpio archive
    ringscope: --cmdline: 'x...': 65536 bytes long; accepted by this kernel are at most 2047
    ringscope: the guest cannot be started: vCPU 0 cannot run on the host's CPU 1023: Invalid argument (os error 22)
    ");
}
