//! A device as monitors see it.

use super::activity::{Activity, DeviceThread};
use super::back_end;
use super::configuration::{CONFIGURATION_SIZE, PublishedConfiguration};
use super::in_flight::InFlightChain;
use super::kick;
use super::published::{PublishedQueue, QueueSnapshot};
use super::sequence_lock::SequenceLock;
use super::walk::{self, Element, ElementError};
use super::words;
use crate::details::DeviceDetails;
use crate::interrupt::{Cause, Interrupt};
use crate::queue::{QueueCounters, QueueError};
use crate::roles::vhost::{Vhost, VhostBackEnd};
use crate::transport::status;
use crate::{DeviceError, DeviceKind, GuestMemory};
use arc_swap::ArcSwapOption;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};
use thiserror::Error;
use vmm_sys_util::eventfd::EventFd;

/// All that a monitor can know of a device. Nothing here waits for a queue's or a vCPU's thread, writes to guest
/// memory, or changes what the driver sees.
pub trait Introspect: Send + Sync {
    /// What kind of device this is.
    fn kind(&self) -> &'static DeviceKind;

    /// What there is to know of a device of this kind beyond its feature bits.
    fn details(&self) -> &'static DeviceDetails;

    /// The guest's memory. Whoever looks only reads it.
    fn memory(&self) -> &GuestMemory;

    /// The device's state, apart from its queues.
    fn status(&self) -> DeviceSnapshot;

    /// A queue's state; `None` if the device has no such queue.
    fn queue(&self, index: u16) -> Option<QueueSnapshot>;

    /// The chains of a queue that the device has taken and not given back, in the order in which it took them. Empty if
    /// there is no such queue.
    fn in_flight(&self, queue: u16) -> Vec<InFlightChain>;

    /// What has happened on a queue since the device was made; `None` if there is no such queue.
    fn counters(&self, queue: u16) -> Option<&QueueCounters>;

    /// Whether the driver's kick of a queue has arrived and the device's thread has not woken up for it.
    fn kick_pending(&self, queue: u16) -> bool;

    /// Whether the thread that a queue is the business of is at work, and not waiting for events.
    fn working(&self, queue: u16) -> bool;

    /// The threads that work on the queues; none before the driver is ready.
    fn threads(&self) -> Vec<DeviceThread> {
        Vec::new()
    }

    /// The process that works on the queues instead of this one, if that is so.
    fn back_end(&self) -> Option<Arc<VhostBackEnd>> {
        None
    }

    /// The configuration space as it stood when the transport last had to do with it.
    fn configuration(&self) -> [u8; CONFIGURATION_SIZE];

    /// The chain at a position of the available ring, read from guest memory as it stands now. Without `index` it is
    /// the next one that the device would take.
    ///
    /// # Errors
    /// There is no such queue, or its ring cannot be read.
    fn element(&self, queue: u16, index: Option<u16>) -> Result<Element, ElementError>;
}

/// A device's state, apart from its queues.
#[derive(Clone, Debug)]
pub struct DeviceSnapshot {
    /// The status register.
    pub status: u8,
    /// The InterruptStatus register; reading it here acknowledges nothing.
    pub interrupt_status: u8,
    /// The QueueSel register.
    pub queue_select: u32,
    /// The DeviceFeaturesSel register.
    pub device_features_select: u32,
    /// The DriverFeaturesSel register.
    pub driver_features_select: u32,
    /// The ConfigGeneration register.
    pub configuration_generation: u32,
    /// Feature bits offered, the transport's included.
    pub offered_features: u128,
    /// Feature bits that the driver has acknowledged.
    pub acknowledged_features: u128,
    /// Feature bits of a backend outside of this process; zero if there is none.
    pub backend_features: u128,
    /// Number of queues.
    pub queue_count: u16,
    /// False while the machine is paused.
    pub running: bool,
    /// A thread of the device is at work, and not waiting for events.
    pub working: bool,
    /// Why the device needs a reset, if it does.
    pub failure: Option<Arc<DeviceFailure>>,
    /// Which message vectors the driver has chosen; `None` if the transport has no messages (virtio-mmio).
    pub messages: Option<MessageSnapshot>,
}

/// The message vectors (MSI-X) of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSnapshot {
    /// Messages are used, and the interrupt line is not.
    pub enabled: bool,
    /// The vector for changes of the configuration, if the driver has chosen one.
    pub configuration: Option<u16>,
    /// The vector of each queue, if the driver has chosen one.
    pub queues: Vec<Option<u16>>,
}

