//! Images that fail, and what the driver, the machine and clients hear of it.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use qapi_schema::rate_limits::{RateLimit, RateLimits};
use qapi_schema::runtime::{AnyEvent, Reply, Style};
use rate_limits::{Limiter, unlimited};
use storage::faults::Faults;
use storage::{ErrorPolicy, Image, Operation, PolicyChoice};
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory};
use virtio_core::roles::{Bus, Plugged};
use virtio_core::{RingForm, Surroundings};

use crate::address::UnitAddress;
use crate::device::Scsi;
use crate::disk::Disk;
use crate::options::DISK_TYPE;
use crate::target::identity::{Ascii, Identity};
use crate::target::unit::{Geometry, Unit};

const RING: u64 = 0x1000;
const REQUEST: u64 = 0x2_0000;
const ANSWER: u64 = 0x2_1000;
const DATA: u64 = 0x3_0000;
const MANAGE: u64 = 0x4_0000;
const EIO: i32 = 5;
const ENOSPC: i32 = 28;

const READ: &str = "28 00 00 00 00 04 00 00 01 00";
const WRITE: &str = "2a 00 00 00 00 04 00 00 01 00";
const FLUSH: &str = "35 00 00 00 00 00 00 00 00 00";

/// Task management functions, and what they are answered with.
const ABORT_TASK: u8 = 0;
const ABORT_TASK_SET: u8 = 1;
const NEXUS_RESET: u8 = 4;
const UNIT_RESET: u8 = 5;
const QUERY_TASK: u8 = 6;
const COMPLETE: u8 = 0;
const SUCCEEDED: u8 = 10;

/// What the machine hears.
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

struct Fixture {
    driver: MmioDriver,
    queues: Vec<DriverQueue>,
    faults: Faults,
    limiter: Arc<Limiter>,
    heard: Receiver<String>,
    bus: Arc<dyn Bus>,
    managed: u64,
}

impl Fixture {
    fn new(rings: RingForm, policy: ErrorPolicy) -> Self {
        let (device, faults) = (Scsi::new(1), Faults::default());
        let image = Image::scratch(1 << 20).unwrap().with_faults(&faults);
        let limiter = Arc::clone(image.limiter());
        let identity = Identity {
            vendor: Ascii::new("").unwrap(),
            product: Ascii::new("").unwrap(),
            serial: String::new(),
            wwn: None,
        };
        let geometry = Geometry { block_size: 512, physical_block_size: 512, read_only: false };
        let name = Plugged::new(&DISK_TYPE, Some("disk0"), "/machine/peripheral/disk0");
        let (address, unit) = (UnitAddress { target: 0, lun: 0 }, Unit::new(identity, geometry, 1 << 20));
        let disk = Disk::new(address, unit, image, policy, name);
        device.host().units.insert(|_| Ok::<_, ()>(disk)).unwrap();
        let mut driver = MmioDriver::with_rings(Box::new(device), &guest_memory(1 << 20), rings);
        let (sender, heard) = channel();
        let ear = Arc::new(Ear(Mutex::new(sender)));
        let bus = driver.transport().place(Some("scsi0"), "/machine/peripheral/scsi0", ear).bus.unwrap();
        let queues = driver.start(u128::MAX, RING);
        let mut fixture = Self { driver, queues, faults, limiter, heard, bus, managed: 0 };
        assert_eq!(fixture.command("00", &[]).1, Some((6, 0x29, 0)));
        fixture
    }

