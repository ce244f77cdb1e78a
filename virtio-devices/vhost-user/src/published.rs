//! What the device's thread has found out, for the transport and for monitors. Readers wait for nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use virtio_core::introspection::CONFIGURATION_SIZE;
use virtio_core::roles::vhost::{Vhost, VhostBackEnd};

/// Written by the device's thread alone.
#[derive(Debug)]
pub(crate) struct Published {
    back_end: ArcSwap<VhostBackEnd>,
    configuration: ArcSwap<[u8; CONFIGURATION_SIZE]>,
    configuration_length: AtomicUsize,
}

impl Published {
    pub(crate) fn new(back_end: VhostBackEnd, configuration: &[u8]) -> Self {
        let published = Self {
            back_end: ArcSwap::from_pointee(back_end),
            configuration: ArcSwap::from_pointee([0; CONFIGURATION_SIZE]),
            configuration_length: AtomicUsize::new(0),
        };
        published.set_configuration(configuration);
        published
    }

    /// Changes what is known of the back end.
    pub(crate) fn change(&self, change: impl FnOnce(&mut VhostBackEnd)) {
        let mut back_end = VhostBackEnd::clone(&self.back_end.load());
        change(&mut back_end);
        self.back_end.store(Arc::new(back_end));
    }

    /// The configuration space as it is now; zeros beyond its end.
    pub(crate) fn configuration(&self) -> Arc<[u8; CONFIGURATION_SIZE]> {
        self.configuration.load_full()
    }

    /// How long it is.
    pub(crate) fn configuration_length(&self) -> usize {
        self.configuration_length.load(Ordering::Relaxed)
    }

    /// The configuration space is this. True if it was another before.
    pub(crate) fn set_configuration(&self, bytes: &[u8]) -> bool {
        let mut space = [0; CONFIGURATION_SIZE];
        space.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        self.configuration_length.store(bytes.len(), Ordering::Relaxed);
        *self.configuration.swap(Arc::new(space)) != space
    }
}

impl Vhost for Published {
    fn back_end(&self) -> Arc<VhostBackEnd> {
        self.back_end.load_full()
    }
}
