//! The signals that end the program: TERM, INT and HUP.
//!
//! They are held back in every thread except while the main thread waits, so that no other thread's system
//! call is ever interrupted by one.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::OnceLock;

use libc::{SIGHUP, SIGINT, SIGTERM, c_int, c_void, siginfo_t};
use vmm_sys_util::signal::{self, block_signal, register_signal_handler, unblock_signal};

use crate::wake::Wake;

const ENDING: [c_int; 3] = [SIGTERM, SIGINT, SIGHUP];

/// Written by the handler, which can reach nothing but statics.
static ARRIVED: OnceLock<Wake> = OnceLock::new();

/// The signals could not be arranged.
#[derive(Debug, thiserror::Error)]
pub enum SignalsError {
    /// No event descriptor.
    #[error("cannot create the signals' event descriptor: {0}")]
    Event(#[from] io::Error),
    /// No handler.
    #[error("cannot handle signal {0}: {1}")]
    Handler(c_int, vmm_sys_util::errno::Error),
    /// The mask could not be changed.
    #[error("cannot change the signal mask: {0}")]
    Mask(signal::Error),
}

/// Proof that the signals are held back; they arrive while [`Signals::deliver`] is in force.
#[derive(Debug)]
pub struct Signals(&'static Wake);

impl Signals {
    /// Holds the signals back in this thread and in those that it starts from now on.
    ///
    /// # Errors
    /// The host refuses it.
    pub fn hold() -> Result<Self, SignalsError> {
        let event = match ARRIVED.get() {
            Some(event) => event,
            None => {
                let event = Wake::new()?;
                ARRIVED.get_or_init(|| event)
            }
        };
        for number in ENDING {
            match block_signal(number) {
                Ok(()) | Err(signal::Error::SignalAlreadyBlocked(_)) => {}
                Err(error) => return Err(SignalsError::Mask(error)),
            }
            register_signal_handler(number, on_signal)
                .map_err(|error| SignalsError::Handler(number, error))?;
        }
        Ok(Self(event))
    }

    /// Lets the signals through to this thread: one that comes, or came before, makes [`Signals`] readable.
    ///
    /// # Errors
    /// The host refuses it.
    pub fn deliver(&self) -> Result<(), SignalsError> {
        ENDING.into_iter().try_for_each(unblock_signal).map_err(SignalsError::Mask)
    }
}

/// Readable as soon as a signal arrived.
impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

extern "C" fn on_signal(_number: c_int, _info: *mut siginfo_t, _context: *mut c_void) {
    if let Some(event) = ARRIVED.get() {
        event.signal();
    }
}
