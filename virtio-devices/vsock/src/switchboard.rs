//! All connections: who is meant by a packet, who has something for the guest, and whose turn it is.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::io::{self, Read};
use std::os::fd::{AsRawFd, RawFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, connect, socket_with};
use vmm_sys_util::epoll::{ControlOperation, Epoll, EpollEvent, EventSet};

use crate::config::{GuestCid, HOST_CID};
use crate::connection::{Connection, Fate};
use crate::counters::Counters;
use crate::greeting::{Greeting, Heard};
use crate::packet::{Header, Operation, STREAM};

/// The most connections. Each keeps up to a buffer of the guest's data.
const MAX_CONNECTIONS: usize = 1024;
/// The most programs that have not said whom they want. The one that is silent longest makes room.
const MAX_GREETINGS: usize = 64;
/// The most resets that wait for a buffer of the guest. Its packets wait then too.
const MAX_RESETS: usize = 256;
/// Ports of the host from here on are for programs that have no port of their own.
const FIRST_FREE_PORT: u32 = 1 << 31;
/// No port: the number stands for any.
const ANY_PORT: u32 = u32::MAX;
/// Events taken at once.
const AT_ONCE: usize = 64;

/// Both ends' ports: they tell connections apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    host: u32,
    guest: u32,
}

/// What an event of the kernel is about. Connections have no port [`ANY_PORT`], so the numbers with it are free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Listener,
    Greeting(u32),
    Connection(Key),
}

impl Token {
    fn number(self) -> u64 {
        let (host, guest) = match self {
            Self::Listener => (ANY_PORT, ANY_PORT),
            Self::Greeting(number) => (ANY_PORT, number),
            Self::Connection(Key { host, guest }) => (host, guest),
        };
        u64::from(host) << 32 | u64::from(guest)
    }

    fn from_number(number: u64) -> Self {
        let half = |shift: u32| u32::try_from(number >> shift & 0xffff_ffff).unwrap_or(ANY_PORT);
        match (half(32), half(0)) {
            (ANY_PORT, ANY_PORT) => Self::Listener,
            (ANY_PORT, number) => Self::Greeting(number),
            (host, guest) => Self::Connection(Key { host, guest }),
        }
    }
}

/// All connections of a guest.
#[derive(Debug)]
pub(crate) struct Switchboard {
    cid: GuestCid,
    path: PathBuf,
    listener: UnixListener,
    /// New programs are let in.
    listens: bool,
    epoll: Epoll,
    connections: HashMap<Key, Connection>,
    greetings: BTreeMap<u32, Greeting>,
    next_greeting: u32,
    next_port: u32,
    /// Those that may have something for the guest, in the order of their turns; each once.
    turns: VecDeque<Key>,
    /// The same without order.
    waiting: HashSet<Key>,
    resets: VecDeque<Header>,
    counters: Arc<Counters>,
}

impl Switchboard {
    /// Nobody is connected. `listener` does not wait; guest connections go to sockets called as `path` with the port.
    ///
    /// # Errors
    /// The host is out of descriptors.
    pub(crate) fn new(
        cid: GuestCid,
        path: &Path,
        listener: UnixListener,
        counters: Arc<Counters>,
    ) -> io::Result<Self> {
        let mut new = Self {
            cid,
            path: path.to_owned(),
            listener,
            listens: false,
            epoll: Epoll::new()?,
            connections: HashMap::new(),
            greetings: BTreeMap::new(),
            next_greeting: 0,
            next_port: FIRST_FREE_PORT,
            turns: VecDeque::new(),
            waiting: HashSet::new(),
            resets: VecDeque::new(),
            counters,
        };
        new.listen_if_there_is_room();
        Ok(new)
    }

    /// Readable when something has happened on the host.
    pub(crate) fn fd(&self) -> RawFd {
        self.epoll.as_raw_fd()
    }

    /// Whether packets of the guest can be taken: each may lead to an answer that has to be kept.
    pub(crate) fn can_take(&self) -> bool {
        self.resets.len() < MAX_RESETS
    }

