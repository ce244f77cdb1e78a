//! virtio.json: the second generation of virtio commands, `x-query-virtio` and its kin.

use qapi_schema::runtime::Error;
use qapi_schema::virtio::requests::{
    XQueryVirtioQueueElement, XQueryVirtioQueueStatus, XQueryVirtioStatus, XQueryVirtioVhostQueueStatus,
};
use qapi_schema::virtio::{
    VirtQueueStatus, VirtVhostQueueStatus, VirtioCommands, VirtioInfo, VirtioQueueElement, VirtioStatus,
};
use virtio_core::Introspect;
use virtio_core::introspection::second_generation::{
    info, queue_element, queue_status, status, vhost_queue_status,
};

use crate::machine::Machine;

impl VirtioCommands for Machine {
    fn x_query_virtio(&self) -> Result<Vec<VirtioInfo>, Error> {
        Ok(self.objects().devices().iter().rev().map(|device| info(&device.path, &*device.view)).collect())
    }

    fn x_query_virtio_status(&self, arguments: XQueryVirtioStatus) -> Result<VirtioStatus, Error> {
        Ok(status(device(self, &arguments.path, "VirtIODevice")?))
    }

    fn x_query_virtio_queue_status(
        &self,
        arguments: XQueryVirtioQueueStatus,
    ) -> Result<VirtQueueStatus, Error> {
        queue_status(device(self, &arguments.path, "VirtIODevice")?, arguments.queue)
    }

    fn x_query_virtio_vhost_queue_status(
        &self,
        arguments: XQueryVirtioVhostQueueStatus,
    ) -> Result<VirtVhostQueueStatus, Error> {
        vhost_queue_status(device(self, &arguments.path, "VirtIODevice")?, arguments.queue)
    }

    fn x_query_virtio_queue_element(
        &self,
        arguments: XQueryVirtioQueueElement,
    ) -> Result<VirtioQueueElement, Error> {
        queue_element(device(self, &arguments.path, "VirtIO device")?, arguments.queue, arguments.index)
    }
}

/// The commands differ in how they spell what the path should have been.
pub(super) fn device<'a>(machine: &'a Machine, path: &str, what: &str) -> Result<&'a dyn Introspect, Error> {
    machine.objects().device(path).ok_or_else(|| Error::generic(format!("Path {path} is not a {what}")))
}
