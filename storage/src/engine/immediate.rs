//! For images that never wait.

use super::{Done, Engine, EngineKind, Job};
use crate::image::Blocking;
use std::collections::VecDeque;
use std::os::fd::RawFd;
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct Immediate {
    image: Arc<dyn Blocking>,
}

impl Immediate {
    pub(super) fn new(image: Arc<dyn Blocking>) -> Self {
        Self { image }
    }
}

impl Engine for Immediate {
    fn kind(&self) -> EngineKind {
        EngineKind::Immediate
    }

    fn start(&mut self, mut job: Job, done: &mut VecDeque<Done>) {
        let result = job.perform(&*self.image);
        done.push_back((job, result));
    }

    fn submit(&mut self, _done: &mut VecDeque<Done>) {}

    fn collect(&mut self, _done: &mut VecDeque<Done>) {}

    fn wait(&mut self) {}

    fn source(&self) -> Option<RawFd> {
        None
    }
}
