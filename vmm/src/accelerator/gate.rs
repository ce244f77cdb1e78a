//! Stops vCPU threads between two pieces of work, and lets them go on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Run,
    Pause,
    End,
}

struct State {
    wish: Wish,
    /// Threads that may be at work now.
    at_work: usize,
    /// How often the guest has begun anew.
    beginnings: u64,
}

/// Where vCPU threads pass between two pieces of work.
///
/// A piece of work may last for ever (`KVM_RUN` of a halted vCPU), so whoever closes the gate must interrupt the threads
/// after [`Gate::close`] and before [`Gate::wait_until_idle`].
pub(super) struct Gate {
    state: Mutex<State>,
    changed: Condvar,
    /// Whether a thread must look at `state`: spares the threads the lock on their way round.
    closed: AtomicBool,
}

impl Gate {
    /// A closed gate.
    pub(super) fn new() -> Self {
        let state = Mutex::new(State { wish: Wish::Pause, at_work: 0, beginnings: 0 });
        Self { state, changed: Condvar::new(), closed: AtomicBool::new(true) }
    }

    /// Called by a thread before its first piece of work: waits until it may begin. `None` if it never may.
    pub(super) fn enter(&self) -> Option<Pass<'_>> {
        self.wait_for_a_run(self.lock())
    }

    /// Lets the threads go on, unless they are to end.
    pub(super) fn open(&self) {
        let mut state = self.lock();
        if state.wish == Wish::Pause {
            state.wish = Wish::Run;
            self.closed.store(false, Ordering::Release);
            self.changed.notify_all();
        }
    }

    /// Lets no thread begin another piece of work.
    pub(super) fn close(&self) {
        self.wish(|wish| if wish == Wish::End { Wish::End } else { Wish::Pause });
    }

    /// Calls back the threads that have retired. To be called while the gate is closed and no thread is at work.
    pub(super) fn begin_anew(&self) {
        self.lock().beginnings += 1;
        self.changed.notify_all();
    }

    /// Sends every thread home.
    pub(super) fn end(&self) {
        self.wish(|_| Wish::End);
    }

    /// Returns when no thread is at work, or the gate is open again.
    pub(super) fn wait_until_idle(&self) {
        let mut state = self.lock();
        while state.at_work > 0 && state.wish != Wish::Run {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn wish(&self, change: impl FnOnce(Wish) -> Wish) {
        let mut state = self.lock();
        state.wish = change(state.wish);
        self.closed.store(true, Ordering::Release);
        self.changed.notify_all();
    }

    /// `None` if the thread is to end.
    fn wait_for_a_run<'a>(&'a self, mut state: MutexGuard<'a, State>) -> Option<Pass<'a>> {
        loop {
            match state.wish {
                Wish::Run => {
                    state.at_work += 1;
                    return Some(Pass { gate: self, beginning: state.beginnings });
                }
                Wish::Pause => state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Wish::End => return None,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A thread at work. Dropped, the thread is not at work any more.
pub(super) struct Pass<'a> {
    gate: &'a Gate,
    beginning: u64,
}

impl<'a> Pass<'a> {
    /// Whether the thread may begin another piece of work. If not, it is to renew its pass.
    pub(super) fn is_valid(&self) -> bool {
        !self.gate.closed.load(Ordering::Acquire)
    }

    /// Which life of the guest the work is for: another number than before says that the guest has begun anew.
    pub(super) fn beginning(&self) -> u64 {
        self.beginning
    }

    /// Waits while the gate is closed; `None` if the thread is to end.
    pub(super) fn renew(self) -> Option<Self> {
        let gate = self.gate;
        if self.is_valid() {
            return Some(self);
        }
        drop(self);
        gate.wait_for_a_run(gate.lock())
    }

    /// Does no more work for the guest until that begins anew: does `last`, which nobody waits for, and waits; `None` if
    /// the thread is to end.
    pub(super) fn retire(self, last: impl FnOnce()) -> Option<Self> {
        let Self { gate, beginning } = self;
        drop(self);
        last();
        let mut state = gate.lock();
        while state.wish != Wish::End && state.beginnings == beginning {
            state = gate.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        gate.wait_for_a_run(state)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.gate.lock().at_work -= 1;
        self.gate.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::thread;

    use super::*;

    /// Counts pieces of work until it is sent home.
    fn work(gate: &Gate, pieces: &AtomicU32) {
        let mut pass = gate.enter();
        while let Some(open) = pass {
            pieces.fetch_add(1, Ordering::Relaxed);
            pass = open.renew();
        }
    }

    fn wait_for_more(pieces: &AtomicU32) {
        let before = pieces.load(Ordering::Relaxed);
        while pieces.load(Ordering::Relaxed) == before {
            thread::yield_now();
        }
    }

    #[test]
    fn no_work_is_done_while_the_gate_is_closed() {
        let (gate, pieces) = (Gate::new(), AtomicU32::new(0));
        thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| work(&gate, &pieces));
            }
            gate.wait_until_idle();
            assert_eq!(pieces.load(Ordering::Relaxed), 0, "a new gate is closed");
            for _ in 0..100 {
                gate.open();
                wait_for_more(&pieces);
                gate.close();
                gate.wait_until_idle();
                let before = pieces.load(Ordering::Relaxed);
                thread::yield_now();
                assert_eq!(pieces.load(Ordering::Relaxed), before);
            }
            gate.end();
        });
    }

    #[test]
    fn who_ends_stays_ended() {
        let (gate, pieces) = (Gate::new(), AtomicU32::new(0));
        gate.open();
        gate.end();
        gate.open();
        gate.close();
        gate.wait_until_idle();
        work(&gate, &pieces);
        assert_eq!(pieces.into_inner(), 0);
    }

    #[test]
    fn a_retired_thread_is_not_waited_for() {
        let gate = Gate::new();
        thread::scope(|scope| {
            scope.spawn(|| gate.enter().map(|pass| pass.retire(|| ()).is_none()));
            gate.open();
            gate.close();
            gate.wait_until_idle();
            gate.end();
        });
    }

    #[test]
    fn a_retired_thread_comes_back_when_the_guest_begins_anew() {
        let (gate, lives) = (Gate::new(), AtomicU32::new(0));
        let live = || {
            let mut pass = gate.enter();
            while let Some(open) = pass {
                assert_eq!(open.beginning(), u64::from(lives.fetch_add(1, Ordering::Relaxed)));
                pass = open.retire(|| ());
            }
        };
        thread::scope(|scope| {
            scope.spawn(live);
            for life in 1..=3 {
                gate.open();
                while lives.load(Ordering::Relaxed) < life {
                    thread::yield_now();
                }
                gate.close();
                gate.wait_until_idle();
                gate.begin_anew();
            }
            gate.end();
        });
        assert_eq!(lives.into_inner(), 3, "one life for each beginning that the gate was opened for");
    }
}