    /// Takes a packet of the guest. False if it belonged to no connection, or broke the rules.
    pub(crate) fn take(&mut self, packet: &Header, data: &mut dyn Read) -> bool {
        let operation = Operation::from_number(packet.operation);
        let is_ours = packet.source_cid == self.cid.get()
            && packet.destination_cid == HOST_CID
            && packet.kind == STREAM
            && packet.destination_port != ANY_PORT;
        let key = Key { host: packet.destination_port, guest: packet.source_port };
        match operation {
            Some(operation) if is_ours => match self.connections.get_mut(&key) {
                Some(connection) => {
                    let fate = connection.take(operation, packet, data, key.host);
                    self.settle(key, fate);
                    return true;
                }
                None if operation == Operation::Request => return self.connect(key, packet),
                // Nobody misses a connection that nobody knows.
                None if operation == Operation::Reset => return true,
                None => {}
            },
            Some(Operation::Reset) => return true,
            _ => {}
        }
        self.refuse(packet);
        false
    }

    /// The next packet for the guest: its header, and how much of `data` belongs to it.
    pub(crate) fn next(&mut self, data: &mut [u8]) -> Option<(Header, usize)> {
        if let Some(reset) = self.resets.pop_front() {
            return Some((reset, 0));
        }
        while let Some(key) = self.turns.pop_front() {
            self.waiting.remove(&key);
            let Some(connection) = self.connections.get_mut(&key) else { continue };
            let Some(outgoing) = connection.next(data) else { continue };
            let header = connection.fill_in(Header {
                source_cid: HOST_CID,
                destination_cid: self.cid.get(),
                source_port: key.host,
                destination_port: key.guest,
                length: u32::try_from(outgoing.length).unwrap_or(u32::MAX),
                kind: STREAM,
                flags: outgoing.flags,
                ..Header::default()
            });
            let is_over = outgoing.operation == Operation::Reset;
            self.settle(key, if is_over { Fate::Over } else { Fate::GoesOn });
            return Some((header.with(outgoing.operation), outgoing.length));
        }
        None
    }

    /// Looks what has happened on the host.
    pub(crate) fn look(&mut self) {
        let mut events = [EpollEvent::default(); AT_ONCE];
        // An interruption is the only failure, and then the runner will call again.
        let count = self.epoll.wait(0, &mut events).unwrap_or(0);
        for event in events.iter().take(count) {
            let set = event.event_set();
            match Token::from_number(event.data()) {
                Token::Listener => self.accept(),
                Token::Greeting(number) => self.hear(number),
                Token::Connection(key) => {
                    let Some(connection) = self.connections.get_mut(&key) else { continue };
                    let readable = set.intersects(EventSet::IN | EventSet::READ_HANG_UP | EventSet::HANG_UP);
                    let hung_up = set.intersects(EventSet::HANG_UP | EventSet::ERROR);
                    let fate = connection.ready(readable, set.contains(EventSet::OUT) || hung_up, hung_up);
                    self.settle(key, fate);
                }
            }
        }
        self.listen_if_there_is_room();
    }

    /// Ends all connections, without a word to the guest. Tells whether there were any.
    pub(crate) fn clear(&mut self) -> bool {
        let there_were = !self.connections.is_empty();
        self.connections.clear();
        self.turns.clear();
        self.waiting.clear();
        self.resets.clear();
        self.count();
        there_were
    }

    /// The guest asks for a port of the host.
    fn connect(&mut self, key: Key, packet: &Header) -> bool {
        let mut path = self.path.clone().into_os_string();
        path.push(format!("_{}", key.host));
        let stream = if self.connections.len() < MAX_CONNECTIONS { open(Path::new(&path)) } else { None };
        let connection = stream.map(|stream| Connection::from_guest(stream, packet));
        if connection.is_some_and(|connection| self.add(key, connection, ControlOperation::Add)) {
            self.counters.from_guest.add(1);
            return true;
        }
        self.counters.refused.add(1);
        self.resets.push_back(packet.refusal());
        true
    }

