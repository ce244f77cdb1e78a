//! What the back end wants of us, on a socket of its own.
//!
//! The only thing that it is served with is the news that the configuration space has changed. Nothing here waits: half a
//! message is kept until the rest comes.

use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::UnixStream;

use vhost::vhost_user::message::{BackendReq, VhostUserHeaderFlag};

use crate::error::VhostUserError;

const HEADER: usize = 12;
/// More than any message has that is served.
const LONGEST: usize = 256;
/// What it is told that wants something else: the number of "no such function", negative as the protocol has it.
const NOT_SERVED: u64 = (-38_i64).cast_unsigned();

/// Our end of the socket.
#[derive(Debug)]
pub(crate) struct Requests {
    stream: UnixStream,
    received: Vec<u8>,
}

impl Requests {
    pub(crate) fn new(stream: UnixStream) -> Result<Self, VhostUserError> {
        stream.set_nonblocking(true).map_err(VhostUserError::host("make a socket that does not wait"))?;
        Ok(Self { stream, received: Vec::new() })
    }

    /// Takes what has come. True if the configuration space has changed.
    pub(crate) fn serve(&mut self) -> Result<bool, VhostUserError> {
        let mut bytes = [0; LONGEST];
        // Descriptors beside the bytes are closed by the kernel: nothing that is served has any.
        match self.stream.read(&mut bytes) {
            Ok(0) => return Err(VhostUserError::HungUp),
            Ok(count) => self.received.extend(bytes.iter().take(count)),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(_) => return Err(VhostUserError::HungUp),
        }
        let mut changed = false;
        while let Some(message) = self.next()? {
            let is_change = message.number == u32::from(BackendReq::CONFIG_CHANGE_MSG);
            changed |= is_change;
            if message.needs_reply {
                self.answer(message.number, if is_change { 0 } else { NOT_SERVED })?;
            }
        }
        Ok(changed)
    }

    /// The next whole message.
    fn next(&mut self) -> Result<Option<Message>, VhostUserError> {
        let Some((header, _)) = self.received.split_first_chunk::<HEADER>() else { return Ok(None) };
        let [n0, n1, n2, n3, f0, f1, f2, f3, l0, l1, l2, l3] = *header;
        let flags = u32::from_le_bytes([f0, f1, f2, f3]);
        let length = usize::try_from(u32::from_le_bytes([l0, l1, l2, l3])).unwrap_or(usize::MAX);
        if length > LONGEST || flags & VhostUserHeaderFlag::REPLY.bits() != 0 {
            return Err(VhostUserError::Unasked);
        }
        if self.received.len() < HEADER + length {
            return Ok(None);
        }
        self.received.drain(..HEADER + length);
        let needs_reply = flags & VhostUserHeaderFlag::NEED_REPLY.bits() != 0;
        Ok(Some(Message { number: u32::from_le_bytes([n0, n1, n2, n3]), needs_reply }))
    }

    /// A back end that does not read its answers until there is no room for more is none that can be talked to.
    fn answer(&mut self, number: u32, value: u64) -> Result<(), VhostUserError> {
        let mut bytes = Vec::with_capacity(HEADER + 8);
        for word in [number, 1 | VhostUserHeaderFlag::REPLY.bits(), 8] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.extend_from_slice(&value.to_le_bytes());
        self.stream.write_all(&bytes).map_err(|_| VhostUserError::HungUp)
    }
}

impl AsRawFd for Requests {
    fn as_raw_fd(&self) -> RawFd {
        self.stream.as_raw_fd()
    }
}

struct Message {
    number: u32,
    needs_reply: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(number: u32, flags: u32, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap();
        let words = [number, flags, length];
        words.into_iter().flat_map(u32::to_le_bytes).chain(body.iter().copied()).collect()
    }

    fn pair() -> (Requests, UnixStream) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        (Requests::new(ours).unwrap(), theirs)
    }

    #[test]
    fn a_change_is_told_and_acknowledged_even_if_it_comes_in_pieces() {
        let (mut requests, mut back_end) = pair();
        for byte in message(2, 1 | 8, &[]) {
            assert!(!requests.serve().unwrap());
            back_end.write_all(&[byte]).unwrap();
        }
        assert!(requests.serve().unwrap());
        let mut answer = [0; 20];
        back_end.read_exact(&mut answer).unwrap();
        assert_eq!(answer.to_vec(), message(2, 1 | 4, &[0; 8]));
    }

    #[test]
    fn what_is_not_served_is_answered_so() {
        let (mut requests, mut back_end) = pair();
        back_end.write_all(&[message(3, 1 | 8, &[7; 24]), message(3, 1, &[7; 24])].concat()).unwrap();
        assert!(!requests.serve().unwrap());
        let mut answer = [0; 20];
        back_end.read_exact(&mut answer).unwrap();
        assert_eq!(answer.to_vec(), message(3, 1 | 4, &(-38_i64).to_le_bytes()));
    }

    #[test]
    fn nonsense_ends_the_conversation() {
        for nonsense in [message(2, 1 | 4, &[]), message(2, 1, &[0; LONGEST + 1])] {
            let (mut requests, mut back_end) = pair();
            back_end.write_all(&nonsense).unwrap();
            assert!(matches!(requests.serve(), Err(VhostUserError::Unasked)));
        }
        let (mut requests, back_end) = pair();
        drop(back_end);
        assert!(matches!(requests.serve(), Err(VhostUserError::HungUp)));
    }
}
