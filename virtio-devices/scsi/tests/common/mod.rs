//! A SCSI host with a driver attached.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "tests use what they need, and may fail")]

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use qapi_schema::runtime::{AnyEvent, Reply, Style};
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory};
use virtio_core::roles::{Bus, NewBusDevice};
use virtio_core::{DeviceError, DeviceOptions, RingForm, Roles, Surroundings};
use virtio_scsi::{DISK_TYPE, Scsi};

/// Where rings, requests, answers and data go.
const RING: u64 = 0x1000;
const REQUEST: u64 = 0x4_0000;
const ANSWER: u64 = 0x4_1000;
pub(crate) const DATA: u64 = 0x8_0000;
const MEMORY: usize = 8 << 20;

pub(crate) const CONTROL: u16 = 0;
pub(crate) const EVENT: u16 = 1;
pub(crate) const REQUESTS: u16 = 2;

/// The sizes with which a device begins.
const CDB_SIZE: usize = 32;
const SENSE_SIZE: u32 = 96;
const ANSWER_SIZE: u32 = 12 + SENSE_SIZE;

/// What an answer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) response: u8,
    pub(crate) status: u8,
    pub(crate) residual: u32,
    /// Key, code and qualifier.
    pub(crate) sense: Option<(u8, u8, u8)>,
    /// Bytes that the device says it has written, without the answer itself.
    pub(crate) written: u32,
}

/// The machine around the device: keeps the names of the events that it tells.
struct Ear(Mutex<Sender<String>>);

impl Surroundings for Ear {
    fn tell(&self, event: &dyn AnyEvent) {
        let mut data = Reply::new(Style::Line);
        event.write_data(&mut data).unwrap();
        let text = format!("{} {}", event.name(), String::from_utf8_lossy(data.as_bytes()));
        let _ = self.0.lock().unwrap().send(text);
    }

    fn stop_for_error(&self) {
        let _ = self.0.lock().unwrap().send("stop".to_owned());
    }
}

/// A SCSI host and its driver.
pub(crate) struct Host {
    pub(crate) driver: MmioDriver,
    pub(crate) queues: Vec<DriverQueue>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) roles: Roles,
    pub(crate) events: Receiver<String>,
}

impl Host {
    /// A host with this many request queues and without disks.
    pub(crate) fn new(rings: RingForm, request_queues: u16) -> Self {
        let memory = guest_memory(MEMORY);
        let mut driver = MmioDriver::with_rings(Box::new(Scsi::new(request_queues)), &memory, rings);
        let (sender, events) = channel();
        let ear = Arc::new(Ear(Mutex::new(sender)));
        let roles = driver.transport().place(Some("scsi0"), "/machine/peripheral/scsi0", ear);
        let queues = driver.start(u128::MAX, RING);
        Self { driver, queues, bus: roles.bus.clone().unwrap(), roles, events }
    }

    /// A host with one disk of a mebibyte at target 0, unit 0, which has nothing left to tell.
    pub(crate) fn with_disk(rings: RingForm) -> Self {
        let mut host = Self::new(rings, 1);
        host.plug("disk0", "size=1M").unwrap();
        assert_eq!(host.command([1, 0, 0, 0], "00", &[]).sense, Some((6, 0x29, 0)));
        host
    }

    pub(crate) fn plug(&self, id: &str, options: &str) -> Result<(), DeviceError> {
        self.bus.plug(NewBusDevice {
            device_type: &DISK_TYPE,
            id: Some(id),
            path: &format!("/machine/peripheral/{id}"),
            options: DeviceOptions::parse(options)?,
        })
    }

