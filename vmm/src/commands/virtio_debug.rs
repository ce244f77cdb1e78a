//! virtio-debug.json: the first generation of virtio commands, `x-debug-query-virtio` and its kin.

use qapi_schema::runtime::Error;
use qapi_schema::virtio_debug::requests::{
    XDebugVirtioQueueElement, XDebugVirtioQueueStatus, XDebugVirtioStatus,
};
use qapi_schema::virtio_debug::{
    DebugVirtQueueStatus, DebugVirtioInfo, DebugVirtioQueueElement, DebugVirtioStatus, VirtioDebugCommands,
};
use virtio_core::introspection::first_generation::{info, queue_element, queue_status, status};

use super::virtio::device;
use crate::machine::Machine;

const WANTED: &str = "VirtIO device";

impl VirtioDebugCommands for Machine {
    fn x_debug_query_virtio(&self) -> Result<Vec<DebugVirtioInfo>, Error> {
        Ok(self.objects().devices().iter().rev().map(|device| info(&device.path, &*device.view)).collect())
    }

    fn x_debug_virtio_status(&self, arguments: XDebugVirtioStatus) -> Result<DebugVirtioStatus, Error> {
        Ok(status(device(self, &arguments.path, WANTED)?))
    }

    fn x_debug_virtio_queue_status(
        &self,
        arguments: XDebugVirtioQueueStatus,
    ) -> Result<DebugVirtQueueStatus, Error> {
        queue_status(device(self, &arguments.path, WANTED)?, arguments.queue)
    }

    fn x_debug_virtio_queue_element(
        &self,
        arguments: XDebugVirtioQueueElement,
    ) -> Result<DebugVirtioQueueElement, Error> {
        queue_element(device(self, &arguments.path, WANTED)?, arguments.queue, arguments.index)
    }
}
