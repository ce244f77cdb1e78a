//! Consoles (virtio 1.3 section 5.3): prints the guest's messages, and says what it was sent.

use super::{Broken, Context};
use crate::platform::Platform;
use crate::queue::{Buffer, Queue};

pub(super) const ID: u32 = 3;

const RECEIVE_SLOTS: u16 = 2;
const TRANSMIT_SLOTS: u16 = 4;
const SLOT_MEMORY: u64 = 0x100;
/// Bytes of each buffer.
const SLOT_BYTES: u32 = 0x100;

pub(crate) struct Console {
    receive: Queue,
    transmit: Queue,
    busy: u8,
}

impl Console {
    pub(super) fn start<P: Platform>(context: &mut Context<'_, P>) -> Result<Self, Broken> {
        let transport = context.transport;
        let features = transport.negotiate(context.platform, 0)?;
        let mut receive = transport.queue(context.platform, features, 0)?;
        let transmit = transport.queue(context.platform, features, 1)?;
        transport.driver_ok(context.platform);
        for slot in 0..RECEIVE_SLOTS {
            post(context, &mut receive, slot);
        }
        receive.publish(context.platform);
        Ok(Self { receive, transmit, busy: 0 })
    }

    pub(super) fn complete<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        while let Some(completion) = self.transmit.take(context.platform)? {
            if completion.head >= TRANSMIT_SLOTS || self.busy & (1 << completion.head) == 0 {
                return Err(Broken::UsedElement);
            }
            self.busy &= !(1 << completion.head);
        }
        while let Some(completion) = self.receive.take(context.platform)? {
            if completion.head >= RECEIVE_SLOTS {
                return Err(Broken::UsedElement);
            }
            let memory = receive_memory(context, completion.head);
            context.message().text("received '");
            for offset in 0..u64::from(completion.written.min(SLOT_BYTES)) {
                match context.platform.load_u8(memory + offset) {
                    byte if byte.is_ascii_graphic() || byte == b' ' => context.log.byte(byte),
                    b'\r' | b'\n' => context.log,
                    _ => context.log.byte(b'?'),
                };
            }
            context.log.text("'\n");
            post(context, &mut self.receive, completion.head);
        }
        self.receive.publish(context.platform);
        Ok(())
    }

    /// Prints what the log holds, as far as there are free buffers.
    pub(crate) fn print<P: Platform>(&mut self, context: &mut Context<'_, P>) {
        while context.log.peek().is_some() {
            let Some(slot) = (0..TRANSMIT_SLOTS).find(|slot| self.busy & (1 << slot) == 0) else { break };
            let memory = receive_memory(context, RECEIVE_SLOTS + slot);
            let mut length = 0;
            while length < SLOT_BYTES
                && let Some(byte) = context.log.peek()
            {
                context.platform.store_u8(memory + u64::from(length), byte);
                context.log.advance();
                length += 1;
            }
            self.busy |= 1 << slot;
            self.transmit.offer(context.platform, slot, &[Buffer::readable(memory, length)]);
        }
        self.transmit.publish(context.platform);
    }
}

/// Memory of receive buffer `slot`; the transmit buffers follow the receive buffers.
fn receive_memory<P>(context: &Context<'_, P>, slot: u16) -> u64 {
    context.transport.buffers() + u64::from(slot) * SLOT_MEMORY
}

fn post<P: Platform>(context: &mut Context<'_, P>, receive: &mut Queue, slot: u16) {
    let buffer = Buffer::writable(receive_memory(context, slot), SLOT_BYTES);
    receive.offer(context.platform, slot, &[buffer]);
}
