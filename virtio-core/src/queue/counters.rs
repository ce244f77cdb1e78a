//! What happens on a queue, in numbers.

use stats::{Counter, Log2Histogram};

/// Buckets of a histogram of times, in nanoseconds: the last one holds a second and more.
pub const TIME_BUCKETS: usize = 32;
/// Buckets of the histogram of chain lengths: the last one holds 2^15 descriptors and more, and no ring has more.
pub const DESCRIPTOR_BUCKETS: usize = 17;

/// A histogram of times in nanoseconds.
pub type TimeHistogram = Log2Histogram<TIME_BUCKETS>;

/// What happens on a queue, counted since the device was made: a reset changes nothing here.
///
/// All of it is written by the device's thread and by nobody else, in plain stores on cache lines that hold nothing
/// else; monitors read it whenever they like. Kicks are counted by that thread too: each adds one to the queue's event
/// descriptor, wherever it comes from, and the thread takes them all at once when it wakes up.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct QueueCounters {
    /// Chains given back to the driver.
    pub requests: Counter,
    /// Bytes in the buffers of these chains that the device may read.
    pub bytes_read: Counter,
    /// Bytes in the buffers of these chains that the device has written.
    pub bytes_written: Counter,
    /// Kicks that have reached the device.
    pub kicks: Counter,
    /// Chains that the device took without a kick for them. The driver had been asked not to kick, or the device was
    /// faster than the kick.
    pub kicks_suppressed: Counter,
    /// Interrupts sent because chains had come back.
    pub interrupts: Counter,
    /// Interrupts left out: chains had come back, and the driver had said that it need not know.
    pub interrupts_suppressed: Counter,
    /// Requests answered with a failure, what was lost on the way to the driver, and mistakes on the ring that stopped the
    /// device.
    pub errors: Counter,
    /// Times that the device turned to the queue and found every entry of the ring in use, waiting or in flight, so that
    /// the driver could add nothing. On a queue that the driver fills with buffers to be written this is as it should be.
    pub queue_full: Counter,
    /// Times that the device was moving data to the driver and found no buffer left for more.
    pub out_of_buffers: Counter,
    /// Buffers of a chain. Descriptors that hold none (empty ones, and those that refer to a table) do not count.
    pub descriptors_per_chain: Log2Histogram<DESCRIPTOR_BUCKETS>,
    /// How long requests take. Empty while the clocks are off.
    pub stages: Stages,
}

/// How long each stage of a request takes, in nanoseconds. A request enters all of them at once, when the device decides
/// about the interrupt for it: at rest, the sums of the three stages add up to the sum of the total.
#[derive(Debug, Default)]
pub struct Stages {
    /// From the moment when the device's thread woke up for the kick (the kick itself passes by unseen where KVM turns it
    /// into an event) to the moment when it took the chain. Only of chains that had a kick and were taken in the turn
    /// that it led to: buffers that wait for data are not slow.
    pub kick_to_pop: TimeHistogram,
    /// From there until the chain was given back.
    pub pop_to_completion: TimeHistogram,
    /// From there until the interrupt was sent, or found to be unwanted.
    pub completion_to_interrupt: TimeHistogram,
    /// All of it: from the kick, or from the pop of a chain without one.
    pub total: TimeHistogram,
}
