//! One chain: its descriptors checked, its request decoded.

use super::descriptors::{Table, Walked, last_byte, prefix, walk};
use super::failure;
use crate::details::{REQUEST_PREFIX, Request};
use crate::feature_map::INDIRECT_DESC;
use crate::introspection::{Introspect, QueueSnapshot};
use crate::queue::RingForm;
use crate::queue::check::would_take;
use qapi_schema::inspect::{VirtioChain, VirtioChainState, VirtioFailure, VirtioField};

/// A place on the ring where a chain may stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The slot: on a split ring that of the available ring, on a packed one that of the first descriptor.
    pub(super) slot: u16,
    /// The number of the first descriptor.
    pub(super) first: u16,
    /// What the device knows the chain by, if it has it.
    pub(super) head: Option<u16>,
    /// How far it is.
    pub(super) state: VirtioChainState,
}

/// What is looked at, and how much of it.
pub(super) struct Looking<'a> {
    pub(super) device: &'a dyn Introspect,
    pub(super) queue: &'a QueueSnapshot,
    pub(super) features: u128,
    /// How many bytes of the buffers to show.
    pub(super) dump: usize,
}

impl Looking<'_> {
    /// The chain at a place, as it stands in guest memory now.
    pub(super) fn chain(&self, place: Place) -> VirtioChain {
        let memory = self.device.memory();
        let layout = self.queue.layout;
        let table = Table {
            address: layout.descriptor_area,
            entries: u32::from(layout.size),
            form: layout.form,
            is_indirect: false,
        };
        let indirect = self.features & INDIRECT_DESC != 0;
        let walked = walk(memory, table, place.first, (indirect, place.state == VirtioChainState::InFlight));
        let bytes = |buffers: &[(u64, u32)]| buffers.iter().map(|(_, length)| u64::from(*length)).sum();
        let (readable_bytes, writable_bytes) = (bytes(&walked.readable), bytes(&walked.writable));
        let dump =
            |buffers| (self.dump > 0).then(|| crate::details::hex(&prefix(memory, buffers, self.dump)));
        VirtioChain {
            slot: place.slot,
            head: place.head.unwrap_or(match layout.form {
                RingForm::Split => place.first,
                RingForm::Packed => walked.buffer_id,
            }),
            state: place.state,
            readable_bytes,
            writable_bytes,
            refusal: self.refusal(place),
            request: self.request(&walked, place.state, (readable_bytes, writable_bytes)),
            readable_hex: dump(&walked.readable),
            writable_hex: dump(&walked.writable),
            descriptors: walked.descriptors,
        }
    }

    /// What the device would say if it took the chain now. It is the device's own check that is asked.
    fn refusal(&self, place: Place) -> Option<VirtioFailure> {
        let taken = would_take(self.device.memory(), self.queue, self.features, place.first);
        taken.err().map(|error| failure::of_ring(self.queue.index, &error))
    }

    fn request(&self, walked: &Walked, state: VirtioChainState, lengths: (u64, u64)) -> Vec<VirtioField> {
        let memory = self.device.memory();
        let readable = prefix(memory, &walked.readable, REQUEST_PREFIX);
        let writable = prefix(memory, &walked.writable, REQUEST_PREFIX);
        (self.device.details().decode_request)(&Request {
            queue: self.queue.index,
            features: self.features,
            readable: &readable,
            readable_length: lengths.0,
            writable: &writable,
            writable_length: lengths.1,
            last_writable: last_byte(memory, &walked.writable),
            returned: state == VirtioChainState::Stale,
        })
    }
}
