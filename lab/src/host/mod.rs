//! Where the monitors run: a Linux with a /dev/kvm that can run Linux.
//!
//! Few machines that build software have one. So the lab brings its own: [`first`] is a Linux in a machine that QEMU
//! makes, and KVM works in it as on any other machine. Where /dev/kvm of this machine is complete, neither is needed.

mod choice;
mod first;
mod here;

use std::path::PathBuf;
use std::time::Duration;

use qmp_client::Address;

pub(crate) use choice::{Choice, choose};

use crate::error::Error;
use crate::packages::Packages;

/// How long a script may take that waits for nothing.
const SHORT: Duration = Duration::from_secs(60);

/// What a machine for the monitors is made of.
pub(crate) struct Parts {
    /// What Debian has.
    pub(crate) packages: Packages,
    /// Further files: each one's place in the machine, and the file.
    pub(crate) files: Vec<(String, PathBuf)>,
    /// How many processors an emulated machine has.
    pub(crate) processors: u8,
}

/// Runs scripts where the monitors run.
pub(crate) trait Host: Send {
    /// Whether there can be another one at the same time.
    fn can_have_company(&self) -> bool;

    /// Runs a shell script in the lab's folder; busybox is the shell and gives its tools.
    ///
    /// # Errors
    /// The machine has died, or the script takes longer than `limit`.
    fn script(&mut self, script: &str, limit: Duration) -> Result<Output, Error>;

    /// Where a monitor has to serve QMP, as `HOST:PORT`.
    fn served(&self) -> String;

    /// Where that can be reached from here.
    fn address(&self) -> Address;

    /// Runs a script that has to succeed and waits for nothing; returns what it printed.
    ///
    /// # Errors
    /// As for [`script`](Self::script), or it did not succeed.
    fn run(&mut self, script: &str) -> Result<String, Error> {
        let Output { status, text } = self.script(script, SHORT)?;
        match status {
            0 => Ok(text),
            _ => Err(Error::Script { script: script.to_owned(), status, output: text }),
        }
    }
}

/// What became of a script.
#[derive(Debug)]
pub(crate) struct Output {
    /// Its exit status.
    pub(crate) status: i32,
    /// What it printed, on either stream.
    pub(crate) text: String,
}

/// A port of this machine that is free now.
fn free_port() -> Result<u16, Error> {
    let listener = crate::error::at("127.0.0.1:0", std::net::TcpListener::bind("127.0.0.1:0"))?;
    Ok(crate::error::at("127.0.0.1:0", listener.local_addr())?.port())
}
