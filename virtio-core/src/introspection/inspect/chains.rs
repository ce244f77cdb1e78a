//! The chains of a queue that somebody asks for.

use super::chain::{Looking, Place};
use super::{now, queue};
use crate::introspection::{InFlightChain, Introspect, QueueSnapshot};
use crate::queue::RingForm;
use crate::queue::packed::layout::PackedRing;
use crate::queue::split::layout::SplitRing;
use qapi_schema::inspect::requests::QueryVirtioChains;
use qapi_schema::inspect::{VirtioChainState, VirtioChains, VirtioQueue};
use qapi_schema::runtime::Error;

/// The most bytes of a chain's buffers that are shown, in each direction.
pub const MAXIMUM_DUMP: u16 = 4096;
/// The most descriptors in one reply, about a megabyte of text; a chain that was begun is shown whole.
const MAXIMUM_DESCRIPTORS: usize = 8192;

/// The reply of `query-virtio-chains`.
///
/// # Errors
/// There is no such queue, it is not set up, its ring cannot be read, or what is asked for cannot be.
pub fn chains(device: &dyn Introspect, wanted: &QueryVirtioChains) -> Result<VirtioChains, Error> {
    let QueryVirtioChains { path, queue: index, .. } = wanted;
    let features = device.status().acknowledged_features;
    let (Some(snapshot), Some(report)) = (device.queue(*index), queue::queue(device, *index)) else {
        let count = device.status().queue_count;
        return Err(Error::generic(format!(
            "{path} has no queue {index}; its queues are the {count} from 0 on"
        )));
    };
    if !snapshot.ready {
        return Err(Error::generic(format!("the driver has not set up queue {index} of {path}")));
    }
    if let Some(failure) = &report.ring_failure {
        let text = &failure.text;
        return Err(Error::generic(format!("the ring of queue {index} of {path} cannot be read: {text}")));
    }
    let dump = dump(wanted.dump)?;
    let places = places(device, &snapshot, &report, wanted)?;
    let looking = Looking { device, queue: &snapshot, features, dump };
    let mut reply = VirtioChains {
        path: path.clone(),
        name: device.kind().name.to_owned(),
        time: now(),
        queue: report,
        chains: Vec::new(),
        complete: true,
    };
    let mut descriptors = 0;
    for place in places {
        if descriptors >= MAXIMUM_DESCRIPTORS {
            reply.complete = false;
            break;
        }
        let chain = looking.chain(place);
        descriptors += chain.descriptors.len();
        reply.chains.push(chain);
    }
    Ok(reply)
}

fn dump(wanted: Option<u16>) -> Result<usize, Error> {
    match wanted.unwrap_or(0) {
        dump @ 0..=MAXIMUM_DUMP => Ok(usize::from(dump)),
        dump => Err(Error::generic(format!("'dump' is {dump}; accepted is 0 to {MAXIMUM_DUMP}"))),
    }
}

/// Where to look, in the order in which the driver offered the chains.
fn places(
    device: &dyn Introspect,
    queue: &QueueSnapshot,
    report: &VirtioQueue,
    wanted: &QueryVirtioChains,
) -> Result<Vec<Place>, Error> {
    let size = queue.layout.size;
    let in_flight = device.in_flight(queue.index);
    let ring = Ring::new(device, queue)?;
    let Some(slot) = wanted.slot else {
        if wanted.count.is_some() {
            return Err(Error::generic("'count' is given without 'slot'"));
        }
        return Ok(in_flight.iter().map(|chain| ring.in_flight(chain, size)).collect());
    };
    let count = wanted.count.unwrap_or(1);
    if !(1..=size).contains(&count) {
        return Err(Error::generic(format!("'count' is {count}; accepted is 1 to {size}, the queue's size")));
    }
    let slots =
        (0..count).map(|offset| u16::try_from((u32::from(slot) + u32::from(offset)) % u32::from(size)));
    slots.flatten().map(|slot| ring.slot(slot, &in_flight, queue, report.waiting)).collect()
}

/// What tells which chain stands at a slot.
enum Ring {
    Split(SplitRing),
    Packed,
}

impl Ring {
    fn new(device: &dyn Introspect, queue: &QueueSnapshot) -> Result<Self, Error> {
        let (memory, layout, maximum) = (device.memory().clone(), queue.layout, queue.default_size);
        let ring = match layout.form {
            RingForm::Split => SplitRing::new(memory, layout, maximum).map(Self::Split),
            RingForm::Packed => PackedRing::new(memory, layout, maximum).map(|_| Self::Packed),
        };
        ring.map_err(|error| Error::generic(error.to_string()))
    }

    /// Where a chain stands that the device has. The ring may have been written over; the device's own copy has not.
    fn in_flight(&self, chain: &InFlightChain, size: u16) -> Place {
        let slot = chain.position % size.max(1);
        let first = match self {
            Self::Split(_) => chain.head,
            Self::Packed => slot,
        };
        Place { slot, first, head: Some(chain.head), state: VirtioChainState::InFlight }
    }

    /// Whatever stands at a slot.
    fn slot(
        &self,
        slot: u16,
        in_flight: &[InFlightChain],
        queue: &QueueSnapshot,
        waiting: u16,
    ) -> Result<Place, Error> {
        let size = queue.layout.size.max(1);
        let first = match self {
            Self::Split(ring) => {
                ring.available_entry(slot).map_err(|error| Error::generic(error.to_string()))?
            }
            Self::Packed => slot,
        };
        let is_same = |chain: &&InFlightChain| match self {
            Self::Split(_) => chain.position % size == slot && chain.head == first,
            Self::Packed => chain.position == slot,
        };
        // How far ahead of the device's next chain, around the ring.
        let ahead = (slot + size - queue.indices.last_available % size) % size;
        let taken = in_flight.iter().find(is_same);
        let state = match taken {
            _ if ahead < waiting => VirtioChainState::Available,
            Some(_) => VirtioChainState::InFlight,
            None => VirtioChainState::Stale,
        };
        Ok(Place { slot, first, head: taken.map(|chain| chain.head), state })
    }
}
