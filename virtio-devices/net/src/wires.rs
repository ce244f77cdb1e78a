//! Wires without a network: one that ends where it begins, and one whose other end is in this process. For
//! demonstrations and tests.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;

use crate::link::{Link, Port};
use crate::offloads::Offloads;

/// Makes a loop for each of `pairs` pairs of queues: frames sent come back as received. The kernel's socket buffer bounds
/// the frames on their way; frames beyond it are lost.
///
/// # Errors
/// The host has no descriptors left.
pub fn open_loopback(pairs: u16) -> io::Result<Link> {
    let ports: io::Result<Vec<Port>> = (0..pairs)
        .map(|_| {
            let (output, input) = sockets()?;
            Ok(Port::new(file(output), file(input)))
        })
        .collect();
    Ok(Link::new(ports?, Offloads::NONE))
}

/// Makes a wire for each of `pairs` pairs of queues, whose other ends are sockets: a message is a frame behind its header
/// of twelve bytes. Every offload may be used on it, for whoever has the other end sees what the driver leaves to it.
///
/// # Errors
/// The host has no descriptors left.
pub fn open_sockets(pairs: u16) -> io::Result<(Link, Vec<UnixDatagram>)> {
    let (mut ports, mut ends) = (Vec::new(), Vec::new());
    for _ in 0..pairs {
        let (own, end) = sockets()?;
        let own = file(own);
        ports.push(Port::new(own.try_clone()?, own));
        ends.push(end);
    }
    Ok((Link::new(ports, Offloads::ALL), ends))
}

fn sockets() -> io::Result<(UnixDatagram, UnixDatagram)> {
    let (first, second) = UnixDatagram::pair()?;
    first.set_nonblocking(true)?;
    second.set_nonblocking(true)?;
    Ok((first, second))
}

fn file(socket: UnixDatagram) -> File {
    File::from(OwnedFd::from(socket))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{Arrival, HEAD_SIZE, MAX_FRAME};
    use crate::vectors::Vectors;

    const LONGEST: usize = MAX_FRAME;

    fn send(link: &Link, frame: &[u8]) -> io::Result<()> {
        link.port(0).unwrap().send(&mut Vectors::default(), frame, std::iter::empty)
    }

    /// The next frame, if one waits.
    fn receive(link: &Link) -> Option<Vec<u8>> {
        let mut own = vec![0; LONGEST];
        match link.port(0).unwrap().receive(&mut Vectors::default(), &mut own, std::iter::empty) {
            Arrival::Frame { length, direct: 0 } => Some(own[..length].to_vec()),
            Arrival::Nothing => None,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn frames_come_back_whole_and_in_order() {
        let link = open_loopback(1).unwrap();
        assert_eq!(receive(&link), None);
        let frames = [b"first".to_vec(), vec![7; HEAD_SIZE], (0..=u8::MAX).cycle().take(LONGEST).collect()];
        frames.iter().for_each(|frame| send(&link, frame).unwrap());
        frames.iter().for_each(|frame| assert!(receive(&link).as_ref() == Some(frame)));
        assert_eq!(receive(&link), None);
    }

    #[test]
    fn a_full_loop_loses_frames_and_does_not_block() {
        let link = open_loopback(1).unwrap();
        let taken = (0..10_000).take_while(|_| send(&link, &[0; 1500]).is_ok()).count();
        assert!((1..10_000).contains(&taken), "{taken}");
        assert_eq!(std::iter::from_fn(|| receive(&link)).count(), taken);
    }

    #[test]
    fn the_end_of_a_wire_that_has_gone_is_noticed() {
        let (link, ends) = open_sockets(1).unwrap();
        ends[0].send(b"last words").unwrap();
        drop(ends);
        assert_eq!(receive(&link).unwrap(), b"last words");
        assert!(send(&link, b"nobody").is_err());
    }
}
