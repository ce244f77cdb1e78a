//! The data path of one port: characters from its transmit queue to the host's end, and back to its receive queue.

use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;

use virtio_core::{Chain, GuestMemory, Queue, QueueError};
use vmm_sys_util::epoll::EventSet;

use crate::control::Owed;
use crate::port::Port;
use crate::watch::{PortWatch, Watch};

/// Bytes moved at a time.
pub(crate) const BUFFER_SIZE: usize = 32 << 10;

/// What the worker keeps of one port.
#[derive(Debug)]
pub(crate) struct PortWorker {
    pub(crate) port: Arc<Port>,
    number: usize,
    /// What the driver is still to be told, if it uses several ports.
    pub(crate) owed: Owed,
    /// The driver has taken the port in.
    pub(crate) is_ready: bool,
    /// The driver says whether somebody in the guest listens.
    knows_guest_open: bool,
    /// Output that is under way.
    unsent: Option<Unsent>,
    /// The output was stuck for too long: what comes is lost until there is room again.
    is_deaf: bool,
    /// There may be a buffer for input.
    has_room: bool,
    /// The client is gone, but not all that it sent has been read.
    hung_up: bool,
    /// The host had no room for a client. It may have some again later.
    host_is_full: bool,
    watch: PortWatch,
}

/// A chain of which a part has been written.
#[derive(Debug)]
struct Unsent {
    chain: Chain,
    sent: u64,
    /// Some of it since the timer was started, or it is new since then.
    moved: bool,
}

/// How far the output of a chain has come.
enum Sent {
    All,
    Part(u64),
    Lost,
}

impl PortWorker {
    /// For the port with this number. With several ports the driver tells who listens (`multiport`).
    pub(crate) fn new(port: Arc<Port>, number: usize, multiport: bool) -> Self {
        Self {
            port,
            number,
            owed: Owed::default(),
            is_ready: false,
            knows_guest_open: multiport,
            unsent: None,
            is_deaf: false,
            has_room: false,
            hung_up: false,
            host_is_full: false,
            watch: PortWatch::default(),
        }
    }

    /// Moves output until there is no more of it or no room for more.
    pub(crate) fn transmit(
        &mut self,
        queue: &mut Queue,
        memory: &GuestMemory,
        watch: &Watch,
        buffer: &mut [u8],
    ) -> Result<(), QueueError> {
        loop {
            let Unsent { chain, sent, moved } = match self.unsent.take() {
                Some(unsent) => unsent,
                None => match queue.pop()? {
                    Some(chain) => Unsent { chain, sent: 0, moved: true },
                    None => break,
                },
            };
            match self.send(&chain, sent, memory, buffer) {
                Sent::All => queue.complete(chain, 0)?,
                Sent::Lost => queue.complete_failed(chain, 0)?,
                Sent::Part(now) => {
                    self.unsent = Some(Unsent { chain, sent: now, moved: moved || now > sent });
                    if self.port.is_console() {
                        watch.start_timer();
                    }
                    break;
                }
            }
        }
        queue.interrupt()
    }

