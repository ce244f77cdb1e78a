//! The built-in guest with the real devices.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use builtin_guest::layout::{FIRST_LINE, WINDOW_STRIDE, WINDOWS};
use virtio_core::RingForm;
use virtio_core::introspection::{Introspect, QueueIndices};
use virtio_core::mmio::{MMIO_SIZE, MmioTransport, QUEUE_NOTIFY_OFFSET};
use vmm::accelerator::{self, Accelerator, Choice, GuestEvent, GuestEventHandler, Launch};
use vmm::bus::{Bus, SharedDevice};
use vmm::devices::{self, NewDevice};
use vmm::payload::Payload;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use crate::support::{each_accelerator, load, memory};

/// Far longer than the guest takes for anything waited for here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A machine with nothing but an accelerator, a bus and devices.
struct Machine {
    accelerator: Arc<dyn Accelerator>,
    devices: Vec<Arc<Mutex<MmioTransport>>>,
    views: Vec<Arc<dyn Introspect>>,
    rings: RingForm,
}

impl Machine {
    fn start(choice: Choice, rings: RingForm, devices: &[&str]) -> Self {
        let packed = if rings == RingForm::Packed { "on" } else { "off" };
        let memory = memory();
        let (accelerator, _) = accelerator::open(choice, Arc::clone(&memory), 1, &Payload::BuiltIn).unwrap();
        let mut bus = Bus::default();
        let mut machine = Self { accelerator, devices: Vec::new(), views: Vec::new(), rings };
        for (number, device) in (0u8..).zip(devices) {
            let base = WINDOWS + u64::from(number) * WINDOW_STRIDE;
            let interrupt = EventFd::new(EFD_NONBLOCK).unwrap();
            machine.accelerator.connect_interrupt(u32::from(FIRST_LINE + number), &interrupt).unwrap();
            let NewDevice { device, rings, .. } =
                devices::build(&format!("{device},packed={packed}")).unwrap();
            let transport = MmioTransport::new(device, Arc::clone(&memory), interrupt, rings).unwrap();
            for (queue, kick) in (0..).zip(transport.kick_events()) {
                machine.accelerator.connect_kick(base + QUEUE_NOTIFY_OFFSET, Some(queue), kick).unwrap();
            }
            machine.views.push(transport.view());
            let transport = Arc::new(Mutex::new(transport));
            machine.devices.push(Arc::clone(&transport));
            bus.insert(base, MMIO_SIZE, transport as SharedDevice).unwrap();
        }
        let events: GuestEventHandler =
            Arc::new(|event: GuestEvent| panic!("the guest cannot go on: {event:?}"));
        let (bus, entry) = (Arc::new(bus), load(&memory));
        machine
            .accelerator
            .start(Launch { bus, events, entry, host_cpus: Vec::new(), paused: false })
            .unwrap();
        machine
    }

    fn indices(&self, device: usize, queue: u16) -> QueueIndices {
        let snapshot = self.views[device].queue(queue).unwrap();
        assert!(!snapshot.ready || snapshot.layout.form == self.rings, "the guest takes what it is offered");
        snapshot.indices
    }

    /// Waits until this queue has moved by a few requests.
    fn wait_for_more(&self, device: usize, queue: u16) {
        let before = self.indices(device, queue);
        wait_until(&format!("queue {queue} of device {device} has moved from {before:?}"), || {
            let now = self.indices(device, queue);
            now.used.wrapping_sub(before.used) >= 3
                && now.last_available.wrapping_sub(before.last_available) >= 3
        });
    }

    fn pause(&self) {
        self.accelerator.pause();
        self.devices.iter().for_each(|device| device.lock().unwrap().pause());
    }

    fn resume(&self) {
        self.devices.iter().for_each(|device| device.lock().unwrap().resume());
        self.accelerator.resume();
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.accelerator.shutdown();
    }
}

