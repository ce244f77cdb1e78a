//! Messages to a back end and their answers, none of which is waited for without end.
//!
//! A message is a header of twelve bytes (its number, flags, the length of the rest), the rest, and file descriptors beside
//! it.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::RawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use vhost::vhost_user::message::{FrontendReq, VhostUserHeaderFlag};
use vmm_sys_util::sock_ctrl_msg::ScmSocket;

use crate::error::VhostUserError;

/// The version of the protocol, in the header's flags.
const VERSION: u32 = 1;
const HEADER: usize = 12;

/// A connection to a back end.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: UnixStream,
    /// When the messages of now are to be done with.
    deadline: Instant,
}

impl Socket {
    /// Connects to whoever listens at `path`.
    pub(crate) fn connect(path: &Path) -> Result<Self, VhostUserError> {
        // One that listens and accepts nobody is not waited for either.
        let connect = || {
            let address = SocketAddrUnix::new(path)?;
            let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
            let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
            connect(&socket, &address)?;
            Ok(UnixStream::from(socket))
        };
        let stream = connect().map_err(|error: Errno| VhostUserError::Connect(error.into()))?;
        Ok(Self { stream, deadline: Instant::now() })
    }

    /// What follows is to be done with within `patience`, all of it together.
    pub(crate) fn begin(&mut self, patience: Duration) {
        self.deadline = Instant::now() + patience;
    }

    /// The descriptor that turns readable when the back end hangs up.
    pub(crate) fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// After it has turned readable without our having asked for anything: says why it has.
    pub(crate) fn check_silence(&self) -> Result<(), VhostUserError> {
        let mut byte = [0];
        match (&self.stream).read(&mut byte) {
            Ok(0) => Err(VhostUserError::HungUp),
            Ok(_) => Err(VhostUserError::Unasked),
            // What there was to read was an answer, which somebody has read by now.
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) => {
                Ok(())
            }
            Err(_) => Err(VhostUserError::HungUp),
        }
    }

    /// Sends a message.
    pub(crate) fn send(
        &self,
        message: FrontendReq,
        needs_reply: bool,
        body: &[u8],
        files: &[RawFd],
    ) -> Result<(), VhostUserError> {
        let flags = VERSION | if needs_reply { VhostUserHeaderFlag::NEED_REPLY.bits() } else { 0 };
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(HEADER + body.len());
        for word in [u32::from(message), flags, length] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.extend_from_slice(body);
        let mut rest = bytes.as_slice();
        // The descriptors go with the first byte.
        let mut files = files;
        while !rest.is_empty() {
            match self.stream.send_with_fds(&[rest], files) {
                Ok(sent) => {
                    rest = rest.get(sent..).unwrap_or_default();
                    files = &[];
                }
                Err(error) => self.wait(message, PollFlags::OUT, io::Error::from(error))?,
            }
        }
        Ok(())
    }

    /// Receives the answer to a message, which is exactly as long as `body`, and the file beside it, if there is one.
    pub(crate) fn receive(
        &self,
        message: FrontendReq,
        body: &mut [u8],
    ) -> Result<Option<File>, VhostUserError> {
        match self.receive_up_to(message, body)? {
            (length, file) if length == body.len() => Ok(file),
            (length, _) => {
                let what = format!("it has {length} bytes instead of {}", body.len());
                Err(VhostUserError::Answer { message: format!("{message:?}"), what })
            }
        }
    }

    /// As [`receive`](Self::receive), but the answer may be shorter; gives its length.
    pub(crate) fn receive_up_to(
        &self,
        message: FrontendReq,
        body: &mut [u8],
    ) -> Result<(usize, Option<File>), VhostUserError> {
        let wrong = |what: String| VhostUserError::Answer { message: format!("{message:?}"), what };
        let mut header = [0; HEADER];
        let mut file = self.receive_all(message, &mut header)?;
        let [number, flags, length] = words(&header);
        if number != u32::from(message) {
            return Err(wrong(format!("it is about message {number}")));
        }
        let of_answer = VhostUserHeaderFlag::VERSION.bits() | VhostUserHeaderFlag::REPLY.bits();
        if flags & of_answer != VERSION | VhostUserHeaderFlag::REPLY.bits() {
            return Err(wrong(format!("its flags are {flags:#x}")));
        }
        let most = body.len();
        let wanted = usize::try_from(length).ok().and_then(|length| body.get_mut(..length));
        let body = wanted.ok_or_else(|| wrong(format!("it has {length} bytes, of at most {most}")))?;
        let beside = self.receive_all(message, body)?;
        file = file.or(beside);
        Ok((body.len(), file))
    }

    /// Fills `bytes`.
    fn receive_all(&self, message: FrontendReq, bytes: &mut [u8]) -> Result<Option<File>, VhostUserError> {
        let mut file = None;
        let mut done = 0;
        while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
            match self.stream.recv_with_fd(rest) {
                Ok((0, _)) => return Err(VhostUserError::HungUp),
                Ok((count, beside)) => {
                    done += count;
                    file = file.or(beside);
                }
                Err(error) => self.wait(message, PollFlags::IN, io::Error::from(error))?,
            }
        }
        Ok(file)
    }

    /// After an error: waits until it is worth trying again.
    fn wait(
        &self,
        message: FrontendReq,
        for_what: PollFlags,
        error: io::Error,
    ) -> Result<(), VhostUserError> {
        let named = || format!("{message:?}");
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => {}
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => return Err(VhostUserError::HungUp),
            _ => return Err(VhostUserError::Socket { message: named(), error }),
        }
        let left = self.deadline.saturating_duration_since(Instant::now());
        let left = Timespec::try_from(left).unwrap_or_default();
        match poll(&mut [PollFd::new(&self.stream, for_what)], Some(&left)) {
            Ok(0) => Err(VhostUserError::Silent { message: named() }),
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(VhostUserError::Socket { message: named(), error: error.into() }),
        }
    }
}

