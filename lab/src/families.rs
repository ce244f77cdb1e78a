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
}

/// A program of Debian's, with all its libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// Its name, or its path where it is on nobody's path.
    pub(crate) file: &'static str,
    /// The package that has it.
    pub(crate) package: &'static str,
}

/// All families, in the order in which they are tried.
pub(crate) static FAMILIES: [Family; 6] = [
    Family {
        name: "block",
        summary: "A second disk: written, read back, and found as written in its file",
        devices: &["blk,id=block0,path=block.img,serial=lab-block"],
        modules: &[],
        in_guest: &[],
        beside: &[],
        prepare: "truncate -s 32M block.img",
        functions: include_str!("../guest/l2/block"),
        run: scenario::block::run,
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
    },
    Family {
        name: "console",
        summary: "A console with ports on sockets and in a file",
        devices: &[
            "console,id=console1,output=null,console.tty=unix:tty.sock,port.agent=unix:agent.sock,port.log=file:port.log",
        ],
        modules: &[],
        in_guest: &[],
        beside: &[SOCAT],
        prepare: "",
        functions: include_str!("../guest/l2/console"),
        run: scenario::console::run,
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
    },
    Family {
        name: "vsock",
        summary: "Sockets between guest and host, both ways and many at once",
        devices: &["vsock,id=vsock0,cid=42,path=v.sock"],
        modules: &["vmw_vsock_virtio_transport"],
        in_guest: &[SOCAT],
        beside: &[SOCAT],
        prepare: "socat UNIX-LISTEN:v.sock_5000,fork,backlog=64 EXEC:cat </dev/null >/dev/null 2>&1 & echo $! >>helpers",
        functions: include_str!("../guest/l2/vsock"),
        run: scenario::vsock::run,
    },
];

/// Connects anything with anything.
const SOCAT: Program = Program { file: "socat", package: "socat" };
