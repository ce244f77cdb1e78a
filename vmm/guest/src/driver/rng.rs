//! Entropy devices (virtio 1.3 section 5.4): takes entropy and checks that it changes.

use super::{Broken, Context, Patience, worth_saying};
use crate::platform::Platform;
use crate::queue::{Buffer, Queue};

pub(super) const ID: u32 = 4;

const BYTES: u32 = 64;
const WORDS: u64 = 8;

/// Offsets in the device's memory: two buffers that take turns, and room for an indirect table.
const DATA: [u64; 2] = [0, 0x40];
const TABLE: u64 = 0x80;

pub(crate) struct Rng {
    queue: Queue,
    waiting: bool,
    patience: Patience,
    requests: u32,
    bytes: u64,
    same: u32,
}

impl Rng {
    pub(super) fn start<P: Platform>(context: &mut Context<'_, P>) -> Result<Self, Broken> {
        let transport = context.transport;
        let features = transport.negotiate(context.platform, 0)?;
        let queue = transport.queue(context.platform, features, 0)?;
        transport.driver_ok(context.platform);
        Ok(Self { queue, waiting: false, patience: Patience::default(), requests: 0, bytes: 0, same: 0 })
    }

    /// The buffer of the latest request, and the one before.
    fn buffers<P>(&self, context: &Context<'_, P>) -> [u64; 2] {
        let [even, odd] = DATA.map(|offset| context.transport.buffers() + offset);
        if self.requests.is_multiple_of(2) { [even, odd] } else { [odd, even] }
    }

    /// The head of the latest request. Heads take turns, so that the one before stays in the table to be looked at.
    fn head(&self) -> u16 {
        if self.requests.is_multiple_of(2) { 0 } else { 2 }
    }

    pub(super) fn tick<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        if self.waiting {
            self.patience.round(context);
            return Ok(());
        }
        self.requests = self.requests.wrapping_add(1);
        self.waiting = true;
        let [data, _] = self.buffers(context);
        // What the device leaves out must not look like entropy.
        for word in 0..WORDS {
            context.platform.store_u64(data + word * 8, 0);
        }
        let half = BYTES / 2;
        let parts = [Buffer::writable(data, half), Buffer::writable(data + u64::from(half), half)];
        let head = self.head();
        if self.requests.is_multiple_of(4) {
            let table = context.transport.buffers() + TABLE;
            self.queue.offer_indirect(context.platform, head, table, &parts);
        } else {
            self.queue.offer(context.platform, head, &parts);
        }
        self.queue.publish(context.platform);
        Ok(())
    }

    pub(super) fn complete<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        while let Some(completion) = self.queue.take(context.platform)? {
            if !self.waiting || completion.head != self.head() {
                return Err(Broken::UsedElement);
            }
            self.waiting = false;
            self.patience.reset();
            self.bytes += u64::from(completion.written.min(BYTES));
            let [new, old] = self.buffers(context);
            let platform = &mut *context.platform;
            let mut equal =
                (0..WORDS).map(|word| platform.load_u64(new + word * 8) == platform.load_u64(old + word * 8));
            if completion.written == 0 || equal.all(|equal| equal) {
                self.same = self.same.wrapping_add(1);
                if worth_saying(self.same) {
                    context.message().text("gave the same bytes twice, or none\n");
                }
            }
        }
        Ok(())
    }

    pub(super) fn report<P>(&self, context: &mut Context<'_, P>) {
        let message = context.message().number(self.bytes).text(" bytes of entropy taken");
        if self.same == 0 {
            message.text(", all different\n");
        } else {
            message.text(", ").number(u64::from(self.same)).text(" times the same\n");
        }
    }
}