    fn refuse(&mut self, packet: &Header) {
        self.counters.resets.add(1);
        self.resets.push_back(packet.refusal());
    }

    /// Knows the connection from now on, unless the kernel cannot watch it.
    fn add(&mut self, key: Key, connection: Connection, operation: ControlOperation) -> bool {
        let events = EventSet::IN | EventSet::OUT | EventSet::READ_HANG_UP | EventSet::EDGE_TRIGGERED;
        let event = EpollEvent::new(events, Token::Connection(key).number());
        if self.epoll.ctl(operation, connection.stream().as_raw_fd(), event).is_err() {
            return false;
        }
        self.connections.insert(key, connection);
        self.settle(key, Fate::GoesOn);
        self.count();
        true
    }

    /// Gives a connection a turn, or forgets it.
    fn settle(&mut self, key: Key, fate: Fate) {
        match fate {
            Fate::GoesOn => {
                if self.waiting.insert(key) {
                    self.turns.push_back(key);
                }
            }
            Fate::Over => {
                self.connections.remove(&key);
                self.count();
            }
        }
    }

    fn count(&self) {
        self.counters.connections.store(u64::try_from(self.connections.len()).unwrap_or(u64::MAX), Relaxed);
    }

    /// Lets a program of the host in.
    fn accept(&mut self) {
        let accepted = self.listener.accept().and_then(|(stream, _)| {
            stream.set_nonblocking(true)?;
            let event = EpollEvent::new(EventSet::IN, Token::Greeting(self.next_greeting).number());
            self.epoll.ctl(ControlOperation::Add, stream.as_raw_fd(), event)?;
            Ok(stream)
        });
        match accepted {
            Ok(stream) => {
                self.greetings.insert(self.next_greeting, Greeting::new(stream));
                self.next_greeting = (self.next_greeting + 1) % ANY_PORT;
                if self.greetings.len() > MAX_GREETINGS {
                    self.greetings.pop_first();
                }
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            // The host is out of descriptors, and may have some again when a connection has ended.
            Err(_) => self.stop_listening(),
        }
    }

    /// Hears what a program that was let in says.
    fn hear(&mut self, number: u32) {
        let Some(greeting) = self.greetings.remove(&number) else { return };
        match greeting.hear() {
            Heard::More(greeting) => {
                self.greetings.insert(number, greeting);
            }
            Heard::Port(stream, guest) if self.connections.len() < MAX_CONNECTIONS => {
                let key = self.free_key(guest);
                if self.add(key, Connection::from_host(stream), ControlOperation::Modify) {
                    self.counters.from_host.add(1);
                }
            }
            Heard::Port(..) | Heard::Nothing => {}
        }
    }

    /// A port of the host that has no connection to this port of the guest. There are more than connections.
    fn free_key(&mut self, guest: u32) -> Key {
        loop {
            let key = Key { host: self.next_port, guest };
            self.next_port =
                Some(self.next_port + 1).filter(|port| *port != ANY_PORT).unwrap_or(FIRST_FREE_PORT);
            if !self.connections.contains_key(&key) {
                return key;
            }
        }
    }

    fn listen_if_there_is_room(&mut self) {
        if self.connections.len() >= MAX_CONNECTIONS {
            self.stop_listening();
        } else if !self.listens {
            let event = EpollEvent::new(EventSet::IN, Token::Listener.number());
            self.listens = self.epoll.ctl(ControlOperation::Add, self.listener.as_raw_fd(), event).is_ok();
        }
    }

    fn stop_listening(&mut self) {
        if std::mem::take(&mut self.listens) {
            let _ =
                self.epoll.ctl(ControlOperation::Delete, self.listener.as_raw_fd(), EpollEvent::default());
        }
    }
}

/// Connects to a unix socket. One whose program is too busy to take another is treated as one that nobody listens at: the
/// guest can try again, and waiting would hold up everybody.
fn open(path: &Path) -> Option<UnixStream> {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None).ok()?;
    connect(&socket, &SocketAddrUnix::new(path).ok()?).ok()?;
    Some(socket.into())
}

#[cfg(test)]
mod tests;
