use super::*;

fn read(arguments: &[&str]) -> Result<Invocation, CommandLineError> {
    parse(arguments.iter().map(OsString::from))
}

fn settings(arguments: &[&str]) -> Settings {
    match read(arguments).unwrap() {
        Invocation::Run(settings) => *settings,
        other => panic!("{other:?}"),
    }
}

fn mistake(arguments: &[&str]) -> String {
    read(arguments).unwrap_err().to_string()
}

#[test]
fn nothing_given_is_a_machine_of_one_cpu() {
    assert_eq!(settings(&[]), Settings::default());
}

#[test]
fn every_option_reaches_its_setting() {
    let read = settings(&[
        "--kernel",
        "vmlinux",
        "--initrd=guest.cpio",
        "--cmdline",
        "console=ttyS0 quiet",
        "--cpus=2",
        "--cpu-affinity=4,0-2",
        "--memory",
        "1G,hugepages=on",
        "--accel",
        "none",
        "--name",
        "first light",
        "--uuid",
        "00112233-4455-6677-8899-aabbccddeeff",
        "-S",
        "--no-reboot",
        "--device",
        "rng",
        "--device=blk,id=a",
        "--qmp",
        "unix:/run/q",
        "--qmp",
        "tcp:[::1]:0",
        "--hmp",
        "stdio",
        "--metrics",
        "unix:/run/m",
        "--metrics=tcp:localhost:9400",
        "--transport",
        "pci",
        "--serial",
        "file:log",
        "--stage-clocks",
        "off",
    ]);
    let expected = Settings {
        kernel: Some("vmlinux".into()),
        initrd: Some("guest.cpio".into()),
        kernel_command_line: Some("console=ttyS0 quiet".to_owned()),
        cpus: 2,
        host_cpus: vec![4, 0, 1, 2],
        memory: 1 << 30,
        huge_pages: HugePages::On,
        accelerator: Choice::None,
        name: Some("first light".to_owned()),
        uuid: Some("00112233-4455-6677-8899-aabbccddeeff".parse().unwrap()),
        paused: true,
        no_reboot: true,
        devices: vec!["rng".to_owned(), "blk,id=a".to_owned()],
        transport: TransportKind::Pci,
        qmp: vec![
            Endpoint::unix("/run/q").into(),
            Endpoint::Socket(SocketAddress::Tcp("[::1]:0".to_owned())).into(),
        ],
        hmp: vec![Endpoint::Stdio.into()],
        metrics: vec![SocketAddress::Unix("/run/m".into()), SocketAddress::Tcp("localhost:9400".to_owned())],
        serial: SerialPlace::File("log".into()),
        stage_clocks: false,
    };
    assert_eq!(read, expected);
}

#[test]
fn questions_are_answered_before_what_follows() {
    assert_eq!(read(&["--help", "--nonsense"]).unwrap(), Invocation::Help);
    assert_eq!(read(&["-h"]).unwrap(), Invocation::Help);
    assert_eq!(read(&["-V"]).unwrap(), Invocation::Version);
    assert_eq!(read(&["--device", "help"]).unwrap(), Invocation::DeviceHelp);
    assert_eq!(read(&["--device", "blk,help"]).unwrap(), Invocation::DeviceHelp);
}

