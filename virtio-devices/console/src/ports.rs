//! The ports of a console by their numbers. The device's thread and those who look take no lock; whoever puts a port there or
//! takes one away waits for others who do.

use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;
use virtio_core::DevicePlace;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use crate::port::Port;

/// The places for ports, with the ports that there are.
#[derive(Debug)]
pub(crate) struct Ports {
    places: Vec<ArcSwapOption<Port>>,
    changing: Mutex<()>,
    /// Readable when the device's thread has not looked since a port came or went.
    changed: EventFd,
}

impl Ports {
    /// These ports with the numbers from 0, in a console with room for so many if that is more.
    ///
    /// # Errors
    /// The host is out of descriptors.
    pub(crate) fn new(ports: Vec<Port>, room: usize) -> io::Result<Self> {
        let mut places: Vec<_> =
            ports.into_iter().map(|port| ArcSwapOption::from_pointee(Some(port))).collect();
        places.resize_with(room.max(places.len()), ArcSwapOption::empty);
        Ok(Self { places, changing: Mutex::default(), changed: EventFd::new(EFD_NONBLOCK)? })
    }

    /// How many there can be.
    pub(crate) fn room(&self) -> usize {
        self.places.len()
    }

    /// The port with this number.
    pub(crate) fn get(&self, number: usize) -> Option<Arc<Port>> {
        self.places.get(number)?.load_full()
    }

    /// Those that there are, by number.
    pub(crate) fn all(&self) -> impl Iterator<Item = (usize, Arc<Port>)> {
        self.places.iter().enumerate().filter_map(|(number, place)| Some((number, place.load_full()?)))
    }

    /// Puts what `make` makes to the number that it says; it sees the ports that there are, and nobody else changes them.
    ///
    /// # Errors
    /// Those of `make`.
    pub(crate) fn insert<E>(&self, make: impl FnOnce(&Self) -> Result<(usize, Port), E>) -> Result<(), E> {
        let _only = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, port) = make(self)?;
        if let Some(place) = self.places.get(number) {
            place.store(Some(Arc::new(port)));
            self.tell_thread();
        }
        Ok(())
    }

    /// Takes the port with this path off the console's bus; false if there is none. It is told at `place` when it is gone.
    pub(crate) fn remove(&self, path: &str, place: Option<&DevicePlace>) -> bool {
        let _only = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let is_wanted = |port: &Port| port.plugged().is_some_and(|plugged| plugged.path == path);
        let Some((number, port)) = self.all().find(|(_, port)| is_wanted(port)) else { return false };
        if let (Some(plugged), Some(place)) = (port.plugged(), place) {
            plugged.unplugged(place.clone());
        }
        if let Some(place) = self.places.get(number) {
            place.store(None);
        }
        self.tell_thread();
        true
    }

    fn tell_thread(&self) {
        // The only failure is a full counter, and then the thread will look anyway.
        let _ = self.changed.write(1);
    }

    /// Readable when there are other ports than before, until that was [noted](Self::note_change).
    pub(crate) fn changed(&self) -> RawFd {
        self.changed.as_raw_fd()
    }

    /// The device's thread is about to look.
    pub(crate) fn note_change(&self) {
        // Nothing to read is nothing to note.
        let _ = self.changed.read();
    }
}
