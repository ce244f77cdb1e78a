//! The virtio-mmio transport, version 2 (virtio 1.3, section 4.2): a window of registers through which a driver finds,
//! configures and kicks one device.

mod limits;
mod queue_setup;
mod registers;
pub mod status;

use crate::GuestMemory;
use crate::device::{Activation, Device};
use crate::feature_map::{EVENT_IDX, INDIRECT_DESC, RING_PACKED, VERSION_1};
use crate::interrupt::Interrupt;
use crate::introspection::{CONFIGURATION_SIZE, DeviceFailure, DeviceView, Introspect, PublishedQueue};
use crate::queue::{Queue, RingForm};
use crate::runner::{Runner, WorkerContext};
pub use limits::{MAXIMUM_QUEUE_SIZE, MAXIMUM_QUEUES, TransportError};

use limits::{check_features, check_queue_sizes};
use queue_setup::{QueueSetup, of_queue};
use registers::{CONFIGURATION_SPACE, MAGIC_VALUE, NO_SHARED_MEMORY, Register, VENDOR_ID, VERSION};
use std::io;
use std::sync::Arc;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// Bytes of the register window, the configuration space included.
pub const MMIO_SIZE: u64 = 0x200;
/// Offset of the register that the driver kicks by; the value written is the queue's number.
pub const QUEUE_NOTIFY_OFFSET: u64 = 0x50;
/// One device behind its registers. vCPUs call it one at a time.
///
/// The device works on a thread of its own from DRIVER_OK until it is reset or this is dropped.
pub struct MmioTransport {
    // The thread has to end before the device goes: fields are dropped in this order.
    runner: Option<Runner>,
    device: Box<dyn Device>,
    memory: GuestMemory,
    view: Arc<DeviceView>,
    kicks: Arc<[EventFd]>,
    queues: Vec<QueueSetup>,
    device_features_select: u32,
    driver_features_select: u32,
    queue_select: u32,
    acknowledged_features: u128,
    paused: bool,
}

impl MmioTransport {
    /// Puts `device` behind registers. Writing to `interrupt` raises its line (edge). Packed `rings` are an offer: the
    /// driver may still choose split ones.
    ///
    /// # Errors
    /// A device that declares what cannot be, or no more file descriptors.
    pub fn new(
        device: Box<dyn Device>,
        memory: GuestMemory,
        interrupt: EventFd,
        rings: RingForm,
    ) -> Result<Self, TransportError> {
        let kind = device.kind();
        let features = check_features(kind, device.features(), rings)?;
        let sizes = check_queue_sizes(kind, device.queue_sizes())?;
        let kicks: io::Result<Vec<EventFd>> = sizes.iter().map(|_| EventFd::new(EFD_NONBLOCK)).collect();
        let kicks: Arc<[EventFd]> = kicks.map_err(TransportError::KickEvent)?.into();
        let published =
            (0..).zip(sizes).map(|(index, size)| Arc::new(PublishedQueue::new(index, *size))).collect();
        let interrupt = Arc::new(Interrupt::new(interrupt));
        let about = (kind, device.details());
        let view =
            DeviceView::new(about, Arc::clone(&memory), features, interrupt, published, Arc::clone(&kicks));
        let transport = Self {
            runner: None,
            memory,
            view: Arc::new(view),
            kicks,
            queues: sizes.iter().copied().map(QueueSetup::new).collect(),
            device,
            device_features_select: 0,
            driver_features_select: 0,
            queue_select: 0,
            acknowledged_features: 0,
            paused: false,
        };
        transport.publish_configuration();
        Ok(transport)
    }

    /// What monitors see. It stays valid for as long as anybody holds it.
    pub fn view(&self) -> Arc<dyn Introspect> {
        Arc::clone(&self.view) as Arc<dyn Introspect>
    }

    /// The events that kick the queues, by queue number. A write to QueueNotify does the same.
    pub fn kick_events(&self) -> &[EventFd] {
        &self.kicks
    }

    /// Returns when the device does nothing any more. The registers go on working.
    pub fn pause(&mut self) {
        self.paused = true;
        self.view.set_running(false);
        if let Some(runner) = &self.runner {
            runner.pause();
        }
    }

    /// Lets the device go on.
    pub fn resume(&mut self) {
        self.paused = false;
        self.view.set_running(true);
        if let Some(runner) = &self.runner {
            runner.resume();
        }
    }

