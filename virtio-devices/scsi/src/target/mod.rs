//! The SCSI side: commands, what a disk answers to them, and what it does to its storage. It knows no virtio, no ring and
//! no image; its facts are those of SAM-5, SPC-4 and SBC-3.
//!
//! Read [`command`] first, then [`unit`].

pub(crate) mod absent;
mod attention;
mod bytes;
mod capacity;
pub(crate) mod command;
pub(crate) mod identity;
mod inquiry;
pub(crate) mod luns;
pub(crate) mod mode;
pub(crate) mod provisioning;
pub(crate) mod sense;
pub(crate) mod unit;

pub(crate) use attention::Attention;

#[cfg(test)]
mod tests;
