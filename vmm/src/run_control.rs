//! Whether the guest runs, and the changes between the states.
//!
//! Two locks: `changing` is held while vCPUs and devices stop or start, which may take a while; `state` only for
//! as long as it is read or set, so that asking for the state never waits for a change.

use std::sync::Mutex;

use qapi_schema::machine::RunState;

use crate::bus::lock;

/// What stops and runs with the guest.
pub trait Parts: Send + Sync {
    /// Returns when nothing moves any more.
    fn pause(&self);
    /// Lets everything go on.
    fn resume(&self);
}

/// The guest has ended or failed and cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the guest cannot go on in state '{0}'")]
pub struct CannotGoOn(RunState);

/// The state of a machine made of `P`.
pub struct RunControl<P> {
    parts: P,
    state: Mutex<RunState>,
    changing: Mutex<()>,
}

impl<P: Parts> RunControl<P> {
    /// A machine whose parts run, or, in state `prelaunch`, wait for the first [`RunControl::cont`].
    pub fn new(parts: P, paused: bool) -> Self {
        let state = if paused { RunState::Prelaunch } else { RunState::Running };
        Self { parts, state: Mutex::new(state), changing: Mutex::default() }
    }

    /// What the machine is made of.
    pub fn parts(&self) -> &P {
        &self.parts
    }

    /// The state now.
    pub fn state(&self) -> RunState {
        *lock(&self.state)
    }

    /// Stops a running machine, which is then in state `reason`; tells whether it ran. `stopped` is called before
    /// another change can begin.
    pub fn stop(&self, reason: RunState, stopped: impl FnOnce()) -> bool {
        self.stop_if(|| true, reason, stopped)
    }

    /// The same if it is `wanted`, which is asked when no other change can begin any more, and also if the machine is stopped.
    pub fn stop_if(&self, wanted: impl FnOnce() -> bool, reason: RunState, stopped: impl FnOnce()) -> bool {
        let _changing = lock(&self.changing);
        if !wanted() || self.state() != RunState::Running {
            return false;
        }
        self.parts.pause();
        self.set(reason);
        stopped();
        true
    }

    /// Lets a stopped machine run. `resuming` is called before the first part moves and before another change can
    /// begin; not at all if the machine runs.
    ///
    /// # Errors
    /// The guest has ended or failed.
    pub fn cont(&self, resuming: impl FnOnce()) -> Result<(), CannotGoOn> {
        let _changing = lock(&self.changing);
        match self.state() {
            RunState::Running => Ok(()),
            RunState::Prelaunch | RunState::Paused | RunState::IoError => {
                self.set(RunState::Running);
                resuming();
                self.parts.resume();
                Ok(())
            }
            ended => Err(CannotGoOn(ended)),
        }
    }

    /// Has the guest begin anew: `reset` is called while nothing moves and before another change can begin. What ran, runs
    /// on; what was stopped waits for [`RunControl::cont`], even if the guest had failed. Nothing happens if the machine has
    /// ended.
    ///
    /// # Errors
    /// That of `reset`; the machine is then stopped, and failed.
    pub fn reset<E>(&self, reset: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
        let _changing = lock(&self.changing);
        let before = self.state();
        match before {
            RunState::Shutdown => return Ok(()),
            RunState::Running => self.parts.pause(),
            _ => {}
        }
        let outcome = reset();
        match (&outcome, before) {
            (Err(_), _) => self.set(RunState::InternalError),
            (Ok(()), RunState::Running) => self.parts.resume(),
            (Ok(()), _) => self.set(RunState::Prelaunch),
        }
        outcome
    }

    /// Stops the machine for good.
    pub fn shut_down(&self) {
        let _changing = lock(&self.changing);
        if self.state() == RunState::Running {
            self.parts.pause();
        }
        self.set(RunState::Shutdown);
    }

    fn set(&self, state: RunState) {
        *lock(&self.state) = state;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Log(Mutex<Vec<&'static str>>);

    impl Log {
        fn add(&self, word: &'static str) {
            lock(&self.0).push(word);
        }
    }

    impl Parts for Log {
        fn pause(&self) {
            self.add("pause");
        }

        fn resume(&self) {
            self.add("resume");
        }
    }

    #[test]
    fn events_come_after_the_pause_and_before_the_resume() {
        let control = RunControl::new(Log::default(), false);
        let log = control.parts();
        assert!(control.stop(RunState::Paused, || log.add("STOP")));
        assert_eq!(control.state(), RunState::Paused);
        control.cont(|| log.add("RESUME")).unwrap();
        assert_eq!(control.state(), RunState::Running);
        assert_eq!(*lock(&log.0), ["pause", "STOP", "RESUME", "resume"]);
    }

    #[test]
    fn stop_when_stopped_and_cont_when_running_do_nothing() {
        let control = RunControl::new(Log::default(), true);
        assert!(!control.stop(RunState::Paused, || panic!("it did not run")));
        assert_eq!(control.state(), RunState::Prelaunch);
        control.cont(|| ()).unwrap();
        control.cont(|| panic!("it runs")).unwrap();
        assert_eq!(*lock(&control.parts().0), ["resume"]);
    }

    #[test]
    fn whether_a_stop_is_wanted_is_asked_in_any_state() {
        let control = RunControl::new(Log::default(), true);
        let stop = |wanted| {
            let ask = || {
                control.parts().add("asked");
                assert!(control.changing.try_lock().is_err(), "nobody else stops it, or lets it go on");
                wanted
            };
            control.stop_if(ask, RunState::IoError, || ())
        };
        assert!(!stop(true), "it did not run");
        control.cont(|| ()).unwrap();
        assert!(!stop(false));
        assert!(stop(true));
        assert_eq!(*lock(&control.parts().0), ["asked", "resume", "asked", "asked", "pause"]);
    }

    #[test]
    fn a_guest_that_failed_or_ended_cannot_go_on() {
        let control = RunControl::new(Log::default(), false);
        assert!(control.stop(RunState::InternalError, || ()));
        let error = control.cont(|| panic!("it failed")).unwrap_err();
        assert_eq!(error.to_string(), "the guest cannot go on in state 'internal-error'");
        control.shut_down();
        assert_eq!(control.state(), RunState::Shutdown);
        assert_eq!(*lock(&control.parts().0), ["pause"], "what is paused is not paused again");
        assert!(control.cont(|| ()).is_err());
    }

    fn note_reset(log: &Log) -> Result<(), ()> {
        log.add("reset");
        Ok(())
    }

    #[test]
    fn a_reset_happens_while_nothing_moves() {
        let control = RunControl::new(Log::default(), false);
        let log = control.parts();
        control.reset(|| note_reset(log)).unwrap();
        assert_eq!(
            (control.state(), &**lock(&log.0)),
            (RunState::Running, ["pause", "reset", "resume"].as_slice())
        );
        control.stop(RunState::InternalError, || ());
        control.reset(|| note_reset(log)).unwrap();
        assert_eq!(control.state(), RunState::Prelaunch);
        control.cont(|| ()).unwrap();
        assert_eq!(control.reset(|| Err("gone")), Err("gone"));
        assert_eq!(control.state(), RunState::InternalError);
        assert_eq!(lock(&log.0).last(), Some(&"pause"), "what cannot begin does not run");
        control.shut_down();
        assert_eq!(control.reset(|| Err("too late")), Ok(()));
    }

    #[test]
    fn the_state_can_be_asked_for_during_a_change() {
        let control = RunControl::new(Log::default(), false);
        control.stop(RunState::Paused, || assert_eq!(control.state(), RunState::Paused));
    }
}
