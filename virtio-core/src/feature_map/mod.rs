//! Feature bits and their names: the transport's table, and the form in which a device crate declares its own.

mod transport;

pub use transport::{DEVICE_BITS, EVENT_IDX, INDIRECT_DESC, VERSION_1};

/// A kind's feature bits, whatever enumeration of the schema they have.
pub trait FeatureTable: Sync {}