    /// Puts a command on the ring; what becomes of it stands at `ANSWER`.
    fn send(&mut self, cdb: &str, data: &[Buffer]) {
        let mut request = [0; 51];
        request[0] = 1;
        request[8] = 7;
        let cdb = cdb.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap());
        request[19..].iter_mut().zip(cdb).for_each(|(place, byte)| *place = byte);
        self.driver.store(REQUEST, &request);
        let (output, input): (Vec<_>, Vec<_>) = data.iter().copied().partition(|buffer| !buffer.writable);
        let (request, answer) = (vec![Buffer::readable(REQUEST, 51)], vec![Buffer::writable(ANSWER, 108)]);
        self.queues[2].chain(&[request, output, answer, input].concat());
        self.queues[2].publish();
        self.driver.kick(2);
    }

    /// Response, and sense key, code and qualifier if the unit has refused.
    fn answer(&mut self) -> (u8, Option<(u8, u8, u8)>) {
        self.driver.wait_used(&mut self.queues[2]);
        let answer = self.driver.load(ANSWER, 108);
        (answer[11], (answer[0] > 0).then(|| (answer[14] & 0xf, answer[24], answer[25])))
    }

    fn command(&mut self, cdb: &str, data: &[Buffer]) -> (u8, Option<(u8, u8, u8)>) {
        self.send(cdb, data);
        self.answer()
    }

    /// Sends a task management function for the task; its answer will stand at the address that is returned.
    fn manage(&mut self, subtype: u8) -> u64 {
        self.managed += 1;
        let (request_at, answer_at) = (MANAGE + 0x100 * self.managed, MANAGE + 0x100 * self.managed + 0x80);
        let mut request = [0; 24];
        (request[4], request[8], request[16]) = (subtype, 1, 7);
        self.driver.store(request_at, &request);
        self.queues[0].chain(&[Buffer::readable(request_at, 24), Buffer::writable(answer_at, 1)]);
        self.queues[0].publish();
        self.driver.kick(0);
        answer_at
    }

    /// Waits for an answer to a task management function, which is expected to be this one.
    fn managed(&mut self, answer_at: u64) -> u8 {
        self.driver.wait_used(&mut self.queues[0]);
        self.driver.load(answer_at, 1)[0]
    }

    fn query(&mut self) -> u8 {
        let query = self.manage(QUERY_TASK);
        self.managed(query)
    }
}

fn always(read: &str, write: &str) -> ErrorPolicy {
    ErrorPolicy {
        read: PolicyChoice::for_reads(read).unwrap(),
        write: PolicyChoice::for_writes(write).unwrap(),
    }
}

fn input() -> [Buffer; 1] {
    [Buffer::writable(DATA, 512)]
}

fn output() -> [Buffer; 1] {
    [Buffer::readable(DATA, 512)]
}

#[test]
fn what_the_image_cannot_do_is_told_with_the_sense_that_fits() {
    for rings in RingForm::BOTH {
        let mut fixture = Fixture::new(rings, always("report", "report"));
        fixture.faults.set(|_| Some(EIO));
        assert_eq!(fixture.command(READ, &input()), (0, Some((3, 0x11, 0))));
        assert_eq!(fixture.driver.load(ANSWER + 15, 4), [0, 0, 0, 4], "the block");
        assert_eq!(fixture.command(WRITE, &output()), (0, Some((3, 0x0c, 0))));
        assert_eq!(fixture.command(FLUSH, &[]), (0, Some((3, 0x0c, 0))));
        assert_eq!(fixture.command("2f 00 00 00 00 04 00 00 01 00", &[]), (0, Some((3, 0x11, 0))));
        fixture.faults.set(|operation| operation.is_write().then_some(ENOSPC));
        assert_eq!(fixture.command(WRITE, &output()), (0, Some((7, 0x27, 7))));
        assert_eq!(
            fixture.command("93 01 00 00 00 00 00 00 00 02 00 00 00 01 00 00", &[]).1,
            Some((7, 0x27, 7))
        );
        assert_eq!(fixture.command("41 00 00 00 00 01 00 00 01 00", &output()).1, Some((7, 0x27, 7)));
        assert_eq!(fixture.command(READ, &input()), (0, None));
        let errors = fixture.driver.view().counters(2).unwrap().errors.get();
        assert_eq!(errors, 8, "with the one at the beginning");
    }
}

#[test]
fn what_is_to_be_ignored_is_not_told() {
    let mut fixture = Fixture::new(RingForm::Split, always("ignore", "ignore"));
    fixture.faults.set(|_| Some(EIO));
    assert_eq!(fixture.command(READ, &input()), (0, None));
    assert_eq!(fixture.command(WRITE, &output()), (0, None));
}

#[test]
fn a_full_disk_stops_the_machine_and_the_command_is_done_when_it_goes_on() {
    for rings in RingForm::BOTH {
        let mut fixture = Fixture::new(rings, ErrorPolicy::default());
        fixture.driver.store(DATA, &[7; 512]);
        fixture.faults.set(|operation| matches!(operation, Operation::Write { .. }).then_some(ENOSPC));
        fixture.send(WRITE, &output());
        assert_eq!(fixture.heard.recv().unwrap(), "stop", "before clients hear of it");
        assert_eq!(
            fixture.heard.recv().unwrap(),
            r#"BLOCK_IO_ERROR {"qom-path": "/machine/peripheral/disk0", "device": "disk0", "operation": "write", "action": "stop", "nospace": true, "reason": "No space left on device (os error 28)"}"#
        );
        fixture.driver.transport().pause();
        assert!(fixture.queues[2].used().is_empty(), "the driver does not hear of it");
        fixture.faults.clear();
        fixture.driver.transport().resume();
        assert_eq!(fixture.answer(), (0, None));
        fixture.driver.store(DATA, &[0; 512]);
        assert_eq!(fixture.command(READ, &input()), (0, None));
        assert_eq!(fixture.driver.load(DATA, 512), [7; 512]);
    }
}

