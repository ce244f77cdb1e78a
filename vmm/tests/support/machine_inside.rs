//! A whole machine inside the test: real memory, bus, devices and monitors, but no guest. The test is the driver,
//! and speaks with the machine over a real socket as any client does.

use std::sync::Arc;
use std::time::{Duration, Instant};

use builtin_guest::layout::{WINDOW_STRIDE, WINDOWS};
use monitor_qmp::Events;
use tempfile::TempDir;
use virtio_core::RingForm;
use virtio_core::driver::{DriverQueue, offset};
use virtio_core::transport::status;
use vm_memory::{Bytes, GuestAddress};
use vmm::accelerator::{Bus, GuestMemory};
use vmm::command_line::{self, Invocation, Settings};
use vmm::devices::NewDevice;
use vmm::machine::Machine;
use vmm::monitors::{Monitors, Serving};
use vmm::protocols::Protocols;

use super::QmpClient;

/// How long the test waits for a device, far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The machine, with QMP on a unix socket.
pub struct MachineInside {
    pub machine: Arc<Machine>,
    directory: TempDir,
    serving: Option<Serving>,
}

impl MachineInside {
    /// Builds a machine with these further arguments and serves its monitors. No guest is started.
    pub fn new(arguments: &[&str]) -> Self {
        Self::with_devices(arguments, Vec::new())
    }

    /// The same with devices of the test's own, behind those of the arguments.
    pub fn with_devices(arguments: &[&str], devices: Vec<NewDevice>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let qmp = format!("unix:{}", directory.path().join("qmp").display());
        let settings = settings(&[&["--qmp", &qmp], arguments].concat());
        let events = Arc::new(Events::new());
        let machine = Arc::new(Machine::with_devices(&settings, devices, Arc::clone(&events)).unwrap());
        let monitors = Monitors::bind(&settings).unwrap();
        let protocols = Protocols::new(&machine, events);
        let serving = monitors.serve(|kind, address, terms| protocols.serve(kind, address, terms)).unwrap();
        Self { machine, directory, serving: Some(serving) }
    }

    /// A new QMP client, negotiated.
    pub fn qmp(&self) -> QmpClient {
        QmpClient::connect(&self.directory.path().join("qmp"))
    }

    /// The driver of the device in window number `window`.
    pub fn driver(&self, window: u64) -> Driver {
        Driver { machine: Arc::clone(&self.machine), base: WINDOWS + window * WINDOW_STRIDE }
    }

    /// Writes bytes into guest memory.
    pub fn store(&self, address: u64, bytes: &[u8]) {
        self.machine.memory().write_slice(bytes, GuestAddress(address)).unwrap();
    }
}

impl Drop for MachineInside {
    fn drop(&mut self) {
        self.machine.end();
        if let Some(serving) = self.serving.take() {
            serving.close();
        }
    }
}

fn settings(arguments: &[&str]) -> Settings {
    match command_line::parse(arguments.iter().map(Into::into)).unwrap() {
        Invocation::Run(settings) => *settings,
        _ => panic!("{arguments:?} does not run a machine"),
    }
}

/// VIRTIO_F_RING_PACKED.
const RING_PACKED: u128 = 1 << 34;

/// A driver on the machine's bus, register by register.
pub struct Driver {
    machine: Arc<Machine>,
    base: u64,
}

impl Driver {
    /// Everything that a driver does until the device works; queue number 0, with `size` entries, lies at `base`.
    pub fn start(&self, features: u128, size: u16, base: u64) -> DriverQueue {
        self.reset();
        self.add_status(status::ACKNOWLEDGE);
        self.add_status(status::DRIVER);
        for (select, word) in (0..).zip(features.to_le_bytes().as_chunks().0) {
            self.write(offset::DRIVER_FEATURES_SELECT, select);
            self.write(offset::DRIVER_FEATURES, u32::from_le_bytes(*word));
        }
        self.add_status(status::FEATURES_OK);
        assert_ne!(self.read(offset::STATUS) & u32::from(status::FEATURES_OK), 0, "the device disagrees");
        let form = if features & RING_PACKED == 0 { RingForm::Split } else { RingForm::Packed };
        let queue = self.set_up_queue(form, size, base);
        self.add_status(status::DRIVER_OK);
        queue
    }

    fn set_up_queue(&self, form: RingForm, size: u16, base: u64) -> DriverQueue {
        let queue = DriverQueue::with_form(self.memory(), form, size, base);
        let layout = queue.layout();
        self.write(offset::QUEUE_SELECT, 0);
        self.write(offset::QUEUE_SIZE, u32::from(size));
        for (register, address) in [
            (offset::QUEUE_DESCRIPTOR, layout.descriptor_area),
            (offset::QUEUE_DRIVER, layout.driver_area),
            (offset::QUEUE_DEVICE, layout.device_area),
        ] {
            self.write(register, u32::try_from(address).unwrap());
            self.write(register + 4, 0);
        }
        self.write(offset::QUEUE_READY, 1);
        queue
    }

    /// Resets the device.
    pub fn reset(&self) {
        self.write(offset::STATUS, 0);
    }

    /// Makes what was put on the ring available, and kicks.
    pub fn submit(&self, queue: &mut DriverQueue) {
        queue.publish();
        self.kick();
    }

    /// Tells the device to look at its queue.
    pub fn kick(&self) {
        self.write(offset::QUEUE_NOTIFY, 0);
    }

    /// Waits until `count` more elements came back; their heads and lengths, in order.
    pub fn wait_used(&self, queue: &mut DriverQueue, count: usize) -> Vec<(u16, u32)> {
        let mut used = Vec::new();
        self.wait("used elements", || {
            used.extend(queue.used());
            used.len() >= count
        });
        used
    }

    /// Waits until the device asks for a reset.
    pub fn wait_needs_reset(&self) {
        self.wait("DEVICE_NEEDS_RESET", || {
            self.read(offset::STATUS) & u32::from(status::DEVICE_NEEDS_RESET) != 0
        });
    }

    fn wait(&self, what: &str, mut arrived: impl FnMut() -> bool) {
        let start = Instant::now();
        while !arrived() {
            assert!(start.elapsed() < PATIENCE, "no {what} from the device at {:#x}", self.base);
            std::thread::yield_now();
        }
    }

    fn add_status(&self, bits: u8) {
        self.write(offset::STATUS, self.read(offset::STATUS) | u32::from(bits));
    }

    fn read(&self, register: u64) -> u32 {
        let mut data = [0; 4];
        self.machine.bus().read(self.base + register, &mut data);
        u32::from_le_bytes(data)
    }

    fn write(&self, register: u64, value: u32) {
        self.machine.bus().write(self.base + register, &value.to_le_bytes());
    }

    fn memory(&self) -> &GuestMemory {
        self.machine.memory()
    }
}
