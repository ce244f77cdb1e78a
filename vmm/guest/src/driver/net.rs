//! Network devices (virtio 1.3 section 5.1): sends frames, and checks those that come back from a looped back end.
//!
//! The frames are of the EtherType for local experiments and go to the device's own address, so they do no harm where
//! the other end is a real network.

use super::{Broken, Context, worth_saying};
use crate::platform::Platform;
use crate::queue::{Buffer, Queue};

pub(super) const ID: u32 = 1;

const MAC: u32 = 5;
/// IEEE 802 "Local Experimental EtherType 1", as a big-endian field read on a little-endian machine.
const ETHER_TYPE: u16 = 0x88b5u16.swap_bytes();
/// A locally administered address, for devices that have none.
const DEFAULT_ADDRESS: [u8; 6] = [0x02, b'r', b'i', b'n', b'g', 0];

/// Bytes of the virtio header before each frame.
const HEADER: u32 = 12;
/// The frame begins here in its buffer, so that what follows the 14 bytes of Ethernet header is aligned to 8.
const FRAME: u64 = 0x12;
const PAYLOAD: u64 = FRAME + 14;
const PAYLOAD_WORDS: u64 = 6;
const FRAME_LENGTH: u32 = 14 + 48;
/// The longest frame that may come without offloads.
const LONGEST_FRAME: u32 = 1514;
const MARK: u64 = u64::from_le_bytes(*b"ringscop");
const STRIDE: u64 = 0x9e37_79b9_7f4a_7c15;

const RECEIVE_SLOTS: u16 = 8;
const TRANSMIT_SLOTS: u16 = 4;
/// Descriptors of each slot in its queue.
const SLOT_DESCRIPTORS: u16 = 2;
/// Memory of each slot; the receive slots come first.
const SLOT_MEMORY: u64 = 0x800;
/// Room for an indirect table in a transmit slot.
const TABLE: u64 = 0x400;

/// Frames without an echo after which the back end is taken for a real network.
const UNANSWERED: u64 = 20;
/// Rounds between two frames on a real network.
const QUIET_ROUNDS: u32 = 8;

pub(crate) struct Net {
    receive: Queue,
    transmit: Queue,
    /// A bit for each transmit slot the device has.
    busy: u8,
    sent: u64,
    /// Number expected in the next frame that comes back.
    expected: u64,
    good: u64,
    wrong: u32,
    foreign: u64,
    round: u32,
}

impl Net {
    pub(super) fn start<P: Platform>(context: &mut Context<'_, P>) -> Result<Self, Broken> {
        let transport = context.transport;
        let features = transport.negotiate(context.platform, 1 << MAC)?;
        let mut receive = transport.queue(context.platform, features, 0)?;
        let transmit = transport.queue(context.platform, features, 1)?;
        let mut address = DEFAULT_ADDRESS;
        if features.has(MAC) {
            for (offset, byte) in (0..).zip(&mut address) {
                *byte = transport.configuration_byte(context.platform, offset);
            }
        }
        for slot in 0..TRANSMIT_SLOTS {
            write_addresses(context, slot, address);
        }
        transport.driver_ok(context.platform);
        for slot in 0..RECEIVE_SLOTS {
            post(context, &mut receive, slot);
        }
        receive.publish(context.platform);
        Ok(Self { receive, transmit, busy: 0, sent: 0, expected: 0, good: 0, wrong: 0, foreign: 0, round: 0 })
    }