#[test]
fn a_task_under_way_is_found_and_ended() {
    for rings in RingForm::BOTH {
        let mut fixture = Fixture::new(rings, ErrorPolicy::default());
        // The image waits for a sign before it does anything.
        let (sign, wait) = channel::<()>();
        fixture.faults.set(move |_| {
            let _ = wait.recv();
            None
        });
        for (function, ends_with) in [(ABORT_TASK, 2), (ABORT_TASK_SET, 2), (UNIT_RESET, 4), (NEXUS_RESET, 4)]
        {
            fixture.send(READ, &input());
            assert_eq!(fixture.query(), SUCCEEDED, "the task is there");
            let function = fixture.manage(function);
            assert_eq!(fixture.query(), SUCCEEDED, "it has not ended, and the function waits for that");
            sign.send(()).unwrap();
            assert_eq!(fixture.answer(), (ends_with, None));
            assert_eq!(fixture.managed(function), COMPLETE);
            assert_eq!(fixture.query(), COMPLETE, "it is gone");
            if ends_with == 4 {
                assert_eq!(fixture.command("00", &[]).1.map(|(key, code, _)| (key, code)), Some((6, 0x29)));
            }
        }
    }
}

#[test]
fn a_disk_is_gone_when_its_last_command_is_done() {
    let mut fixture = Fixture::new(RingForm::Split, ErrorPolicy::default());
    let (sign, wait) = channel::<()>();
    fixture.faults.set(move |_| {
        let _ = wait.recv();
        None
    });
    fixture.send(READ, &input());
    assert_eq!(fixture.query(), SUCCEEDED);
    assert!(fixture.bus.unplug("/machine/peripheral/disk0"));
    assert_eq!(fixture.query(), 3, "there is no such target any more");
    assert!(fixture.heard.try_recv().is_err(), "but the disk is not gone");
    sign.send(()).unwrap();
    assert_eq!(fixture.answer(), (0, None));
    assert!(fixture.heard.recv().unwrap().starts_with("DEVICE_DELETED "));
}

/// So little that nothing passes for longer than any test takes.
fn close(limiter: &Limiter) {
    let narrow = RateLimit { rate: 1, burst: None, burst_seconds: None };
    limiter.set(RateLimits { bytes: Some(narrow), ..unlimited() }).unwrap();
    limiter.charge(rate_limits::Direction::ToGuest, 1 << 40);
}

#[test]
fn what_a_limit_holds_back_is_a_task_like_others_and_ends_at_once_if_it_is_to() {
    for rings in RingForm::BOTH {
        let mut fixture = Fixture::new(rings, ErrorPolicy::default());
        for (function, ends_with) in [(ABORT_TASK, 2), (UNIT_RESET, 4)] {
            close(&fixture.limiter);
            fixture.send(READ, &input());
            assert_eq!(fixture.query(), SUCCEEDED, "the task is there");
            assert_eq!(fixture.limiter.held_back().waiting(), 1);
            let function = fixture.manage(function);
            assert_eq!(fixture.answer(), (ends_with, None));
            assert_eq!(fixture.managed(function), COMPLETE);
            assert_eq!(fixture.limiter.held_back().waiting(), 0);
            fixture.limiter.set(unlimited()).unwrap();
        }
        assert_eq!(fixture.command("00", &[]).1.map(|(key, code, _)| (key, code)), Some((6, 0x29)));
        assert_eq!(fixture.command(READ, &input()), (0, None));
    }
}

#[test]
fn no_limit_holds_up_the_end_of_a_disk() {
    let mut fixture = Fixture::new(RingForm::Split, ErrorPolicy::default());
    close(&fixture.limiter);
    fixture.send(READ, &input());
    assert_eq!(fixture.query(), SUCCEEDED);
    assert!(fixture.queues[2].used().is_empty());
    assert!(fixture.bus.unplug("/machine/peripheral/disk0"));
    assert_eq!(fixture.answer(), (0, None));
    assert!(fixture.heard.recv().unwrap().starts_with("DEVICE_DELETED "));
}
