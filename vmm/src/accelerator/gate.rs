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
        let state = Mutex::new(State { wish: Wish::Pause, at_work: 0 });
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
    fn wait_for_a_run(&self, mut state: MutexGuard<'_, State>) -> Option<Pass<'_>> {
        loop {
            match state.wish {
                Wish::Run => {
                    state.at_work += 1;
                    return Some(Pass { gate: self });
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
}

impl<'a> Pass<'a> {
    /// Waits while the gate is closed; `None` if the thread is to end.
    pub(super) fn renew(self) -> Option<Self> {
        let gate = self.gate;
        if !gate.closed.load(Ordering::Acquire) {
            return Some(self);
        }
        drop(self);
        gate.wait_for_a_run(gate.lock())
    }

    /// Does no more work for the guest: does `last`, which nobody waits for, and stays until the thread is to end.
    pub(super) fn retire(self, last: impl FnOnce()) {
        let gate = self.gate;
        drop(self);
        last();
        let mut state = gate.lock();
        while state.wish != Wish::End {
            state = gate.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
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
            scope.spawn(|| gate.enter().map(|pass| pass.retire(|| ())));
            gate.open();
            gate.close();
            gate.wait_until_idle();
            gate.end();
        });
    }
}
