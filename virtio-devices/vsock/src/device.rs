//! The front half: what the transport asks for.

use std::io;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::Arc;

use qapi_schema::virtio_debug::VirtioVsockFeature;
use socket_file::SocketFile;
use virtio_core::{Activation, Device, DeviceDetails, DeviceError, DeviceKind, Roles, Workers};

use crate::config::{GuestCid, QUEUE_SIZES};
use crate::counters::Counters;
use crate::details::DETAILS;
use crate::features::{DEVICE_KIND, FEATURES};
use crate::switchboard::Switchboard;
use crate::worker::VsockWorker;

/// A socket device that a driver can be attached to.
#[derive(Debug)]
pub struct Vsock {
    cid: GuestCid,
    listener: UnixListener,
    file: SocketFile,
    counters: Arc<Counters>,
}

impl Vsock {
    /// A device for the guest with the address `cid`. Programs of the host connect at `path`.
    ///
    /// # Errors
    /// The host does not let us listen there.
    pub fn new(cid: GuestCid, path: &Path) -> io::Result<Self> {
        let (listener, file) = SocketFile::listen(path)?;
        listener.set_nonblocking(true)?;
        Ok(Self { cid, listener, file, counters: Arc::default() })
    }
}

impl Device for Vsock {
    fn roles(&self) -> Roles {
        let mut roles = Roles::default();
        roles.statistics = Some(Arc::clone(&self.counters) as _);
        roles
    }

    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn details(&self) -> &'static DeviceDetails {
        &DETAILS
    }

    fn features(&self) -> u128 {
        FEATURES.mask(&[VirtioVsockFeature::Stream])
    }

    fn queue_sizes(&self) -> &[u16] {
        &QUEUE_SIZES
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        virtio_core::read_config_space(&self.cid.get().to_le_bytes(), offset, data);
    }

    fn start(&mut self, _activation: Activation) -> Result<Workers, DeviceError> {
        let switchboard = self.listener.try_clone().and_then(|listener| {
            Switchboard::new(self.cid, self.file.path(), listener, Arc::clone(&self.counters))
        });
        let switchboard = switchboard.map_err(DeviceError::io("cannot watch the sockets of the host"))?;
        Ok(Workers::new(VsockWorker::new(switchboard)))
    }

    fn reset(&mut self) {
        // The worker and its connections are gone.
        self.counters.connections.store(0, std::sync::atomic::Ordering::Relaxed);
    }
}
