//! The front half: what the transport asks for. Whatever it takes to answer is known already, or the device's thread is
//! told.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::thread::{Builder, JoinHandle};

use virtio_core::back_end::{BackEnd, BackEndQueue, DriverEnd};
use virtio_core::roles::vhost::Vhost;
use virtio_core::{
    Activation, Device, DeviceDetails, DeviceError, DeviceKind, DevicePlace, Roles, Workers,
    read_config_space,
};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use crate::connection::Connection;
use crate::counters::Counters;
use crate::error::VhostUserError;
use crate::features;
use crate::options::KnownKind;
use crate::published::Published;
use crate::rings::Ring;
use crate::worker::{Command, Promise, Started, WorkerThread};

/// What the user has said about a device.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where the back end listens.
    pub(crate) socket: PathBuf,
    /// How many queues; otherwise as many as the back end has.
    pub(crate) queues: Option<u64>,
    /// Entries of each.
    pub(crate) queue_size: u16,
    /// The configuration space, for back ends that have none.
    pub(crate) configuration: Option<Vec<u8>>,
}

/// A device that a driver can be attached to, and a back end that does its work.
pub struct VhostUser {
    known: KnownKind,
    /// Of the first back end; those that come after it have to offer them too.
    features: u64,
    queue_sizes: Vec<u16>,
    published: Arc<Published>,
    counters: Arc<Counters>,
    commands: Option<Sender<Command>>,
    wake: EventFd,
    thread: Option<JoinHandle<()>>,
}

impl VhostUser {
    /// A device of this kind, whose back end is met at once.
    ///
    /// # Errors
    /// There is no back end, or none that can be used, or nobody says how many queues there are.
    pub(crate) fn new(known: KnownKind, settings: Settings) -> Result<Self, DeviceError> {
        let place = settings.socket.display().to_string();
        let at_socket = |error: VhostUserError| DeviceError::Device(format!("'{place}': {error}").into());
        let connection = Connection::open(&settings.socket).map_err(at_socket)?;
        let queue_sizes = queue_sizes(&settings, &connection)?;
        let promise = Promise {
            socket: settings.socket.clone(),
            features: connection.features,
            queue_sizes: queue_sizes.clone(),
        };
        connection.check_queues(queue_sizes.len()).map_err(at_socket)?;
        let given = settings.configuration.unwrap_or_default();
        let configuration = connection.configuration.as_deref().unwrap_or(&given);
        let published = Arc::new(Published::new(connection.shown(place.clone(), 1), configuration));
        let wake = EventFd::new(EFD_NONBLOCK).map_err(DeviceError::io("cannot make an event"))?;
        let thread_wake = wake.try_clone().map_err(DeviceError::io("cannot share an event"))?;
        let (commands, orders) = channel();
        let features = connection.features;
        let counters = Arc::new(Counters::new());
        let shown = (Arc::clone(&published), Arc::clone(&counters));
        let worker = WorkerThread::new(promise, connection, shown, orders, thread_wake).map_err(at_socket)?;
        let thread = Builder::new().name(format!("vhost-{}", known.0.id)).spawn(move || worker.run());
        let thread = thread.map_err(DeviceError::io("cannot start the device's thread"))?;
        let (commands, thread) = (Some(commands), Some(thread));
        Ok(Self { known, features, queue_sizes, published, counters, commands, wake, thread })
    }

    fn tell(&self, command: Command) {
        if let Some(commands) = &self.commands {
            // A thread that has ended needs no command.
            let _ = commands.send(command);
        }
        // The only failure is a full counter, and then the thread will wake up anyway.
        let _ = self.wake.write(1);
    }

    /// Tells the thread and returns when it has done it. It does not wait for a back end without end, so neither do we.
    fn tell_and_wait(&self, command: impl FnOnce(SyncSender<()>) -> Command) {
        let (done, wait) = sync_channel(1);
        self.tell(command(done));
        // An error says that the thread has ended.
        let _ = wait.recv();
    }
}

/// The size of each queue.
fn queue_sizes(settings: &Settings, connection: &Connection) -> Result<Vec<u16>, DeviceError> {
    let missing = virtio_core::options::OptionsError::Missing("queues");
    let count = settings.queues.or(connection.queue_count).ok_or(missing)?;
    Ok(vec![settings.queue_size; usize::try_from(count).unwrap_or(usize::MAX).min(1 << 16)])
}

impl Device for VhostUser {
    fn kind(&self) -> &'static DeviceKind {
        self.known.0
    }

    fn details(&self) -> &'static DeviceDetails {
        self.known.1
    }

    fn features(&self) -> u128 {
        features::of_device(self.features)
    }

    fn ring_features(&self) -> u128 {
        features::of_rings(self.features)
    }

    fn shares_memory(&self) -> bool {
        true
    }

    fn queue_sizes(&self) -> &[u16] {
        &self.queue_sizes
    }

    fn attached(&mut self, place: DevicePlace) {
        self.tell(Command::Attached(place));
    }

    fn roles(&self) -> Roles {
        let mut roles = Roles::default();
        roles.vhost = Some(Arc::clone(&self.published) as Arc<dyn Vhost>);
        roles.statistics = Some(Arc::clone(&self.counters) as Arc<dyn stats::Source>);
        roles
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        read_config_space(&*self.published.configuration(), offset, data);
    }

    fn write_config(&mut self, offset: u64, data: &[u8]) {
        let length = self.published.configuration_length();
        let end = usize::try_from(offset).ok().and_then(|offset| offset.checked_add(data.len()));
        if let (Ok(offset), Some(_)) = (u32::try_from(offset), end.filter(|end| *end <= length)) {
            self.tell_and_wait(|done| Command::WriteConfiguration(offset, data.to_vec(), done));
        }
    }

    fn back_end(&mut self) -> Option<&mut dyn BackEnd> {
        Some(self)
    }

    /// Never called: the back end is started instead.
    fn start(&mut self, _activation: Activation) -> Result<Workers, DeviceError> {
        Err(DeviceError::Device("its queues are another process's".into()))
    }

    fn reset(&mut self) {
        self.tell_and_wait(Command::Reset);
    }
}

impl BackEnd for VhostUser {
    fn start(
        &mut self,
        activation: Activation,
        queues: Vec<BackEndQueue>,
        driver: DriverEnd,
    ) -> Result<(), DeviceError> {
        let rings: Result<Vec<Ring>, VhostUserError> = queues.into_iter().map(Ring::new).collect();
        self.tell(Command::Start(Box::new(Started::new(activation, rings?, driver))));
        Ok(())
    }

    fn start_queue(&mut self, queue: BackEndQueue) {
        self.tell(Command::StartQueue(queue));
    }

    fn stop_queue(&mut self, queue: u16) {
        self.tell_and_wait(|done| Command::StopQueue(queue, done));
    }

    fn pause(&mut self) {
        self.tell_and_wait(Command::Pause);
    }

    fn resume(&mut self) {
        self.tell(Command::Resume);
    }
}

impl Drop for VhostUser {
    fn drop(&mut self) {
        self.commands = None;
        let _ = self.wake.write(1);
        if let Some(thread) = self.thread.take() {
            // A thread that has panicked has said so on standard error.
            let _ = thread.join();
        }
    }
}
