//! What can go wrong between a client and its server.

use std::io;
use std::time::Duration;

use qapi_schema::runtime::{self, ErrorClass};

use crate::Address;

/// Why a client did not get what it wanted.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody serves the address, or not in time.
    #[error("{address}: cannot connect: {source}")]
    Connect {
        /// The address.
        address: Address,
        /// What the system said.
        source: io::Error,
    },
    /// The server took too long. The connection can still be used: the answer is passed over when it comes.
    #[error("{awaited} did not come within {limit:?}")]
    Timeout {
        /// What was waited for.
        awaited: String,
        /// How long.
        limit: Duration,
    },
    /// The server has hung up.
    #[error("the server has closed the connection")]
    Closed,
    /// The server tells why it serves others but not this client, instead of greeting it.
    #[error("the server refuses the connection: {0}")]
    Unwelcome(String),
    /// The connection failed.
    #[error("the connection failed: {0}")]
    Io(#[from] io::Error),
    /// What the server sent is no message of QMP. The connection is of no further use.
    #[error("the server does not speak QMP: {0}")]
    NotQmp(String),
    /// A message of the server is larger than [`Settings::message_limit`](crate::Settings::message_limit). The
    /// connection is of no further use.
    #[error("a message of the server is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The arguments of a command cannot be written as JSON. Nothing was sent.
    #[error("{command}: the arguments cannot be sent: {source}")]
    Arguments {
        /// The command.
        command: String,
        /// What is wrong with them.
        source: serde_json::Error,
    },
    /// The server refused the command.
    #[error("{command}: {description}")]
    Refused {
        /// The command.
        command: String,
        /// The class that programs decide by; one that is not known here counts as `GenericError`.
        class: ErrorClass,
        /// The server's text.
        description: String,
    },
    /// The server's reply is not what the schema says.
    #[error("{command}: the reply cannot be read: {source}")]
    Reply {
        /// The command.
        command: String,
        /// What is wrong with it.
        source: runtime::Error,
    },
}

impl ClientError {
    /// Whether the server does not have the command.
    pub fn is_command_not_found(&self) -> bool {
        matches!(self, Self::Refused { class: ErrorClass::CommandNotFound, .. })
    }

    /// The greeting did not come within `limit`.
    pub(crate) fn greeting_late(limit: Duration) -> Self {
        Self::Timeout { awaited: "the greeting".to_owned(), limit }
    }

    /// The answer to `command` did not come within `limit`.
    pub(crate) fn answer_late(command: &str, limit: Duration) -> Self {
        Self::Timeout { awaited: format!("the answer to {command}"), limit }
    }

    /// Whether nobody can tell any more where a message begins.
    pub(crate) fn ends_connection(&self) -> bool {
        matches!(self, Self::NotQmp(_) | Self::TooLarge { .. } | Self::Io(_) | Self::Closed)
    }
}
