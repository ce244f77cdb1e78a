//! A wire that ends where it begins: frames sent come back as received. For demonstrations and tests, where
//! no network is.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;

use crate::link::Link;

/// Makes a loop. The kernel's socket buffer bounds the frames on their way; frames beyond it are lost.
pub fn open() -> io::Result<Link> {
    let (output, input) = UnixDatagram::pair()?;
    output.set_nonblocking(true)?;
    input.set_nonblocking(true)?;
    Ok(Link::new(File::from(OwnedFd::from(output)), File::from(OwnedFd::from(input))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::MAX_FRAME;

    #[test]
    fn frames_come_back_whole_and_in_order() {
        let mut link = open().unwrap();
        let mut buffer = [0; 100];
        assert_eq!(link.receive(&mut buffer).unwrap(), None);
        link.send(b"first");
        link.send(b"the second");
        assert_eq!(link.receive(&mut buffer).unwrap(), Some(5));
        assert_eq!(&buffer[..5], b"first");
        assert_eq!(link.receive(&mut buffer).unwrap(), Some(10));
        assert_eq!(&buffer[..10], b"the second");
        assert_eq!(link.receive(&mut buffer).unwrap(), None);
    }

    #[test]
    fn a_frame_of_the_longest_length_passes() {
        let mut link = open().unwrap();
        let frame: Vec<u8> = (0..=u8::MAX).cycle().take(MAX_FRAME).collect();
        let mut buffer = vec![0; MAX_FRAME];
        link.send(&frame);
        assert_eq!(link.receive(&mut buffer).unwrap(), Some(MAX_FRAME));
        assert!(buffer == frame);
    }

    #[test]
    fn a_full_loop_loses_frames_and_does_not_block() {
        let mut link = open().unwrap();
        for _ in 0..10_000 {
            link.send(&[0; 1500]);
        }
        let mut kept = 0;
        while link.receive(&mut [0; 1500]).unwrap().is_some() {
            kept += 1;
        }
        assert!((1..10_000).contains(&kept), "{kept}");
    }
}