    /// The driver reads at `offset` of the window. Registers are read in 32 bits; what cannot be read gives zeros.
    pub fn read(&mut self, offset: u64, data: &mut [u8]) {
        data.fill(0);
        if let Some(offset) = offset.checked_sub(CONFIGURATION_SPACE) {
            self.device.read_config(offset, data);
            // The device's thread may have changed it; this is when the driver learns of it, and so do monitors.
            self.publish_configuration();
        } else if let (Some(register), Ok(data)) = (Register::at(offset), <&mut [u8; 4]>::try_from(data)) {
            *data = self.read_register(register).to_le_bytes();
        }
    }

    /// The driver writes at `offset` of the window. Registers are written in 32 bits; any other write, and one that
    /// the device's state does not allow, has no effect.
    pub fn write(&mut self, offset: u64, data: &[u8]) {
        if let Some(offset) = offset.checked_sub(CONFIGURATION_SPACE) {
            self.device.write_config(offset, data);
            self.publish_configuration();
        } else if let (Some(register), Ok(data)) = (Register::at(offset), <[u8; 4]>::try_from(data)) {
            self.write_register(register, u32::from_le_bytes(data));
        }
    }

    /// Shows monitors the configuration space as it is now.
    fn publish_configuration(&self) {
        let mut space = [0; CONFIGURATION_SIZE];
        self.device.read_config(0, &mut space);
        self.view.published_configuration().publish(&space);
    }

    fn read_register(&self, register: Register) -> u32 {
        match register {
            Register::MagicValue => MAGIC_VALUE,
            Register::Version => VERSION,
            Register::DeviceId => self.device.kind().id,
            Register::VendorId => VENDOR_ID,
            Register::DeviceFeatures => {
                feature_word(self.view.offered_features(), self.device_features_select)
            }
            Register::QueueSizeMaximum => {
                self.selected_queue().map_or(0, |queue| u32::from(queue.maximum_size))
            }
            Register::QueueReady => self.selected_queue().map_or(0, |queue| u32::from(queue.ready)),
            Register::InterruptStatus => u32::from(self.view.interrupt().status()),
            Register::Status => u32::from(self.view.device_status()),
            Register::SharedMemoryLengthLow
            | Register::SharedMemoryLengthHigh
            | Register::SharedMemoryBaseLow
            | Register::SharedMemoryBaseHigh => NO_SHARED_MEMORY,
            Register::ConfigurationGeneration => self.view.configuration_generation(),
            _ => 0,
        }
    }

    fn write_register(&mut self, register: Register, value: u32) {
        match register {
            Register::DeviceFeaturesSelect => {
                self.device_features_select = value;
                self.view.set_feature_selects(value, self.driver_features_select);
            }
            Register::DriverFeatures => self.acknowledge_features(value),
            Register::DriverFeaturesSelect => {
                self.driver_features_select = value;
                self.view.set_feature_selects(self.device_features_select, value);
            }
            Register::QueueSelect => {
                self.queue_select = value;
                self.view.set_queue_select(value);
            }
            Register::QueueSize
            | Register::QueueDescriptorLow
            | Register::QueueDescriptorHigh
            | Register::QueueDriverLow
            | Register::QueueDriverHigh
            | Register::QueueDeviceLow
            | Register::QueueDeviceHigh => self.set_up_queue(register, value),
            Register::QueueReady => self.set_queue_ready(value & 1 != 0),
            Register::QueueNotify => self.kick(value),
            Register::InterruptAcknowledge => {
                let [bits, ..] = value.to_le_bytes();
                self.view.interrupt().acknowledge(bits);
            }
            Register::Status if value == 0 => self.reset(),
            Register::Status => {
                let [bits, ..] = value.to_le_bytes();
                self.set_status(bits);
            }
            _ => {}
        }
    }

    /// Features are open to change until FEATURES_OK (3.1.1).
    fn acknowledge_features(&mut self, value: u32) {
        if self.view.device_status() & status::FEATURES_OK != 0 {
            return;
        }
        let Some(shift) = word_shift(self.driver_features_select) else { return };
        let others = self.acknowledged_features & !(0xffff_ffff << shift);
        self.acknowledged_features = others | u128::from(value) << shift;
        self.view.set_acknowledged_features(self.acknowledged_features);
    }

    /// Whether the device can work with what the driver has acknowledged.
    fn are_features_agreed(&self) -> bool {
        let unoffered = self.acknowledged_features & !self.view.offered_features();
        unoffered == 0 && self.acknowledged_features & VERSION_1 != 0
    }

    fn set_status(&mut self, value: u8) {
        let current = self.view.device_status();
        let transition = status::transition(current, value, self.are_features_agreed());
        self.view.set_status_bits(transition.added);
        if transition.starts {
            match self.start() {
                Ok(runner) => self.runner = Some(runner),
                Err(failure) => self.view.fail(failure),
            }
        }
    }

