//! On which terms a client is served.

use qapi_schema::runtime::Style;

/// What a client may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Every command.
    #[default]
    Everything,
    /// Commands whose schema says that they change nothing (feature `read-only`).
    ReadOnly,
}

/// The terms of one address, for each of its clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// What they may do.
    pub access: Access,
    /// How the messages to them are laid out.
    pub style: Style,
}
