//! A port: what the front, the worker and monitors share of it.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use qapi_schema::char::VserportChange;
use virtio_core::DevicePlace;
use virtio_core::roles::Plugged;

use crate::config::ScreenSize;
use crate::host_end::HostEnd;

/// One port of a console.
#[derive(Debug)]
pub struct Port {
    name: Option<String>,
    is_console: bool,
    size: Option<ScreenSize>,
    /// What monitors call the host's end.
    filename: String,
    /// Locked by the worker for as long as a read or a write takes that does not wait. It outlives workers: who is
    /// connected stays so when the driver resets the device.
    end: Mutex<HostEnd>,
    host_open: AtomicBool,
    guest_open: AtomicBool,
    /// Only of one on the console's bus. Behind the end, for that is closed when this tells that the port is gone.
    plugged: Option<Plugged>,
}

impl Port {
    /// The port that kernels print to, with a screen of that size.
    pub fn console(name: Option<String>, end: HostEnd, size: Option<ScreenSize>) -> Self {
        Self::new(name, true, end, size)
    }

    /// A port for programs, which the guest finds by its name.
    pub fn serial(name: String, end: HostEnd) -> Self {
        Self::new(Some(name), false, end, None)
    }

    fn new(name: Option<String>, is_console: bool, end: HostEnd, size: Option<ScreenSize>) -> Self {
        Self {
            name,
            is_console,
            size,
            filename: end.to_string(),
            host_open: AtomicBool::new(end.is_open()),
            end: Mutex::new(end),
            guest_open: AtomicBool::new(false),
            plugged: None,
        }
    }

    /// The same on the console's bus, from where it can be taken away.
    pub(crate) fn on_bus(self, plugged: Plugged) -> Self {
        Self { plugged: Some(plugged), ..self }
    }

    /// What the machine calls it, if it is on the console's bus.
    pub(crate) fn plugged(&self) -> Option<&Plugged> {
        self.plugged.as_ref()
    }

    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(crate) fn is_console(&self) -> bool {
        self.is_console
    }

    pub(crate) fn size(&self) -> Option<ScreenSize> {
        self.size
    }

    pub(crate) fn filename(&self) -> &str {
        &self.filename
    }

    pub(crate) fn end(&self) -> MutexGuard<'_, HostEnd> {
        self.end.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the driver is to think that somebody is at the host's end. Kernels print to consoles either way.
    pub(crate) fn is_host_open(&self) -> bool {
        self.is_console || self.host_open.load(Relaxed)
    }

    pub(crate) fn set_host_open(&self, open: bool) {
        self.host_open.store(open, Relaxed);
    }

    pub(crate) fn is_guest_open(&self) -> bool {
        self.guest_open.load(Relaxed)
    }

    /// The guest has opened or closed the port; clients hear of it if that is news.
    pub(crate) fn set_guest_open(&self, open: bool, place: Option<&DevicePlace>) {
        let before = self.guest_open.swap(open, Relaxed);
        let id = self.plugged.as_ref().and_then(|plugged| plugged.id.as_ref()).or(self.name.as_ref());
        if let (true, Some(place), Some(id)) = (before != open, place, id) {
            place.emit(&VserportChange { id: id.clone(), open });
        }
    }
}