/// The header's three words.
fn words(header: &[u8; HEADER]) -> [u32; 3] {
    let mut words = [0; 3];
    let (bytes, _) = header.as_chunks();
    words.iter_mut().zip(bytes).for_each(|(word, bytes)| *word = u32::from_le_bytes(*bytes));
    words
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    /// A socket, and whoever is at its other end.
    fn pair() -> (Socket, UnixStream) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let listener = UnixListener::bind(&path).unwrap();
        let socket = Socket::connect(&path).unwrap();
        (socket, listener.accept().unwrap().0)
    }

    #[test]
    fn an_answer_is_waited_for_until_the_deadline_only() {
        let (mut socket, _silent) = pair();
        socket.begin(Duration::from_millis(20));
        let error = socket.receive(FrontendReq::GET_FEATURES, &mut [0; 8]).unwrap_err();
        assert!(matches!(error, VhostUserError::Silent { .. }), "{error}");
    }

    #[test]
    fn nobody_is_waited_for_who_does_not_listen_to_what_is_said() {
        let (mut socket, _deaf) = pair();
        socket.begin(Duration::from_millis(20));
        let error = loop {
            if let Err(error) = socket.send(FrontendReq::SET_CONFIG, false, &[0; 4096], &[]) {
                break error;
            }
        };
        assert!(matches!(error, VhostUserError::Silent { .. }), "{error}");
    }

    #[test]
    fn nobody_is_waited_for_who_does_not_accept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        let _listener = UnixListener::bind(&path).unwrap();
        let mut waiting = Vec::new();
        let error = loop {
            match Socket::connect(&path) {
                Ok(socket) => waiting.push(socket),
                Err(error) => break error,
            }
        };
        assert!(matches!(error, VhostUserError::Connect(_)), "{error}");
    }
}
