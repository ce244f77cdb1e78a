//! What becomes of a request that the image could not do: the choices `werror` and `rerror`, as users of QEMU know them.

use crate::request::Operation;
pub use qapi_schema::block::BlockErrorAction as ErrorAction;
use qapi_schema::block::{BlockDeviceIoStatus, BlockIoError, IoOperationType};
use std::io;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

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
    /// What was chosen, and where nothing was, the usual.
    pub fn chosen(read: Option<PolicyChoice>, write: Option<PolicyChoice>) -> Self {
        let usual = Self::default();
        Self { read: read.unwrap_or(usual.read), write: write.unwrap_or(usual.write) }
    }

    /// Whether there is an error for which the machine stops.
    fn stops(&self) -> bool {
        [self.read, self.write].iter().any(|choice| {
            matches!(choice, PolicyChoice::Always(ErrorAction::Stop) | PolicyChoice::StopWithoutRoom)
        })
    }

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

/// The errors of a disk: what becomes of them, and whether the machine does not go on because of one. Nothing in it is a lock.
#[derive(Debug)]
pub struct DiskErrors {
    policy: ErrorPolicy,
    /// One of [`STATUSES`].
    status: AtomicU8,
}

/// Their places are how [`DiskErrors`] keeps them; the first one is that of a disk without errors.
const STATUSES: [BlockDeviceIoStatus; 3] =
    [BlockDeviceIoStatus::Ok, BlockDeviceIoStatus::Failed, BlockDeviceIoStatus::Nospace];
const WELL: u8 = 0;
const FAILED: u8 = 1;
const WITHOUT_ROOM: u8 = 2;

impl DiskErrors {
    /// A disk that has had no errors yet.
    pub fn new(policy: ErrorPolicy) -> Self {
        Self { policy, status: AtomicU8::new(WELL) }
    }

    /// `operation` has failed with `error`: what is to be done. If that is to stop the machine, the disk stands so from now on.
    pub fn failed(&self, operation: Operation, error: &io::Error) -> ErrorAction {
        let action = self.policy.action(operation, error);
        if action == ErrorAction::Stop {
            let status = if is_without_room(error) { WITHOUT_ROOM } else { FAILED };
            // The first one is why the machine stops.
            let _ = self.status.compare_exchange(WELL, status, Relaxed, Relaxed);
        }
        action
    }

    /// How the disk stands; `None` if the machine stops for no error of it.
    pub fn io_status(&self) -> Option<BlockDeviceIoStatus> {
        let status = STATUSES.get(usize::from(self.status.load(Relaxed))).copied();
        status.filter(|_| self.policy.stops())
    }

    /// The machine goes on, and what has failed is tried again.
    pub fn forget(&self) {
        self.status.store(WELL, Relaxed);
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
    fn a_disk_stands_as_its_first_error_that_stops_has_left_it() {
        let error = |number| io::Error::from_raw_os_error(number);
        let errors = DiskErrors::new(ErrorPolicy::default());
        let fail = |number| errors.failed(Operation::Flush, &error(number));
        assert_eq!(
            (fail(libc::EIO), errors.io_status()),
            (ErrorAction::Report, Some(BlockDeviceIoStatus::Ok))
        );
        assert_eq!(
            (fail(libc::EDQUOT), errors.io_status()),
            (ErrorAction::Stop, Some(BlockDeviceIoStatus::Nospace))
        );
        errors.forget();
        assert_eq!(errors.io_status(), Some(BlockDeviceIoStatus::Ok));

        let always = PolicyChoice::Always(ErrorAction::Stop);
        let errors = DiskErrors::new(ErrorPolicy::chosen(Some(always), Some(always)));
        errors.failed(Operation::Read { offset: 0 }, &error(libc::EIO));
        errors.failed(Operation::Flush, &error(libc::ENOSPC));
        assert_eq!(errors.io_status(), Some(BlockDeviceIoStatus::Failed), "the first one");
    }

    #[test]
    fn a_disk_that_never_stops_the_machine_has_no_status() {
        let choices = [ErrorAction::Report, ErrorAction::Ignore, ErrorAction::Stop].map(PolicyChoice::Always);
        for (read, write) in choices.iter().flat_map(|read| choices.map(|write| (*read, write))) {
            let stops = [read, write].contains(&PolicyChoice::Always(ErrorAction::Stop));
            let errors = DiskErrors::new(ErrorPolicy { read, write });
            assert_eq!(errors.io_status(), stops.then_some(BlockDeviceIoStatus::Ok), "{read:?}, {write:?}");
        }
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
