//! From the link to a receive queue.

use virtio_core::{GuestMemory, Queue, QueueError};

use crate::card::Card;
use crate::filter::{DECIDING_BYTES, ReceiveFilter};
use crate::gate::Gate;
use crate::header::{HEADER_SIZE, Header};
use crate::link::{Arrival, HEAD_SIZE, MAX_FRAME, Port};
use crate::offloads::Offloads;
use crate::room::Room;
use crate::vectors::Vectors;

const _: () = assert!(HEADER_SIZE + DECIDING_BYTES <= HEAD_SIZE);

/// Frames that are moved before the driver is interrupted for them, and the thread looks at its other duties.
const FRAMES_AT_ONCE: u32 = 64;

/// Fills the buffers of one queue.
///
/// A frame is read straight into the guest's buffers, as many of them as the last frames have taken. What it has beyond
/// goes into memory of our own and is copied into further buffers. Of each frame, header and addresses come into our own
/// memory first, where the guest cannot change them any more while they are looked at.
#[derive(Debug)]
pub(crate) struct Receiver {
    /// A frame may fill several chains.
    mergeable: bool,
    /// Header and frame at the places that they would have if all of it were here.
    own: Box<[u8]>,
    /// The frame in `own`, whole, of so many bytes, waits for the driver to make room.
    waiting: Option<usize>,
    /// Bytes that the next frame is expected to have.
    expected: usize,
    /// Empty between turns.
    room: Room,
    vectors: Vectors,
}

/// What a frame from the link has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// It is dealt with; there may be another one.
    Next,
    /// There is nothing more to do now; whether to watch the link further.
    Stop { watch: bool },
}

impl Receiver {
    pub(crate) fn new(mergeable: bool) -> Self {
        Self {
            mergeable,
            // One byte more, to notice a frame that is too long.
            own: vec![0; MAX_FRAME + 1].into_boxed_slice(),
            waiting: None,
            expected: 0,
            room: Room::default(),
            vectors: Vectors::default(),
        }
    }

    /// Whether a frame waits for room, so that there is something to do although the link has nothing.
    pub(crate) fn has_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// The queue is no longer there; what waits for it is lost.
    pub(crate) fn stop(&mut self) {
        self.waiting = None;
        self.room.forget();
    }

    /// Moves frames into the queue, unless there are none or no buffers for them. Says whether the link is to be watched
    /// further.
    pub(crate) fn receive(
        &mut self,
        card: &Card,
        (port, gate): (&Port, &mut Gate),
        queue: &mut Queue,
        memory: &GuestMemory,
    ) -> Result<bool, QueueError> {
        let filter = card.filter();
        let mut watch = true;
        for _ in 0..FRAMES_AT_ONCE {
            let step = match self.waiting.take() {
                Some(length) => self.deliver((length, 0), queue, memory)?,
                // The gate has the link watched again.
                None if card.is_up() && !gate.may_receive() => Step::Stop { watch: false },
                None if card.is_up() => {
                    let wanted = (&**filter, card.offloads_to_driver());
                    self.receive_one(wanted, (port, gate), queue, memory)?
                }
                None => self.discard_one(port),
            };
            if let Step::Stop { watch: wanted } = step {
                watch = wanted;
                break;
            }
        }
        self.room.give_up(queue)?;
        Ok(watch)
    }

