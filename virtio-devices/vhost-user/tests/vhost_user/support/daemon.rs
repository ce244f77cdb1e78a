//! A back end made of the crate that published ones are made of. It fills buffers with a byte.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use vhost::vhost_user::Listener;
use vhost::vhost_user::message::{VhostUserProtocolFeatures, VhostUserVirtioFeatures};
use vhost_user_backend::{ShutdownHandle, VhostUserBackendMut, VhostUserDaemon, VringRwLock, VringT};
use virtio_queue::QueueOwnedT;
use vm_memory::{Bytes, GuestAddressSpace, GuestMemoryAtomic, GuestMemoryMmap};
use vmm_sys_util::epoll::EventSet;
use vmm_sys_util::event::{EventConsumer, EventFlag, EventNotifier, new_event_consumer_and_notifier};

type Memory = GuestMemoryAtomic<GuestMemoryMmap>;

/// What the test and the back end both have.
#[derive(Default)]
pub(crate) struct Wishes {
    /// Kicks are taken, and nothing is done.
    pub(crate) deaf: AtomicBool,
    /// A kick was taken.
    pub(crate) kicked: AtomicBool,
    /// The first byte of the configuration space.
    pub(crate) configuration: AtomicU8,
}

struct Filler {
    byte: u8,
    wishes: Arc<Wishes>,
    memory: Option<Memory>,
}

impl Filler {
    fn process(&self, vring: &VringRwLock) {
        let memory = self.memory.as_ref().unwrap().memory();
        let chains: Vec<_> = vring.get_mut().get_queue_mut().iter(memory.clone()).unwrap().collect();
        for chain in chains {
            let head = chain.head_index();
            let mut written = 0;
            for buffer in chain.filter(|buffer| buffer.is_write_only()) {
                let bytes = vec![self.byte; buffer.len() as usize];
                memory.write_slice(&bytes, buffer.addr()).unwrap();
                written += buffer.len();
            }
            vring.add_used(head, written).unwrap();
        }
        vring.signal_used_queue().unwrap();
    }
}

impl VhostUserBackendMut for Filler {
    type Bitmap = ();
    type Vring = VringRwLock;

    fn num_queues(&self) -> usize {
        2
    }

    fn max_queue_size(&self) -> usize {
        64
    }

    fn features(&self) -> u64 {
        // VERSION_1, INDIRECT_DESC, and the device's own bit 0.
        1 << 32 | 1 << 28 | 1 | VhostUserVirtioFeatures::PROTOCOL_FEATURES.bits()
    }

    fn protocol_features(&self) -> VhostUserProtocolFeatures {
        VhostUserProtocolFeatures::MQ
            | VhostUserProtocolFeatures::REPLY_ACK
            | VhostUserProtocolFeatures::CONFIG
            | VhostUserProtocolFeatures::BACKEND_REQ
            | VhostUserProtocolFeatures::RESET_DEVICE
    }

    fn set_event_idx(&mut self, _enabled: bool) {}

    /// Twelve bytes; as some published ones do, it refuses to give more.
    fn get_config(&self, offset: u32, size: u32) -> Vec<u8> {
        let space = [self.wishes.configuration.load(Ordering::SeqCst), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        space.get(offset as usize..(offset + size) as usize).unwrap_or_default().to_vec()
    }

    fn set_config(&mut self, offset: u32, bytes: &[u8]) -> io::Result<()> {
        match (offset, bytes) {
            (0, [byte]) => self.wishes.configuration.store(*byte, Ordering::SeqCst),
            _ => return Err(io::ErrorKind::InvalidInput.into()),
        }
        Ok(())
    }

    fn update_memory(&mut self, memory: Memory) -> io::Result<()> {
        self.memory = Some(memory);
        Ok(())
    }

    fn exit_event(&self, _thread: usize) -> Option<(EventConsumer, EventNotifier)> {
        Some(new_event_consumer_and_notifier(EventFlag::NONBLOCK).unwrap())
    }

    fn handle_event(&mut self, event: u16, _: EventSet, vrings: &[VringRwLock], _: usize) -> io::Result<()> {
        if !self.wishes.deaf.load(Ordering::SeqCst) {
            self.process(&vrings[usize::from(event)]);
        }
        self.wishes.kicked.store(true, Ordering::SeqCst);
        Ok(())
    }
}

/// The back end at its socket, which serves one connection.
pub(crate) struct Daemon {
    pub(crate) wishes: Arc<Wishes>,
    shutdown: std::sync::mpsc::Receiver<ShutdownHandle>,
    thread: Option<JoinHandle<()>>,
}

impl Daemon {
    /// Listens at `socket` when this returns, and will fill buffers with `byte`.
    pub(crate) fn listen(socket: &Path, byte: u8) -> Self {
        let wishes = Arc::new(Wishes::default());
        let filler = Filler { byte, wishes: Arc::clone(&wishes), memory: None };
        let memory = Memory::new(GuestMemoryMmap::new());
        let filler = Arc::new(Mutex::new(filler));
        let mut daemon = VhostUserDaemon::new("filler".to_owned(), filler, memory).unwrap();
        let mut listener = Listener::new(socket, true).unwrap();
        let (connected, shutdown) = channel();
        let thread = std::thread::spawn(move || {
            if daemon.start(&mut listener).is_ok() {
                let _ = connected.send(daemon.shutdown_handle().unwrap());
                // That the other side hangs up is no mistake.
                let _ = daemon.wait();
            }
        });
        Self { wishes, shutdown, thread: Some(thread) }
    }

    /// Ends it as if it were killed: the device hears of it by its socket only.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(thread) = self.thread.take() {
            if let Ok(handle) = self.shutdown.recv() {
                handle.shutdown();
            }
            thread.join().unwrap();
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.end();
    }
}