    /// Writes what of the chain comes after the first `sent` bytes.
    fn send(&mut self, chain: &Chain, mut sent: u64, memory: &GuestMemory, buffer: &mut [u8]) -> Sent {
        let port = Arc::clone(&self.port);
        let mut end = port.end();
        loop {
            let mut reader = chain.reader(memory);
            reader.skip(sent);
            let Ok(length @ 1..) = reader.read(buffer) else { return Sent::All };
            match end.write(buffer.get(..length).unwrap_or_default()) {
                Ok(written) => {
                    self.is_deaf = false;
                    sent += u64::try_from(written).unwrap_or(0);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock && !self.is_deaf => {
                    return Sent::Part(sent);
                }
                Err(_) => return Sent::Lost,
            }
        }
    }

    /// The timer has expired. Kernels wait for what they print, with a CPU that does nothing else; so output that does
    /// not move is lost. Programs in the guest can wait for theirs.
    pub(crate) fn time_is_up(&mut self, watch: &Watch) {
        self.host_is_full = false;
        match &mut self.unsent {
            Some(unsent) if self.port.is_console() && unsent.moved => {
                unsent.moved = false;
                watch.start_timer();
            }
            Some(_) if self.port.is_console() => self.is_deaf = true,
            _ => {}
        }
    }

    /// There is room for output again.
    pub(crate) fn hear_again(&mut self) {
        self.is_deaf = false;
    }

    /// Whether somebody in the guest wants input. Drivers throw away what nobody waits for.
    fn is_wanted(&self) -> bool {
        self.port.is_console() || !self.knows_guest_open || self.port.is_guest_open()
    }

    /// Moves input until there is no more of it or no buffer for more. Tells whether the host's end is closed now.
    pub(crate) fn receive(
        &mut self,
        queue: &mut Queue,
        memory: &GuestMemory,
        buffer: &mut [u8],
    ) -> Result<bool, QueueError> {
        self.has_room = false;
        if !self.is_wanted() {
            return Ok(false);
        }
        let port = Arc::clone(&self.port);
        let mut end = port.end();
        // A buffer first: characters that were read could not be put back.
        while let Some(chain) = queue.pop()? {
            let room = usize::try_from(chain.writable_len()).unwrap_or(usize::MAX).min(buffer.len());
            if room == 0 {
                queue.complete(chain, 0)?;
                continue;
            }
            match end.read(buffer.get_mut(..room).unwrap_or_default()) {
                Ok(length @ 1..) => {
                    let mut writer = chain.writer(memory);
                    // The chain was checked to lie in guest memory and to have the room: this write cannot fail.
                    let _ = writer.write_all(buffer.get(..length).unwrap_or_default());
                    let written = writer.written();
                    queue.complete(chain, written)?;
                }
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
                    queue.undo_pop(chain)?;
                    self.has_room = true;
                    return Ok(false);
                }
                Ok(_) | Err(_) => {
                    queue.undo_pop(chain)?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The client is gone, or the input has ended.
    pub(crate) fn hang_up(&mut self, watch: &Watch) {
        self.watch.forget_input(watch, self.number);
        self.port.end().hang_up();
        self.hung_up = false;
        self.opened_or_closed();
    }

    /// The kernel says that the other end is gone. What a client has sent and nobody has read waits for whoever reads it, if
    /// there is somebody.
    pub(crate) fn notice_hang_up(&mut self, watch: &Watch) {
        self.hung_up = self.port.end().has_client();
        self.leave(watch);
    }

    /// Lets go of a client that is gone, if nobody wants what it has sent.
    pub(crate) fn leave(&mut self, watch: &Watch) {
        if self.hung_up && !self.is_wanted() {
            self.hang_up(watch);
        }
    }

    /// Takes in a client that waits.
    pub(crate) fn accept(&mut self, watch: &Watch) {
        let accepted = self.port.end().accept();
        match accepted {
            Ok(true) => self.opened_or_closed(),
            Ok(false) => {}
            Err(_) => {
                self.host_is_full = true;
                watch.start_timer();
            }
        }
    }

    fn opened_or_closed(&mut self) {
        self.port.set_host_open(self.port.end().is_open());
        if self.is_ready {
            self.owed.owe_open();
        }
    }

    /// Watches for what there is to wait for now.
    pub(crate) fn update_watch(&mut self, watch: &Watch) {
        let stuck = if self.unsent.is_some() || self.is_deaf { EventSet::OUT } else { EventSet::empty() };
        let wants_input = if self.has_room && self.is_wanted() { EventSet::IN } else { EventSet::empty() };
        let [listener, input, output] = self.port.end().descriptors();
        let is_client = self.port.end().has_client();
        let input_events = if is_client { stuck | wants_input } else { wants_input };
        // A client that goes is noticed even if nothing else is wanted of it; a file tells nothing by that.
        let watches_input = if is_client { !self.hung_up } else { !input_events.is_empty() };
        self.watch.set(
            watch,
            self.number,
            [
                listener.filter(|_| !self.host_is_full).map(|fd| (fd, EventSet::IN)),
                input.filter(|_| watches_input).map(|fd| (fd, input_events)),
                output.filter(|_| !stuck.is_empty()).map(|fd| (fd, stuck)),
            ],
        );
    }

    /// The port is gone: what of its output is under way is lost, and nothing of it is waited for.
    pub(crate) fn let_go(&mut self, transmit: Option<&mut Queue>, watch: &Watch) -> Result<(), QueueError> {
        self.watch.set(watch, self.number, [None; 3]);
        if let (Some(Unsent { chain, .. }), Some(queue)) = (self.unsent.take(), transmit) {
            queue.complete_failed(chain, 0)?;
            queue.interrupt()?;
        }
        Ok(())
    }

    /// The driver has stopped the transmit queue: its chains are nobody's.
    pub(crate) fn transmit_stopped(&mut self) {
        self.unsent = None;
    }
}
