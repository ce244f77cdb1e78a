//! The machine as a tree of typed objects with properties that can be read: what `qom-list` and its kin show.
//!
//! Nothing is kept for it: the objects are put together from the machine whenever somebody asks. Read [`Object`] first.

mod object;
mod path;
mod property;
mod types;

pub use object::{Object, objects};
pub use path::{Found, find};
pub use property::Property;
pub use types::{Type, device_properties, types};
