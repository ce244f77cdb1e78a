// Written by `cargo xtask codegen` from `qapi-schema/schema/char.json`; change nothing here.

//! Commands, from the client's side, of `char.json`.

use serde::{Serialize, Serializer};
use super::super::runtime::{Empty, Request};

use super::ChardevInfo;

/// Command `query-chardev`.
///
/// Lists the character devices.
///
/// Returns: the devices
///
/// Since: 0.1
///
/// ```text
/// -> { "execute": "query-chardev" }
/// <- { "return": [ { "label": "console0", "filename": "stdout", "frontend-open": true } ] }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryChardev;

impl Serialize for QueryChardev {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Request for QueryChardev {
    const NAME: &'static str = "query-chardev";
    type Return = Vec<ChardevInfo>;
}