    /// Sends a command to the unit whose address begins with `lun`, and waits for the answer.
    pub(crate) fn command(&mut self, lun: [u8; 4], cdb: &str, data: &[Buffer]) -> Answer {
        self.store_request(REQUEST, lun, 7, &bytes(cdb));
        self.driver.store(ANSWER, &[0xee; ANSWER_SIZE as usize]);
        let request = Buffer::readable(REQUEST, 19 + u32::try_from(CDB_SIZE).unwrap());
        let (output, input): (Vec<_>, Vec<_>) = data.iter().copied().partition(|buffer| !buffer.writable);
        let answer = Buffer::writable(ANSWER, ANSWER_SIZE);
        let buffers = [vec![request], output, vec![answer], input].concat();
        let queue = &mut self.queues[usize::from(REQUESTS)];
        let written = self.driver.submit(REQUESTS, queue, &buffers);
        self.answer(ANSWER, written)
    }

    /// Writes a request's header and CDB.
    pub(crate) fn store_request(&self, at: u64, lun: [u8; 4], id: u64, cdb: &[u8]) {
        let mut padded = [0; CDB_SIZE];
        padded[..cdb.len()].copy_from_slice(cdb);
        let header = [&lun[..], &[0; 4], &id.to_le_bytes(), &[0; 3], &padded].concat();
        self.driver.store(at, &header);
    }

    fn answer(&self, at: u64, written: u32) -> Answer {
        let bytes = self.driver.load(at, ANSWER_SIZE);
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        Answer {
            response: bytes[11],
            status: bytes[10],
            residual: word(4),
            sense: (word(0) > 0).then(|| (bytes[14] & 0xf, bytes[24], bytes[25])),
            written: written - ANSWER_SIZE,
        }
    }

    /// Reads `length` bytes by a command that gives data.
    pub(crate) fn read(&mut self, lun: [u8; 4], cdb: &str, length: u32) -> Vec<u8> {
        self.driver.store(DATA, &vec![0xee; length as usize]);
        let answer = self.command(lun, cdb, &[Buffer::writable(DATA, length)]);
        assert_eq!((answer.response, answer.status), (0, 0), "{answer:?}");
        self.driver.load(DATA, length - answer.residual)
    }

    /// Sends data along with a command.
    pub(crate) fn write(&mut self, lun: [u8; 4], cdb: &str, data: &[u8]) -> Answer {
        self.driver.store(DATA, data);
        self.command(lun, cdb, &[Buffer::readable(DATA, u32::try_from(data.len()).unwrap())])
    }

    /// Sends a request on the control queue; the answer's bytes.
    pub(crate) fn control(&mut self, request: &[u8], answer: u32) -> Vec<u8> {
        self.driver.store(REQUEST, request);
        self.driver.store(ANSWER, &vec![0xee; answer as usize]);
        let buffers = [
            Buffer::readable(REQUEST, u32::try_from(request.len()).unwrap()),
            Buffer::writable(ANSWER, answer),
        ];
        let written = self.driver.submit(CONTROL, &mut self.queues[usize::from(CONTROL)], &buffers);
        self.driver.load(ANSWER, written)
    }

    /// Offers buffers for this many events.
    pub(crate) fn offer_event_buffers(&mut self, count: u64) {
        let queue = &mut self.queues[usize::from(EVENT)];
        for number in 0..count {
            queue.chain(&[Buffer::writable(DATA + 16 * number, 16)]);
        }
        queue.publish();
        self.driver.kick(EVENT);
    }

    /// Waits for events and gives them as hexadecimal digits, from the buffers in the order in which they were offered.
    pub(crate) fn wait_events(&mut self, count: u64) -> Vec<String> {
        let mut come = 0;
        while come < count {
            let used = self.driver.wait_used(&mut self.queues[usize::from(EVENT)]);
            come += u64::try_from(used.len()).unwrap();
        }
        let event = |number| self.driver.load(DATA + 16 * number, 16);
        (0..count).map(|number| event(number).iter().map(|byte| format!("{byte:02x}")).collect()).collect()
    }
}

/// The bytes that hexadecimal digits stand for.
pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

/// Bytes that differ from block to block.
pub(crate) fn pattern(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}
