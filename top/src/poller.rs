//! A thread for each machine that asks it again and again, so that one that stalls holds up nobody.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use qmp_client::{Address, ClientError, Settings};

use crate::app::Update;
use crate::source::Source;

/// How long the first pause is after a machine has gone.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// Pauses double up to this one.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// How long a machine may take to greet, and to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// More than all statistics of a large machine, in bytes.
const MESSAGE_LIMIT: usize = 32 << 20;
/// Nobody here takes events.
const EVENT_LIMIT: usize = 1;

/// The thread that asks one machine. It ends, at its next pause, when this is dropped.
pub(crate) struct Poller {
    intervals: Sender<Duration>,
}

impl Poller {
    /// Begins to ask the machine at `address` every `interval`; what it says goes to `tell`, until that returns false.
    pub(crate) fn start(
        address: Address,
        interval: Duration,
        tell: impl Fn(Update) -> bool + Send + 'static,
    ) -> Self {
        let (intervals, changes) = channel();
        let pace = Pace { interval, changes };
        thread::spawn(move || Asking { address, pace, tell }.run());
        Self { intervals }
    }

    /// From now on it is asked every `interval`.
    pub(crate) fn set_interval(&self, interval: Duration) {
        // The thread has ended only if nobody listens to it any more.
        let _ = self.intervals.send(interval);
    }
}

/// How often to ask.
struct Pace {
    interval: Duration,
    changes: Receiver<Duration>,
}

/// Nobody listens any more.
struct Over;

impl Pace {
    /// Waits for `time`; a change of the interval ends that.
    fn wait(&mut self, time: Duration) -> Result<(), Over> {
        match self.changes.recv_timeout(time) {
            Ok(interval) => self.interval = interval,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(Over),
        }
        Ok(())
    }
}

/// One machine and whom to tell about it.
struct Asking<T> {
    address: Address,
    pace: Pace,
    tell: T,
}

impl<T: Fn(Update) -> bool> Asking<T> {
    fn run(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let reason = match self.ask(&mut pause) {
                Ok(Over) => return,
                Err(error) => error.to_string(),
            };
            if self.say(Update::Lost { reason, retry: pause }).is_err() || self.pace.wait(pause).is_err() {
                return;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Asks until something goes wrong or nobody listens; once a sample has come the pauses are short again.
    fn ask(&mut self, pause: &mut Duration) -> Result<Over, ClientError> {
        let settings = Settings {
            connect_timeout: PATIENCE,
            answer_timeout: PATIENCE,
            message_limit: MESSAGE_LIMIT,
            event_limit: EVENT_LIMIT,
            ..Settings::default()
        };
        let (mut source, introduction) = Source::connect(&self.address, settings)?;
        if self.say(Update::Introduced(introduction)).is_err() {
            return Ok(Over);
        }
        loop {
            let sample = source.sample()?;
            *pause = FIRST_PAUSE;
            if self.say(Update::Sampled(Box::new(sample))).is_err()
                || self.pace.wait(self.pace.interval).is_err()
            {
                return Ok(Over);
            }
        }
    }

    fn say(&self, update: Update) -> Result<(), Over> {
        if (self.tell)(update) { Ok(()) } else { Err(Over) }
    }
}
