//! Limits for what a device does for its guest: bytes and operations a second, in one direction or in both, with bursts.
//!
//! It knows no device, no ring and no storage. Whoever works for a guest asks before each step whether it may go on, and
//! what may not it keeps until its alarm goes off; nothing here waits.
//!
//! Read [`Limiter`] first, the limits of one device; then [`Waiter`], a thread's way to ask it; then `bucket.rs`, which decides,
//! and takes the time from whoever calls.

mod alarm;
mod bucket;
mod check;
mod draft;
mod limiter;
mod rules;
mod statistics;
mod waiter;

pub use check::{LARGEST, LimitsError, unlimited};
pub use draft::{Draft, LimitName, Part};
pub use limiter::Limiter;
pub use rules::Direction;
pub use statistics::HeldBack;
pub use waiter::{Wait, Waiter};
