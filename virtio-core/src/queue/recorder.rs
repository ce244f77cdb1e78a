//! What a queue remembers from one step of a request to the next, in order to count it.

use super::counters::{QueueCounters, Stages};
use rustix::time::{ClockId, clock_gettime};
use std::mem;

/// A moment, in nanoseconds from a beginning that all moments share.
type Moment = u64;

/// How a chain came to the device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Arrival {
    /// There was a kick for it.
    kicked: bool,
    /// When the thread woke up for that, if it was for this turn and times are taken.
    kick: Option<Moment>,
    /// When it was taken; zero without times.
    pop: Moment,
}

/// A chain that was given back, and for which it has not been decided yet whether to interrupt.
#[derive(Clone, Copy, Debug)]
struct Completed {
    arrival: Arrival,
    at: Moment,
}

/// Follows the chains of one queue. It is told what happens, and when; it reads no clock by itself, but [`Recorder::now`].
#[derive(Debug)]
pub(super) struct Recorder {
    clocks: bool,
    /// A kick has come and the queue has not had its turn for it.
    kick_waits: bool,
    /// When it came.
    kick: Option<Moment>,
    /// Entries of the ring, from the next one to be taken on, that were available at the last kick.
    kicked: u16,
    /// Chains given back since the last decision about an interrupt.
    completed: u32,
    /// The same chains, with their times.
    unsettled: Vec<Completed>,
}

impl Recorder {
    /// Nothing has happened on a queue of `size` entries; with `clocks`, times are taken.
    pub(super) fn new(clocks: bool, size: u16) -> Self {
        // As many chains come back between two interrupts, unless the driver adds more meanwhile.
        let unsettled = Vec::with_capacity(if clocks { size.into() } else { 0 });
        Self { clocks, kick_waits: false, kick: None, kicked: 0, completed: 0, unsettled }
    }

    /// The time; zero if nobody wants to know.
    pub(super) fn now(&self) -> Moment {
        if !self.clocks {
            return 0;
        }
        let time = clock_gettime(ClockId::Monotonic);
        // The clock starts near zero and runs for 584 years.
        let part = |part| u64::try_from(part).unwrap_or(0);
        part(time.tv_sec).wrapping_mul(1_000_000_000).wrapping_add(part(time.tv_nsec))
    }

    /// The thread has woken up for a kick. Of several before the queue's turn, the first is the one that waits.
    pub(super) fn kick_arrived(&mut self, now: Moment) {
        self.kick_waits = true;
        if self.clocks {
            self.kick.get_or_insert(now);
        }
    }

    /// The queue's turn begins, with so many entries of the ring available.
    pub(super) fn turn_begins(&mut self, available: u16) {
        if mem::take(&mut self.kick_waits) {
            self.kicked = available;
        }
    }

    /// The turn is over: what was not taken waits for something else than the device.
    pub(super) fn turn_ends(&mut self) {
        self.kick = None;
    }

    /// A chain of so many entries was taken.
    pub(super) fn taken(&mut self, slots: u16, now: Moment) -> Arrival {
        let kicked = self.kicked > 0;
        self.kicked = self.kicked.saturating_sub(slots);
        Arrival { kicked, kick: self.kick.filter(|_| kicked), pop: now }
    }

    /// It was not taken after all.
    pub(super) fn put_back(&mut self, slots: u16, arrival: Arrival) {
        if arrival.kicked {
            self.kicked = self.kicked.saturating_add(slots);
        }
    }

    /// It was given back.
    pub(super) fn completed(&mut self, arrival: Arrival, now: Moment, counters: &QueueCounters) {
        if !arrival.kicked {
            counters.kicks_suppressed.add(1);
        }
        self.completed = self.completed.saturating_add(1);
        if self.clocks {
            self.unsettled.push(Completed { arrival, at: now });
        }
    }

    /// Whether there is anything to decide about.
    pub(super) fn has_completed(&self) -> bool {
        self.completed > 0
    }

    /// It was decided whether to interrupt for all that was given back.
    pub(super) fn settled(&mut self, interrupted: bool, now: Moment, counters: &QueueCounters) {
        self.completed = 0;
        let decision = if interrupted { &counters.interrupts } else { &counters.interrupts_suppressed };
        decision.add(1);
        for chain in self.unsettled.drain(..) {
            chain.record(now, &counters.stages);
        }
    }
}

