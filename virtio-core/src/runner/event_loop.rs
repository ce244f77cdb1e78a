//! The device's thread.

use super::Command;
use super::context::{Event, WorkerContext};
use crate::device::Worker;
use crate::introspection::DeviceFailure;
use crate::queue::{Queue, QueueError};
use std::io;
use std::ops::ControlFlow;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use vmm_sys_util::epoll::EpollEvent;
use vmm_sys_util::eventfd::EventFd;

/// Events taken from epoll at once.
const EVENTS_AT_ONCE: usize = 16;

pub(super) struct EventLoop {
    worker: Box<dyn Worker>,
    context: WorkerContext,
    kicks: Arc<[EventFd]>,
    commands: Receiver<Command>,
    wake: EventFd,
    /// The queues whose turn it is.
    pending: Vec<bool>,
}

impl EventLoop {
    pub(super) fn new(
        worker: Box<dyn Worker>,
        mut context: WorkerContext,
        kicks: Arc<[EventFd]>,
        commands: Receiver<Command>,
        wake: EventFd,
    ) -> io::Result<Self> {
        context.add_event(Event::Command, wake.as_raw_fd())?;
        for (queue, kick) in (0..).zip(kicks.iter()) {
            context.add_event(Event::Kick(queue), kick.as_raw_fd())?;
        }
        context.add_sources(worker.sources())?;
        // The driver may have filled queues before it was ready.
        let pending = vec![true; kicks.len()];
        Ok(Self { worker, context, kicks, commands, wake, pending })
    }

    /// Works until the transport drops its end or something fails.
    pub(super) fn run(mut self, paused: bool) -> Result<(), DeviceFailure> {
        if paused && self.wait_for_resume().is_break() {
            return Ok(());
        }
        let mut events = [EpollEvent::default(); EVENTS_AT_ONCE];
        loop {
            self.context.view().set_working(true);
            self.serve_pending_queues()?;
            let poll = self.pending.contains(&true);
            self.context.view().set_working(poll);
            let wait = self.context.wait(poll, &mut events);
            let count = wait.map_err(|error| DeviceFailure::Thread { what: "wait for events", error })?;
            self.context.view().set_working(true);
            for event in events.iter().take(count) {
                if self.handle(Event::from_epoll(event))?.is_break() {
                    return Ok(());
                }
            }
        }
    }

    fn handle(&mut self, event: Event) -> Result<ControlFlow<()>, DeviceFailure> {
        match event {
            Event::Command => return Ok(self.obey()),
            Event::Kick(queue) => self.kicked(queue),
            // A call before this one may have turned the source off.
            Event::Source(token) if !self.context.is_watched(token) => {}
            Event::Source(token) => self.call(|worker, context| worker.source_ready(token, context))?,
        }
        Ok(ControlFlow::Continue(()))
    }

    fn kicked(&mut self, queue: u32) {
        let queue = usize::try_from(queue).unwrap_or(usize::MAX);
        if let (Some(kick), Some(pending)) = (self.kicks.get(queue), self.pending.get_mut(queue)) {
            *pending = true;
            // Nothing to read means that it was read for an earlier event.
            if let (Ok(count), Some(Some(queue))) = (kick.read(), self.context.queues().get_mut(queue)) {
                queue.kicked(count);
            }
        }
    }

    /// One turn for each queue that has something to do.
    fn serve_pending_queues(&mut self) -> Result<(), DeviceFailure> {
        for index in 0..=u16::MAX {
            let Some(pending) = self.pending.get_mut(usize::from(index)) else { break };
            if !std::mem::take(pending) {
                continue;
            }
            let Some(queue) = self.context.queue(index) else { continue };
            queue.begin_service()?;
            self.call(|worker, context| worker.queue_ready(index, context))?;
            if let Some(queue) = self.context.queue(index) {
                queue.end_service();
            }
        }
        Ok(())
    }

    /// Calls the worker, and looks after the queues before and after.
    fn call(
        &mut self,
        work: impl FnOnce(&mut dyn Worker, &mut WorkerContext) -> Result<(), QueueError>,
    ) -> Result<(), DeviceFailure> {
        for queue in self.context.queues().iter_mut().flatten() {
            queue.begin_turn();
        }
        work(&mut *self.worker, &mut self.context)?;
        let watched = self.context.take_error();
        watched.map_err(|error| DeviceFailure::Thread { what: "watch a source", error })?;
        // Whatever the worker was called for, it may have popped from any queue.
        for (queue, pending) in self.context.queues().iter_mut().zip(&mut self.pending) {
            if let Some(queue) = queue {
                *pending |= queue.is_turn_over() || queue.enable_kicks()?;
            }
        }
        Ok(())
    }

    /// Does what the transport has asked for.
    fn obey(&mut self) -> ControlFlow<()> {
        // Nothing to read means that it was read for an earlier event.
        let _ = self.wake.read();
        loop {
            match self.commands.try_recv() {
                Ok(Command::Pause(done)) => {
                    self.context.view().set_working(false);
                    // The transport may have given up waiting; that is its business.
                    let _ = done.send(());
                    self.wait_for_resume()?;
                }
                Ok(Command::Resume) => {}
                Ok(Command::StopQueue(queue, done)) => {
                    self.stop_queue(queue);
                    let _ = done.send(());
                }
                Ok(Command::StartQueue(queue)) => self.start_queue(queue),
                Err(TryRecvError::Empty) => return ControlFlow::Continue(()),
                Err(TryRecvError::Disconnected) => return ControlFlow::Break(()),
            }
        }
    }

    /// Does nothing but obey until it may go on.
    fn wait_for_resume(&mut self) -> ControlFlow<()> {
        loop {
            match self.commands.recv() {
                Ok(Command::Resume) => return ControlFlow::Continue(()),
                Ok(Command::Pause(done)) => {
                    let _ = done.send(());
                }
                Ok(Command::StopQueue(queue, done)) => {
                    self.stop_queue(queue);
                    let _ = done.send(());
                }
                Ok(Command::StartQueue(queue)) => self.start_queue(queue),
                Err(_) => return ControlFlow::Break(()),
            }
        }
    }

    fn stop_queue(&mut self, index: u16) {
        if let Some(queue) = self.context.queues().get_mut(usize::from(index)) {
            *queue = None;
            self.worker.queue_stopped(index);
        }
    }

    fn start_queue(&mut self, queue: Queue) {
        let index = usize::from(queue.index());
        if let (Some(place), Some(pending)) =
            (self.context.queues().get_mut(index), self.pending.get_mut(index))
        {
            *place = Some(queue);
            // The driver may have filled it before it was put to use.
            *pending = true;
        }
    }
}