/// Runs a test under each accelerator, on split and on packed rings.
fn each_accelerator_and_ring(test: impl Fn(Choice, RingForm)) {
    each_accelerator(|choice| RingForm::BOTH.into_iter().for_each(|rings| test(choice, rings)));
}

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "not within {} s: {what}", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn every_device_is_driven_and_what_comes_back_is_right() {
    each_accelerator_and_ring(|choice, rings| {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("console.log");
        let console = format!("console,output=file:{}", log.display());
        let machine = Machine::start(choice, rings, &["blk", "net", &console, "rng", "balloon"]);
        for wanted in [
            "disk0: 131072 sectors\n",
            " blocks written, read back and equal\n",
            " frames sent, ",
            " bytes of entropy taken, all different\n",
            "balloon0: 8 pages given and taken back ",
        ] {
            wait_until(wanted, || fs::read_to_string(&log).unwrap().contains(wanted));
        }
        for (device, queue) in [(0, 0), (1, 0), (1, 1), (3, 0)] {
            machine.wait_for_more(device, queue);
        }
        drop(machine);
        let text = fs::read_to_string(&log).unwrap();
        let blocks = number_before(&text, "disk0: ", " blocks written, read back and equal");
        let frames = number_before(&text, " frames sent, ", " came back equal");
        assert!(blocks > 0 && frames > 0, "{text}");
        for trouble in ["differs", "read back different", "failed", "left alone", "answered", "twice"] {
            assert!(!text.contains(trouble), "{text}");
        }
    });
}

/// The first number between these two texts.
fn number_before(text: &str, before: &str, after: &str) -> u64 {
    let (head, _) = text.split_once(after).unwrap();
    let (_, number) = head.rsplit_once(before).unwrap();
    number.parse().unwrap()
}

#[test]
fn what_the_guest_wrote_is_in_the_image() {
    each_accelerator_and_ring(|choice, rings| {
        let directory = tempfile::tempdir().unwrap();
        let image = directory.path().join("disk.img");
        fs::write(&image, [0; 64 * 512]).unwrap();
        let machine = Machine::start(choice, rings, &[&format!("blk,path={}", image.display())]);
        let written = |sector: usize| fs::read(&image).unwrap()[sector * 512..].starts_with(b"ringscop");
        wait_until("sector 7 is written", || written(7));
        drop(machine);
        let bytes = fs::read(&image).unwrap();
        assert_eq!(bytes.len(), 64 * 512);
        assert!(bytes[32 * 512..].iter().all(|byte| *byte == 0), "beyond the guest's working area");
    });
}

#[test]
fn an_image_with_data_is_left_as_it_is() {
    each_accelerator_and_ring(|choice, rings| {
        let directory = tempfile::tempdir().unwrap();
        let image = directory.path().join("disk.img");
        let mut data = [0; 64 * 512];
        data[1080..1082].copy_from_slice(&0xef53u16.to_le_bytes());
        fs::write(&image, data).unwrap();
        let machine = Machine::start(choice, rings, &[&format!("blk,path={}", image.display())]);
        for _ in 0..5 {
            machine.wait_for_more(0, 0);
        }
        drop(machine);
        assert_eq!(fs::read(&image).unwrap(), data);
    });
}

#[test]
fn nothing_moves_while_the_machine_is_paused() {
    each_accelerator_and_ring(|choice, rings| {
        let machine = Machine::start(choice, rings, &["blk", "net", "rng"]);
        let queues = [(0, 0), (1, 0), (1, 1), (2, 0)];
        let all = || queues.map(|(device, queue)| machine.indices(device, queue));
        for _ in 0..2 {
            queues.into_iter().for_each(|(device, queue)| machine.wait_for_more(device, queue));
            machine.pause();
            let before = all();
            std::thread::sleep(Duration::from_millis(300));
            assert_eq!(all(), before);
            machine.resume();
        }
        queues.into_iter().for_each(|(device, queue)| machine.wait_for_more(device, queue));
    });
}