impl Completed {
    /// The differences are of moments in their order, on a clock that never goes back.
    fn record(&self, interrupt: Moment, stages: &Stages) {
        let Self { arrival: Arrival { kick, pop, .. }, at } = *self;
        if let Some(kick) = kick {
            stages.kick_to_pop.record(pop.saturating_sub(kick));
        }
        stages.pop_to_completion.record(at.saturating_sub(pop));
        stages.completion_to_interrupt.record(interrupt.saturating_sub(at));
        stages.total.record(interrupt.saturating_sub(kick.unwrap_or(pop)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sum and number of what is in each of the four histograms.
    fn recorded(counters: &QueueCounters) -> [(u64, u64); 4] {
        let Stages { kick_to_pop, pop_to_completion, completion_to_interrupt, total } = &counters.stages;
        [kick_to_pop, pop_to_completion, completion_to_interrupt, total]
            .map(|histogram| (histogram.sum(), histogram.buckets().iter().sum()))
    }

    #[test]
    fn each_request_passes_each_stage_once() {
        let (mut recorder, counters) = (Recorder::new(true, 8), QueueCounters::default());
        recorder.kick_arrived(100);
        recorder.kick_arrived(105);
        recorder.turn_begins(2);
        let first = recorder.taken(1, 110);
        recorder.completed(first, 130, &counters);
        let second = recorder.taken(1, 131);
        // It came while the device was at work.
        let third = recorder.taken(1, 132);
        recorder.turn_ends();
        recorder.completed(third, 140, &counters);
        recorder.completed(second, 150, &counters);
        assert_eq!(recorded(&counters), [(0, 0); 4], "nothing is settled");
        recorder.settled(true, 160, &counters);
        let kick_to_pop = 10 + 31;
        let pop_to_completion = 20 + 8 + 19;
        let completion_to_interrupt = 30 + 20 + 10;
        let total = 60 + 28 + 60;
        assert_eq!(kick_to_pop + pop_to_completion + completion_to_interrupt, total);
        let expected = [(kick_to_pop, 2), (pop_to_completion, 3), (completion_to_interrupt, 3), (total, 3)];
        assert_eq!(recorded(&counters), expected);
        assert_eq!((counters.interrupts.get(), counters.kicks_suppressed.get()), (1, 1));
    }

    #[test]
    fn a_buffer_that_waits_for_data_had_its_kick_and_is_not_slow() {
        let (mut recorder, counters) = (Recorder::new(true, 8), QueueCounters::default());
        recorder.kick_arrived(10);
        recorder.turn_begins(3);
        recorder.turn_ends();
        let early = recorder.taken(3, 1000);
        recorder.put_back(3, early);
        let chain = recorder.taken(3, 2000);
        recorder.completed(chain, 2001, &counters);
        recorder.settled(false, 2003, &counters);
        assert_eq!(recorded(&counters), [(0, 0), (1, 1), (2, 1), (3, 1)]);
        assert_eq!((counters.kicks_suppressed.get(), counters.interrupts_suppressed.get()), (0, 1));
    }

    #[test]
    fn without_clocks_only_the_counts_are_kept() {
        let (mut recorder, counters) = (Recorder::new(false, 8), QueueCounters::default());
        assert_eq!(recorder.now(), 0);
        recorder.kick_arrived(0);
        recorder.turn_begins(1);
        let first = recorder.taken(1, 0);
        let second = recorder.taken(1, 0);
        recorder.completed(first, 0, &counters);
        recorder.completed(second, 0, &counters);
        assert!(recorder.has_completed());
        recorder.settled(true, 0, &counters);
        assert!(!recorder.has_completed());
        assert_eq!(recorded(&counters), [(0, 0); 4]);
        assert_eq!((counters.interrupts.get(), counters.kicks_suppressed.get()), (1, 1));
    }

    #[test]
    fn the_clock_never_goes_back() {
        let recorder = Recorder::new(true, 1);
        let before = recorder.now();
        assert!(before > 0 && recorder.now() >= before);
    }
}
