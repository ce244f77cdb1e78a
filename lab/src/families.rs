//! The device set `full`: families of devices that are more than the five that every guest has.
//!
//! A family is a row of [`FAMILIES`], a scenario in `scenario/NAME.rs` and functions of the guest in `guest/l2/NAME`.
//! A guest has what the families that are wanted need, and nothing of the others. Its first device is the disk with
//! the mailbox, `disk0`, whatever else it has.

use crate::error::Error;
use crate::machine::Machine;
use crate::scenario;

/// What belongs to a family.
pub(crate) struct Family {
    /// What it is called behind `--scenario`.
    pub(crate) name: &'static str,
    /// What is tried, for people.
    pub(crate) summary: &'static str,
    /// The texts behind `--device`. Files are in the folder that the monitor is started in. `packed=on` is added to each
    /// where packed rings are tried, but for what is on another's bus and has none.
    pub(crate) devices: &'static [&'static str],
    /// The kernel modules that the guest needs beside those of the five devices.
    pub(crate) modules: &'static [&'static str],
    /// Programs of this machine that the guest needs; there they are in `/bin`.
    pub(crate) in_guest: &'static [Program],
    /// Programs of this machine that are needed beside the monitor, where they are in `/usr/bin`.
    pub(crate) beside: &'static [Program],
    /// A script for what has to be there before the monitor starts, in the folder that it is started in. A process that
    /// it leaves in the background has its number added to the file `helpers`, and its output sent elsewhere.
    pub(crate) prepare: &'static str,
    /// Functions of the guest's shell.
    pub(crate) functions: &'static str,
    /// The scenario.
    pub(crate) run: fn(&mut Machine<'_>) -> Result<String, Error>,
    /// A script that succeeds if what the monitor has left when it has ended is as it has to be, in the same folder.
    pub(crate) afterwards: &'static str,
}

/// A program of Debian's or of crates.io, with all its libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// Its name, or its path where it is on nobody's path.
    pub(crate) file: &'static str,
    /// The package that has it: of Debian, or `crates.io:NAME@VERSION`.
    pub(crate) package: &'static str,
}

/// Measures how much flows of TCP carry.
const IPERF: Program = Program { file: "iperf3", package: "iperf3" };

/// All families, in the order in which they are tried.
pub(crate) static FAMILIES: [Family; 8] = [
    Family {
        name: "block",
        summary: "Random I/O on several queues, discard and write-zeroes seen in the file, and an image of qcow2",
        devices: &[
            "blk,id=block0,path=block.img,serial=lab-block,queues=4",
            "blk,id=block1,path=block.qcow2,format=qcow2,serial=lab-qcow2,queues=2",
        ],
        modules: &[],
        in_guest: &[
            Program { file: "qemu-io", package: "qemu-utils" },
            Program { file: "fallocate", package: "util-linux" },
        ],
        beside: &[Program { file: "qemu-img", package: "qemu-utils" }],
        prepare: "truncate -s 32M block.img && qemu-img create -q -f qcow2 block.qcow2 32M",
        functions: include_str!("../guest/l2/block"),
        run: scenario::block::run,
        afterwards: "
            qemu-img check block.qcow2 && qemu-img convert -O raw block.qcow2 qcow2.raw &&
                head -c 8388608 qcow2.raw | sha256sum | cmp - qcow2.sum
        ",
    },
    Family {
        name: "net",
        summary: "A card of several queues: flows with offloads, the receive filter, cable and interface",
        devices: &["net,id=net0,tap=lab1,mac=52:54:00:12:34:57,queues=4"],
        modules: &["8021q"],
        in_guest: &[IPERF],
        beside: &[IPERF],
        prepare: "iperf3 -s >/dev/null 2>&1 & echo $! >>helpers",
        functions: include_str!("../guest/l2/net"),
        run: scenario::net::run,
        afterwards: "",
    },
    Family {
        name: "rng",
        summary: "Entropy, in requests that the monitor counts",
        devices: &["rng,id=rng0"],
        modules: &[],
        in_guest: &[],
        beside: &[],
        prepare: "",
        functions: include_str!("../guest/l2/rng"),
        run: scenario::rng::run,
        afterwards: "",
    },
    Family {
        name: "console",
        summary: "A console with ports on sockets and in a file, and one that comes and goes",
        devices: &[
            "console,id=console1,max_ports=8,output=null,console.tty=unix:tty.sock,port.agent=unix:agent.sock,\
             port.log=file:port.log",
        ],
        modules: &[],
        in_guest: &[],
        beside: &[SOCAT],
        prepare: "",
        functions: include_str!("../guest/l2/console"),
        run: scenario::console::run,
        afterwards: "",
    },
    Family {
        name: "balloon",
        summary: "Memory that is reported, given up and taken back, and statistics",
        devices: &["balloon,id=balloon1,deflate-on-oom=on,free-page-reporting=on,stats-interval=1"],
        modules: &[],
        in_guest: &[],
        beside: &[],
        prepare: "",
        functions: include_str!("../guest/l2/balloon"),
        run: scenario::balloon::run,
        afterwards: "",
    },
    Family {
        name: "vsock",
        summary: "Sockets between guest and host, both ways and many at once",
        devices: &["vsock,id=vsock0,cid=42,path=v.sock"],
        modules: &["vmw_vsock_virtio_transport"],
        in_guest: &[SOCAT],
        beside: &[SOCAT],
        prepare: "socat -t 60 UNIX-LISTEN:v.sock_5000,fork,backlog=64 EXEC:cat </dev/null >/dev/null 2>&1 & echo $! >>helpers",
        functions: include_str!("../guest/l2/vsock"),
        run: scenario::vsock::run,
        afterwards: "",
    },
    Family {
        name: "scsi",
        summary: "A SCSI host: a disk written, read back, given up in part, and another that comes and goes",
        devices: &[
            "scsi,id=scsi0,queues=2",
            "scsi-hd,bus=scsi0,id=scsi-disk,path=scsi.img,serial=lab-scsi,target=1,lun=2",
        ],
        modules: &["virtio_scsi", "sd_mod"],
        in_guest: &[],
        beside: &[],
        prepare: "truncate -s 32M scsi.img",
        functions: include_str!("../guest/l2/scsi"),
        run: scenario::scsi::run,
        afterwards: "",
    },
    Family {
        name: "vhost-user",
        summary: "A shared folder, entropy and a disk by published back ends, which are killed meanwhile",
        devices: &[
            // Debian's back end has no configuration space: a tag of 36 bytes, and the number of request queues.
            "vhost-user,id=vshare0,kind=fs,socket=vshare0.sock,queues=2,config=6c61627368617265\
             0000000000000000000000000000000000000000000000000000000001000000",
            "vhost-user,id=ventropy0,kind=rng,socket=ventropy0.sock0",
            "vhost-user,id=vdisk0,kind=blk,socket=vdisk0.sock",
        ],
        modules: &["virtiofs"],
        in_guest: &[],
        beside: &[
            Program { file: "/usr/lib/qemu/virtiofsd", package: "qemu-system-common" },
            Program { file: "qemu-storage-daemon", package: "qemu-system-common" },
            Program { file: "vhost-device-rng", package: "crates.io:vhost-device-rng@0.1.0" },
        ],
        prepare: include_str!("../guest/vhost-user-back-ends"),
        functions: include_str!("../guest/l2/vhost-user"),
        run: scenario::vhost_user::run,
        afterwards: "",
    },
];

/// Connects anything with anything.
const SOCAT: Program = Program { file: "socat", package: "socat" };