    fn start(&mut self) -> Result<Runner, DeviceFailure> {
        let mut queues = Vec::new();
        for (index, setup) in (0..).zip(&self.queues) {
            queues.push(if setup.ready { Some(self.make_queue(index, setup)?) } else { None });
        }
        let activation =
            Activation { features: self.acknowledged_features, memory: Arc::clone(&self.memory) };
        let worker = self.device.start(activation).map_err(DeviceFailure::Start)?;
        let context = WorkerContext::new(queues, Arc::clone(&self.memory), Arc::clone(&self.view))
            .map_err(|error| DeviceFailure::Thread { what: "be given an epoll instance", error })?;
        Runner::start(worker, context, Arc::clone(&self.kicks), self.paused)
    }

    fn make_queue(&self, index: u16, setup: &QueueSetup) -> Result<Queue, DeviceFailure> {
        let configuration = setup.configuration(index, self.acknowledged_features);
        let published = match self.view.published_queue(index) {
            Some(published) => Arc::clone(published),
            None => Arc::new(PublishedQueue::new(index, setup.maximum_size)),
        };
        // The driver may have described the ring before it chose the form.
        published.publish_layout(&configuration.layout, setup.ready);
        let interrupt = Arc::clone(self.view.interrupt());
        Ok(Queue::new(&configuration, Arc::clone(&self.memory), published, interrupt)?)
    }

    /// Everything as it was before the driver came (2.4). Returns when the device has let go of guest memory.
    fn reset(&mut self) {
        self.runner = None;
        self.device.reset();
        for queue in &mut self.queues {
            *queue = QueueSetup::new(queue.maximum_size);
        }
        self.device_features_select = 0;
        self.driver_features_select = 0;
        self.queue_select = 0;
        self.acknowledged_features = 0;
        self.view.reset();
        self.publish_configuration();
    }

    fn selected_queue(&self) -> Option<&QueueSetup> {
        self.queues.get(usize::try_from(self.queue_select).ok()?)
    }

    /// A queue's ring can be described while the queue is not in use (4.2.2, table) and before the device starts.
    fn set_up_queue(&mut self, register: Register, value: u32) {
        // A queue in use is published by the device's thread, and by nobody else.
        if !self.selected_queue().is_some_and(|queue| queue.ready) {
            self.change_queue(|setup| setup.write(register, value));
        }
    }

    /// Puts a queue to use, or stops it and waits until the device has let go of it.
    fn set_queue_ready(&mut self, ready: bool) {
        if !ready && let (Some(runner), Ok(queue)) = (&self.runner, u16::try_from(self.queue_select)) {
            runner.stop_queue(queue);
        }
        let started = self.view.device_status() & status::DRIVER_OK != 0;
        if !ready || !started {
            self.change_queue(|setup| {
                setup.ready = ready;
                Ok(())
            });
        }
    }

    /// Changes the selected queue's registers and publishes them.
    fn change_queue(&mut self, change: impl FnOnce(&mut QueueSetup) -> Result<(), crate::queue::RingError>) {
        let Ok(index) = u16::try_from(self.queue_select) else { return };
        let form = ring_form(self.acknowledged_features);
        let Some(setup) = self.queues.get_mut(usize::from(index)) else { return };
        setup.layout.form = form;
        let changed = change(setup).map_err(of_queue(index));
        if let Some(published) = self.view.published_queue(index) {
            published.publish_layout(&setup.layout, setup.ready);
        }
        if let Err(error) = changed {
            self.view.fail(error.into());
        }
    }

    fn kick(&self, queue: u32) {
        let kick = usize::try_from(queue).ok().and_then(|queue| self.kicks.get(queue));
        if let Some(kick) = kick {
            // The only failure is a full counter, and then the device will look anyway.
            let _ = kick.write(1);
        }
    }
}

/// The form of all rings of a device whose driver has acknowledged `features`.
fn ring_form(features: u128) -> RingForm {
    if features & RING_PACKED == 0 { RingForm::Split } else { RingForm::Packed }
}

/// The 32 feature bits that a selector register stands for; none beyond those that there are.
fn feature_word(features: u128, select: u32) -> u32 {
    let word = word_shift(select).map_or(0, |shift| features >> shift & 0xffff_ffff);
    u32::try_from(word).unwrap_or(0)
}

/// Where the word of feature bits with this number begins, if there is one.
fn word_shift(select: u32) -> Option<u32> {
    select.checked_mul(u32::BITS).filter(|shift| *shift < u128::BITS)
}
