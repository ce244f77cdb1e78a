//! A made-up virtio-mmio device: honest registers and rings around a behaviour that need not be honest.

use super::machine::Memory;

pub(crate) const INDIRECT: u64 = 1 << 28;
pub(crate) const EVENT_INDEX: u64 = 1 << 29;
pub(crate) const VERSION_1: u64 = 1 << 32;

const FEATURES_OK: u32 = 8;
const NEEDS_RESET: u32 = 64;

/// A request as the device sees it.
pub(crate) struct Request {
    pub(crate) queue: usize,
    pub(crate) head: u16,
    pub(crate) readable: Vec<u8>,
    /// To be filled; all the writable buffers in a row.
    pub(crate) writable: Vec<u8>,
    pub(crate) descriptors: usize,
    pub(crate) indirect: bool,
}

/// What a device does about a request.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Gives it back, so many bytes written.
    Done(usize),
    /// Keeps it until somebody else's request releases it.
    Keep,
    /// As `Done(0)`; and gives back the oldest kept request of this queue with these bytes.
    Release(usize, Vec<u8>),
    /// Gives back this head, whatever was asked for.
    Head(u32),
    /// Moves the used index by so many.
    Jump(u16),
    /// Asks for a reset.
    Break,
}

pub(crate) type Behaviour = Box<dyn FnMut(&mut Request) -> Answer>;

#[derive(Default)]
struct Queue {
    size: u32,
    ready: u32,
    areas: [u64; 3],
    seen: u16,
    used: u16,
    /// Requests that wait: head, and where their writable bytes go.
    kept: Vec<(u16, Vec<(u64, usize)>)>,
}

pub(crate) struct Device {
    id: u32,
    features: u64,
    accepted: u64,
    configuration: Vec<u8>,
    behaviour: Behaviour,
    queues: Vec<Queue>,
    status: u32,
    select: [u32; 3],
    interrupt_status: u32,
    interrupt: bool,
    /// Requests seen: queue, descriptors, indirect.
    pub(crate) seen: Vec<(usize, usize, bool)>,
}

impl Device {
    pub(crate) fn new(id: u32, features: u64, configuration: &[u8], behaviour: Behaviour) -> Self {
        Self {
            id,
            features,
            accepted: 0,
            configuration: configuration.to_vec(),
            behaviour,
            queues: (0..3).map(|_| Queue::default()).collect(),
            status: 0,
            select: [0; 3],
            interrupt_status: 0,
            interrupt: false,
            seen: Vec::new(),
        }
    }

    /// What the device does about a request that another device was asked.
    pub(crate) fn behave(&mut self, request: &mut Request) -> Answer {
        (self.behaviour)(request)
    }

    pub(crate) fn status(&self) -> u32 {
        self.status
    }

    pub(crate) fn accepted(&self) -> u64 {
        self.accepted
    }

    pub(crate) fn take_interrupt(&mut self) -> bool {
        std::mem::take(&mut self.interrupt)
    }

    pub(crate) fn configuration(&self, offset: u64) -> u8 {
        self.configuration.get(usize::try_from(offset - 0x100).unwrap()).copied().unwrap_or(0)
    }

    pub(crate) fn read(&mut self, offset: u64) -> u32 {
        match offset {
            0x00 => u32::from_le_bytes(*b"virt"),
            0x04 => 2,
            0x08 => self.id,
            0x10 => half(self.features, self.select[0]),
            0x34 => 256,
            0x44 => self.queue().ready,
            0x60 => self.interrupt_status,
            0x70 => self.status,
            0x100.. => u32::from_le_bytes([0, 1, 2, 3].map(|byte| self.configuration(offset + byte))),
            _ => panic!("no driver reads register {offset:#x}"),
        }
    }

    pub(crate) fn write(&mut self, offset: u64, value: u32, memory: &mut Memory) {
        let high_or_low = u32::from(!offset.is_multiple_of(8)) * 32;
        match offset {
            0x14 => self.select[0] = value,
            0x24 => self.select[1] = value,
            0x30 => self.select[2] = value,
            0x20 => self.accepted |= u64::from(value) << (32 * self.select[1]),
            0x38 => self.queue().size = value,
            0x44 => self.queue().ready = value,
            0x50 => self.work(usize::try_from(value).unwrap(), memory),
            0x64 => self.interrupt_status &= !value,
            0x70 => self.set_status(value),
            0x80 | 0x84 => self.queue().areas[0] |= u64::from(value) << high_or_low,
            0x90 | 0x94 => self.queue().areas[1] |= u64::from(value) << high_or_low,
            0xa0 | 0xa4 => self.queue().areas[2] |= u64::from(value) << high_or_low,
            0x100.. => {
                let start = usize::try_from(offset - 0x100).unwrap();
                self.configuration[start..start + 4].copy_from_slice(&value.to_le_bytes());
            }
            _ => panic!("no driver writes register {offset:#x}"),
        }
    }

