//! What monitors can show of the device beyond its feature bits: configuration space (virtio 1.3, 5.5.4) and the pages of
//! a request (5.5.6).

use qapi_schema::inspect::{VirtioField, VirtioUnit};
use virtio_core::DeviceDetails;
use virtio_core::details::{ConfigurationField, Request, number, range};

use crate::config::{DEFLATE, INFLATE, STATISTICS};
use crate::features::FEATURES;
use crate::statistics::{ENTRY_SIZE, NAMES, parse};

const fn field(name: &'static str, offset: u16) -> ConfigurationField {
    ConfigurationField::new(name, offset, 4)
}

static CONFIGURATION: [ConfigurationField; 4] = [
    field("num_pages", 0).counts(VirtioUnit::Pages),
    field("actual", 4).counts(VirtioUnit::Pages),
    field("free_page_hint_cmd_id", 8).with_feature(FEATURES.bit("VIRTIO_BALLOON_F_FREE_PAGE_HINT")),
    field("poison_val", 12).with_feature(FEATURES.bit("VIRTIO_BALLOON_F_PAGE_POISON")),
];

/// What monitors can show of a balloon.
pub(crate) static DETAILS: DeviceDetails =
    DeviceDetails { requirements: &[], configuration: &CONFIGURATION, decode_request };

fn decode_request(request: &Request<'_>) -> Vec<VirtioField> {
    match request.queue {
        INFLATE | DEFLATE => pages(request),
        STATISTICS => statistics(request),
        _ => vec![number("free", request.writable_length, Some(VirtioUnit::Bytes))],
    }
}

/// How many pages a request is about, and the first of them as ranges.
fn pages(request: &Request<'_>) -> Vec<VirtioField> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for page in request.readable.as_chunks().0.iter().map(|bytes| u64::from(u32::from_le_bytes(*bytes))) {
        match ranges.last_mut() {
            Some((first, count)) if *first + *count == page => *count += 1,
            _ => ranges.push((page, 1)),
        }
    }
    let mut fields = vec![number("pages", request.readable_length / 4, Some(VirtioUnit::Pages))];
    fields.extend(ranges.into_iter().map(|(first, count)| range("pfn", first, count, VirtioUnit::Pages)));
    fields
}

/// The statistics that the guest tells; those of an unknown tag by their number.
fn statistics(request: &Request<'_>) -> Vec<VirtioField> {
    let entries = request.readable.as_chunks::<ENTRY_SIZE>().0.iter().map(parse);
    let named = |(tag, value): (u16, u64)| match NAMES.get(usize::from(tag)) {
        Some(name) => number(name, value, None),
        None => number(&format!("tag-{tag}"), value, None),
    };
    entries.map(named).collect()
}
