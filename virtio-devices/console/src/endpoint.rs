//! Where the command line puts a port's end: files of the host, its standard streams, a socket, or nothing.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};

use crate::host_end::HostEnd;

/// The end of a port that is more than a kernel's console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Whoever is connected to a socket at this path.
    Unix(PathBuf),
    /// Standard input and output.
    Stdio,
    /// The end of a file; there is no input.
    File(PathBuf),
    /// Nowhere.
    Null,
}

impl Endpoint {
    /// What it looks like, for help and for error messages.
    pub const FORMS: &'static str = "unix:PATH, stdio, file:PATH or null";

    /// Reads one of [`FORMS`](Self::FORMS).
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "stdio" => Some(Self::Stdio),
            "null" => Some(Self::Null),
            _ => path_behind("unix:", text)
                .map(Self::Unix)
                .or_else(|| path_behind("file:", text).map(Self::File)),
        }
    }

    /// Opens it.
    ///
    /// # Errors
    /// What the host says.
    pub fn open(&self) -> io::Result<HostEnd> {
        let (output, input) = match self {
            Self::Unix(path) => return HostEnd::socket(path),
            Self::Stdio => (Output::Stdout, Input::Stdin),
            Self::File(path) => (Output::File(path.clone()), Input::Null),
            Self::Null => (Output::Null, Input::Null),
        };
        Ok(HostEnd::files(output.open()?, input.open()?, self.to_string()))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(formatter, "unix:{}", path.display()),
            Self::Stdio => formatter.write_str("stdio"),
            Self::File(path) => write!(formatter, "file:{}", path.display()),
            Self::Null => formatter.write_str("null"),
        }
    }
}

/// Where output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
    /// The end of a file, which is created if it does not exist; also a terminal or a FIFO.
    File(PathBuf),
    /// Nowhere.
    Null,
}

/// Where input comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input.
    Stdin,
    /// A terminal, a FIFO or another file that can be waited for.
    File(PathBuf),
    /// Nowhere: the guest never gets any.
    Null,
}

impl Output {
    /// Reads what stands behind `output=`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "stdout" => Some(Self::Stdout),
            "stderr" => Some(Self::Stderr),
            "null" => Some(Self::Null),
            _ => path_behind("file:", text).map(Self::File),
        }
    }

    /// Opens it.
    ///
    /// # Errors
    ///
    /// What the host says.
    pub fn open(&self) -> io::Result<File> {
        match self {
            Self::Stdout => duplicate(&io::stdout()),
            Self::Stderr => duplicate(&io::stderr()),
            Self::File(path) => OpenOptions::new().create(true).append(true).open(path),
            Self::Null => OpenOptions::new().write(true).open("/dev/null"),
        }
    }
}

impl Input {
    /// Reads what stands behind `input=`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "stdin" => Some(Self::Stdin),
            "null" => Some(Self::Null),
            _ => path_behind("file:", text).map(Self::File),
        }
    }

    /// Opens it; `None` if there will never be input.
    ///
    /// # Errors
    ///
    /// What the host says, or that the file is none that can be waited for (a regular file).
    pub fn open(&self) -> io::Result<Option<File>> {
        let file = match self {
            Self::Null => return Ok(None),
            Self::Stdin => duplicate(&io::stdin())?,
            // Open for writing too, so that a FIFO neither waits for its first writer nor ends with its last.
            Self::File(path) => OpenOptions::new()
                .read(true)
                .write(true)
                .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
                .open(path)?,
        };
        if !can_be_waited_for(&file)? {
            let message = "it cannot be waited for; a terminal, FIFO, pipe or socket is needed";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        Ok(Some(file))
    }
}

impl fmt::Display for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdout => formatter.write_str("stdout"),
            Self::Stderr => formatter.write_str("stderr"),
            Self::File(path) => write!(formatter, "file:{}", path.display()),
            Self::Null => formatter.write_str("null"),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => formatter.write_str("stdin"),
            Self::File(path) => write!(formatter, "file:{}", path.display()),
            Self::Null => formatter.write_str("null"),
        }
    }
}

fn path_behind(prefix: &str, text: &str) -> Option<PathBuf> {
    text.strip_prefix(prefix).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// Whether the kernel can tell when there is something to read: it cannot for regular files, directories and
/// some devices.
fn can_be_waited_for(file: &File) -> io::Result<bool> {
    let event = EpollEvent::new(EventSet::IN, 0);
    match Epoll::new()?.ctl(ControlOperation::Add, file.as_raw_fd(), event) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(false),
        Err(error) => Err(error),
    }
}

/// A descriptor of our own for one of the program's streams.
fn duplicate(stream: &impl AsFd) -> io::Result<File> {
    stream.as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_nothing_else() {
        assert_eq!(Output::parse("stdout"), Some(Output::Stdout));
        assert_eq!(Output::parse("stderr"), Some(Output::Stderr));
        assert_eq!(Output::parse("null"), Some(Output::Null));
        assert_eq!(Output::parse("file:/a b"), Some(Output::File("/a b".into())));
        assert_eq!(Input::parse("stdin"), Some(Input::Stdin));
        assert_eq!(Input::parse("null"), Some(Input::Null));
        assert_eq!(Input::parse("file:tty"), Some(Input::File("tty".into())));
        for text in ["", "stdio", "file:", "/tmp/log", "STDOUT"] {
            assert_eq!((Output::parse(text), Input::parse(text)), (None, None), "{text}");
        }
    }

    #[test]
    fn a_regular_file_cannot_be_input() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for path in [file.path().to_owned(), "/dev/null".into()] {
            let error = Input::File(path).open().unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        }
        assert!(Input::Null.open().unwrap().is_none());
    }

    #[test]
    fn output_files_are_appended_to() {
        use std::io::Write;
        let file = tempfile::NamedTempFile::new().unwrap();
        let output = Output::File(file.path().to_owned());
        output.open().unwrap().write_all(b"first ").unwrap();
        output.open().unwrap().write_all(b"second").unwrap();
        assert_eq!(std::fs::read(file.path()).unwrap(), b"first second");
    }
}
