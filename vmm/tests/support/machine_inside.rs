//! A whole machine inside the test: real memory, bus, devices and monitors, but no guest. The test is the driver,
//! and speaks with the machine over a real socket as any client does.

use std::os::fd::AsFd;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use builtin_guest::layout::{WINDOW_STRIDE, WINDOWS};
use monitor_qmp::Events;
use qapi_schema::machine::ShutdownCause;
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
use vmm::wake::wait_readable;

use super::QmpClient;
use super::program::on_a_transport;

/// How long the test waits for a device, far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// The machine, with QMP on a unix socket.
pub struct MachineInside {
    pub machine: Arc<Machine>,
    directory: TempDir,
    serving: Option<Serving>,
    /// Does what the guest and devices want of the machine, as the program's main thread does.
    requests: Option<JoinHandle<()>>,
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
        let settings = settings(&on_a_transport(&[&["--qmp", &qmp], arguments].concat()));
        let events = Arc::new(Events::new());
        let machine = Arc::new(Machine::with_devices(&settings, devices, Arc::clone(&events)).unwrap());
        let monitors = Monitors::bind(&settings).unwrap();
        let protocols = Protocols::new(&machine, events);
        let serving = monitors.serve(|kind, address, terms| protocols.serve(kind, address, terms)).unwrap();
        let served = Arc::clone(&machine);
        let requests = std::thread::spawn(move || {
            let (ended, requests) = (served.shutdown_request(), served.requests());
            while let Ok([false, _]) = wait_readable([ended.as_fd(), requests.as_fd()], None) {
                served.serve_request();
            }
        });
        Self { machine, directory, serving: Some(serving), requests: Some(requests) }
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

    /// Reads bytes of guest memory.
    pub fn load(&self, address: u64, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.machine.memory().read_slice(&mut bytes, GuestAddress(address)).unwrap();
        bytes
    }
}

impl Drop for MachineInside {
    fn drop(&mut self) {
        self.machine.request_shutdown(ShutdownCause::HostSignal);
        if let Some(requests) = self.requests.take() {
            let _ = requests.join();
        }
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

/// VIRTIO_F_RING_PACKED and VIRTIO_F_EVENT_IDX.
const RING_PACKED: u128 = 1 << 34;
const EVENT_IDX: u128 = 1 << 29;
/// Of the interrupt status: the configuration space has changed.
const CONFIGURATION_CHANGE: u32 = 2;

/// A driver on the machine's bus, register by register.
pub struct Driver {
    machine: Arc<Machine>,
    base: u64,
}

impl Driver {
    /// Everything that a driver does until the device works; queue number 0, with `size` entries, lies at `base`.
    pub fn start(&self, features: u128, size: u16, base: u64) -> DriverQueue {
        self.negotiate(features);
        let queue = self.set_up_queue(0, features, size, base);
        self.add_status(status::DRIVER_OK);
        queue
    }

    /// The same with all features that are offered and all queues, each with its largest size, one behind the other from
    /// `base` on.
    pub fn start_all(&self, base: u64) -> Vec<DriverQueue> {
        let features = (0..4).fold(0, |features, select| {
            self.write(offset::DEVICE_FEATURES_SELECT, select);
            features | u128::from(self.read(offset::DEVICE_FEATURES)) << (32 * select)
        });
        self.negotiate(features);
        let mut next = base;
        let mut queues = Vec::new();
        for index in 0.. {
            self.write(offset::QUEUE_SELECT, index);
            let size = u16::try_from(self.read(offset::QUEUE_SIZE_MAXIMUM)).unwrap();
            if size == 0 {
                break;
            }
            let queue = self.set_up_queue(index, features, size, next);
            if features & EVENT_IDX != 0 && features & RING_PACKED != 0 {
                // Slot 0 of the first round. (On a split ring, zeroed memory says the same.)
                queue.set_used_event(1 << 15);
            }
            queues.push(queue);
            next = (next + DriverQueue::bytes(size)).next_multiple_of(16);
        }
        self.add_status(status::DRIVER_OK);
        queues
    }

    fn negotiate(&self, features: u128) {
        self.reset();
        self.add_status(status::ACKNOWLEDGE);
        self.add_status(status::DRIVER);
        for (select, word) in (0..).zip(features.to_le_bytes().as_chunks().0) {
            self.write(offset::DRIVER_FEATURES_SELECT, select);
            self.write(offset::DRIVER_FEATURES, u32::from_le_bytes(*word));
        }
        self.add_status(status::FEATURES_OK);
        assert_ne!(self.read(offset::STATUS) & u32::from(status::FEATURES_OK), 0, "the device disagrees");
    }

    fn set_up_queue(&self, index: u32, features: u128, size: u16, base: u64) -> DriverQueue {
        let form = if features & RING_PACKED == 0 { RingForm::Split } else { RingForm::Packed };
        let queue = DriverQueue::with_form(self.memory(), form, size, base);
        let layout = queue.layout();
        self.write(offset::QUEUE_SELECT, index);
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
        self.kick_queue(0);
    }

    /// Tells the device to look at one of its queues.
    pub fn kick_queue(&self, queue: u16) {
        self.write(offset::QUEUE_NOTIFY, queue.into());
    }

    /// Waits for an interrupt that says that the configuration space has changed, and acknowledges it.
    pub fn wait_configuration_change(&self) {
        self.wait("change of the configuration", || {
            let causes = self.read(offset::INTERRUPT_STATUS);
            self.write(offset::INTERRUPT_ACKNOWLEDGE, causes);
            causes & CONFIGURATION_CHANGE != 0
        });
    }

    /// Reads the device's configuration space.
    pub fn configuration<const N: usize>(&self, offset: u64) -> [u8; N] {
        let mut data = [0; N];
        self.machine.bus().read(self.base + offset::CONFIGURATION_SPACE + offset, &mut data);
        data
    }

    /// Writes four bytes of the configuration space.
    pub fn configure(&self, offset: u64, value: u32) {
        self.write(offset::CONFIGURATION_SPACE + offset, value);
    }

    /// The status register.
    pub fn status(&self) -> u8 {
        u8::try_from(self.read(offset::STATUS)).unwrap()
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

    /// Waits for something to come from the device, without end only if the test is to fail.
    pub fn wait(&self, what: &str, mut arrived: impl FnMut() -> bool) {
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
