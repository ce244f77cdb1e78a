//! What the program says and does when it starts, and what it refuses.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::process::{Output, Stdio};

use qapi_schema::machine::requests::{QueryStatus, Quit};
use rustix::process::Signal;
use support::{Program, QmpClient};

fn run(arguments: &[&str]) -> Output {
    Program::command().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn without_arguments_there_are_five_devices_and_a_qmp_socket() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = Program::command();
    command.env("XDG_RUNTIME_DIR", directory.path()).stdout(Stdio::null());
    let mut program = Program::spawn(command, tempfile::tempdir().unwrap());
    let message = program.start_message();
    let lines: Vec<_> = message.lines().filter(|line| !line.starts_with("accelerator: ")).collect();
    let socket = directory.path().join(format!("ringscope-{}/qmp", program.id()));
    let qmp = format!("QMP: unix:{}", socket.display());
    let expected = [
        "Ringscope 0.1.0",
        "machine: 1 vCPU, 256M of memory",
        "device: /machine/peripheral/disk0/virtio-backend (blk,id=disk0)",
        "device: /machine/peripheral/net0/virtio-backend (net,id=net0)",
        "device: /machine/peripheral/console0/virtio-backend (console,id=console0)",
        "device: /machine/peripheral/rng0/virtio-backend (rng,id=rng0)",
        "device: /machine/peripheral/balloon0/virtio-backend (balloon,id=balloon0)",
        &qmp,
        "",
    ];
    assert_eq!(lines, expected);
    assert!(message.contains("\naccelerator: kvm") || message.contains("\naccelerator: none"), "{message}");
    QmpClient::connect(&socket).call(&Quit);
    assert!(program.wait().0.success());
    assert_eq!(directory.path().read_dir().unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn each_device_is_told_with_its_own_path_those_on_buses_too() {
    let mut command = Program::command();
    for device in ["scsi,id=scsi0", "scsi-hd,bus=scsi0,id=a,size=1M", "scsi-hd,size=1M", "rng,id=rng0"] {
        command.args(["--device", device]);
    }
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("qmp");
    command.arg("--qmp").arg(format!("unix:{}", socket.display())).stdout(Stdio::null());
    let mut program = Program::spawn(command, directory);
    let message = program.start_message();
    let devices: Vec<_> = message.lines().filter_map(|line| line.strip_prefix("device: ")).collect();
    assert_eq!(
        devices,
        [
            "/machine/peripheral/scsi0/virtio-backend (scsi,id=scsi0)",
            "/machine/peripheral/a (scsi-hd,bus=scsi0,id=a,size=1M)",
            "without an id (scsi-hd,size=1M)",
            "/machine/peripheral/rng0/virtio-backend (rng,id=rng0)",
        ]
    );
    QmpClient::connect(&socket).call(&Quit);
    assert!(program.wait().0.success());
}

#[test]
fn questions_are_answered_on_standard_output() {
    let help = run(&["--help"]);
    assert!(help.status.success());
    assert!(text(&help.stdout).contains("--device KIND[,key=value]..."));
    let version = run(&["--version"]);
    assert_eq!(text(&version.stdout), "Ringscope 0.1.0\n");
    let devices = run(&["--device", "help"]);
    for kind in ["blk", "net", "console", "rng", "balloon"] {
        assert!(text(&devices.stdout).contains(&format!("\n  {kind}")), "{kind}");
    }
}

#[test]
fn mistakes_end_the_program_before_it_starts() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let in_use = format!("unix:{}", file.display());
    let cases: [(&[&str], i32, &str); 6] = [
        (
            &["--cpus", "0"],
            2,
            "ringscope: --cpus: '0' is no number of vCPUs; accepted is a number from 1 to 255\n",
        ),
        (
            &["--device", "floppy"],
            1,
            "ringscope: --device: 'floppy': there is no device kind 'floppy'; accepted are blk, net, console, rng, balloon, vsock, scsi, vhost-user, scsi-hd, virtconsole, virtserialport\n",
        ),
        (
            &["--device", "rng,id=1"],
            1,
            "ringscope: --device: 'rng,id=1': option 'id' is '1'; accepted is a letter, then letters, digits, '-', '.' and '_'\n",
        ),
        (
            &["--device", "rng,id=a", "--device", "blk,id=a"],
            1,
            "ringscope: --device: 'blk,id=a': option 'id' is 'a', which is another device's; accepted is an id of its own\n",
        ),
        (
            &["--qmp", &in_use],
            1,
            &format!(
                "ringscope: --qmp: '{in_use}': cannot listen there: a file that is no socket has this name\n"
            ),
        ),
        (&["--serial", "file:/"], 1, "ringscope: --serial: 'file:/': Is a directory (os error 21)\n"),
    ];
    for (arguments, code, message) in cases {
        let output = run(&[&["--accel", "none"], arguments].concat());
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(code), message));
        assert_eq!(text(&output.stdout), "");
    }
}

#[test]
fn a_machine_has_room_for_as_many_devices_as_its_transport() {
    for (transport, room) in [("mmio", 19), ("pci", 31)] {
        let devices = ["--device", "rng"].repeat(room);
        let machine = ["--accel", "none", "-S", "--transport", transport];
        let program = Program::start(&[&machine[..], &devices[..]].concat());
        program.qmp().call(&QueryStatus);
        let output = run(&[&machine[..], &["--device", "rng"], &devices[..]].concat());
        let full = format!(
            "ringscope: --device: 'rng': a machine with this transport has room for {room} devices\n"
        );
        assert_eq!(text(&output.stderr), full);
    }
}

#[test]
fn a_stale_socket_is_taken_over() {
    let mut first = Program::start(&["--accel", "none"]);
    first.signal(Signal::KILL);
    assert!(!first.wait().0.success());
    let socket = first.path("qmp");
    assert!(socket.exists(), "it had no time to tidy up");
    let mut command = Program::command();
    command.args(["--accel", "none", "--qmp", &format!("unix:{}", socket.display())]).stdout(Stdio::null());
    let _second = Program::spawn(command, tempfile::tempdir().unwrap());
    QmpClient::connect(&socket).call(&QueryStatus);
}
