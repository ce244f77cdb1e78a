//! One connection: a stream of the host, and what has been agreed with the guest about it.
//!
//! Nothing here knows of queues: packets come in through [`Connection::take`] and go out through [`Connection::next`],
//! one at a time, when the guest has a buffer. What the guest is still to be told is a handful of flags, so that no guest
//! can make a connection grow beyond its buffer.

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::net;
use std::os::unix::net::UnixStream;

use crate::packet::{Header, Operation, Shutdown};

/// Bytes of the guest's data that are kept while the host's program does not read.
pub(crate) const BUFFER_SIZE: u32 = 256 << 10;

/// A connection between a port of the host and a port of the guest.
#[derive(Debug)]
pub(crate) struct Connection {
    /// The host's end; it does not wait for anything.
    stream: UnixStream,
    state: State,
    /// There is something to read, as far as is known.
    readable: bool,
    /// There is room to write, as far as is known.
    writable: bool,
    /// The host's program is gone, altogether.
    hung_up: bool,
    /// Data of the guest that the host's program has not taken.
    unsent: VecDeque<u8>,
    credit: Credit,
    owed: Owed,
    /// What the guest has said that it does no more.
    of_guest: Shutdown,
    /// What the guest is told, or has been, that the host does no more.
    of_host: Shutdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The host has asked, and the guest has not answered.
    Asked,
    /// Data goes both ways, until each has ended.
    Open,
}

/// The four counts that keep either side from sending more than the other has room for (5.10.6.3). All are modulo 2^32.
#[derive(Clone, Copy, Debug, Default)]
struct Credit {
    /// How much the guest has room for.
    guest_room: u32,
    /// How much it has passed on.
    guest_forwarded: u32,
    /// How much it was sent.
    sent: u32,
    /// How much it has sent.
    received: u32,
    /// How much of that has been passed on.
    forwarded: u32,
    /// The number that the guest was told last.
    told: u32,
}

impl Credit {
    /// How much the guest may be sent. One that says less than it has said before is sent nothing.
    fn guest_has_room_for(&self) -> u32 {
        let under_way = self.sent.wrapping_sub(self.guest_forwarded);
        self.guest_room.saturating_sub(under_way)
    }

    /// How much the guest may send.
    fn host_has_room_for(&self) -> u32 {
        BUFFER_SIZE.saturating_sub(self.received.wrapping_sub(self.forwarded))
    }

    /// The guest believes in much less room than there is.
    fn is_stale(&self) -> bool {
        self.forwarded.wrapping_sub(self.told) >= BUFFER_SIZE / 2
    }
}

/// What the guest is still to be told.
#[derive(Clone, Copy, Debug, Default)]
struct Owed {
    request: bool,
    response: bool,
    credit: bool,
    credit_request: bool,
    /// It was asked for credit, and has not answered.
    has_asked: bool,
    shutdown: bool,
    reset: bool,
}

/// What goes to the guest next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outgoing {
    pub(crate) operation: Operation,
    pub(crate) flags: u32,
    /// Bytes of data.
    pub(crate) length: usize,
}

/// What has become of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Fate {
    /// It goes on; there may be something to tell the guest.
    GoesOn,
    /// The guest knows that it is over: it can be forgotten.
    Over,
}

impl Connection {
    /// The host's program has asked for a port of the guest.
    pub(crate) fn from_host(stream: UnixStream) -> Self {
        Self::new(stream, State::Asked, Owed { request: true, ..Owed::default() })
    }

    /// The guest has asked for a port of the host, with `packet`.
    pub(crate) fn from_guest(stream: UnixStream, packet: &Header) -> Self {
        let mut new = Self::new(stream, State::Open, Owed { response: true, ..Owed::default() });
        new.take_credit(packet);
        new
    }

    fn new(stream: UnixStream, state: State, owed: Owed) -> Self {
        Self {
            stream,
            state,
            readable: false,
            writable: true,
            hung_up: false,
            unsent: VecDeque::new(),
            credit: Credit::default(),
            owed,
            of_guest: Shutdown::default(),
            of_host: Shutdown::default(),
        }
    }

