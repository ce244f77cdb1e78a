//! What can be at the other end of a serial line.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Who reads what the guest prints, and may type. One thread talks to it.
pub(super) trait FarEnd: Send {
    /// Shows what the guest has printed.
    ///
    /// # Errors
    /// Nobody will ever read it.
    fn print(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// The descriptors that turn readable when [`FarEnd::typed`] is to be called.
    fn sources(&self) -> Vec<BorrowedFd<'_>>;

    /// Takes at most `data.len()` bytes that were typed.
    fn typed(&mut self, data: &mut [u8]) -> usize;
}

/// A file that is written only.
impl FarEnd for File {
    fn print(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sources(&self) -> Vec<BorrowedFd<'_>> {
        Vec::new()
    }

    fn typed(&mut self, _: &mut [u8]) -> usize {
        0
    }
}

/// Standard input, as long as it has something, and standard output.
#[derive(Debug)]
pub(super) struct StandardStreams {
    input: Option<File>,
    output: File,
}

impl StandardStreams {
    pub(super) fn new(input: OwnedFd, output: OwnedFd) -> Self {
        Self { input: Some(input.into()), output: output.into() }
    }
}

impl FarEnd for StandardStreams {
    fn print(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.output.write_all(bytes)
    }

    fn sources(&self) -> Vec<BorrowedFd<'_>> {
        self.input.iter().map(AsFd::as_fd).collect()
    }

    fn typed(&mut self, data: &mut [u8]) -> usize {
        let count = self.input.as_mut().map_or(Ok(0), |input| input.read(data)).unwrap_or(0);
        if count == 0 {
            // Its end, or it cannot be read: either stays so.
            self.input = None;
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_input_is_left_alone_after_its_end() {
        let (input, mut typist) = io::pipe().unwrap();
        let (mut screen, output) = io::pipe().unwrap();
        let mut streams = StandardStreams::new(input.into(), output.into());
        typist.write_all(b"abc").unwrap();
        let mut data = [0; 2];
        assert_eq!((streams.typed(&mut data), data), (2, *b"ab"));
        assert_eq!((streams.typed(&mut data), data[0]), (1, b'c'));
        drop(typist);
        assert_eq!(streams.sources().len(), 1);
        assert_eq!((streams.typed(&mut data), streams.sources().len()), (0, 0));
        streams.print(b"ok").unwrap();
        screen.read_exact(&mut data).unwrap();
        assert_eq!(data, *b"ok");
    }
}
