//! What storage does wrong: what the driver sees, what clients hear, what is counted, and that nothing is lost.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use qapi_schema::runtime::{AnyEvent, Reply, Style};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use storage::faults::Faults;
use storage::{ErrorPolicy, Image, Operation, PolicyChoice};
use virtio_block::{Block, BlockSettings};
use virtio_core::driver::{Buffer, DriverQueue, MmioDriver, guest_memory};
use virtio_core::{RingForm, Surroundings};

const RING: u64 = 0x1000;
const HEADER: u64 = 0x9000;
const STATUS: u64 = 0xa000;
const DATA: u64 = 0x1_0000;
const IN: u32 = 0;
const OUT: u32 = 1;
const FLUSH: u32 = 4;

/// A machine that only listens.
struct Listener {
    events: Mutex<Sender<String>>,
    stops: AtomicU32,
}

impl Surroundings for Listener {
    fn tell(&self, event: &dyn AnyEvent) {
        let mut data = Reply::new(Style::Line);
        event.write_data(&mut data).unwrap();
        let text = format!("{} {}", event.name(), String::from_utf8(data.into_bytes()).unwrap());
        self.events.lock().unwrap().send(text).unwrap();
    }

    fn stop_for_error(&self) {
        self.stops.fetch_add(1, Ordering::SeqCst);
        self.events.lock().unwrap().send("stop".to_owned()).unwrap();
    }
}

struct Disk {
    driver: MmioDriver,
    queue: DriverQueue,
    faults: Faults,
    listener: Arc<Listener>,
    events: Receiver<String>,
}

impl Disk {
    fn new(rings: RingForm, read: &str, write: &str) -> Self {
        Self::of_image(rings, &Image::scratch(64 * 512).unwrap(), read, write)
    }

    fn of_image(rings: RingForm, image: &Image, read: &str, write: &str) -> Self {
        let policy = ErrorPolicy {
            read: PolicyChoice::for_reads(read).unwrap(),
            write: PolicyChoice::for_writes(write).unwrap(),
        };
        let faults = Faults::default();
        let device =
            Block::new(image.with_faults(&faults), &BlockSettings { policy, ..BlockSettings::default() });
        let mut driver = MmioDriver::with_rings(Box::new(device), &guest_memory(1 << 20), rings);
        let (sender, events) = channel();
        let listener = Arc::new(Listener { events: Mutex::new(sender), stops: AtomicU32::new(0) });
        let surroundings = Arc::clone(&listener) as Arc<dyn Surroundings>;
        driver.transport().place(Some("disk0"), "/machine/peripheral/disk0", surroundings);
        let queue = driver.start(u128::MAX, RING).remove(0);
        Self { driver, queue, faults, listener, events }
    }

    /// Everything fails that `fails` says, with this error.
    fn fail(&self, number: i32, fails: fn(Operation) -> bool) {
        self.faults.set(move |operation| fails(operation).then_some(number));
    }

    /// Offers a request of one sector and kicks.
    fn offer(&mut self, kind: u32, sector: u64) {
        self.driver.store(HEADER, &[&kind.to_le_bytes()[..], &[0; 4], &sector.to_le_bytes()].concat());
        self.driver.store(STATUS, &[0xee]);
        let data = Buffer { address: DATA, length: 512, writable: kind == IN };
        let (header, status) = (Buffer::readable(HEADER, 16), Buffer::writable(STATUS, 1));
        let (with_data, without) = ([header, data, status], [header, status]);
        self.queue.chain(if kind == FLUSH { &without[..] } else { &with_data });
        self.queue.publish();
        self.driver.kick(0);
    }

    /// The status that the request comes back with.
    fn answer(&mut self) -> u8 {
        assert_eq!(self.driver.wait_used(&mut self.queue).len(), 1);
        self.driver.load(STATUS, 1)[0]
    }

    fn request(&mut self, kind: u32, sector: u64) -> u8 {
        self.offer(kind, sector);
        self.answer()
    }

    /// What clients have heard, how often the machine was to stop, and how many requests count as failed.
    fn heard(&mut self) -> (String, u32, u64) {
        let mut event = self.events.recv().unwrap();
        let asked = event == "stop";
        if asked {
            event = self.events.recv().unwrap();
        }
        let stops = event.contains("\"action\": \"stop\"");
        assert_eq!(asked, stops, "the machine is asked to stop before clients hear of it: {event}");
        assert!(self.events.try_recv().is_err(), "one event for one error");
        let errors = self.driver.view().counters(0).unwrap().errors.get();
        (event, self.listener.stops.load(Ordering::SeqCst), errors)
    }
}

