//! The other end of the wire, whatever it is: something that takes frames and something that gives them.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::{AsRawFd, RawFd};

use vm_memory::VolatileSlice;

use crate::header::HEADER_SIZE;
use crate::offloads::Offloads;
use crate::tap::Tap;
use crate::vectors::Vectors;

/// The longest header and frame: 65535 bytes behind an Ethernet header with a VLAN tag.
pub(crate) const MAX_FRAME: usize = HEADER_SIZE + 18 + 65535;
/// Bytes of a message that are not read into the guest's memory at once: header and deciding bytes of the frame.
pub(crate) const HEAD_SIZE: usize = 32;

/// A link, with a port for each pair of queues. Frames go into it and come out of it with their header, one a system call,
/// without blocking.
#[derive(Debug)]
pub struct Link {
    ports: Vec<Port>,
    offloads: Offloads,
    /// `None` if the other end is no interface of the host.
    tap: Option<Tap>,
}

/// A way into the link and out of it.
#[derive(Debug)]
pub(crate) struct Port {
    output: File,
    input: File,
}

/// What has become of a look for a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    /// One has come, of so many bytes with its header; those pieces of guest memory have room for `direct` of them.
    Frame { length: usize, direct: usize },
    /// None waits.
    Nothing,
    /// None will come from this port until something is done about it: the interface is gone, or the port is switched off.
    Closed,
}

impl Link {
    /// A link over pairs of non-blocking descriptors that keep the borders between frames. Its other end takes frames with
    /// these offloads and can be told which ones to send.
    pub(crate) fn new(ports: Vec<Port>, offloads: Offloads) -> Self {
        Self { ports, offloads, tap: None }
    }

    /// The same link, of a tap interface.
    pub(crate) fn with_tap(self, tap: Tap) -> Self {
        Self { tap: Some(tap), ..self }
    }

    /// How many pairs of queues it serves.
    pub(crate) fn port_count(&self) -> usize {
        self.ports.len()
    }

    /// The port of a pair of queues.
    pub(crate) fn port(&self, pair: u16) -> Option<&Port> {
        self.ports.get(usize::from(pair))
    }

    /// What its other end can take over, and leave to the driver.
    pub(crate) fn offloads(&self) -> Offloads {
        self.offloads
    }

    /// The host's interface at the other end.
    pub(crate) fn tap(&self) -> Option<&Tap> {
        self.tap.as_ref()
    }

    /// Tells the other end what it may leave to the driver from now on. Frames that are ready already may still have more.
    pub(crate) fn allow_to_driver(&self, offloads: Offloads) -> io::Result<()> {
        match &self.tap {
            Some(tap) => self.ports.first().map_or(Ok(()), |port| tap.set_offloads(&port.output, offloads)),
            None => Ok(()),
        }
    }

    /// Has the other end use the first `count` ports and no others.
    pub(crate) fn use_ports(&self, count: usize) -> io::Result<()> {
        let Some(tap) = &self.tap else { return Ok(()) };
        for (index, port) in self.ports.iter().enumerate() {
            tap.use_queue(index, &port.output, index < count)?;
        }
        Ok(())
    }
}

impl Port {
    pub(crate) fn new(output: File, input: File) -> Self {
        Self { output, input }
    }

    /// Readable when a frame waits.
    pub(crate) fn input_fd(&self) -> RawFd {
        self.input.as_raw_fd()
    }

    /// Sends `header` and the frame in `pieces`. A frame that the other end refuses or has no room for is lost, as on any
    /// wire, and the error says why.
    pub(crate) fn send<'memory, Pieces: Iterator<Item = VolatileSlice<'memory>>>(
        &self,
        vectors: &mut Vectors,
        header: &[u8],
        pieces: impl Fn() -> Pieces,
    ) -> io::Result<()> {
        loop {
            match vectors.write(&self.output, header, pieces()) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return result.map(|_| ()),
            }
        }
    }

    /// Takes the next frame: its first [`HEAD_SIZE`] bytes and what does not fit into `pieces` go to `own`.
    pub(crate) fn receive<'memory, Pieces: Iterator<Item = VolatileSlice<'memory>>>(
        &self,
        vectors: &mut Vectors,
        own: &mut [u8],
        pieces: impl Fn() -> Pieces,
    ) -> Arrival {
        loop {
            match vectors.read(&self.input, own, HEAD_SIZE, pieces()) {
                Ok((length, direct)) => return Arrival::Frame { length, direct },
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Arrival::Nothing,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Arrival::Closed,
            }
        }
    }
}
