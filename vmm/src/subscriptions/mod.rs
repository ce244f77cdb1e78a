//! QMP clients that follow statistics.
//!
//! [`Subscriptions`] holds them all and has one thread that reads for them, which is there only while somebody follows
//! something. `subscription` is one of them: when it reads, what it sends, and what becomes of it when its client does
//! not read. [`Subscriber`] is what a connection has of its own, on which `commands` runs the commands.
//! Read [`Subscriptions`] first.

mod sampler;
mod subscriber;
mod subscription;

use std::time::Duration;

pub use sampler::Subscriptions;
pub use subscriber::Subscriber;

/// What a subscription cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It would cost too much.
    #[error("Parameter 'interval' is {interval}, at least {} is accepted", LEAST_INTERVAL.as_millis())]
    Interval {
        /// In milliseconds.
        interval: u32,
    },
    /// The event would be too large.
    #[error("The filter wants {values} values, at most {MOST_VALUES} are accepted")]
    Values {
        /// How many there are.
        values: usize,
    },
    /// One client too greedy.
    #[error(
        "This connection has {MOST_PER_CONNECTION} subscriptions already, which is the most that is accepted"
    )]
    Connection,
    /// Too many clients.
    #[error("All connections together have {MOST} subscriptions already, which is the most that is accepted")]
    Server,
    /// Not there, or somebody else's.
    #[error("Parameter 'subscription' is {subscription}, which is no subscription of this connection")]
    Unknown {
        /// The number.
        subscription: u64,
    },
}

/// The least time between two events of a subscription.
const LEAST_INTERVAL: Duration = Duration::from_millis(100);
/// Subscriptions of one connection.
const MOST_PER_CONNECTION: usize = 8;
/// Subscriptions of all connections.
const MOST: usize = 64;
/// Values in one event. As JSON a value has some 60 bytes.
const MOST_VALUES: usize = 16384;
/// How long a client may leave events unread before its subscription ends.
const PATIENCE: Duration = Duration::from_secs(30);
