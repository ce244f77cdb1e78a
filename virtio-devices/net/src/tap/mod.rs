//! A tap interface of the host: what the guest sends appears there, and what the host sends there reaches the
//! guest.

mod ioctls;
mod watch;

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicBool, Ordering};

use ioctls::InterfaceName;
pub(crate) use watch::{InterfaceState, InterfaceWatch};

use crate::link::{Link, Port};
use crate::offloads::Offloads;

/// Longest interface name: IFNAMSIZ less the terminating zero.
const MAX_NAME: usize = libc::IFNAMSIZ - 1;

/// Why a tap interface cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TapError {
    /// The name cannot be that of an interface.
    #[error(
        "tap interface name '{name}' is not of 1 to {MAX_NAME} printable ASCII characters other than '/' and ':'"
    )]
    Name {
        /// The name as it was given.
        name: String,
    },
    /// The host has no tap interfaces, or not for us.
    #[error(
        "cannot open /dev/net/tun for the tap interface '{name}': {source}; the kernel module 'tun' and access to the file are needed"
    )]
    Open {
        /// The interface.
        name: String,
        /// What the host said.
        source: io::Error,
    },
    /// The interface exists but cannot be taken, or does not and cannot be created.
    #[error(
        "cannot attach to the tap interface '{name}': {source}; either an unused tap interface of yours (ip tuntap add {name} mode tap user $USER) or CAP_NET_ADMIN is needed"
    )]
    Attach {
        /// The interface.
        name: String,
        /// What the host said.
        source: io::Error,
    },
    /// The interface cannot have as many queues.
    #[error(
        "cannot attach queue {queue} of {queues} to the tap interface '{name}': {source}; it has to be one for several queues (ip tuntap add {name} mode tap multi_queue user $USER)"
    )]
    Queue {
        /// The interface.
        name: String,
        /// Which one could not be had, from 1 on.
        queue: u16,
        /// How many were wanted.
        queues: u16,
        /// What the host said.
        source: io::Error,
    },
    /// Nobody can be told when the interface goes down.
    #[error("cannot watch the tap interface '{name}': {source}")]
    Watch {
        /// The interface.
        name: String,
        /// What the host said.
        source: io::Error,
    },
}

/// What is particular to a link to a tap interface.
#[derive(Debug)]
pub(crate) struct Tap {
    /// Which of its queues the interface uses. Only several can be switched.
    queues: Vec<AtomicBool>,
    watch: InterfaceWatch,
}

impl Tap {
    /// Tells the interface what it may leave to the reader.
    pub(crate) fn set_offloads(&self, file: &File, offloads: Offloads) -> io::Result<()> {
        ioctls::set_offloads(file, offloads)
    }

    /// Has the interface use its queue number `index`, which `file` is, or not.
    pub(crate) fn use_queue(&self, index: usize, file: &File, wanted: bool) -> io::Result<()> {
        let Some(used) = self.queues.get(index).filter(|_| self.queues.len() > 1) else { return Ok(()) };
        if used.load(Ordering::Relaxed) != wanted {
            ioctls::use_queue(file, wanted)?;
            used.store(wanted, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Where changes of the interface are told.
    pub(crate) fn watch(&self) -> &InterfaceWatch {
        &self.watch
    }
}

/// Attaches to the tap interface `name`, with a queue of it for each of `pairs` pairs of queues; an interface that does
/// not exist is created, and goes with the machine.
///
/// # Errors
/// The name is none, or the host does not let us have the interface.
pub fn open_tap(name: &str, pairs: u16) -> Result<Link, TapError> {
    let interface = InterfaceName::new(name).ok_or_else(|| TapError::Name { name: name.to_owned() })?;
    let files = attach(name, &interface, pairs)?;
    let offloads = files.first().map_or(Offloads::NONE, ioctls::probe_offloads);
    let watch_error = |source| TapError::Watch { name: name.to_owned(), source };
    let tap = Tap {
        queues: files.iter().map(|_| AtomicBool::new(true)).collect(),
        watch: InterfaceWatch::open(name).map_err(watch_error)?,
    };
    let port = |file: File| Ok(Port::new(file.try_clone()?, file));
    let ports: io::Result<Vec<Port>> = files.into_iter().map(port).collect();
    let ports = ports.map_err(|source| TapError::Attach { name: name.to_owned(), source })?;
    Ok(Link::new(ports, offloads).with_tap(tap))
}

/// A file for each queue.
fn attach(name: &str, interface: &InterfaceName, queues: u16) -> Result<Vec<File>, TapError> {
    let mut files = Vec::new();
    for queue in 1..=queues {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(libc::O_NONBLOCK)
            .open("/dev/net/tun")
            .map_err(|source| TapError::Open { name: name.to_owned(), source })?;
        let attached = if queues > 1 {
            ioctls::attach(&file, interface, true)
        } else {
            // An interface that was made for several queues does not take one that says it is the only one.
            ioctls::attach(&file, interface, false)
                .or_else(|error| ioctls::attach(&file, interface, true).map_err(|_| error))
        };
        attached.map_err(|source| match queues {
            1 => TapError::Attach { name: name.to_owned(), source },
            _ => TapError::Queue { name: name.to_owned(), queue, queues, source },
        })?;
        files.push(file);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_no_interface_can_have_are_refused() {
        for name in ["", "sixteen-letters!", "a/b", "a b", "tap:1", ".", "..", "täp"] {
            assert!(matches!(open_tap(name, 1), Err(TapError::Name { .. })), "{name}");
        }
        insta::assert_snapshot!(open_tap("a/b", 1).unwrap_err(), @"tap interface name 'a/b' is not of 1 to 15 printable ASCII characters other than '/' and ':'");
    }

    #[test]
    fn an_interface_of_another_kind_is_not_taken() {
        for queues in [1, 2] {
            let error = open_tap("lo", queues).unwrap_err();
            match error {
                TapError::Open { .. } => virtio_core::driver::skipped(error),
                _ => assert!(matches!(error, TapError::Attach { .. } | TapError::Queue { .. }), "{error}"),
            }
        }
    }
}
