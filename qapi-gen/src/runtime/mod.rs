//! What generated code stands on: errors, decoding of arguments, encoding of replies, and the shapes of
//! commands and events. It needs `serde` and `serde_json` and nothing else.

mod command;
pub mod decode;
pub mod encode;
mod empty;
mod error;
mod event;
mod integer;

pub use command::{Call, Command, Request, Streams, collect, stream};
pub use decode::{Decode, DecodeMembers, Members, Path};
pub use empty::{Empty, UnknownValue};
pub use encode::{EncodeMembers, Reply, Style};
pub use error::{Error, ErrorClass};
pub use event::{AnyEvent, Event};