#[test]
fn mistakes_name_option_value_and_what_is_accepted() {
    let mistakes = [
        mistake(&["--cpus", "0"]),
        mistake(&["--cpus", "many"]),
        mistake(&["--memory", "12Q"]),
        mistake(&["--memory", "256"]),
        mistake(&["--memory", "16777217"]),
        mistake(&["--memory", "9000G"]),
        mistake(&["--memory", "9M,hugepages=on"]),
        mistake(&["--memory", "9M,hugepages=yes"]),
        mistake(&["--memory", "9M,"]),
        mistake(&["--accel", "tcg"]),
        mistake(&["--stage-clocks", "maybe"]),
        mistake(&["--name", ""]),
        mistake(&["--uuid", "7"]),
        mistake(&["--kernel", ""]),
        mistake(&["--initrd", "guest.cpio"]),
        mistake(&["--cmdline", "quiet"]),
        mistake(&["--cpu-affinity", "3-1"]),
        mistake(&["--cpu-affinity", "0,1024"]),
        mistake(&["--transport", "usb"]),
        mistake(&["--serial", "file:"]),
        mistake(&["--serial", "stdio", "--hmp", "stdio"]),
        mistake(&["--qmp", "tcp:4444"]),
        mistake(&["--qmp", "stdio", "--hmp", "stdio"]),
        mistake(&["--qmp", "unix:a", "--qmp", "unix:a"]),
        mistake(&["--metrics", "stdio"]),
        mistake(&["--metrics", "tcp:[::1]:0", "--metrics", "tcp:[::1]:0"]),
        mistake(&["--cpus", "1", "--cpus", "2"]),
        mistake(&["--memory"]),
        mistake(&["--paused=yes"]),
    ];
    insta::assert_snapshot!(mistakes.join("\n"), @r###"
    --cpus: '0' is no number of vCPUs; accepted is a number from 1 to 255
    --cpus: 'many' is no number of vCPUs; accepted is a number from 1 to 255
    --memory: '12Q' is no size; accepted is a whole number of 4K pages (2M with hugepages=on) from 8M to 8T, such as 256M or 4G,hugepages=on
    --memory: '256' is 256 bytes and out of range; accepted is a whole number of 4K pages (2M with hugepages=on) from 8M to 8T, such as 256M or 4G,hugepages=on
    --memory: '16777217' is no whole number of pages; accepted is a whole number of 4K pages (2M with hugepages=on) from 8M to 8T, such as 256M or 4G,hugepages=on
    --memory: '9000G' is 9663676416000 bytes and out of range; accepted is a whole number of 4K pages (2M with hugepages=on) from 8M to 8T, such as 256M or 4G,hugepages=on
    --memory: '9M,hugepages=on' is no whole number of pages; accepted is a whole number of 4K pages (2M with hugepages=on) from 8M to 8T, such as 256M or 4G,hugepages=on
    --memory: '9M,hugepages=yes' has behind its size something else than hugepages=auto, on or off; accepted is a whole number of 4K pages (2M with hugepages=on) from 8M to 8T, such as 256M or 4G,hugepages=on
    --memory: '9M,' has behind its size something else than hugepages=auto, on or off; accepted is a whole number of 4K pages (2M with hugepages=on) from 8M to 8T, such as 256M or 4G,hugepages=on
    --accel: 'tcg' is no accelerator; accepted is auto, kvm, none
    --stage-clocks: 'maybe' is neither on nor off; accepted is on, off
    --name: '' is empty; accepted is any text but an empty one
    --uuid: '7' is no UUID; accepted is 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 with '-' between them
    --kernel: '' is empty; accepted is the file of a kernel
    --initrd: is for a kernel, and there is none; accepted is --initrd together with --kernel
    --cmdline: is for a kernel, and there is none; accepted is --cmdline together with --kernel
    --cpu-affinity: '3-1' is no list of CPUs; accepted is numbers and ranges of the host's CPUs, such as 0-3,8
    --cpu-affinity: '0,1024' names CPU 1024, and the last can be 1023; accepted is numbers and ranges of the host's CPUs, such as 0-3,8
    --transport: 'usb' is no transport; accepted is mmio, pci
    --serial: 'file:' is no such place; accepted is stdio, unix:PATH, file:PATH or none
    --serial: 'stdio' is in use by another option; accepted is stdio once
    --qmp: 'tcp:4444' is no endpoint; accepted is unix:PATH, tcp:HOST:PORT or stdio, then access=read|all, pretty=on|off, and behind a unix socket mode=OCTAL, user=UID[:UID]..., group=GID[:GID]...
    --hmp: 'stdio' is in use by another option; accepted is stdio once
    --qmp: 'unix:a' is given twice; accepted is unix:PATH, tcp:HOST:PORT or stdio, then access=read|all, pretty=on|off, and behind a unix socket mode=OCTAL, user=UID[:UID]..., group=GID[:GID]...
    --metrics: 'stdio' is no address; accepted is unix:PATH or tcp:HOST:PORT
    --metrics: 'tcp:[::1]:0' is given twice; accepted is unix:PATH or tcp:HOST:PORT
    --cpus: '2' is a second value; accepted is --cpus once
    --memory: the value is missing; accepted is a whole number of 4K pages (2M with hugepages=on) from 8M to 8T, such as 256M or 4G,hugepages=on
    --paused: 'yes' is one value too many; accepted is --paused alone
    "###);
}

#[test]
fn unknown_arguments_list_the_options() {
    insta::assert_snapshot!([mistake(&["--smp", "2"]), mistake(&["-m"]), mistake(&["disk.img"])].join("\n"), @r###"
    --smp: there is no such option; accepted are --kernel, --initrd, --cmdline, --cpus, --cpu-affinity, --memory, --accel, --name, --uuid, --paused, --no-reboot, --device, --transport, --qmp, --hmp, --metrics, --serial, --stage-clocks, --help, --version
    -m: there is no such option; accepted are --kernel, --initrd, --cmdline, --cpus, --cpu-affinity, --memory, --accel, --name, --uuid, --paused, --no-reboot, --device, --transport, --qmp, --hmp, --metrics, --serial, --stage-clocks, --help, --version
    'disk.img': an argument that belongs to no option; accepted are --kernel, --initrd, --cmdline, --cpus, --cpu-affinity, --memory, --accel, --name, --uuid, --paused, --no-reboot, --device, --transport, --qmp, --hmp, --metrics, --serial, --stage-clocks, --help, --version
    "###);
}

#[test]
fn help_shows_every_option() {
    insta::assert_snapshot!(help(), @r###"
    Ringscope 0.1.0
    A microVM whose virtio rings can be watched while they turn.

    Usage: ringscope [OPTION]...

      --kernel FILE
              The kernel to boot: ELF (vmlinux) or bzImage (vmlinuz). Needs KVM. Without it: the
              built-in guest.

      --initrd FILE
              Its initial RAM disk.

      --cmdline TEXT
              Its command line.

      --cpus N
              Number of vCPUs (1).

      --cpu-affinity LIST
              The host's CPUs, such as 0-3,8, to which vCPUs are bound one by one, and round again if
              there are more vCPUs (not bound).

      --memory SIZE[,hugepages=auto|on|off]
              Guest memory (256M), made of huge pages where the host has them, of nothing but those that
              it has set aside, or of none.

      --accel auto|kvm|none
              What runs the guest (auto).

      --name TEXT
              What the machine is called.

      --uuid UUID
              By which number the machine is known everywhere (zero).

      -S, --paused
              Wait for the command cont before the guest's first instruction.

      --no-reboot
              End when the guest wants to be started again, instead of doing that.

      --device KIND[,key=value]...
              Attach a device; '--device help' lists the kinds, and what a machine has without any.

      --transport mmio|pci
              How the guest finds the devices (pci).

      --qmp unix:PATH|tcp:HOST:PORT|stdio[,key=value]...
              Serve QMP there. access=read: only commands that change nothing; pretty=on: laid out for
              people. For a unix socket: mode=OCTAL, the bits of its file (600), and user=UID[:UID]...,
              group=GID[:GID]..., who may connect. Without --qmp and --hmp: on a unix socket that the
              start message names.

      --hmp unix:PATH|tcp:HOST:PORT|stdio[,key=value]...
              Serve the human monitor there; mode, user and group as with --qmp. Without --hmp: on the
              terminal, if standard input is one.

      --metrics unix:PATH|tcp:HOST:PORT
              Serve all statistics to Prometheus there, over HTTP under /metrics.

      --serial stdio|unix:PATH|file:PATH|none
              What is at the other end of the guest's serial port (none): a kernel's console ttyS0. The
              built-in guest prints there if it has no virtio console.

      --stage-clocks on|off
              Whether statistics tell how long each stage of a virtio request takes (on).

      -h, --help
              Print this and exit.

      -V, --version
              Print name and version and exit.

    SIZE is a number of bytes, or of K, M, G or T.
    "###);
}
