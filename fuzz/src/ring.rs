//! A ring whose driver does whatever it likes, and a device that works on it.

use virtio_core::driver::{DeviceSide, DriverQueue, guest_memory};
use virtio_core::introspection::element;
use virtio_core::{Chain, GuestMemory, RingForm};
use vm_memory::{Bytes, GuestAddress};

use crate::MEMORY;
use crate::input::Input;

/// The longest chain through an indirect table.
const LONGEST: usize = 1024;
const RING: u64 = 0x1000;
const TABLE: u64 = 0x8000;

struct Ring {
    memory: GuestMemory,
    driver: DriverQueue,
    device: DeviceSide,
    /// Chains that the device has.
    chains: Vec<Chain>,
}

/// Runs the steps in `bytes` on a ring of this form.
pub fn ring(form: RingForm, bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let memory = guest_memory(MEMORY);
    let size = match form {
        RingForm::Split => 1 << (input.u8() % 6),
        RingForm::Packed => 1 + u16::from(input.u8() % 32),
    };
    let driver = DriverQueue::with_form(&memory, form, size, RING);
    let Ok(device) = driver.device_side(input.bool(), input.bool()) else { return };
    let mut ring = Ring { memory, driver, device, chains: Vec::new() };
    while !input.is_empty() {
        ring.step(&mut input, form, size);
        ring.check(size);
    }
    ring.drain(size);
}

impl Ring {
    fn step(&mut self, input: &mut Input<'_>, form: RingForm, size: u16) {
        match input.u8() % 10 {
            0 | 1 => self.driver.set_descriptor(input.u16() % size, input.descriptor()),
            2 => self.driver.write_descriptor(TABLE, u16::from(input.u8() % 40), input.descriptor()),
            3 if form == RingForm::Split => {
                self.driver.set_available_entry(input.u16(), u16::from(input.u8()))
            }
            4 if form == RingForm::Split => {
                // Mostly a little further, sometimes anywhere.
                let next = self.device.published.snapshot().indices.shadow_available;
                let index =
                    if input.u8() == 0 { input.u16() } else { next.wrapping_add(u16::from(input.u8() % 8)) };
                self.driver.set_available_index(index);
            }
            3 | 4 => {
                // One more round: the flags of all slots at once.
                let flags = [0x80_u16, 0x8000][usize::from(input.u8() % 2)];
                let first = input.u16() % size;
                for slot in first..size.min(first.saturating_add(u16::from(input.u8() % 8))) {
                    let at = RING + 16 * u64::from(slot) + 14;
                    self.memory.write_obj(flags.to_le(), GuestAddress(at)).unwrap();
                }
            }
            5 => self.pop(),
            6 => self.complete(input),
            7 => {
                if let Some(chain) = self.chains.pop() {
                    // Refused if another one came after it; the chain is then lost, as a careless device would lose it.
                    let _ = self.device.queue.undo_pop(chain);
                }
            }
            8 => {
                self.driver.set_used_event(input.u16());
                let _ = self.device.queue.interrupt();
            }
            _ => {
                let at = u64::from(input.u16() % 0x7000) + RING;
                self.memory.write_obj(input.u16(), GuestAddress(at)).unwrap();
            }
        }
    }

    fn pop(&mut self) {
        if let Ok(Some(chain)) = self.device.queue.pop() {
            let segments = chain.readable().len() + chain.writable().len();
            assert!(segments <= LONGEST, "a chain of {segments} buffers");
            let mut byte = [0];
            for segment in chain.readable().iter().chain(chain.writable()) {
                let last = segment.address.0 + u64::from(segment.length) - 1;
                for at in [segment.address, GuestAddress(last)] {
                    self.memory.read_slice(&mut byte, at).expect("a buffer lies in guest memory");
                }
            }
            self.chains.push(chain);
        }
    }

    fn complete(&mut self, input: &mut Input<'_>) {
        if self.chains.is_empty() {
            return;
        }
        let chain = self.chains.swap_remove(usize::from(input.u8()) % self.chains.len());
        let written = input.u32();
        let fits = u64::from(written) <= chain.writable_len();
        let result = self.device.queue.complete(chain, written);
        assert_eq!(result.is_ok(), fits, "{result:?}");
    }

    fn check(&self, size: u16) {
        let snapshot = self.device.published.snapshot();
        assert!(snapshot.indices.in_flight <= size);
        let in_flight = self.device.published.in_flight();
        assert!(in_flight.len() <= usize::from(size) && in_flight.len() >= self.chains.len());
        for index in [None, Some(0), Some(size)] {
            if let Ok(element) = element(&self.memory, &snapshot, index) {
                assert!(element.descriptors.len() <= 1 << 16);
            }
        }
    }

    /// A driver that does nothing more cannot keep the device busy for ever.
    fn drain(mut self, size: u16) {
        for _ in 0..=3 * u32::from(size) {
            let before = self.chains.len();
            self.pop();
            if self.chains.len() == before {
                return;
            }
            self.complete(&mut Input::new(&[]));
        }
        panic!("the ring never ends");
    }
}
