//! MSI-X (PCI Local Bus Specification 3.0, 6.8.2): a table of messages that the guest writes, and for each whether it may
//! be sent now.
//!
//! Sending is the device thread's part: it writes to the vector's event, which the machine has connected to the message,
//! or notes that the message is pending. Everything else is the part of the vCPU that writes the table.

use crate::transport::{half, set_high, set_low};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use vmm_sys_util::eventfd::EventFd;

/// A write that is an interrupt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Where to.
    pub address: u64,
    /// What.
    pub data: u32,
}

/// The machine's end of a vector: which message its event sends.
pub trait MessageRoute: Send {
    /// The event sends this message from now on.
    fn set(&mut self, message: Message);
}

/// A message vector, as the machine gives it to a function.
pub struct MessageVector {
    /// Writing to it sends the message.
    pub event: EventFd,
    /// Says which.
    pub route: Box<dyn MessageRoute>,
}

/// What the guest has said in the message control register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct MessageControl {
    /// MSI-X is in use, and the interrupt line is not.
    pub(super) enabled: bool,
    /// No message may be sent for now.
    pub(super) all_masked: bool,
}

/// The half of a vector that the device's threads share with the table.
pub(super) struct Sender {
    event: EventFd,
    blocked: AtomicBool,
    pending: AtomicBool,
}

impl Sender {
    /// Sends the message now, or as soon as it may be sent.
    pub(super) fn send(&self) {
        if self.blocked.load(Ordering::SeqCst) {
            self.pending.store(true, Ordering::SeqCst);
            // It may have been unblocked in between, by somebody who did not see it pending yet.
            if self.blocked.load(Ordering::SeqCst) {
                return;
            }
            self.send_pending();
        } else {
            self.signal();
        }
    }

    fn unblock(&self) {
        self.blocked.store(false, Ordering::SeqCst);
        self.send_pending();
    }

    fn send_pending(&self) {
        if self.pending.swap(false, Ordering::SeqCst) {
            self.signal();
        }
    }

    fn signal(&self) {
        // The only failure is a counter that is full, and then the message is on its way already.
        let _ = self.event.write(1);
    }

    /// A message that has not been sent is not wanted any more.
    pub(super) fn forget(&self) {
        self.pending.store(false, Ordering::SeqCst);
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (blocked, pending) = (&self.blocked, &self.pending);
        formatter
            .debug_struct("Sender")
            .field("blocked", blocked)
            .field("pending", pending)
            .finish_non_exhaustive()
    }
}

/// The table, and what the guest has written into it.
pub(super) struct MessageTable {
    entries: Vec<Entry>,
    control: MessageControl,
}

struct Entry {
    message: Message,
    masked: bool,
    /// What the machine knows; setting it again may cost much.
    routed: Option<Message>,
    route: Box<dyn MessageRoute>,
    sender: Arc<Sender>,
}

/// Bytes of an entry: address, data and vector control.
const ENTRY_SIZE: u64 = 16;
/// In vector control.
const MASKED: u32 = 1;

impl MessageTable {
    /// A table in which every vector is masked, and the senders by vector.
    pub(super) fn new(vectors: Vec<MessageVector>) -> (Self, Vec<Arc<Sender>>) {
        let entry = |MessageVector { event, route }| {
            let (blocked, pending) = (AtomicBool::new(true), AtomicBool::new(false));
            let sender = Arc::new(Sender { event, blocked, pending });
            Entry { message: Message::default(), masked: true, routed: None, route, sender }
        };
        let entries: Vec<Entry> = vectors.into_iter().map(entry).collect();
        let senders = entries.iter().map(|entry| Arc::clone(&entry.sender)).collect();
        (Self { entries, control: MessageControl::default() }, senders)
    }

    /// How many vectors there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The guest has written the message control register.
    pub(super) fn set_control(&mut self, control: MessageControl) {
        if std::mem::replace(&mut self.control, control) != control {
            self.entries.iter_mut().for_each(|entry| entry.apply(control));
        }
    }

    /// As it was before the guest's first write.
    pub(super) fn reset(&mut self) {
        self.control = MessageControl::default();
        for entry in &mut self.entries {
            entry.message = Message::default();
            entry.masked = true;
            entry.apply(self.control);
        }
    }

    /// The guest reads the table, which is made of 32-bit words, one or two at once.
    pub(super) fn read(&self, offset: u64, data: &mut [u8]) {
        let (words, _) = data.as_chunks_mut();
        for (number, word) in (0..).zip(words) {
            *word = self.word(offset + 4 * number).to_le_bytes();
        }
    }

    /// The guest writes the table, one or two words at once.
    pub(super) fn write(&mut self, offset: u64, data: &[u8]) {
        let (words, _) = data.as_chunks();
        for (number, word) in (0..).zip(words) {
            self.set_word(offset + 4 * number, u32::from_le_bytes(*word));
        }
    }

    /// The guest reads which messages are pending: a bit a vector.
    pub(super) fn read_pending(&self, offset: u64, data: &mut [u8]) {
        let first = usize::try_from(offset).unwrap_or(usize::MAX);
        let bytes = self.entries.chunks(8).skip(first);
        for (place, entries) in data.iter_mut().zip(bytes) {
            for (bit, entry) in (0..).zip(entries) {
                *place |= u8::from(entry.sender.pending.load(Ordering::SeqCst)) << bit;
            }
        }
    }

    fn word(&self, offset: u64) -> u32 {
        let Some(entry) = index(offset).and_then(|index| self.entries.get(index)) else { return 0 };
        let Message { address, data } = entry.message;
        match offset % ENTRY_SIZE {
            0 => half(address, 0),
            4 => half(address, 1),
            8 => data,
            12 => u32::from(entry.masked) * MASKED,
            _ => 0,
        }
    }