/// Why a device needs a reset.
#[derive(Debug, Error)]
pub enum DeviceFailure {
    /// The driver has broken the rules of a ring.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The device could not start.
    #[error("the device cannot start: {0}")]
    Start(DeviceError),
    /// The process that works on the queues is of no use any more.
    #[error("the back end cannot go on: {0}")]
    BackEnd(DeviceError),
    /// The thread of the device could not be made or could not wait for events.
    #[error("the device's thread cannot {what}: {error}")]
    Thread {
        /// What it was to do.
        what: &'static str,
        /// Why not.
        error: std::io::Error,
    },
}

/// The state of a device that its transport, its threads and monitors share, all of it in atomics.
///
/// The transport and the threads write, each its own part; monitors have it as [`Introspect`].
pub struct DeviceView {
    kind: &'static DeviceKind,
    memory: GuestMemory,
    offered_features: u128,
    acknowledged_features: SequenceLock<2>,
    status: AtomicU8,
    queue_select: AtomicU32,
    device_features_select: AtomicU32,
    driver_features_select: AtomicU32,
    configuration: PublishedConfiguration,
    configuration_generation: AtomicU32,
    running: AtomicBool,
    activity: Activity,
    failure: ArcSwapOption<DeviceFailure>,
    interrupt: Arc<dyn Interrupt>,
    queues: Vec<Arc<PublishedQueue>>,
    kicks: Arc<[EventFd]>,
    details: &'static DeviceDetails,
    vhost: Option<Arc<dyn Vhost>>,
}

impl DeviceView {
    pub(crate) fn new(
        (kind, details): (&'static DeviceKind, &'static DeviceDetails),
        memory: GuestMemory,
        offered_features: u128,
        interrupt: Arc<dyn Interrupt>,
        queues: Vec<Arc<PublishedQueue>>,
        kicks: Arc<[EventFd]>,
    ) -> Self {
        Self {
            kind,
            memory,
            offered_features,
            acknowledged_features: SequenceLock::new([0; 2]),
            status: AtomicU8::new(0),
            queue_select: AtomicU32::new(0),
            device_features_select: AtomicU32::new(0),
            driver_features_select: AtomicU32::new(0),
            configuration: PublishedConfiguration::default(),
            configuration_generation: AtomicU32::new(0),
            running: AtomicBool::new(true),
            activity: Activity::new(queues.len()),
            failure: ArcSwapOption::empty(),
            interrupt,
            queues,
            kicks,
            details,
            vhost: None,
        }
    }

    /// The same of a device whose queues another process may work on.
    pub(crate) fn with_back_end(self, vhost: Option<Arc<dyn Vhost>>) -> Self {
        Self { vhost, ..self }
    }

    /// A back end has used buffers of this queue, and wants the driver to know.
    pub(crate) fn used_buffer(&self, queue: u16) {
        if let Some(published) = self.published_queue(queue) {
            published.counters().interrupts.add(1);
        }
        self.interrupt.raise(Cause::UsedBuffer(queue));
    }

    pub(crate) fn interrupt(&self) -> &Arc<dyn Interrupt> {
        &self.interrupt
    }

    pub(crate) fn published_queue(&self, index: u16) -> Option<&Arc<PublishedQueue>> {
        self.queues.get(usize::from(index))
    }

    pub(crate) fn offered_features(&self) -> u128 {
        self.offered_features
    }

    pub(crate) fn set_acknowledged_features(&self, features: u128) {
        self.acknowledged_features.write(0, words(features));
    }

    pub(crate) fn set_queue_select(&self, queue: u32) {
        self.queue_select.store(queue, Ordering::Relaxed);
    }

    pub(crate) fn set_feature_selects(&self, device: u32, driver: u32) {
        self.device_features_select.store(device, Ordering::Relaxed);
        self.driver_features_select.store(driver, Ordering::Relaxed);
    }

    /// Which of the device's threads are at work.
    pub(crate) fn activity(&self) -> &Activity {
        &self.activity
    }

    /// The copy of the configuration space.
    pub(crate) fn published_configuration(&self) -> &PublishedConfiguration {
        &self.configuration
    }

    pub(crate) fn set_running(&self, running: bool) {
        self.running.store(running, Ordering::Relaxed);
    }

    /// Whether it needs a reset.
    pub(crate) fn has_failed(&self) -> bool {
        self.device_status() & status::DEVICE_NEEDS_RESET != 0
    }

    pub(crate) fn device_status(&self) -> u8 {
        self.status.load(Ordering::Acquire)
    }

    pub(crate) fn set_status_bits(&self, bits: u8) {
        self.status.fetch_or(bits, Ordering::AcqRel);
    }

