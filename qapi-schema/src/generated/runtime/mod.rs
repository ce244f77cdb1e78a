//! What generated code stands on: errors, decoding of arguments, encoding of replies, and the shapes of
//! commands and events. It needs `serde` and `serde_json` and nothing else.

mod command;
mod decode;
mod encode;
mod error;
mod event;
mod integer;

pub use command::{Command, Request};
pub use decode::{Decode, Members, Path};
pub use encode::{EncodeMembers, Reply, Style};
pub use error::{Error, ErrorClass};
pub use event::Event;
