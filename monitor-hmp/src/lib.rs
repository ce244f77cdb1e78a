//! The human monitor: what a person types, run and shown the way QEMU's monitor does it.
//!
//! A line is looked up in the table of verbs that is generated from `qapi-schema/schema/hmp.json`; the verb's QMP command
//! runs on the machine, and a printer shows the reply. A terminal or socket has a line editor with history and
//! completion in front of that.
//!
//! It must not know the machine monitor program, any device, or how bytes travel: it runs the generated command traits
//! and reads and writes byte streams.
//!
//! Read [`Monitor`] first.

mod advice;
mod candidates;
mod complete;
mod failure;
mod guest_view;
mod help;
mod hot_plug;
mod interactive;
mod line_editor;
mod monitor;
mod object_tree;
mod observer;
mod paint;
mod parse;
mod plain;
mod printers;
mod screen;
mod session;
mod statistics;
mod stats;
mod terminal;
mod verbs;
mod virtual_memory;

pub use guest_view::{GuestView, Register, RegistersError};
pub use hot_plug::HotPlug;
pub use monitor::{Machine, Monitor};
pub use observer::Observer;
pub use terminal::{KnownTerminal, Terminal};
