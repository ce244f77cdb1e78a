//! The other end of the wire, whatever it is: something that takes frames and something that gives them.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, RawFd};

/// Bytes of the header in front of every frame (`virtio_net_hdr`, virtio 1.3, 5.1.6).
pub(crate) const HEADER_SIZE: usize = 12;
/// The longest header and frame: 65535 bytes behind an Ethernet header with a VLAN tag.
pub(crate) const MAX_FRAME: usize = HEADER_SIZE + 18 + 65535;

/// A link: frames with their header go into one file and come out of another, one a system call, without
/// blocking.
#[derive(Debug)]
pub struct Link {
    output: File,
    input: File,
}

impl Link {
    /// A link over two non-blocking descriptors that keep the borders between frames.
    pub(crate) fn new(output: File, input: File) -> Self {
        Self { output, input }
    }

    /// A second handle to the same link, for the worker.
    ///
    /// # Errors
    ///
    /// What the host says when it has no file descriptor left.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { output: self.output.try_clone()?, input: self.input.try_clone()? })
    }

    /// Readable when a frame waits.
    pub(crate) fn input_fd(&self) -> RawFd {
        self.input.as_raw_fd()
    }

    /// Sends a frame. One that the other end refuses or has no room for is lost, as on any wire.
    pub(crate) fn send(&mut self, frame: &[u8]) {
        while let Err(error) = self.output.write(frame) {
            if error.kind() != ErrorKind::Interrupted {
                break;
            }
        }
    }

    /// Takes the next frame into `buffer` and returns its length, `None` if none waits.
    pub(crate) fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        loop {
            match self.input.read(buffer) {
                Ok(length) => return Ok(Some(length)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}
