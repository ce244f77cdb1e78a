//! What can go wrong, and with which exit code the program then ends.

use std::io;

use qapi_schema::runtime;
use qmp_client::ClientError;

/// Why the program did not do what it was told to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CtlError {
    /// The command line; clap has a text and an exit code for it, and help is one of these.
    #[error(transparent)]
    CommandLine(#[from] clap::Error),
    /// No server was named.
    #[error("no server is named; say --server unix:PATH or tcp:HOST:PORT, or set RINGSCOPE_QMP")]
    NoServer,
    /// Something between this program and the server, or the server's refusal.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A reply that is no schema, or the schema in the program.
    #[error("the server's schema cannot be read: {0}")]
    Schema(runtime::Error),
    /// Arguments that are no JSON object.
    #[error("the arguments are no JSON object: {0}")]
    Arguments(String),
    /// Standard input cannot be read, or standard output cannot be written.
    #[error("{0}")]
    Stream(#[from] io::Error),
}

impl CtlError {
    /// The exit code: 1 if the server refused the command, 2 for the command line, 3 for everything in between.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Client(ClientError::Refused { .. }) => 1,
            Self::CommandLine(error) => u8::try_from(error.exit_code()).unwrap_or(2),
            Self::NoServer | Self::Arguments(_) => 2,
            Self::Client(_) | Self::Schema(_) | Self::Stream(_) => 3,
        }
    }
}
