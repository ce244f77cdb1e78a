//! No acceleration: the built-in guest's workload on a host thread, over the real bus and the real guest memory.

mod platform;
mod wait;

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use boot::InitialState;
use boot::addresses::INTERRUPT_LINES;
use builtin_guest::layout::{FIRST_LINE, FIRST_VECTOR, WINDOW_COUNT};
use builtin_guest::{Wake, Workload};
use virtio_core::pci::{Message, MessageRoute};
use vmm_sys_util::eventfd::EventFd;

use super::gate::{Gate, Pass};
use super::threads::VcpuThreads;
use super::{
    Accelerator, AcceleratorError, ExitReason, GuestMemory, Launch, StatisticsFiles, Vcpu, VcpuExits,
    VcpuRegister,
};
use crate::bus::lock;
use crate::payload::builtin;
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
    exits: Vec<Arc<VcpuExits>>,
}

impl NoAcceleration {
    pub(super) fn new(memory: GuestMemory, cpus: u8) -> Result<Self, AcceleratorError> {
        if !builtin::fits(&memory) {
            return Err(AcceleratorError::MemoryTooSmall);
        }
        let (waiter, interrupt) =
            Waiter::new().map_err(AcceleratorError::host("create an event descriptor"))?;
        let exits = (0..cpus).map(|_| Arc::default()).collect();
        let waiter = Mutex::new(Some(waiter));
        Ok(Self { memory, cpus, interrupt, waiter, threads: VcpuThreads::new(), exits })
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
        if line >= INTERRUPT_LINES {
            return Err(AcceleratorError::InterruptLine(line));
        }
        let window = line.checked_sub(FIRST_LINE.into()).filter(|window| *window < WINDOW_COUNT.into());
        // The built-in guest listens to the windows' lines only.
        let Some(window) = window else { return Ok(()) };
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
        let exits = self.exits.first().map(Arc::clone).unwrap_or_default();
        let platform = HostPlatform { bus: Arc::clone(&launch.bus), memory: Arc::clone(&self.memory), exits };
        self.threads.spawn(0, launch.host_cpu(0), move |gate| run(gate, platform, waiter))?;
        // As under KVM, only the first vCPU has work.
        for index in 1..self.cpus {
            self.threads.spawn(index, launch.host_cpu(index), idle)?;
        }
        if !launch.paused {
            self.threads.resume();
        }
        Ok(())
    }

    fn pause(&self) {
        self.threads.pause(|_| self.interrupt());
    }

    fn reset(&self, _entry: &InitialState) -> Result<(), AcceleratorError> {
        self.threads.begin_anew();
        Ok(())
    }

    fn resume(&self) {
        self.threads.resume();
    }

    fn vcpus(&self) -> Vec<Vcpu> {
        self.threads.vcpus()
    }

    fn registers(&self, _index: u8) -> Result<Vec<VcpuRegister>, AcceleratorError> {
        Err(AcceleratorError::NoRegisters)
    }

    fn translate(&self, _index: u8, _address: u64) -> Result<Option<u64>, AcceleratorError> {
        Err(AcceleratorError::NoRegisters)
    }

    fn exits(&self) -> &[Arc<VcpuExits>] {
        &self.exits
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

/// The guest's lives on this thread.
fn run(gate: &Gate, mut platform: HostPlatform, mut waiter: Waiter) {
    let mut pass = gate.enter();
    while let Some(begun) = pass {
        pass = live(begun, &mut platform, &mut waiter);
    }
}

/// The guest's life until it is to begin anew; `None` if the thread is to end.
fn live<'a>(mut pass: Pass<'a>, platform: &mut HostPlatform, waiter: &mut Waiter) -> Option<Pass<'a>> {
    let beginning = pass.beginning();
    let mut workload = Workload::start(platform);
    loop {
        let halt = platform.exits.begin(ExitReason::Halt);
        let wake = waiter.wait();
        drop(halt);
        pass = pass.renew()?;
        if pass.beginning() != beginning {
            return Some(pass);
        }
        if wake != Wake::default() {
            workload.wake(platform, wake);
        }
    }
}

/// A vCPU that is never started.
fn idle(gate: &Gate) {
    let mut pass = gate.enter();
    while let Some(open) = pass {
        pass = open.retire(|| ());
    }
}
