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
#[derive(Debug)]
pub struct Limiter {
    limited: AtomicBool,
    /// For monitors alone: no thread that asks takes it, and so none waits for somebody who looks. Whoever changes the limits
    /// holds it until the rules are those, so that what is read is in force even if two change them at once.
    limits: Mutex<RateLimits>,
    /// For the threads that ask.
    state: Mutex<State>,
    held_back: Arc<HeldBack>,
    /// The same for all that belongs together.
    together: OnceLock<Arc<HeldBack>>,
}

#[derive(Debug, Default)]
struct State {
    rules: Rules,
    /// Those of the threads that there are.
    alarms: Vec<Weak<Alarm>>,
}

impl Default for Limiter {
    fn default() -> Self {
        Self {
            limited: AtomicBool::default(),
            limits: Mutex::new(unlimited()),
            state: Mutex::default(),
            held_back: Arc::default(),
            together: OnceLock::default(),
        }
    }
}

impl Limiter {
    /// The limits as they are now. No thread that asks waits for whoever reads them.
    pub fn limits(&self) -> RateLimits {
        lock(&self.limits).clone()
    }

    /// Other limits from now on, or none. Whatever is held back is looked at anew; nobody has used anything of them yet.
    ///
    /// # Errors
    /// The limits make no sense; then everything stays as it is.
    pub fn set(&self, limits: RateLimits) -> Result<(), LimitsError> {
        check(&limits)?;
        let mut in_force = lock(&self.limits);
        let mut state = self.state();
        state.rules = Rules::new(&limits);
        *in_force = limits;
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
        lock(&self.state)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use qapi_schema::rate_limits::RateLimit;
    use std::sync::mpsc;
    use std::thread;
    use std::time::{Duration, Instant};

    /// Far longer than anything takes here: the end of a test that would wait for ever.
    const PATIENCE: Duration = Duration::from_secs(10);

    fn bytes(rate: u64) -> RateLimits {
        RateLimits { bytes: Some(RateLimit { rate, burst: None, burst_seconds: None }), ..unlimited() }
    }

    #[test]
    fn limits_are_read_while_a_thread_asks() {
        let limiter = Arc::new(Limiter::default());
        limiter.set(bytes(1)).unwrap();
        let read = Arc::clone(&limiter);
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            let asking = limiter.state();
            scope.spawn(move || sender.send(read.limits()).unwrap());
            assert_eq!(receiver.recv_timeout(PATIENCE), Ok(bytes(1)));
            drop(asking);
        });
    }

    #[test]
    fn threads_ask_while_limits_are_read() {
        let limiter = Arc::new(Limiter::default());
        limiter.set(bytes(1)).unwrap();
        let waiter = limiter.waiter().unwrap();
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            let reading = lock(&limiter.limits);
            scope.spawn(move || {
                waiter.charge(Direction::ToGuest, 1);
                waiter.pass(Direction::ToGuest, 1);
                waiter.put_off();
                sender.send(()).unwrap();
            });
            assert_eq!(receiver.recv_timeout(PATIENCE), Ok(()));
            drop(reading);
        });
    }

    /// Else of two who do so at once one could set the rules last, and the other what is read.
    #[test]
    fn whoever_changes_the_rules_keeps_others_from_doing_so_until_they_are_read() {
        let limiter = Limiter::default();
        thread::scope(|scope| {
            let (asking, start) = (limiter.state(), Instant::now());
            scope.spawn(|| limiter.set(bytes(1)).unwrap());
            while limiter.limits.try_lock().is_ok() {
                assert!(start.elapsed() < PATIENCE, "the limits are free, and the rules are about to change");
                thread::yield_now();
            }
            drop(asking);
        });
        assert!(limiter.is_limited());
        assert_eq!(limiter.limits(), bytes(1));
    }
}
