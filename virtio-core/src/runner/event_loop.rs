//! A worker's thread.

use super::Command;
use super::context::{Event, WorkerContext};
use crate::device::Worker;
use crate::introspection::DeviceFailure;
use crate::queue::{Queue, QueueError};
use std::io;
use std::ops::ControlFlow;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError};
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
        let own: Vec<u16> = context.queues().iter().map(|own| own.index).collect();
        for index in own {
            if let Some(kick) = kicks.get(usize::from(index)) {
                context.add_event(Event::Kick(index), kick.as_raw_fd())?;
            }
        }
        context.add_sources(worker.sources())?;
        Ok(Self { worker, context, kicks, commands, wake })
    }

    /// Works until the transport drops its end or something fails.
    pub(super) fn run(mut self, paused: bool) -> Result<(), DeviceFailure> {
        if paused && self.wait_for_resume().is_break() {
            return Ok(());
        }
        let mut events = [EpollEvent::default(); EVENTS_AT_ONCE];
        loop {
            self.context.set_working(true);
            self.serve_pending_queues()?;
            let poll = self.context.queues().iter().any(|own| own.pending);
            self.context.set_working(poll);
            let wait = self.context.wait(poll, &mut events);
            let count = wait.map_err(|error| DeviceFailure::Thread { what: "wait for events", error })?;
            self.context.set_working(true);
            if self.context.view().has_failed() {
                // What another thread of the device has met ends them all: the driver has to reset the device.
                return Ok(());
            }
            for event in events.iter().take(count) {
                if self.handle(Event::from_epoll(event))?.is_break() {
                    return Ok(());
                }
            }
        }
    }

    fn handle(&mut self, event: Event) -> Result<ControlFlow<()>, DeviceFailure> {
        match event {
            Event::Command => return self.obey(),
            Event::Kick(queue) => self.kicked(queue),
            // A call before this one may have turned the source off.
            Event::Source(token) if !self.context.is_watched(token) => {}
            Event::Source(token) => self.call(|worker, context| worker.source_ready(token, context))?,
        }
        Ok(ControlFlow::Continue(()))
    }

    fn kicked(&mut self, index: u16) {
        let own = self.context.queues().iter_mut().find(|own| own.index == index);
        if let (Some(kick), Some(own)) = (self.kicks.get(usize::from(index)), own) {
            own.pending = true;
            // Nothing to read means that it was read for an earlier event.
            if let (Ok(count), Some(queue)) = (kick.read(), &mut own.queue) {
                queue.kicked(count);
            }
        }
    }

    /// One turn for each queue that has something to do.
    fn serve_pending_queues(&mut self) -> Result<(), DeviceFailure> {
        for place in 0..self.context.queues().len() {
            let Some(own) = self.context.queues().get_mut(place) else { break };
            if !std::mem::take(&mut own.pending) {
                continue;
            }
            let (index, Some(queue)) = (own.index, &mut own.queue) else { continue };
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
        for own in self.context.queues() {
            own.queue.as_mut().into_iter().for_each(Queue::begin_turn);
        }
        work(&mut *self.worker, &mut self.context)?;
        let watched = self.context.take_error();
        watched.map_err(|error| DeviceFailure::Thread { what: "watch a source", error })?;
        // Whatever the worker was called for, it may have popped from any queue.
        for own in self.context.queues() {
            if let Some(queue) = &mut own.queue {
                own.pending |= queue.is_turn_over() || queue.enable_kicks()?;
            }
        }
        Ok(())
    }

    /// Does what the transport has asked for.
    fn obey(&mut self) -> Result<ControlFlow<()>, DeviceFailure> {
        // Nothing to read means that it was read for an earlier event.
        let _ = self.wake.read();
        loop {
            match self.commands.try_recv() {
                Ok(Command::Pause(done)) => {
                    self.call(|worker, context| worker.settle(context))?;
                    self.context.set_working(false);
                    // The transport may have given up waiting; that is its business.
                    let _ = done.send(());
                    if self.wait_for_resume().is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                    self.call(|worker, context| worker.resumed(context))?;
                }
                Ok(Command::Resume) => {}
                Ok(Command::StopQueue(queue, done)) => {
                    self.call(|worker, context| worker.settle(context))?;
                    self.stop_queue(queue, &done);
                }
                Ok(Command::StartQueue(queue)) => self.start_queue(queue),
                Err(TryRecvError::Empty) => return Ok(ControlFlow::Continue(())),
                Err(TryRecvError::Disconnected) => return Ok(ControlFlow::Break(())),
            }
        }
    }

    /// Does nothing but obey until it may go on. Nothing is under way.
    fn wait_for_resume(&mut self) -> ControlFlow<()> {
        loop {
            match self.commands.recv() {
                Ok(Command::Resume) => return ControlFlow::Continue(()),
                Ok(Command::Pause(done)) => {
                    let _ = done.send(());
                }
                Ok(Command::StopQueue(queue, done)) => self.stop_queue(queue, &done),
                Ok(Command::StartQueue(queue)) => self.start_queue(queue),
                Err(_) => return ControlFlow::Break(()),
            }
        }
    }

    fn stop_queue(&mut self, index: u16, done: &SyncSender<()>) {
        if let Some(own) = self.context.queues().iter_mut().find(|own| own.index == index) {
            own.queue = None;
            self.worker.queue_stopped(index);
        }
        let _ = done.send(());
    }

    fn start_queue(&mut self, queue: Queue) {
        if let Some(own) = self.context.queues().iter_mut().find(|own| own.index == queue.index()) {
            own.queue = Some(queue);
            // The driver may have filled it before it was put to use.
            own.pending = true;
        }
    }
}
