//! The limits of one device.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use qapi_schema::rate_limits::RateLimits;

use crate::alarm::{Alarm, now};
use crate::check::{LimitsError, check, unlimited};
use crate::rules::{Direction, Rules};
use crate::statistics::HeldBack;
use crate::waiter::Waiter;

/// The limits of a device, which its threads share, each by a [`Waiter`] of its own, and which monitors change.
///
/// While there is none, whoever asks looks at one flag and nothing else.
#[derive(Debug, Default)]
pub struct Limiter {
    limited: AtomicBool,
    state: Mutex<State>,
    held_back: Arc<HeldBack>,
    /// The same for all that belongs together.
    together: OnceLock<Arc<HeldBack>>,
}

#[derive(Debug)]
struct State {
    limits: RateLimits,
    rules: Rules,
    /// Those of the threads that there are.
    alarms: Vec<Weak<Alarm>>,
}

impl Default for State {
    fn default() -> Self {
        Self { limits: unlimited(), rules: Rules::default(), alarms: Vec::new() }
    }
}

impl Limiter {
    /// The limits as they are now.
    pub fn limits(&self) -> RateLimits {
        self.state().limits.clone()
    }

    /// Other limits from now on, or none. Whatever is held back is looked at anew; nobody has used anything of them yet.
    ///
    /// # Errors
    /// The limits make no sense; then everything stays as it is.
    pub fn set(&self, limits: RateLimits) -> Result<(), LimitsError> {
        check(&limits)?;
        let mut state = self.state();
        state.rules = Rules::new(&limits);
        state.limits = limits;
        self.limited.store(!state.rules.is_empty(), Ordering::Release);
        state.alarms.iter().filter_map(Weak::upgrade).for_each(|alarm| alarm.ring());
        Ok(())
    }

    /// A thread's way to ask.
    ///
    /// # Errors
    /// The host has no timer left.
    pub fn waiter(self: &Arc<Self>) -> io::Result<Waiter> {
        let alarm = Arc::new(Alarm::new()?);
        let mut state = self.state();
        state.alarms.retain(|known| known.strong_count() > 0);
        state.alarms.push(Arc::downgrade(&alarm));
        Ok(Waiter::new(Arc::clone(self), alarm))
    }

    /// Whether there is a limit at all.
    pub fn is_limited(&self) -> bool {
        self.limited.load(Ordering::Acquire)
    }

    /// What had to wait.
    pub fn held_back(&self) -> &Arc<HeldBack> {
        &self.held_back
    }

    /// From now on, what has to wait is counted here as well: limits of several devices that belong together share this.
    pub fn count_together(&self, together: &Arc<HeldBack>) {
        // Whoever was first keeps it.
        let _ = self.together.set(Arc::clone(together));
    }

    /// Where what has to wait is counted.
    pub(crate) fn counters(&self) -> impl Iterator<Item = &HeldBack> {
        [&self.held_back].into_iter().chain(self.together.get()).map(|counters| &**counters)
    }

    /// Something of so many bytes goes this way, whether it may or not: those behind it wait for that.
    pub fn charge(&self, direction: Direction, bytes: u64) {
        if self.is_limited() {
            self.state().rules.take(now(), direction, bytes);
        }
    }

    /// Whether something may go this way now, and if so, that `bytes` of it do, if they are known. If not, the alarm will go
    /// off when it is worth asking again.
    pub(crate) fn ask(&self, alarm: &Alarm, direction: Direction, bytes: Option<u64>) -> bool {
        let mut state = self.state();
        let now = now();
        if let Some(until) = state.rules.closed_until(now, direction) {
            alarm.set(until);
            return false;
        }
        if let Some(bytes) = bytes {
            state.rules.take(now, direction, bytes);
        }
        true
    }

    pub(crate) fn put_off(&self, alarm: &Alarm) {
        let _only = self.state();
        alarm.put_off();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