    pub(crate) fn configuration_generation(&self) -> u32 {
        self.configuration_generation.load(Ordering::Acquire)
    }

    /// The device has changed its configuration space. A driver that is not there yet will read it as it is.
    pub(crate) fn configuration_changed(&self) {
        self.configuration_generation.fetch_add(1, Ordering::AcqRel);
        if self.device_status() & status::DRIVER_OK != 0 {
            self.interrupt.raise(Cause::ConfigurationChange);
        }
    }

    /// The device cannot go on until it is reset (virtio 1.3, 2.1.2). Only the first reason is kept.
    pub(crate) fn fail(&self, failure: DeviceFailure) {
        if let DeviceFailure::Queue(error) = &failure
            && let Some(queue) = self.published_queue(error.queue)
        {
            // The transport reports mistakes too, while the device's thread may work on another queue.
            queue.counters().errors.add_shared(1);
        }
        let empty: Option<Arc<DeviceFailure>> = None;
        self.failure.compare_and_swap(&empty, Some(Arc::new(failure)));
        let before = self.status.fetch_or(status::DEVICE_NEEDS_RESET, Ordering::AcqRel);
        if before & status::DRIVER_OK != 0 {
            self.interrupt.raise(Cause::ConfigurationChange);
        }
    }

    /// Everything is as before the driver came. The device's threads have ended.
    pub(crate) fn reset(&self) {
        self.status.store(0, Ordering::Release);
        self.set_acknowledged_features(0);
        self.queue_select.store(0, Ordering::Relaxed);
        self.set_feature_selects(0, 0);
        self.failure.store(None);
        self.interrupt.reset();
        self.queues.iter().for_each(|queue| queue.reset());
    }
}

impl Introspect for DeviceView {
    fn kind(&self) -> &'static DeviceKind {
        self.kind
    }

    fn details(&self) -> &'static DeviceDetails {
        self.details
    }

    fn memory(&self) -> &GuestMemory {
        &self.memory
    }

    fn status(&self) -> DeviceSnapshot {
        let ([low, high], _) = self.acknowledged_features.read();
        DeviceSnapshot {
            status: self.device_status(),
            interrupt_status: self.interrupt.status(),
            queue_select: self.queue_select.load(Ordering::Relaxed),
            device_features_select: self.device_features_select.load(Ordering::Relaxed),
            driver_features_select: self.driver_features_select.load(Ordering::Relaxed),
            configuration_generation: self.configuration_generation(),
            offered_features: self.offered_features,
            acknowledged_features: u128::from(high) << u64::BITS | u128::from(low),
            backend_features: self.back_end().map_or(0, |back_end| back_end.features.into()),
            queue_count: u16::try_from(self.queues.len()).unwrap_or(u16::MAX),
            running: self.running.load(Ordering::Relaxed),
            working: self.activity.is_any_working(),
            failure: self.failure.load_full(),
            messages: self.interrupt.messages(),
        }
    }

    fn queue(&self, index: u16) -> Option<QueueSnapshot> {
        let snapshot = self.published_queue(index)?.snapshot();
        Some(if self.vhost.is_some() { back_end::snapshot(&self.memory, snapshot) } else { snapshot })
    }

    fn in_flight(&self, queue: u16) -> Vec<InFlightChain> {
        self.published_queue(queue).map(|queue| queue.in_flight()).unwrap_or_default()
    }

    fn counters(&self, queue: u16) -> Option<&QueueCounters> {
        self.published_queue(queue).map(|queue| queue.counters())
    }

    fn kick_pending(&self, queue: u16) -> bool {
        self.kicks.get(usize::from(queue)).is_some_and(kick::is_pending)
    }

    fn working(&self, queue: u16) -> bool {
        self.activity.is_working(queue)
    }

    fn threads(&self) -> Vec<DeviceThread> {
        self.activity.threads()
    }

    fn back_end(&self) -> Option<Arc<VhostBackEnd>> {
        self.vhost.as_ref().map(|vhost| vhost.back_end())
    }

    fn configuration(&self) -> [u8; CONFIGURATION_SIZE] {
        self.configuration.bytes()
    }

    fn element(&self, queue: u16, index: Option<u16>) -> Result<Element, ElementError> {
        let snapshot = self.queue(queue).ok_or(ElementError::NoSuchQueue(queue))?;
        // What a back end takes next is not known; the oldest that it may have comes closest.
        let oldest = || self.vhost.as_ref().map(|_| snapshot.indices.used);
        walk::element(&self.memory, &snapshot, index.or_else(oldest))
    }
}

impl fmt::Debug for DeviceView {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DeviceView")
            .field("kind", &self.kind.name)
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}