    fn set_word(&mut self, offset: u64, value: u32) {
        let Some(entry) = index(offset).and_then(|index| self.entries.get_mut(index)) else { return };
        let Message { address, data } = &mut entry.message;
        match offset % ENTRY_SIZE {
            // A message is four bytes: the address has no bits below that (6.8.2.6).
            0 => set_low(address, value & !3),
            4 => set_high(address, value),
            8 => *data = value,
            12 => entry.masked = value & MASKED != 0,
            _ => return,
        }
        entry.apply(self.control);
    }
}

impl Entry {
    /// Lets messages out, or holds them back.
    fn apply(&mut self, control: MessageControl) {
        if self.masked || control.all_masked || !control.enabled {
            self.sender.blocked.store(true, Ordering::SeqCst);
            return;
        }
        if self.routed != Some(self.message) {
            self.route.set(self.message);
            self.routed = Some(self.message);
        }
        self.sender.unblock();
    }
}

fn index(offset: u64) -> Option<usize> {
    usize::try_from(offset / ENTRY_SIZE).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use vmm_sys_util::eventfd::EFD_NONBLOCK;

    type Routed = Arc<Mutex<Vec<(usize, Message)>>>;

    struct Note(usize, Routed);

    impl MessageRoute for Note {
        fn set(&mut self, message: Message) {
            self.1.lock().unwrap().push((self.0, message));
        }
    }

    struct Bench {
        table: MessageTable,
        senders: Vec<Arc<Sender>>,
        events: Vec<EventFd>,
        routed: Routed,
    }

    impl Bench {
        fn new(vectors: usize) -> Self {
            let routed = Routed::default();
            let events: Vec<EventFd> = (0..vectors).map(|_| EventFd::new(EFD_NONBLOCK).unwrap()).collect();
            let vector = |(number, event): (usize, &EventFd)| MessageVector {
                event: event.try_clone().unwrap(),
                route: Box::new(Note(number, Arc::clone(&routed))),
            };
            let (table, senders) = MessageTable::new(events.iter().enumerate().map(vector).collect());
            Self { table, senders, events, routed }
        }

        fn set(&mut self, vector: u64, message: Message) {
            self.table.write(16 * vector, &message.address.to_le_bytes());
            self.table.write(16 * vector + 8, &message.data.to_le_bytes());
        }

        fn mask(&mut self, vector: u64, masked: bool) {
            self.table.write(16 * vector + 12, &u32::from(masked).to_le_bytes());
        }

        fn control(&mut self, enabled: bool, all_masked: bool) {
            self.table.set_control(MessageControl { enabled, all_masked });
        }

        /// Which messages have been sent, and which wait.
        fn state(&self) -> (Vec<usize>, u8) {
            let sent = (0..self.events.len()).filter(|number| self.events[*number].read().is_ok()).collect();
            let mut pending = [0];
            self.table.read_pending(0, &mut pending);
            (sent, pending[0])
        }
    }

    const MESSAGE: Message = Message { address: 0xfee0_0000, data: 0x31 };

    #[test]
    fn a_message_is_routed_when_it_can_be_sent_and_not_again_before_it_changes() {
        let mut bench = Bench::new(2);
        bench.set(1, MESSAGE);
        bench.mask(1, false);
        assert_eq!(*bench.routed.lock().unwrap(), [], "MSI-X is not enabled");
        bench.control(true, false);
        bench.mask(1, true);
        bench.mask(1, false);
        bench.control(true, true);
        bench.control(true, false);
        assert_eq!(*bench.routed.lock().unwrap(), [(1, MESSAGE)]);
        bench.mask(1, true);
        bench.set(1, Message { data: 0x32, ..MESSAGE });
        bench.mask(1, false);
        assert_eq!(bench.routed.lock().unwrap().last(), Some(&(1, Message { data: 0x32, ..MESSAGE })));
        assert_eq!(bench.routed.lock().unwrap().len(), 2);
    }

    #[test]
    fn a_masked_message_is_pending_until_it_is_unmasked() {
        for function_mask in [false, true] {
            let mut bench = Bench::new(3);
            bench.control(true, function_mask);
            bench.mask(2, !function_mask);
            bench.senders[2].send();
            bench.senders[2].send();
            assert_eq!(bench.state(), (vec![], 0b100));
            bench.control(true, false);
            bench.mask(2, false);
            assert_eq!(bench.state(), (vec![2], 0));
            bench.senders[2].send();
            assert_eq!(bench.state(), (vec![2], 0));
        }
    }

    #[test]
    fn the_table_reads_as_it_was_written_and_vectors_begin_masked() {
        let mut bench = Bench::new(2);
        let message = Message { address: 0x1_fee0_1000, data: 0x4041 };
        bench.set(0, Message { address: message.address | 3, ..message });
        let mut entry = [0; 16];
        bench.table.read(0, &mut entry);
        let words: Vec<u32> = entry.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect();
        assert_eq!(words, [0xfee0_1000, 1, 0x4041, 1]);
        let mut beyond = [0xff; 4];
        bench.table.read(32, &mut beyond);
        assert_eq!(beyond, [0; 4]);
        bench.table.write(32, &[0xff; 8]);
        bench.table.write(u64::MAX - 7, &[0xff; 4]);
    }

    #[test]
    fn no_message_is_lost_between_the_device_and_the_guest() {
        let mut bench = Bench::new(1);
        bench.control(true, false);
        let sender = Arc::clone(&bench.senders[0]);
        std::thread::scope(|scope| {
            for _ in 0..20_000 {
                let sending = scope.spawn(|| sender.send());
                bench.mask(0, true);
                bench.mask(0, false);
                sending.join().unwrap();
                assert_eq!(bench.state(), (vec![0], 0));
            }
        });
    }
}
