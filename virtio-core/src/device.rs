//! The two halves of a device: the front, which the transport owns, and the worker on the device's own thread.

use crate::back_end::BackEnd;
use crate::details::DeviceDetails;
use crate::options::OptionsError;
use crate::pci::PciClass;
use crate::place::DevicePlace;
use crate::queue::{Queue, QueueError};
use crate::roles::Roles;
use crate::runner::WorkerContext;
use crate::{DeviceKind, GuestMemory};
use std::error::Error;
use std::os::fd::RawFd;
use thiserror::Error;

/// The front half of a device: what the transport asks on behalf of the driver. It is called from vCPU threads, one
/// call at a time.
pub trait Device: Send {
    /// What kind of device this is.
    fn kind(&self) -> &'static DeviceKind;

    /// What monitors can show of the device beyond its feature bits: what these depend on, the fields of its
    /// configuration space, the headers of its requests. Nothing by default.
    fn details(&self) -> &'static DeviceDetails {
        &DeviceDetails::NONE
    }

    /// The machine has given the device its place. Called at most once, before a driver can come; devices that have
    /// nothing to tell the machine need not listen.
    fn attached(&mut self, place: DevicePlace) {
        let _ = place;
    }

    /// What the machine can do with the device beyond virtio; asked for once, after [`attached`](Self::attached).
    fn roles(&self) -> Roles {
        Roles::default()
    }

    /// What the device is for, as far as the classes of PCI know that. They know no class for most kinds.
    fn pci_class(&self) -> PciClass {
        PciClass::OTHER
    }

    /// The device-specific bits offered; bit N is feature N. The transport adds its own: VERSION_1, INDIRECT_DESC, EVENT_IDX,
    /// RING_RESET and, if it is to, RING_PACKED.
    fn features(&self) -> u128;

    /// Which of the transport's own bits the device can do with. All by default; who has others work on its queues depends on
    /// them.
    fn ring_features(&self) -> u128 {
        u128::MAX
    }

    /// Whether others than this process have to map the guest's memory.
    fn shares_memory(&self) -> bool {
        false
    }

    /// Who works on the queues instead of workers of the device: nobody by default. A device that has somebody plays the role
    /// [`Roles::vhost`], too, from the beginning.
    fn back_end(&mut self) -> Option<&mut dyn BackEnd> {
        None
    }

    /// The largest size of each queue, which is also its size until the driver chooses one. Powers of two.
    fn queue_sizes(&self) -> &[u16];

    /// Reads the configuration space. `data` comes zeroed; bytes beyond the space are to be left so. There is no space
    /// by default.
    fn read_config(&self, offset: u64, data: &mut [u8]) {
        let _ = (offset, data);
    }

    /// Writes the configuration space. What is read-only or beyond the space is to be ignored, by default all of it.
    fn write_config(&mut self, offset: u64, data: &[u8]) {
        let _ = (offset, data);
    }

    /// The driver is ready (DRIVER_OK): makes the half that will work on the queues.
    ///
    /// # Errors
    /// Whatever keeps the device from working; the driver then sees DEVICE_NEEDS_RESET.
    fn start(&mut self, activation: Activation) -> Result<Workers, DeviceError>;

    /// The driver has reset the device. The workers have ended before.
    fn reset(&mut self) {}
}

/// What a device is started with.
#[derive(Clone, Debug)]
pub struct Activation {
    /// The features that the driver has acknowledged, the transport's included.
    pub features: u128,
    /// The guest's memory.
    pub memory: GuestMemory,
}

impl Activation {
    /// Whether the driver has acknowledged the feature with this bit number.
    pub fn has_feature(&self, bit: u8) -> bool {
        self.features & 1_u128.checked_shl(u32::from(bit)).unwrap_or(0) != 0
    }
}

/// The back half of a device: one worker or several, each with a thread of its own and queues that only it works on.
pub struct Workers {
    first: Box<dyn Worker>,
    others: Vec<(Vec<u16>, Box<dyn Worker>)>,
}

impl Workers {
    /// A worker for all queues, but for those that others get.
    pub fn new(worker: impl Worker + 'static) -> Self {
        Self { first: Box::new(worker), others: Vec::new() }
    }

