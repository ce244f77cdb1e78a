//! The process that works on a device's queues instead of this one, as far as is known here. Nobody asks it for this: whoever
//! talks to it anyway has put down what it said.

use std::os::fd::RawFd;
use std::sync::Arc;

/// A device whose queues another process works on.
pub trait Vhost: Send + Sync {
    /// What is known of the back end now. It waits for nobody.
    fn back_end(&self) -> Arc<VhostBackEnd>;
}

/// A back end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VhostBackEnd {
    /// Where it can be reached.
    pub socket: String,
    /// It is there.
    pub connected: bool,
    /// How often it has come, the first time included.
    pub connections: u64,
    /// Why it went last, or could not be had since.
    pub lost: Option<String>,
    /// It works on the queues that the driver uses.
    pub running: bool,
    /// The features of the device that it has, its own bits of the protocol included.
    pub features: u64,
    /// Those that it was told of as the driver's choice, zero before it was.
    pub acknowledged_features: u64,
    /// The features of the protocol that were agreed on.
    pub protocol_features: u64,
    /// How many queues it has, if it says so.
    pub maximum_queues: Option<u64>,
    /// The pieces of guest memory that it was given.
    pub memory_regions: usize,
    /// The queues that the driver uses.
    pub queues: Vec<VhostQueue>,
}

/// A queue of a back end: the events that it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VhostQueue {
    /// The queue's number in its device.
    pub index: u16,
    /// The descriptor of the event by which the driver kicks.
    pub kick: RawFd,
    /// The descriptor of the event by which the back end interrupts.
    pub call: RawFd,
}
