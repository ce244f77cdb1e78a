//! Why a verb did not do what it should.

use qapi_schema::runtime::Error as CommandError;
use thiserror::Error;

use crate::parse::words::ArgumentError;

/// Why a verb did not do what it should.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The arguments make no sense.
    #[error(transparent)]
    Arguments(#[from] ArgumentError),
    /// The command failed.
    #[error(transparent)]
    Command(#[from] CommandError),
}