/// The event of an error, how often the machine was to stop so far, and how many requests have failed.
fn told(
    operation: &str,
    action: &str,
    nospace: Option<bool>,
    reason: &str,
    stops: u32,
    errors: u64,
) -> (String, u32, u64) {
    let nospace = nospace.map(|nospace| format!("\"nospace\": {nospace}, ")).unwrap_or_default();
    let event = format!(
        "BLOCK_IO_ERROR {{\"qom-path\": \"/machine/peripheral/disk0\", \"device\": \"disk0\", \
         \"operation\": \"{operation}\", \"action\": \"{action}\", {nospace}\"reason\": \"{reason}\"}}"
    );
    (event, stops, errors)
}

#[test]
fn an_error_that_is_reported() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::new(rings, "report", "report");
        disk.fail(libc::EIO, |operation| operation == Operation::Read { offset: 512 });
        assert_eq!((disk.request(IN, 0), disk.request(IN, 1)), (0, 1));
        assert_eq!(disk.heard(), told("read", "report", None, "Input/output error (os error 5)", 0, 1));
        assert_eq!(disk.request(IN, 2), 0, "the device goes on");
        disk.fail(libc::ENOSPC, Operation::is_write);
        assert_eq!(disk.request(OUT, 1), 1);
        disk.events.recv().unwrap();
        assert_eq!(disk.request(FLUSH, 0), 1);
        assert_eq!(
            disk.heard(),
            told("write", "report", None, "No space left on device (os error 28)", 0, 3)
        );
    }
}

#[test]
fn an_error_that_is_ignored() {
    let mut disk = Disk::new(RingForm::Split, "ignore", "ignore");
    disk.fail(libc::EIO, |_| true);
    assert_eq!(disk.request(OUT, 3), 0);
    assert_eq!(disk.heard(), told("write", "ignore", None, "Input/output error (os error 5)", 0, 0));
}

#[test]
fn a_full_disk_stops_the_machine_and_the_write_is_done_when_it_goes_on() {
    for rings in RingForm::BOTH {
        let mut disk = Disk::new(rings, "report", "enospc");
        disk.driver.store(DATA, &[0x5a; 512]);
        disk.fail(libc::ENOSPC, Operation::is_write);
        disk.offer(OUT, 5);
        assert_eq!(
            disk.heard(),
            told("write", "stop", Some(true), "No space left on device (os error 28)", 1, 0)
        );
        // Still full: it is tried again, and the machine stops again.
        disk.driver.transport().pause();
        assert_eq!((disk.queue.used(), disk.driver.view().in_flight(0).len()), (vec![], 1));
        disk.driver.transport().resume();
        assert_eq!(disk.heard().1, 2);
        disk.driver.transport().pause();
        disk.faults.clear();
        disk.driver.transport().resume();
        assert_eq!(disk.answer(), 0);
        assert_eq!(disk.driver.view().counters(0).unwrap().requests.get(), 1, "answered once");
        disk.driver.store(DATA, &[0; 512]);
        assert_eq!((disk.request(IN, 5), disk.driver.load(DATA, 512)), (0, vec![0x5a; 512]));
        // Any other error of a write is told.
        disk.fail(libc::EIO, Operation::is_write);
        assert_eq!((disk.request(OUT, 5), disk.heard().1), (1, 2));
    }
}

#[test]
fn a_reset_forgets_what_waits_for_the_machine() {
    let mut disk = Disk::new(RingForm::Split, "stop", "stop");
    disk.fail(libc::EIO, |_| true);
    disk.offer(IN, 0);
    assert_eq!(disk.heard().1, 1);
    disk.driver.transport().pause();
    disk.queue = disk.driver.start(u128::MAX, RING).remove(0);
    disk.faults.clear();
    disk.driver.transport().resume();
    assert_eq!(disk.request(IN, 1), 0);
    assert_eq!(disk.driver.view().counters(0).unwrap().requests.get(), 1);
}

#[test]
fn a_file_that_shrinks_is_an_error_and_the_rest_of_the_disk_goes_on() {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(64 * 512).unwrap();
    let image = Image::open(file.path(), false).unwrap();
    file.as_file().set_len(10 * 512).unwrap();
    let mut disk = Disk::of_image(RingForm::Split, &image, "report", "report");
    assert_eq!(disk.request(IN, 10), 1);
    assert_eq!(disk.heard(), told("read", "report", None, "unexpected end of file", 0, 1));
    assert_eq!((disk.request(IN, 9), disk.request(OUT, 10), disk.request(IN, 10)), (0, 0, 0));
}
