//! What a device crate tells monitors beside its feature map: on what its feature bits depend, where the fields of its
//! configuration space are, and what the bytes of its requests mean.
//!
//! A crate declares one [`DeviceDetails`] and returns it from [`Device::details`](crate::Device::details). Nothing of
//! it is used on the way of a request.

mod configuration;
mod field;
mod requirement;

pub use configuration::{ConfigurationField, Form};
pub(crate) use field::hex;
pub use field::{bytes, choice, flags, number, range, text};
pub use requirement::Requirement;

use qapi_schema::inspect::VirtioField;

/// What monitors can show of a kind of device beyond its feature bits.
pub struct DeviceDetails {
    /// What its feature bits depend on (the specification's "Feature bit requirements").
    pub requirements: &'static [Requirement],
    /// The fields of its configuration space, in order.
    pub configuration: &'static [ConfigurationField],
    /// Decodes the header of a request. Bytes that make no sense are left out, or shown as they are.
    pub decode_request: fn(&Request<'_>) -> Vec<VirtioField>,
}

impl DeviceDetails {
    /// Nothing to add to the feature bits.
    pub const NONE: Self = Self { requirements: &[], configuration: &[], decode_request: |_| Vec::new() };
}

/// The beginning of a request as it stands in guest memory.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The queue that it came on.
    pub queue: u16,
    /// The features that the driver has acknowledged.
    pub features: u128,
    /// The first bytes that the device may read; at most [`REQUEST_PREFIX`].
    pub readable: &'a [u8],
    /// How many it may read in all.
    pub readable_length: u64,
    /// The first bytes that the device may write, as they stand now; at most [`REQUEST_PREFIX`].
    pub writable: &'a [u8],
    /// How many it may write in all.
    pub writable_length: u64,
    /// The last byte that it may write, as it stands now.
    pub last_writable: Option<u8>,
    /// The device has returned the chain: what it may write has been written.
    pub returned: bool,
}

/// How much of a request is decoded, in bytes in each direction.
pub const REQUEST_PREFIX: usize = 1024;

impl Request<'_> {
    /// The bytes from `offset` on that the device may read; `None` if there are not as many.
    pub fn readable_at<const N: usize>(&self, offset: usize) -> Option<[u8; N]> {
        bytes_at(self.readable, offset)
    }

    /// The bytes from `offset` on that the device may write; `None` if there are not as many.
    pub fn writable_at<const N: usize>(&self, offset: usize) -> Option<[u8; N]> {
        bytes_at(self.writable, offset)
    }
}

fn bytes_at<const N: usize>(bytes: &[u8], offset: usize) -> Option<[u8; N]> {
    bytes.get(offset..)?.first_chunk().copied()
}