    fn set_status(&mut self, value: u32) {
        self.status = value;
        if value & FEATURES_OK != 0 {
            assert_eq!(self.accepted & !self.features, 0, "accepted what was not offered");
            assert_eq!(self.accepted & VERSION_1, VERSION_1);
        }
    }

    fn queue(&mut self) -> &mut Queue {
        &mut self.queues[usize::try_from(self.select[2]).unwrap()]
    }

    /// Serves what is available in a queue.
    fn work(&mut self, number: usize, memory: &mut Memory) {
        while let Some((mut request, parts)) = self.queues[number].next(number, memory) {
            if self.status & NEEDS_RESET != 0 {
                return;
            }
            self.seen.push((number, request.descriptors, request.indirect));
            let answer = (self.behaviour)(&mut request);
            let queue = &mut self.queues[number];
            match answer {
                Answer::Done(written) => {
                    scatter(memory, &parts, &request.writable);
                    queue.give_back(memory, request.head.into(), written);
                }
                Answer::Keep => queue.kept.push((request.head, parts)),
                Answer::Release(other, bytes) => {
                    scatter(memory, &parts, &request.writable);
                    queue.give_back(memory, request.head.into(), 0);
                    let other = &mut self.queues[other];
                    if !other.kept.is_empty() {
                        let (head, parts) = other.kept.remove(0);
                        scatter(memory, &parts, &bytes);
                        other.give_back(memory, head.into(), bytes.len());
                    }
                }
                Answer::Head(head) => queue.give_back(memory, head, 0),
                Answer::Jump(distance) => {
                    queue.used = queue.used.wrapping_add(distance);
                    memory.set(queue.areas[2] + 2, &queue.used.to_le_bytes());
                }
                Answer::Break => {
                    self.status |= NEEDS_RESET;
                    self.interrupt_status |= 2;
                }
            }
            self.interrupt_status |= 1;
            self.interrupt = true;
        }
    }
}

impl Queue {
    /// The next available request, and where its writable bytes are.
    fn next(&mut self, number: usize, memory: &mut Memory) -> Option<(Request, Vec<(u64, usize)>)> {
        let [table, driver, device] = self.areas;
        let size = u64::from(self.size);
        // The driver is to notify of the very next request.
        memory.set(device + 4 + size * 8, &self.seen.to_le_bytes());
        if memory.number(driver + 2, 2) == u64::from(self.seen) {
            return None;
        }
        let entry = driver + 4 + u64::from(self.seen) % size * 2;
        self.seen = self.seen.wrapping_add(1);
        let head = memory.number(entry, 2);
        let indirect = memory.number(table + head * 16 + 12, 2) & 4 != 0;
        let (table, first) = if indirect { (memory.number(table + head * 16, 8), 0) } else { (table, head) };
        let head = u16::try_from(head).unwrap();
        let (readable, writable) = (Vec::new(), Vec::new());
        let mut request = Request { queue: number, head, readable, writable, descriptors: 0, indirect };
        let mut parts = Vec::new();
        let mut next = Some(first);
        while let Some(index) = next {
            let descriptor = table + index * 16;
            let (address, length) = (memory.number(descriptor, 8), memory.number(descriptor + 8, 4));
            let (flags, length) = (memory.number(descriptor + 12, 2), usize::try_from(length).unwrap());
            request.descriptors += 1;
            if flags & 2 == 0 {
                assert!(parts.is_empty(), "readable after writable");
                request.readable.extend_from_slice(memory.get(address, length));
            } else {
                parts.push((address, length));
                request.writable.extend_from_slice(memory.get(address, length));
            }
            next = (flags & 1 != 0).then(|| memory.number(descriptor + 14, 2));
        }
        Some((request, parts))
    }

    fn give_back(&mut self, memory: &mut Memory, head: u32, written: usize) {
        let entry = self.areas[2] + 4 + u64::from(self.used) % u64::from(self.size) * 8;
        memory.set(entry, &head.to_le_bytes());
        memory.set(entry + 4, &u32::try_from(written).unwrap().to_le_bytes());
        self.used = self.used.wrapping_add(1);
        memory.set(self.areas[2] + 2, &self.used.to_le_bytes());
    }
}

fn scatter(memory: &mut Memory, parts: &[(u64, usize)], mut bytes: &[u8]) {
    for (address, length) in parts {
        let part = bytes.split_off(..bytes.len().min(*length)).unwrap();
        memory.set(*address, part);
    }
}

fn half(value: u64, number: u32) -> u32 {
    u32::try_from(value >> (32 * number) & 0xffff_ffff).unwrap()
}
