//! How the program is asked to end: by a client, a signal or the guest; the first one names the cause.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::OnceLock;

use qapi_schema::machine::ShutdownCause;

use crate::wake::Wake;

/// Asked from any thread, waited for by one.
#[derive(Debug)]
pub struct ShutdownRequest {
    cause: OnceLock<ShutdownCause>,
    wake: Wake,
}

impl ShutdownRequest {
    /// Nobody has asked yet.
    ///
    /// # Errors
    /// The host has no event descriptor left.
    pub fn new() -> io::Result<Self> {
        Ok(Self { cause: OnceLock::new(), wake: Wake::new()? })
    }

    /// Asks for the end. If nobody did before, `tell` is called first: once the end has begun, clients hear nothing more.
    pub fn ask(&self, cause: ShutdownCause, tell: impl FnOnce()) {
        if self.cause.set(cause).is_ok() {
            tell();
            self.wake.signal();
        }
    }

    /// Why the program ends, if it was asked to.
    pub fn cause(&self) -> Option<ShutdownCause> {
        self.cause.get().copied()
    }
}

/// Readable as soon as somebody asked.
impl AsFd for ShutdownRequest {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wake::wait_readable;
    use std::time::Duration;

    #[test]
    fn the_first_cause_stands() {
        let request = ShutdownRequest::new().unwrap();
        assert_eq!(request.cause(), None);
        let asked = || wait_readable([request.as_fd()], Some(Duration::ZERO)).unwrap() == [true];
        let mut told = 0;
        request.ask(ShutdownCause::GuestShutdown, || {
            assert!(!asked(), "the end comes after the news");
            told += 1;
        });
        request.ask(ShutdownCause::HostSignal, || told += 1);
        assert!(asked());
        assert_eq!(told, 1);
        assert_eq!(request.cause(), Some(ShutdownCause::GuestShutdown));
    }
}
