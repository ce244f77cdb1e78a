//! What every transport does for its device: it finds out what the driver wants, starts and stops the device's threads,
//! and shows monitors how things stand. The registers by which a driver says so are the part of `mmio` and `pci`.

mod back_end;
mod limits;
mod negotiation;
mod queue_setup;
mod queues;
pub mod status;

pub use limits::{MAXIMUM_QUEUE_SIZE, MAXIMUM_QUEUES, TransportError};
pub(crate) use queue_setup::{QueueRegister, QueueSetup, half, set_high, set_low};

use crate::GuestMemory;
use crate::device::Device;
use crate::interrupt::Interrupt;
use crate::introspection::{CONFIGURATION_SIZE, DeviceView, Introspect, PublishedQueue};
use crate::place::{DevicePlace, Surroundings};
use crate::queue::RingForm;
use crate::roles::Roles;
use crate::runner::Runners;
use limits::{check_features, check_queue_sizes};
use std::io;
use std::sync::Arc;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// One device behind the registers `R`. vCPUs call it one at a time.
///
/// The device works on threads of its own from DRIVER_OK until it is reset or this is dropped.
pub struct Transport<R> {
    // The threads have to end before the device goes: fields are dropped in this order.
    runners: Option<Runners>,
    device: Box<dyn Device>,
    /// What the device's threads are named after: its id or, without one, its kind.
    name: String,
    memory: GuestMemory,
    view: Arc<DeviceView>,
    kicks: Arc<[EventFd]>,
    queues: Vec<QueueSetup>,
    device_features_select: u32,
    driver_features_select: u32,
    queue_select: u32,
    acknowledged_features: u128,
    paused: bool,
    /// Whether the times of requests are taken.
    stage_clocks: bool,
    /// What this kind of transport has besides.
    pub(crate) registers: R,
}

impl<R> Transport<R> {
    /// Puts `device` behind `registers`, which `interrupt` belongs to.
    pub(crate) fn attach(
        device: Box<dyn Device>,
        memory: GuestMemory,
        interrupt: Arc<dyn Interrupt>,
        rings: RingForm,
        registers: R,
    ) -> Result<Self, TransportError> {
        let kind = device.kind();
        let features = check_features(kind, (device.features(), device.ring_features()), rings)?;
        let sizes = check_queue_sizes(kind, device.queue_sizes())?;
        let kicks: io::Result<Vec<EventFd>> = sizes.iter().map(|_| EventFd::new(EFD_NONBLOCK)).collect();
        let kicks: Arc<[EventFd]> = kicks.map_err(TransportError::KickEvent)?.into();
        let published =
            (0..).zip(sizes).map(|(index, size)| Arc::new(PublishedQueue::new(index, *size))).collect();
        let about = (kind, device.details());
        let view =
            DeviceView::new(about, Arc::clone(&memory), features, interrupt, published, Arc::clone(&kicks));
        let view = view.with_back_end(device.roles().vhost);
        let transport = Self {
            runners: None,
            memory,
            view: Arc::new(view),
            kicks,
            queues: sizes.iter().copied().map(QueueSetup::new).collect(),
            name: kind.name.to_owned(),
            device,
            device_features_select: 0,
            driver_features_select: 0,
            queue_select: 0,
            acknowledged_features: 0,
            paused: false,
            stage_clocks: true,
            registers,
        };
        transport.publish_configuration();
        Ok(transport)
    }

    /// Tells the device its place, before a driver can come; returns what the machine can do with the device.
    pub fn place(&mut self, id: Option<&str>, path: &str, surroundings: Arc<dyn Surroundings>) -> Roles {
        let view = Arc::clone(&self.view);
        if let Some(id) = id {
            id.clone_into(&mut self.name);
        }
        self.device.attached(DevicePlace::new(id.map(str::to_owned), path.to_owned(), surroundings, view));
        self.device.roles()
    }

    /// What monitors see. It stays valid for as long as anybody holds it.
    pub fn view(&self) -> Arc<dyn Introspect> {
        Arc::clone(&self.view) as Arc<dyn Introspect>
    }

    /// Whether the times of requests are taken, from the device's next start on; they are unless told otherwise.
    pub fn set_stage_clocks(&mut self, on: bool) {
        self.stage_clocks = on;
    }

    /// The events that kick the queues, by queue number. A write to the queue's notification register does the same.
    pub fn kick_events(&self) -> &[EventFd] {
        &self.kicks
    }

    /// Returns when the device does nothing any more. The registers go on working.
    pub fn pause(&mut self) {
        self.paused = true;
        self.view.set_running(false);
        if let Some(runners) = &self.runners {
            runners.pause();
        }
        if let Some(back_end) = self.device.back_end() {
            back_end.pause();
        }
    }

    /// Lets the device go on.
    pub fn resume(&mut self) {
        self.paused = false;
        self.view.set_running(true);
        if let Some(runners) = &self.runners {
            runners.resume();
        }
        if let Some(back_end) = self.device.back_end() {
            back_end.resume();
        }
    }

    /// The device's number in the specification.
    pub(crate) fn device_id(&self) -> u32 {
        self.device.kind().id
    }

    /// The part of the transport that monitors and the device's thread share.
    pub(crate) fn shared(&self) -> &DeviceView {
        &self.view
    }

    /// The driver reads the configuration space. `data` comes zeroed.
    pub(crate) fn read_configuration(&mut self, offset: u64, data: &mut [u8]) {
        self.device.read_config(offset, data);
        // A thread of the device may have changed it; this is when the driver learns of it, and so do monitors.
        self.publish_configuration();
    }

    /// The driver writes the configuration space.
    pub(crate) fn write_configuration(&mut self, offset: u64, data: &[u8]) {
        self.device.write_config(offset, data);
        self.publish_configuration();
    }

    /// The driver kicks a queue; nothing happens if there is no such queue.
    pub(crate) fn kick(&self, queue: u32) {
        let kick = usize::try_from(queue).ok().and_then(|queue| self.kicks.get(queue));
        if let Some(kick) = kick {
            // The only failure is a full counter, and then the device will look anyway.
            let _ = kick.write(1);
        }
    }

    /// Shows monitors the configuration space as it is now.
    fn publish_configuration(&self) {
        let mut space = [0; CONFIGURATION_SIZE];
        self.device.read_config(0, &mut space);
        self.view.published_configuration().publish(&space);
    }
}