    /// The host's end.
    pub(crate) fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// Bytes of the guest's data that are kept.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> usize {
        self.unsent.len()
    }

    /// What every header to the guest says of the host's room.
    pub(crate) fn fill_in(&mut self, header: Header) -> Header {
        self.credit.told = self.credit.forwarded;
        Header { room: BUFFER_SIZE, forwarded: self.credit.forwarded, ..header }
    }

    /// Takes a packet of the guest; `data` are the bytes behind the header. `host_port` is what a program of the host that has
    /// asked for the connection is told.
    pub(crate) fn take(
        &mut self,
        operation: Operation,
        packet: &Header,
        data: &mut dyn Read,
        host_port: u32,
    ) -> Fate {
        self.take_credit(packet);
        match (operation, self.state) {
            (Operation::Reset, _) => return Fate::Over,
            _ if self.owed.reset => {}
            (Operation::Response, State::Asked) if !self.owed.request => self.answered(host_port),
            (Operation::CreditUpdate, _) => {}
            (Operation::CreditRequest, _) => self.owed.credit = true,
            (Operation::Data, State::Open) if self.may_receive(packet.length) => self.receive(data),
            (Operation::Shutdown, State::Open) => self.end_of_guest(Shutdown::from_flags(packet.flags)),
            // Whatever else the guest says breaks the rules, or is about a connection that is none yet.
            _ => self.break_off(),
        }
        Fate::GoesOn
    }

    /// The kernel says what the host's end is ready for.
    pub(crate) fn ready(&mut self, readable: bool, writable: bool, hung_up: bool) -> Fate {
        self.readable |= readable;
        self.writable |= writable;
        self.hung_up |= hung_up;
        if self.state == State::Asked && self.hung_up {
            if self.owed.request {
                return Fate::Over;
            }
            self.break_off();
        } else {
            self.flush();
        }
        if self.hung_up && (self.of_guest.receives_no_more || self.of_host.sends_no_more) {
            // All that it has sent has been read, or nobody wants it.
            self.end_of_host(Shutdown { receives_no_more: true, sends_no_more: true });
        }
        Fate::GoesOn
    }

    /// What the guest is told next, if anything. Data is put into `data`.
    pub(crate) fn next(&mut self, data: &mut [u8]) -> Option<Outgoing> {
        let plain = |operation| Some(Outgoing { operation, flags: 0, length: 0 });
        if self.owed.reset {
            return plain(Operation::Reset);
        }
        if std::mem::take(&mut self.owed.request) {
            return plain(Operation::Request);
        }
        if std::mem::take(&mut self.owed.response) {
            return plain(Operation::Response);
        }
        if std::mem::take(&mut self.owed.credit) {
            return plain(Operation::CreditUpdate);
        }
        if let Some(length) = self.read(data) {
            return Some(Outgoing { operation: Operation::Data, flags: 0, length });
        }
        if std::mem::take(&mut self.owed.credit_request) {
            return plain(Operation::CreditRequest);
        }
        if std::mem::take(&mut self.owed.shutdown) {
            return Some(Outgoing { operation: Operation::Shutdown, flags: self.of_host.flags(), length: 0 });
        }
        None
    }

    fn take_credit(&mut self, packet: &Header) {
        self.credit.guest_room = packet.room;
        self.credit.guest_forwarded = packet.forwarded;
        self.owed.has_asked &= self.credit.guest_has_room_for() == 0;
    }

    /// The guest has taken the host's request.
    fn answered(&mut self, host_port: u32) {
        self.state = State::Open;
        // A socket that nothing was written to has room for this line.
        if self.stream.write_all(format!("OK {host_port}\n").as_bytes()).is_err() {
            self.break_off();
        }
    }

    /// Whether the guest keeps to what it was told.
    fn may_receive(&self, length: u32) -> bool {
        length <= self.credit.host_has_room_for() && !self.of_guest.sends_no_more
    }

    /// Passes on the guest's data, or keeps what there is no room for.
    fn receive(&mut self, data: &mut dyn Read) {
        let mut part = [0; 16 << 10];
        while let Ok(length @ 1..) = data.read(&mut part) {
            let bytes = part.get(..length).unwrap_or_default();
            self.credit.received = self.credit.received.wrapping_add(count(length));
            let sent = if self.unsent.is_empty() { self.write(bytes) } else { 0 };
            if self.of_host.receives_no_more {
                // Nobody will read it: it counts as passed on.
                self.forward(length - sent);
            } else {
                self.unsent.extend(bytes.get(sent..).unwrap_or_default());
            }
        }
    }

    /// Writes to the host's end; gives the number of bytes that it has taken.
    fn write(&mut self, bytes: &[u8]) -> usize {
        let mut done = 0;
        while self.writable && !self.of_host.receives_no_more && done < bytes.len() {
            match self.stream.write(bytes.get(done..).unwrap_or_default()) {
                Ok(length) => {
                    done += length;
                    self.forward(length);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.writable = false,
                Err(_) => self.end_of_host(Shutdown { receives_no_more: true, sends_no_more: false }),
            }
        }
        done
    }

    /// Passes on what was kept, and then what the guest has said after it: that there is no more.
    fn flush(&mut self) {
        while !self.unsent.is_empty() && self.writable && !self.of_host.receives_no_more {
            let unsent = std::mem::take(&mut self.unsent);
            let (first, _) = unsent.as_slices();
            let sent = self.write(first);
            self.unsent = unsent;
            self.unsent.drain(..sent);
        }
        if self.of_host.receives_no_more {
            let lost = self.unsent.len();
            self.unsent = VecDeque::new();
            self.forward(lost);
        }
        if self.unsent.is_empty() {
            self.end_after_data();
        }
    }

    fn forward(&mut self, length: usize) {
        self.credit.forwarded = self.credit.forwarded.wrapping_add(count(length));
        self.owed.credit |= self.credit.is_stale();
    }

    /// The guest has ended a direction or both. It cannot take that back.
    fn end_of_guest(&mut self, end: Shutdown) {
        self.of_guest.receives_no_more |= end.receives_no_more;
        self.of_guest.sends_no_more |= end.sends_no_more;
        if self.of_guest.receives_no_more {
            // A stream that cannot be shut has been shut by the host's program.
            let _ = self.stream.shutdown(net::Shutdown::Read);
        }
        if self.unsent.is_empty() {
            self.end_after_data();
        }
    }

    /// All data of the guest has been passed on: so is the end, if there is one.
    fn end_after_data(&mut self) {
        if self.of_guest.sends_no_more {
            // As above.
            let _ = self.stream.shutdown(net::Shutdown::Write);
            self.owed.reset |= self.of_guest.receives_no_more || self.of_host.is_complete();
        }
    }

    /// The host's program has ended a direction or both; the guest will hear of it if that is news.
    fn end_of_host(&mut self, end: Shutdown) {
        let before = self.of_host;
        self.of_host.receives_no_more |= end.receives_no_more;
        self.of_host.sends_no_more |= end.sends_no_more;
        self.owed.shutdown |= self.of_host != before;
    }

    /// Nothing more can be said.
    fn break_off(&mut self) {
        self.owed = Owed { reset: true, ..Owed::default() };
    }

    /// Reads what the host's program has for the guest, as far as the guest has room. `None` if nothing goes to the guest.
    fn read(&mut self, data: &mut [u8]) -> Option<usize> {
        let is_open = self.state == State::Open && !self.of_guest.receives_no_more;
        if !is_open || !self.readable || self.of_host.sends_no_more {
            return None;
        }
        let room = usize::try_from(self.credit.guest_has_room_for()).unwrap_or(usize::MAX).min(data.len());
        if room == 0 {
            self.owed.credit_request |= self.credit.guest_has_room_for() == 0 && !self.owed.has_asked;
            self.owed.has_asked = true;
            return None;
        }
        match self.stream.read(data.get_mut(..room).unwrap_or_default()) {
            Ok(length @ 1..) => {
                self.credit.sent = self.credit.sent.wrapping_add(count(length));
                return Some(length);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => self.readable = false,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // What it has sent has been read to the end, or never will be.
            Ok(_) => self.end_of_host(Shutdown { receives_no_more: self.hung_up, sends_no_more: true }),
            Err(_) => self.end_of_host(Shutdown { receives_no_more: true, sends_no_more: true }),
        }
        None
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
