//! Options that every sort of disk has, in words: what they do is up to the storage behind it.

use crate::options::OptionHelp;

/// Which file has the disk's bytes.
pub const PATH: OptionHelp = OptionHelp {
    name: "path",
    value: "FILE",
    meaning: "image or block device; without it a scratch disk in memory, empty at every start",
};

/// What the file is.
pub const FORMAT: OptionHelp = OptionHelp {
    name: "format",
    value: "raw|qcow2",
    meaning: "what the file is; default raw. It is never guessed: a guest could write what decides",
};

/// Whether the disk can be written.
pub const READ_ONLY: OptionHelp =
    OptionHelp { name: "readonly", value: "on|off", meaning: "refuse writes to the file; default off" };

/// What becomes of writes that fail.
pub const WRITE_ERRORS: OptionHelp = OptionHelp {
    name: "werror",
    value: "report|ignore|stop|enospc",
    meaning: "what to do about a failed write: tell the guest, tell it that all is well, stop the machine and try again, \
              or stop it for a full disk only; default enospc",
};

/// What becomes of reads that fail.
pub const READ_ERRORS: OptionHelp = OptionHelp {
    name: "rerror",
    value: "report|ignore|stop",
    meaning: "the same for a failed read; default report",
};
