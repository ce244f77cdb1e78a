//! Archives in the form that kernels unpack at their start: cpio, "new ASCII", no checksums.

use std::io::{self, Write};

/// The type bits of `st_mode`.
const DIRECTORY: u32 = 0o040_000;
const REGULAR: u32 = 0o100_000;

/// Writes an archive. Everything in it belongs to root.
pub(crate) struct Archive<W: Write> {
    out: W,
    /// How much was written, for the alignment of what follows.
    length: u64,
    entries: u32,
}

impl<W: Write> Archive<W> {
    /// An empty archive.
    pub(crate) fn new(out: W) -> Self {
        Self { out, length: 0, entries: 0 }
    }

    /// A folder; those above it have to be there already.
    pub(crate) fn directory(&mut self, path: &str) -> io::Result<()> {
        self.entry(path, DIRECTORY | 0o755, &[])
    }

    /// A file.
    pub(crate) fn file(&mut self, path: &str, executable: bool, content: &[u8]) -> io::Result<()> {
        self.entry(path, REGULAR | if executable { 0o755 } else { 0o644 }, content)
    }

    /// Ends the archive. What is written behind it, up to whole blocks of 512 bytes, is zero.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.entry("TRAILER!!!", 0, &[])?;
        self.align(512)?;
        Ok(self.out)
    }

    fn entry(&mut self, path: &str, mode: u32, content: &[u8]) -> io::Result<()> {
        let too_large = |_| io::Error::new(io::ErrorKind::InvalidInput, format!("{path}: 4 GiB or more"));
        let size = u32::try_from(content.len()).map_err(too_large)?;
        let name = u32::try_from(path.len() + 1).map_err(too_large)?;
        self.entries += 1;
        // Inode, mode, user, group, links, time, size, device (2), device of a special file (2), name, checksum.
        let header = [self.entries, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, name, 0];
        let header: String = header.iter().map(|field| format!("{field:08x}")).collect();
        self.bytes(format!("070701{header}{path}\0").as_bytes())?;
        self.align(4)?;
        self.bytes(content)?;
        self.align(4)
    }

    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    fn align(&mut self, alignment: u64) -> io::Result<()> {
        while !self.length.is_multiple_of(alignment) {
            self.bytes(&[0])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_laid_out_as_the_kernel_expects() {
        let mut archive = Archive::new(Vec::new());
        archive.directory("bin").unwrap();
        archive.file("bin/sh", true, b"hello").unwrap();
        let bytes = archive.finish().unwrap();
        assert_eq!(bytes.len() % 512, 0);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("07070100000001000041ed"), "{text}");
        // A header of 110 bytes and the name with its zero, padded to 4, then the content, padded to 4.
        let second = &text[116..];
        assert!(second.starts_with("07070100000002000081ed"), "{second}");
        assert_eq!(&second[54..62], "00000005");
        assert_eq!(&second[110..128], "bin/sh\0\0\0\0hello\0\0\0");
        assert!(second[128..].starts_with("070701"), "{second}");
        assert!(text.contains("TRAILER!!!\0"));
    }
}
