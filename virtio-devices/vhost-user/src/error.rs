//! What can go wrong between us and a back end.

use std::io;

use thiserror::Error;
use virtio_core::DeviceError;

/// Why a back end cannot be used, or not any more.
#[derive(Debug, Error)]
pub enum VhostUserError {
    /// Nobody listens there.
    #[error("no back end can be reached: {0}")]
    Connect(io::Error),
    /// The socket fails.
    #[error("{message} cannot be sent or answered: {error}")]
    Socket {
        /// The protocol's name of the message.
        message: String,
        /// Why not.
        error: io::Error,
    },
    /// No answer comes.
    #[error("the back end has not answered {message} in time")]
    Silent {
        /// The protocol's name of the message.
        message: String,
    },
    /// The back end has closed its end.
    #[error("the back end has hung up")]
    HungUp,
    /// What came was not asked for.
    #[error("the back end sends what it was not asked for")]
    Unasked,
    /// The answer is to another message, or has another form.
    #[error("the back end answers {message} wrongly: {what}")]
    Answer {
        /// The protocol's name of the message.
        message: String,
        /// What is wrong with the answer.
        what: String,
    },
    /// The back end could not do it.
    #[error("the back end refuses {message} with {code}")]
    Refused {
        /// The protocol's name of the message.
        message: String,
        /// Its reason, as a number of its own.
        code: u64,
    },
    /// The back end cannot be had with modern drivers.
    #[error("the back end does not offer VIRTIO_F_VERSION_1")]
    NotModern,
    /// The one that came back is not the one that went.
    #[error("the back end does not offer the feature bits {missing:#x} any more, which the driver uses")]
    FeaturesGone {
        /// The bits.
        missing: u64,
    },
    /// It has fewer queues than the device.
    #[error("the back end has {has} queues, and the device {wanted}")]
    TooFewQueues {
        /// How many it has.
        has: u64,
        /// How many the device has.
        wanted: usize,
    },
    /// The memory of requests in flight has another size than it can have.
    #[error("the back end's memory for requests in flight has {size} bytes, and {needed} are needed")]
    InFlightSize {
        /// Its size.
        size: u64,
        /// What is needed.
        needed: u64,
    },
    /// It does not know what the one before it had under way.
    #[error("the back end cannot read which requests the one before it had in flight")]
    NotesUnread,
    /// Nobody knows where it was.
    #[error("the back end went away, and packed rings do not tell where it was")]
    PositionUnknown,
    /// It has said so by the queue's event.
    #[error("the back end cannot go on with queue {queue}")]
    RingRefused {
        /// The queue's number.
        queue: u16,
    },
    /// The guest's memory is not for others.
    #[error("the guest's memory at {address:#x} is no file that could be shared")]
    NotShared {
        /// Where the region begins.
        address: u64,
    },
    /// The ring does not lie in memory.
    #[error("the ring's area at {address:#x} is not in the guest's memory")]
    NotInMemory {
        /// Where the area begins.
        address: u64,
    },
    /// The host refuses what the device needs.
    #[error("cannot {what}: {error}")]
    Host {
        /// What was to be done.
        what: &'static str,
        /// Why not.
        error: io::Error,
    },
}

impl From<VhostUserError> for DeviceError {
    fn from(error: VhostUserError) -> Self {
        Self::Device(Box::new(error))
    }
}

impl VhostUserError {
    /// For `map_err`: names what was to be done.
    pub(crate) fn host(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Host { what, error }
    }
}
