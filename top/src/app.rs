//! What the program knows and what the operator wants to see of it: a pure state that updates and keys change.

use std::time::Duration;

use crate::filter::Filter;
use crate::machine::{Introduction, Link, Machine, Sample};
use crate::tables::{self, Choice, Sort};

/// How often machines may be asked.
pub(crate) const INTERVALS: [Duration; 9] = [
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(60),
];

/// What fills the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Screen {
    /// A part of everything.
    #[default]
    Overview,
    /// Devices and their queues.
    Devices,
    /// vCPUs.
    Vcpus,
    /// Every statistic.
    Statistics,
}

impl Screen {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Overview, Self::Devices, Self::Vcpus, Self::Statistics];

    /// Its name.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Devices => "Devices",
            Self::Vcpus => "vCPUs",
            Self::Statistics => "Statistics",
        }
    }
}

/// News of a machine.
#[derive(Clone, Debug)]
pub enum Update {
    /// It has been connected to.
    Introduced(Introduction),
    /// Its next sample.
    Sampled(Box<Sample>),
    /// It does not answer.
    Lost {
        /// Why.
        reason: String,
        /// When it is tried again.
        retry: Duration,
    },
}

/// Everything that decides what is on the screen.
#[derive(Clone, Debug)]
pub struct App {
    machines: Vec<Machine>,
    /// The place of the selected machine.
    selected: usize,
    /// What fills the screen.
    pub screen: Screen,
    /// What is shown of it.
    pub choice: Choice,
    /// The filter that is being written.
    pub editing: Option<String>,
    /// New samples are not shown.
    pub frozen: bool,
    /// The keys are explained.
    pub help: bool,
    /// How many rows have been scrolled past.
    pub offset: usize,
    /// How often machines are asked.
    pub interval: Duration,
}

impl App {
    /// Machines at these addresses, which are asked every `interval`.
    pub fn new(addresses: &[String], interval: Duration, choice: Choice) -> Self {
        Self {
            machines: addresses.iter().map(|address| Machine::new(address)).collect(),
            selected: 0,
            screen: Screen::default(),
            choice,
            editing: None,
            frozen: false,
            help: false,
            offset: 0,
            interval,
        }
    }

    /// The machines, in the order of the command line.
    pub fn machines(&self) -> &[Machine] {
        &self.machines
    }

    /// The place of the selected machine.
    pub fn selected_place(&self) -> usize {
        self.selected
    }

    /// The selected machine.
    pub fn selected(&self) -> Option<&Machine> {
        self.machines.get(self.selected)
    }

    /// What is shown: the filter that is being written works at once.
    pub fn effective_choice(&self) -> Choice {
        let mut choice = self.choice.clone();
        if let Some(text) = &self.editing {
            choice.filter = Filter::new(text);
        }
        choice
    }

    /// Takes news of the machine at `place`.
    pub fn update(&mut self, place: usize, update: Update) {
        let Some(machine) = self.machines.get_mut(place) else { return };
        match update {
            Update::Introduced(introduction) => machine.introduce(introduction),
            // A frozen screen still tells who is gone, and who is back.
            Update::Sampled(sample) if !self.frozen || machine.link != Link::Up => machine.take(&sample),
            Update::Sampled(_) => {}
            Update::Lost { reason, retry } => machine.lose(&reason, retry),
        }
    }

    /// Selects the machine that is `down` rows below in the list, or above.
    pub(crate) fn select(&mut self, down: bool) {
        let (_, order) = tables::machines(&self.machines, &self.choice, 0);
        let row = order.iter().position(|&place| place == self.selected).unwrap_or_default();
        let row = if down { row.saturating_add(1) } else { row.saturating_sub(1) };
        if let Some(&place) = order.get(row) {
            self.selected = place;
            self.offset = 0;
        }
    }

    /// Shows another screen.
    pub(crate) fn show(&mut self, screen: Screen) {
        self.screen = screen;
        self.offset = 0;
    }

    /// The next longer interval, or the next shorter one.
    pub(crate) fn change_interval(&mut self, longer: bool) {
        let next = if longer {
            INTERVALS.into_iter().find(|&interval| interval > self.interval)
        } else {
            INTERVALS.into_iter().rev().find(|&interval| interval < self.interval)
        };
        self.interval = next.unwrap_or(self.interval);
    }

    /// Whether something else comes first from now on.
    pub(crate) fn sort_next(&mut self) {
        self.choice.sort = Sort::next(self.choice.sort);
        self.offset = 0;
    }
}
