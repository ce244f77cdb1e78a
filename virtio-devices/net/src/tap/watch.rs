//! Whether an interface of the host is up: the kernel tells whoever listens (rtnetlink).

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

use rustix::net::netdevice::name_to_index;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, bind, recv, sendto, socket_with,
};

/// The group that hears of changes of interfaces.
const LINK_GROUP: u32 = 1;
/// Bytes of `struct nlmsghdr`.
const MESSAGE_HEADER: usize = 16;
/// Bytes of `struct nlmsghdr` and `struct ifinfomsg`.
const LINK_MESSAGE: usize = 32;
/// `ifi_flags`: the interface is up.
const UP: u32 = 1;
/// Room for a message. What does not fit is lost, and is not looked at anyway.
const ROOM: usize = 512;

/// How an interface is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InterfaceState {
    Up,
    Down,
    /// It is no more, and will not come back.
    Gone,
}

/// Listens for changes of one interface.
#[derive(Debug)]
pub(crate) struct InterfaceWatch {
    socket: OwnedFd,
    index: u32,
}

impl InterfaceWatch {
    /// Listens from now on, and asks how the interface is.
    pub(super) fn open(name: &str) -> io::Result<Self> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        // Of the protocols of netlink, routes and interfaces are number 0.
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, None)?;
        bind(&socket, &SocketAddrNetlink::new(0, LINK_GROUP))?;
        let udp = socket_with(AddressFamily::INET, SocketType::DGRAM, SocketFlags::CLOEXEC, None)?;
        let watch = Self { index: name_to_index(udp.as_fd(), name)?, socket };
        watch.ask()?;
        Ok(watch)
    }

    /// Readable when there is something to tell.
    pub(crate) fn fd(&self) -> RawFd {
        self.socket.as_raw_fd()
    }

    /// Has the kernel tell how the interface is now.
    pub(crate) fn ask(&self) -> io::Result<()> {
        let question = question(self.index);
        sendto(&self.socket, &question, SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;
        Ok(())
    }

    /// The latest of what the kernel has told; `None` if it has told nothing of this interface.
    pub(crate) fn latest(&self) -> Option<InterfaceState> {
        let mut state = None;
        let mut message = [0; ROOM];
        loop {
            match recv(&self.socket, &mut message, RecvFlags::empty()) {
                Ok((length, _)) => {
                    let told = message.get(..length).and_then(|message| told(message, self.index));
                    state = told.or(state);
                }
                Err(rustix::io::Errno::INTR) => {}
                // Messages have been lost: the answer will say what they came to.
                Err(rustix::io::Errno::NOBUFS) => self.ask().ok()?,
                Err(_) => return state,
            }
        }
    }
}

/// RTM_GETLINK for one interface.
fn question(index: u32) -> [u8; LINK_MESSAGE] {
    let mut message = [0; LINK_MESSAGE];
    let mut put = |at: usize, bytes: &[u8]| {
        message.iter_mut().skip(at).zip(bytes).for_each(|(place, byte)| *place = *byte);
    };
    put(0, &32_u32.to_ne_bytes());
    put(4, &libc::RTM_GETLINK.to_ne_bytes());
    put(6, &1_u16.to_ne_bytes()); // NLM_F_REQUEST
    put(20, &index.to_ne_bytes());
    message
}

/// What a message says of the interface with this index.
fn told(message: &[u8], index: u32) -> Option<InterfaceState> {
    let word = |at: usize| Some(u32::from_ne_bytes(*message.get(at..)?.first_chunk()?));
    let kind = u16::from_ne_bytes(*message.get(4..)?.first_chunk()?);
    if i32::from(kind) == libc::NLMSG_ERROR {
        // The only question that is asked here is after the interface: there is none.
        let error = word(MESSAGE_HEADER)?;
        return (error != 0).then_some(InterfaceState::Gone);
    }
    if word(20)? != index {
        return None;
    }
    match kind {
        libc::RTM_NEWLINK if word(24)? & UP != 0 => Some(InterfaceState::Up),
        libc::RTM_NEWLINK => Some(InterfaceState::Down),
        libc::RTM_DELLINK => Some(InterfaceState::Gone),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_tells_how_the_interface_is_that_everybody_has() {
        let watch = match InterfaceWatch::open("lo") {
            Ok(watch) => watch,
            Err(error) => return virtio_core::driver::skipped(error),
        };
        // The question is answered before it is over; other interfaces may have something to tell too.
        assert!(matches!(watch.latest(), Some(InterfaceState::Up | InterfaceState::Down)));
        assert_eq!(watch.latest(), None);
        let missing = InterfaceWatch { index: u32::MAX >> 1, ..watch };
        missing.ask().unwrap();
        assert_eq!(missing.latest(), Some(InterfaceState::Gone));
    }

    #[test]
    fn messages_of_any_bytes_are_looked_at() {
        let mut message = question(7);
        assert_eq!(told(&message, 7), None, "a question tells nothing");
        message[4..6].copy_from_slice(&libc::RTM_NEWLINK.to_ne_bytes());
        assert_eq!(told(&message, 7), Some(InterfaceState::Down));
        assert_eq!(told(&message, 8), None);
        message[24..28].copy_from_slice(&0x1003_u32.to_ne_bytes());
        assert_eq!(told(&message, 7), Some(InterfaceState::Up));
        message[4..6].copy_from_slice(&libc::RTM_DELLINK.to_ne_bytes());
        assert_eq!(told(&message, 7), Some(InterfaceState::Gone));
        for length in 0..28 {
            told(&message[..length], 7);
        }
    }
}
