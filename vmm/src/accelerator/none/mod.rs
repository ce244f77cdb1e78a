//! No acceleration: the built-in guest's workload on a host thread, over the real bus and the real guest memory.

mod platform;
mod wait;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use builtin_guest::layout::{FIRST_LINE, FIRST_VECTOR, WINDOW_COUNT};
use builtin_guest::{Wake, Workload};
use virtio_core::pci::{Message, MessageRoute};
use vmm_sys_util::eventfd::EventFd;

use super::gate::Gate;
use super::image;
use super::threads::VcpuThreads;
use super::{Accelerator, AcceleratorError, GuestMemory, Launch, StatisticsFiles, Vcpu};
use crate::bus::lock;
use platform::HostPlatform;
use wait::Waiter;

/// `--accel none`.
pub(super) struct NoAcceleration {
    memory: GuestMemory,
    cpus: u8,
    /// Wakes the thread when it waits for the guest's next round.
    interrupt: EventFd,
    /// Until the start.
    waiter: Mutex<Option<Waiter>>,
    threads: VcpuThreads,
}

impl NoAcceleration {
    pub(super) fn new(memory: GuestMemory, cpus: u8) -> Result<Self, AcceleratorError> {
        image::check_memory(&memory)?;
        let (waiter, interrupt) =
            Waiter::new().map_err(AcceleratorError::host("create an event descriptor"))?;
        Ok(Self { memory, cpus, interrupt, waiter: Mutex::new(Some(waiter)), threads: VcpuThreads::new() })
    }

    fn interrupt(&self) {
        // Fails only when the counter is full, and then the thread is awake.
        let _ = self.interrupt.write(1);
    }
}

impl Accelerator for NoAcceleration {
    fn name(&self) -> &'static str {
        "none"
    }

    fn connect_interrupt(&self, line: u32, event: &EventFd) -> Result<(), AcceleratorError> {
        let window =
            line.checked_sub(u32::from(FIRST_LINE)).filter(|window| *window < u32::from(WINDOW_COUNT));
        let window = window.ok_or(AcceleratorError::InterruptLine(line))?;
        let mut waiter = lock(&self.waiter);
        let waiter = waiter.as_mut().ok_or(AcceleratorError::StartedAlready)?;
        let windows = Arc::new(AtomicU32::new(1 << window));
        waiter.watch(windows, event).map_err(AcceleratorError::host("watch an event descriptor"))
    }

    /// The built-in guest has no function interrupt it by a line.
    fn set_interrupt_line(&self, _line: u32, _high: bool) {}

    fn connect_message(&self, event: &EventFd) -> Result<Box<dyn MessageRoute>, AcceleratorError> {
        let mut waiter = lock(&self.waiter);
        let waiter = waiter.as_mut().ok_or(AcceleratorError::StartedAlready)?;
        let windows = Arc::new(AtomicU32::new(0));
        let watched = waiter.watch(Arc::clone(&windows), event);
        watched.map_err(AcceleratorError::host("watch an event descriptor"))?;
        Ok(Box::new(Route(windows)))
    }

    fn connect_kick(
        &self,
        _address: u64,
        _value: Option<u32>,
        _event: &EventFd,
    ) -> Result<(), AcceleratorError> {
        Ok(())
    }

    fn disconnect_kick(&self, _address: u64, _value: Option<u32>, _event: &EventFd) {}

    fn start(&self, launch: Launch) -> Result<(), AcceleratorError> {
        let waiter = lock(&self.waiter).take().ok_or(AcceleratorError::StartedAlready)?;
        let platform = HostPlatform { bus: launch.bus, memory: Arc::clone(&self.memory) };
        self.threads.spawn(0, move |gate| run(gate, platform, waiter))?;
        // As under KVM, only the first vCPU has work.
        for index in 1..self.cpus {
            self.threads.spawn(index, |gate| gate.enter().into_iter().for_each(|pass| pass.retire(|| ())))?;
        }
        if !launch.paused {
            self.threads.resume();
        }
        Ok(())
    }

    fn pause(&self) {
        self.threads.pause(|_| self.interrupt());
    }

    fn resume(&self) {
        self.threads.resume();
    }

    fn vcpus(&self) -> Vec<Vcpu> {
        self.threads.vcpus()
    }

    fn statistics(&self) -> Result<Option<StatisticsFiles>, AcceleratorError> {
        Ok(None)
    }

    fn shutdown(&self) {
        self.threads.shutdown(|_| self.interrupt());
    }
}

impl Drop for NoAcceleration {
    fn drop(&mut self) {
        self.shutdown();
    }
}

/// Which windows an interrupt message is for.
struct Route(Arc<AtomicU32>);

impl MessageRoute for Route {
    fn set(&mut self, message: Message) {
        let [vector, ..] = message.data.to_le_bytes();
        let window = vector.checked_sub(FIRST_VECTOR).filter(|window| *window < WINDOW_COUNT);
        self.0.store(window.map_or(0, |window| 1 << window), Ordering::Release);
    }
}

/// The guest's life on this thread.
fn run(gate: &Gate, mut platform: HostPlatform, mut waiter: Waiter) {
    let Some(mut pass) = gate.enter() else { return };
    let mut workload = Workload::start(&mut platform);
    loop {
        let wake = waiter.wait();
        match pass.renew() {
            Some(renewed) => pass = renewed,
            None => return,
        }
        if wake != Wake::default() {
            workload.wake(&mut platform, wake);
        }
    }
}
