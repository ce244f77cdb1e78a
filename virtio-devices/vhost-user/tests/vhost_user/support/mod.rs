//! What the tests share.

pub(crate) mod daemon;
pub(crate) mod puppet;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use qapi_schema::runtime::AnyEvent;
use tempfile::TempDir;
use virtio_core::driver::{MmioDriver, Registers, TransportDriver};
use virtio_core::roles::vhost::{Vhost, VhostBackEnd};
use virtio_core::{Device, DeviceDetails, DeviceOptions, GuestMemory, RingForm, Surroundings};
use vm_memory::{FileOffset, GuestAddress, GuestMemoryMmap};

/// Where rings are laid out, and where buffers are.
pub(crate) const RING: u64 = 0x1000;
pub(crate) const DATA: u64 = 0x8_0000;

/// Returns when `condition` holds. A test in which it never does fails, after a while.
pub(crate) fn wait_until(mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(20), "what the test waits for does not come");
        std::thread::yield_now();
    }
}

/// A megabyte of guest memory that others can map.
pub(crate) fn shared_memory() -> GuestMemory {
    let file = tempfile::tempfile().unwrap();
    file.set_len(1 << 20).unwrap();
    let ranges = [(GuestAddress(0), 1 << 20, Some(FileOffset::new(file, 0)))];
    Arc::new(GuestMemoryMmap::from_ranges_with_files(ranges).unwrap())
}

/// A folder for a socket.
pub(crate) struct Place {
    _folder: TempDir,
    pub(crate) socket: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        Self { _folder: folder, socket }
    }
}

/// A device whose back end listens at `socket`.
pub(crate) fn build(socket: &Path, more: &str) -> Result<Box<dyn Device>, String> {
    let text = format!("kind=fs,socket={},queue-size=16{more}", socket.display());
    let mut options = DeviceOptions::parse(&text).unwrap();
    let kinds = virtio_kinds::device_kinds().map(|kind| (kind, &DeviceDetails::NONE));
    let device = virtio_vhost_user::build(&mut options, kinds);
    options.finish().unwrap();
    device.map_err(|error| error.to_string().replace(&socket.display().to_string(), "SOCKET"))
}

/// What happens around a device: the events that it told of.
#[derive(Default)]
pub(crate) struct Around(Mutex<Vec<&'static str>>);

impl Around {
    pub(crate) fn told(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

impl Surroundings for Around {
    fn tell(&self, event: &dyn AnyEvent) {
        self.0.lock().unwrap().push(event.name());
    }

    fn stop_for_error(&self) {
        panic!("a back end that goes away is no reason to stop the machine");
    }
}

/// A device behind virtio-mmio, and what can be asked of it besides.
pub(crate) struct Attached<R> {
    pub(crate) driver: TransportDriver<R>,
    pub(crate) around: Arc<Around>,
    vhost: Arc<dyn Vhost>,
}

pub(crate) fn attach(
    socket: &Path,
    more: &str,
    rings: RingForm,
) -> Attached<virtio_core::driver::MmioWindow> {
    let device = build(socket, more).unwrap();
    Attached::new(MmioDriver::with_rings(device, &shared_memory(), rings))
}

impl<R: Registers> Attached<R> {
    pub(crate) fn new(mut driver: TransportDriver<R>) -> Self {
        let around = Arc::new(Around::default());
        let roles =
            driver.transport().place(Some("fs0"), "/machine/peripheral/fs0", Arc::clone(&around) as _);
        Self { driver, around, vhost: roles.vhost.unwrap() }
    }

    pub(crate) fn back_end(&self) -> Arc<VhostBackEnd> {
        self.vhost.back_end()
    }

    /// Waits until the device has met its back end so often.
    pub(crate) fn wait_connections(&self, count: u64) {
        wait_until(|| self.back_end().connections == count && self.back_end().connected);
    }

    pub(crate) fn wait_running(&self) {
        wait_until(|| self.back_end().running);
    }
}
