//! Why a statistics file could not be read.

use std::io;

use qapi_schema::runtime;
use thiserror::Error;

/// A statistics file of KVM that cannot be read. The texts are those that clients know.
#[derive(Debug, Error)]
pub enum KvmStatsError {
    /// The file ends inside one of its parts.
    #[error("KVM stats: failed to read {part}: expected {expected} actual {actual}")]
    Short {
        /// The part of the file.
        part: Part,
        /// Its length in bytes.
        expected: usize,
        /// How many bytes of it there are.
        actual: usize,
    },
    /// The kernel refuses the read.
    #[error("KVM stats: failed to read {part}: {source}")]
    Read {
        /// The part of the file.
        part: Part,
        /// The kernel's reason.
        source: io::Error,
    },
    /// A part that no kernel would make so large.
    #[error("KVM stats: {part} would take {length} bytes, at most {limit} are accepted")]
    TooLarge {
        /// The part of the file.
        part: Part,
        /// Its claimed length in bytes.
        length: u64,
        /// The largest length in bytes.
        limit: u64,
    },
}

/// A part of a statistics file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The header, which says where the rest is.
    Header,
    /// The table of descriptors.
    Descriptors,
    /// The values.
    Data,
}

impl std::fmt::Display for Part {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Part::Header => "stats header",
            Part::Descriptors => "stats descriptors",
            Part::Data => "data",
        })
    }
}

impl From<KvmStatsError> for runtime::Error {
    fn from(error: KvmStatsError) -> Self {
        Self::generic(error.to_string())
    }
}