    /// Takes the next frame from the link, into buffers if the driver wants it.
    fn receive_one(
        &mut self,
        (filter, agreed): (&ReceiveFilter, Offloads),
        (port, gate): (&Port, &Gate),
        queue: &mut Queue,
        memory: &GuestMemory,
    ) -> Result<Step, QueueError> {
        // A buffer first: a frame that was taken from the link could not be put back.
        self.make_room(self.expected, queue)?;
        if self.room.is_empty() {
            return Ok(Step::Stop { watch: false });
        }
        let Self { vectors, own, room, .. } = self;
        let (length, direct) = match port.receive(vectors, own, || room.pieces(memory, HEAD_SIZE)) {
            Arrival::Frame { length, direct } => (length, direct),
            Arrival::Nothing => return Ok(Step::Stop { watch: true }),
            Arrival::Closed => return Ok(Step::Stop { watch: false }),
        };
        let Some(header) = self.header(length, agreed) else {
            queue.count_loss();
            return Ok(Step::Next);
        };
        let head = self.own.get(HEADER_SIZE..length.min(HEAD_SIZE)).unwrap_or_default();
        if !filter.accepts(head) {
            return Ok(Step::Next);
        }
        gate.received(length.saturating_sub(HEADER_SIZE) as u64);
        self.put_header(header, 1);
        self.expected = length.max(self.expected - self.expected / 16);
        self.deliver((length, direct), queue, memory)
    }

    /// The wire is cut: what comes over it meanwhile is lost.
    fn discard_one(&mut self, port: &Port) -> Step {
        match port.receive(&mut self.vectors, &mut self.own, std::iter::empty) {
            Arrival::Frame { .. } => Step::Next,
            Arrival::Nothing => Step::Stop { watch: true },
            Arrival::Closed => Step::Stop { watch: false },
        }
    }

    /// The header of a message that is a frame for this driver.
    fn header(&self, length: usize, agreed: Offloads) -> Option<Header> {
        let bytes = self.own.first_chunk::<HEADER_SIZE>()?;
        let fits = (HEADER_SIZE..=MAX_FRAME).contains(&length);
        Header::from_bytes(*bytes).for_driver(agreed).ok().filter(|_| fits)
    }

    /// Writes the header of a frame that fills so many buffers, in our own memory.
    fn put_header(&mut self, header: Header, buffers: usize) {
        if let Some(place) = self.own.first_chunk_mut() {
            *place = header.to_bytes(u16::try_from(buffers).unwrap_or(u16::MAX));
        }
    }

    /// Gives a frame of `length` bytes to the driver: all of it is in `own` but for `direct` bytes behind its head, which
    /// are in the room's chains already.
    fn deliver(
        &mut self,
        (length, direct): (usize, usize),
        queue: &mut Queue,
        memory: &GuestMemory,
    ) -> Result<Step, QueueError> {
        self.make_room(length, queue)?;
        if !self.room.holds(length) {
            return Ok(self.cannot_deliver((length, direct), queue, memory));
        }
        let count = self.room.chains_for(length);
        if let Some(bytes) = self.own.first_chunk::<HEADER_SIZE>() {
            self.put_header(Header::from_bytes(*bytes), count);
        }
        let head = self.own.get(..length.min(HEAD_SIZE)).unwrap_or_default();
        self.room.write(memory, 0, head);
        let rest = HEAD_SIZE + direct;
        self.room.write(memory, rest, self.own.get(rest..length).unwrap_or_default());
        self.room.complete(count, length, queue)?;
        Ok(Step::Next)
    }

    /// There is not enough room. Where a frame may fill several buffers, more may come, and it waits for them; else it is
    /// lost, and the buffer is for another one.
    fn cannot_deliver(
        &mut self,
        (length, direct): (usize, usize),
        queue: &mut Queue,
        memory: &GuestMemory,
    ) -> Step {
        if !self.mergeable {
            queue.count_loss();
            return Step::Next;
        }
        let place = self.own.get_mut(HEAD_SIZE..length.min(HEAD_SIZE + direct)).unwrap_or_default();
        self.room.read(memory, HEAD_SIZE, place);
        self.waiting = Some(length);
        Step::Stop { watch: false }
    }

    /// Makes room for so many bytes, as far as there are buffers: one of them if a frame must not fill several.
    fn make_room(&mut self, bytes: usize, queue: &mut Queue) -> Result<(), QueueError> {
        if self.room.is_empty() {
            self.room.take(queue)?;
        }
        if self.mergeable { self.room.grow(bytes, queue) } else { Ok(()) }
    }
}
