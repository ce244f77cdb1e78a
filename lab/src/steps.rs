//! What people see: a line for each step, with the time that it took.

use std::time::Instant;

use crate::error::Error;

/// Runs steps and counts those that fail.
pub(crate) struct Steps {
    start: Instant,
    failed: Vec<String>,
    /// The last step failed because the machine for the monitors has gone.
    has_lost_host: bool,
}

impl Steps {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), failed: Vec::new(), has_lost_host: false }
    }

    /// Steps that are run beside these, and become a part of them with [`join`](Self::join).
    pub(crate) fn beside(&self) -> Self {
        Self { start: self.start, ..Self::new() }
    }

    /// Takes up what was run beside.
    pub(crate) fn join(&mut self, other: Self) {
        self.failed.extend(other.failed);
    }

    /// Runs a step and tells how it ended; what the step returns for people stands at the end of its line.
    ///
    /// Returns whether going on makes sense: it succeeded, or something was found that is not as it has to be.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<String, Error>) -> bool {
        let start = Instant::now();
        let outcome = work();
        self.has_lost_host = matches!(outcome, Err(Error::Host { .. }));
        let took = start.elapsed().as_secs_f64();
        match outcome {
            Ok(detail) if detail.is_empty() => println!("ok    {took:6.1} s  {name}"),
            Ok(detail) => println!("ok    {took:6.1} s  {name}: {detail}"),
            Err(error) => {
                println!("FAILED{took:6.1} s  {name}\n{error}");
                self.failed.push(name.to_owned());
                return matches!(error, Error::Findings { .. });
            }
        }
        true
    }

    /// Whether the last step failed because the machine for the monitors has gone, which says nothing of what was tried.
    pub(crate) fn has_lost_host(&self) -> bool {
        self.has_lost_host
    }

    /// The same. If so that step does not count any more, and it is for the caller to try it again.
    pub(crate) fn take_lost_host(&mut self) -> bool {
        let lost = std::mem::take(&mut self.has_lost_host);
        if lost {
            self.failed.pop();
        }
        lost
    }

    /// Tells how everything ended; returns whether all steps succeeded.
    pub(crate) fn finish(&self) -> bool {
        let took = self.start.elapsed().as_secs_f64();
        if self.failed.is_empty() {
            println!("lab: everything is as it has to be ({took:.0} s)");
        } else {
            println!(
                "lab: {} of the steps failed ({took:.0} s):\n  {}",
                self.failed.len(),
                self.failed.join("\n  ")
            );
        }
        self.failed.is_empty()
    }
}
