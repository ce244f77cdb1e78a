//! What becomes of a request that the image could not do: the choices `werror` and `rerror`, as users of QEMU know them.

use crate::request::Operation;
pub use qapi_schema::block::BlockErrorAction as ErrorAction;
use qapi_schema::block::{BlockIoError, IoOperationType};
use std::io;

/// What was chosen for one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyChoice {
    /// Always this.
    Always(ErrorAction),
    /// Stop when the host has no room left, report everything else.
    StopWithoutRoom,
}

/// What was chosen for a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorPolicy {
    /// `rerror`
    pub read: PolicyChoice,
    /// `werror`
    pub write: PolicyChoice,
}

impl Default for ErrorPolicy {
    fn default() -> Self {
        Self { read: PolicyChoice::Always(ErrorAction::Report), write: PolicyChoice::StopWithoutRoom }
    }
}

impl PolicyChoice {
    /// The forms of [`for_reads`](Self::for_reads).
    pub const READ_FORMS: &'static str = "report, ignore or stop";
    /// The forms of [`for_writes`](Self::for_writes).
    pub const WRITE_FORMS: &'static str = "report, ignore, stop or enospc";

    /// A value of `rerror`; `None` if it is none.
    pub fn for_reads(text: &str) -> Option<Self> {
        match text {
            "report" => Some(Self::Always(ErrorAction::Report)),
            "ignore" => Some(Self::Always(ErrorAction::Ignore)),
            "stop" => Some(Self::Always(ErrorAction::Stop)),
            _ => None,
        }
    }

    /// A value of `werror`; `None` if it is none.
    pub fn for_writes(text: &str) -> Option<Self> {
        if text == "enospc" { Some(Self::StopWithoutRoom) } else { Self::for_reads(text) }
    }
}

impl ErrorPolicy {
    /// What to do when `operation` has failed with `error`.
    pub fn action(&self, operation: Operation, error: &io::Error) -> ErrorAction {
        let choice = if operation.is_write() { self.write } else { self.read };
        match choice {
            PolicyChoice::Always(action) => action,
            PolicyChoice::StopWithoutRoom if is_without_room(error) => ErrorAction::Stop,
            PolicyChoice::StopWithoutRoom => ErrorAction::Report,
        }
    }
}

/// What clients call a disk.
#[derive(Clone, Copy, Debug)]
pub struct DiskName<'a> {
    /// Its path among the machine's objects.
    pub path: &'a str,
    /// The id that it was given, if it was given one.
    pub id: Option<&'a str>,
}

impl DiskName<'_> {
    /// What clients are told when `operation` has failed with `error` and `action` is taken.
    pub fn io_error(self, operation: Operation, error: &io::Error, action: ErrorAction) -> BlockIoError {
        BlockIoError {
            qom_path: self.path.to_owned(),
            device: self.id.unwrap_or_default().to_owned(),
            node_name: None,
            operation: if operation.is_write() { IoOperationType::Write } else { IoOperationType::Read },
            action,
            nospace: (action == ErrorAction::Stop).then(|| is_without_room(error)),
            reason: error.to_string(),
        }
    }
}

/// Whether an error says that the host has no room left.
fn is_without_room(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_choice_stops_for_a_full_disk_only() {
        let (full, broken) =
            (io::Error::from_raw_os_error(libc::ENOSPC), io::Error::from_raw_os_error(libc::EIO));
        let (policy, read, write) = (ErrorPolicy::default(), Operation::Read { offset: 0 }, Operation::Flush);
        assert_eq!(policy.action(write, &full), ErrorAction::Stop);
        assert_eq!(policy.action(write, &broken), ErrorAction::Report);
        assert_eq!(policy.action(read, &full), ErrorAction::Report);
    }

    #[test]
    fn every_form_is_read_where_it_belongs() {
        for (text, action) in
            [("report", ErrorAction::Report), ("ignore", ErrorAction::Ignore), ("stop", ErrorAction::Stop)]
        {
            assert_eq!(PolicyChoice::for_reads(text), Some(PolicyChoice::Always(action)));
            assert_eq!(PolicyChoice::for_writes(text), Some(PolicyChoice::Always(action)));
        }
        assert_eq!(PolicyChoice::for_writes("enospc"), Some(PolicyChoice::StopWithoutRoom));
        assert_eq!((PolicyChoice::for_reads("enospc"), PolicyChoice::for_writes("auto")), (None, None));
    }
}