    /// Another worker, for the queues with these numbers. (A queue named twice stays with whom it was given to first.)
    #[must_use]
    pub fn and(mut self, queues: impl IntoIterator<Item = u16>, worker: impl Worker + 'static) -> Self {
        self.others.push((queues.into_iter().collect(), Box::new(worker)));
        self
    }

    /// The same workers, each in what `wrap` puts around it.
    #[must_use]
    pub fn map(self, mut wrap: impl FnMut(Box<dyn Worker>) -> Box<dyn Worker>) -> Self {
        let others = self.others.into_iter();
        Self {
            first: wrap(self.first),
            others: others.map(|(queues, other)| (queues, wrap(other))).collect(),
        }
    }

    /// All workers, each with its own of all the device's `queues`, which are `None` where the driver uses none.
    pub(crate) fn with_queues(self, queues: Vec<Option<Queue>>) -> Vec<(Box<dyn Worker>, Vec<OwnQueue>)> {
        let all = (0..).zip(queues).map(|(index, queue)| OwnQueue { index, queue, pending: true });
        let mut left: Vec<OwnQueue> = all.collect();
        let mut given = Vec::with_capacity(self.others.len() + 1);
        for (numbers, worker) in self.others {
            given.push((worker, left.extract_if(.., |queue| numbers.contains(&queue.index)).collect()));
        }
        given.insert(0, (self.first, left));
        given
    }
}

/// A place for one of a worker's queues.
#[derive(Debug)]
pub(crate) struct OwnQueue {
    pub(crate) index: u16,
    /// `None` while the driver does not use it.
    pub(crate) queue: Option<Queue>,
    /// It is its turn: the driver may have filled it.
    pub(crate) pending: bool,
}

/// A worker lives on its own thread, does all the work of its queues and shares no lock with vCPUs or other workers.
///
/// An error from any method stops the device: it needs a reset, and monitors show the error.
///
/// A worker may have work under way between calls, which others do for it (the kernel, threads of its own). That must not
/// touch guest memory any more once it is dropped or [`settle`](Self::settle) has returned.
pub trait Worker: Send {
    /// The driver has (or may have) made buffers available in `queue`. Pop until the queue gives `None`; chains that
    /// are left must be taken up again from [`source_ready`](Self::source_ready), for the driver will not kick for
    /// them again. It may be called with nothing available, and is called once for every queue at start.
    ///
    /// # Errors
    /// A broken ring.
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError>;

    /// The machine is about to be paused, or one of the queues to be stopped: returns when nothing is under way any more,
    /// with the chains given back that are done thereby. Workers that do all their work within the calls have nothing to
    /// do.
    ///
    /// # Errors
    /// A broken ring.
    fn settle(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let _ = context;
        Ok(())
    }

    /// The machine goes on after a pause.
    ///
    /// # Errors
    /// A broken ring.
    fn resumed(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let _ = context;
        Ok(())
    }

    /// The driver has stopped a queue, and perhaps will put another one in its place. Chains of the old one that the
    /// worker still has belong to nobody: they cannot be given back. Workers that keep none have nothing to do.
    fn queue_stopped(&mut self, queue: u16) {
        let _ = queue;
    }

    /// The file descriptors to watch besides the queues. Asked for once, before anything else.
    fn sources(&self) -> Vec<Source> {
        Vec::new()
    }

    /// A source is readable. It will be reported again as long as it is.
    ///
    /// # Errors
    /// A broken ring.
    fn source_ready(&mut self, token: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        let _ = (token, context);
        Ok(())
    }
}

/// A file descriptor of a worker that it wants to read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The worker's name for it.
    pub token: u32,
    /// The descriptor. The worker owns it and keeps it open for as long as it lives.
    pub fd: RawFd,
}

/// Why a device cannot be made or started.
#[derive(Debug, Error)]
pub enum DeviceError {
    /// An option on the command line.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// The host refused something.
    #[error("{what}: {error}")]
    Io {
        /// What was to be done, with the name of the file or interface.
        what: String,
        /// Why not.
        error: std::io::Error,
    },
    /// A device crate's own error.
    #[error(transparent)]
    Device(#[from] Box<dyn Error + Send + Sync>),
}

impl DeviceError {
    /// For `map_err`: names what was to be done.
    pub fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |error| Self::Io { what, error }
    }
}