    pub(super) fn tick<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        self.round = self.round.wrapping_add(1);
        let looped = self.good > 0 || self.sent < UNANSWERED;
        if looped || self.round.is_multiple_of(QUIET_ROUNDS) {
            self.send(context);
        }
        if looped && self.round.is_multiple_of(2) {
            self.send(context);
        }
        self.transmit.publish(context.platform);
        Ok(())
    }

    fn send<P: Platform>(&mut self, context: &mut Context<'_, P>) {
        let Some(slot) = (0..TRANSMIT_SLOTS).find(|slot| self.busy & (1 << slot) == 0) else { return };
        self.busy |= 1 << slot;
        let memory = transmit_memory(context, slot);
        let platform = &mut *context.platform;
        platform.store_u64(memory + PAYLOAD, MARK);
        let mut value = self.sent;
        for word in 1..PAYLOAD_WORDS {
            platform.store_u64(memory + PAYLOAD + word * 8, value);
            value = value.wrapping_add(STRIDE);
        }
        self.sent += 1;
        let buffers = [Buffer::readable(memory, HEADER), Buffer::readable(memory + FRAME, FRAME_LENGTH)];
        let head = slot * SLOT_DESCRIPTORS;
        if slot == 0 {
            self.transmit.offer(platform, head, &buffers);
        } else {
            self.transmit.offer_indirect(platform, head, memory + TABLE, &buffers);
        }
    }

    pub(super) fn complete<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        while let Some(completion) = self.transmit.take(context.platform)? {
            let slot = slot_of(completion.head, TRANSMIT_SLOTS)?;
            if self.busy & (1 << slot) == 0 {
                return Err(Broken::UsedElement);
            }
            self.busy &= !(1 << slot);
        }
        while let Some(completion) = self.receive.take(context.platform)? {
            let slot = slot_of(completion.head, RECEIVE_SLOTS)?;
            self.check(context, slot, completion.written);
            post(context, &mut self.receive, slot);
        }
        self.receive.publish(context.platform);
        Ok(())
    }

    /// Looks at a frame of `written` bytes, its virtio header included.
    fn check<P: Platform>(&mut self, context: &mut Context<'_, P>, slot: u16, written: u32) {
        let memory = receive_memory(context, slot);
        let platform = &mut *context.platform;
        let ours = written >= HEADER + FRAME_LENGTH
            && platform.load_u16(memory + PAYLOAD - 2) == ETHER_TYPE
            && platform.load_u64(memory + PAYLOAD) == MARK;
        if !ours {
            self.foreign += 1;
            return;
        }
        let number = platform.load_u64(memory + PAYLOAD + 8);
        let mut value = number;
        let whole = (1..PAYLOAD_WORDS).all(|word| {
            let equal = platform.load_u64(memory + PAYLOAD + word * 8) == value;
            value = value.wrapping_add(STRIDE);
            equal
        });
        if whole && number >= self.expected && number < self.sent {
            self.expected = number + 1;
            self.good += 1;
            return;
        }
        self.wrong = self.wrong.wrapping_add(1);
        if worth_saying(self.wrong) {
            context.message().text("frame ").number(number).text(" came back different or twice\n");
        }
    }

    pub(super) fn report<P>(&self, context: &mut Context<'_, P>) {
        let message = context.message().number(self.sent).text(" frames sent, ");
        message.number(self.good).text(" came back equal");
        if self.wrong > 0 {
            message.text(", ").number(u64::from(self.wrong)).text(" different");
        }
        if self.foreign > 0 {
            message.text(", ").number(self.foreign).text(" frames of others");
        }
        message.text("\n");
    }
}

fn receive_memory<P>(context: &Context<'_, P>, slot: u16) -> u64 {
    context.transport.buffers() + u64::from(slot) * SLOT_MEMORY
}

fn transmit_memory<P>(context: &Context<'_, P>, slot: u16) -> u64 {
    receive_memory(context, RECEIVE_SLOTS + slot)
}

fn slot_of(head: u16, slots: u16) -> Result<u16, Broken> {
    let slot = head / SLOT_DESCRIPTORS;
    if head.is_multiple_of(SLOT_DESCRIPTORS) && slot < slots { Ok(slot) } else { Err(Broken::UsedElement) }
}

/// Gives the device receive buffer `slot`.
fn post<P: Platform>(context: &mut Context<'_, P>, receive: &mut Queue, slot: u16) {
    let memory = receive_memory(context, slot);
    let buffers = [Buffer::writable(memory, HEADER), Buffer::writable(memory + FRAME, LONGEST_FRAME)];
    receive.offer(context.platform, slot * SLOT_DESCRIPTORS, &buffers);
}

/// Writes the virtio header (no offloads: zero) and the Ethernet header of transmit buffer `slot`, which stay.
fn write_addresses<P: Platform>(context: &mut Context<'_, P>, slot: u16, address: [u8; 6]) {
    let memory = transmit_memory(context, slot);
    for offset in (0..u64::from(HEADER)).step_by(4) {
        context.platform.store_u32(memory + offset, 0);
    }
    for (offset, byte) in (0..).zip(address) {
        context.platform.store_u8(memory + FRAME + offset, byte);
        context.platform.store_u8(memory + FRAME + 6 + offset, byte);
    }
    context.platform.store_u16(memory + FRAME + 12, ETHER_TYPE);
}
