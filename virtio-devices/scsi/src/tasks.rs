//! The commands that wait for their images.

use std::sync::Arc;

use storage::{Operation, Request};
use virtio_core::Chain;

use crate::disk::Disk;
use crate::management::{Scope, Summons, Tally};
use crate::request::{Answer, Response};
use crate::target::sense::Sense;

/// A command that is under way.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) chain: Chain,
    /// What the driver knows it by.
    pub(crate) id: u64,
    pub(crate) disk: Arc<Disk>,
    /// Bytes of sense data in its answer.
    pub(crate) sense_size: u32,
    pub(crate) data: Data,
    /// Whether what it changes has to be on stable storage.
    pub(crate) stable: bool,
    /// Requests to the image that are not done.
    pub(crate) left: usize,
    /// Those of them that wait for the machine to go on.
    pub(crate) parked: Vec<Operation>,
    /// Why it has failed.
    pub(crate) failed: Option<Sense>,
    /// It is to end with this.
    end_with: Option<Response>,
    /// Those who wait for its end.
    waiting: Vec<Arc<Tally>>,
}

/// The driver's data in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Data {
    /// Bytes in front of them.
    pub(crate) skip: u64,
    /// Bytes that the command moves.
    pub(crate) length: u32,
    /// Bytes that the driver has room for, or sends, and that nobody has looked at.
    pub(crate) room: u64,
    /// From the image to the driver.
    pub(crate) input: bool,
}

impl Task {
    /// A task for which nothing has been asked of the image yet.
    pub(crate) fn new(chain: Chain, id: u64, disk: Arc<Disk>, sense_size: u32) -> Self {
        Self {
            chain,
            id,
            disk,
            sense_size,
            data: Data::default(),
            stable: false,
            left: 0,
            parked: Vec::new(),
            failed: None,
            end_with: None,
            waiting: Vec::new(),
        }
    }

    /// How it ends.
    pub(crate) fn answer(&self) -> Answer {
        let residual = match self.failed {
            None => self.data.room - u64::from(self.data.length),
            Some(_) => self.data.room,
        };
        match self.end_with {
            Some(response) => Answer::undelivered(response),
            None => Answer { response: Response::Ok, sense: self.failed, residual },
        }
    }

    /// Bytes of data that the driver may look at.
    pub(crate) fn written(&self) -> u32 {
        let is_done = self.failed.is_none() && self.end_with.is_none();
        if self.data.input && is_done { self.data.length } else { 0 }
    }
}

/// The tasks of a worker, by tag.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    slots: Vec<Option<Task>>,
    free: Vec<usize>,
}

impl Tasks {
    /// Keeps a task; returns its tag.
    pub(crate) fn insert(&mut self, task: Task) -> u64 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(task);
        }
        slot as u64
    }

    pub(crate) fn get(&mut self, tag: u64) -> Option<&mut Task> {
        self.slots.get_mut(usize::try_from(tag).ok()?)?.as_mut()
    }

    pub(crate) fn remove(&mut self, tag: u64) -> Option<Task> {
        let slot = usize::try_from(tag).ok()?;
        let task = self.slots.get_mut(slot)?.take()?;
        self.free.push(slot);
        Some(task)
    }

    /// All of them are given up: their chains belong to nobody.
    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.free.clear();
    }

    /// Marks those that are meant; they keep whoever asks waiting, if they are to end.
    pub(crate) fn summon(&mut self, summons: &Summons) {
        let Summons { scope, end_with, tally } = summons;
        for task in self.slots.iter_mut().flatten().filter(|task| is_meant(scope, task)) {
            tally.found();
            if end_with.is_some() {
                task.end_with = *end_with;
                task.waiting.push(Arc::clone(tally));
            }
        }
    }

    /// Those that are to end, by tag.
    pub(crate) fn ending(&mut self) -> impl Iterator<Item = (u64, &mut Task)> {
        let tasks = (0..).zip(&mut self.slots).filter_map(|(tag, task)| Some((tag, task.as_mut()?)));
        tasks.filter(|(_, task)| task.end_with.is_some())
    }

    /// The requests that wait for the machine to go on, which they are to do no longer.
    pub(crate) fn take_parked(&mut self) -> Vec<Request> {
        let mut parked = Vec::new();
        for (tag, task) in (0..).zip(&mut self.slots) {
            let Some(task) = task else { continue };
            let stable = task.stable;
            parked.extend(task.parked.drain(..).map(|operation| Request { tag, operation, stable }));
        }
        parked
    }
}

fn is_meant(scope: &Scope, task: &Task) -> bool {
    scope.has(task.disk.address, task.id)
}
