//! inspect.json: our own stable virtio commands, `query-virtio` and `query-virtio-chains`.

use qapi_schema::inspect::requests::{QueryVirtio, QueryVirtioChains};
use qapi_schema::inspect::{InspectCommands, VirtioChains, VirtioDevice};
use qapi_schema::runtime::Error;
use virtio_core::introspection::inspect::{chains, device};

use super::virtio::device as device_at;
use crate::machine::Machine;

const WANTED: &str = "virtio device";

impl InspectCommands for Machine {
    fn query_virtio(&self, arguments: QueryVirtio) -> Result<Vec<VirtioDevice>, Error> {
        match arguments.path {
            Some(path) => Ok(vec![device(&path, device_at(self, &path, WANTED)?)]),
            None => Ok(self.objects().devices().iter().map(|each| device(&each.path, &*each.view)).collect()),
        }
    }

    fn query_virtio_chains(&self, arguments: QueryVirtioChains) -> Result<VirtioChains, Error> {
        chains(device_at(self, &arguments.path, WANTED)?, &arguments)
    }
}
