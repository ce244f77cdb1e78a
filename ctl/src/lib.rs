//! `ringscope-ctl`: a QMP client for the command line. Every command of the server is a subcommand whose options are
//! the command's arguments, with help and completion.
//!
//! Which commands there are comes from a schema in the form of `query-qmp-schema`'s reply: our own, which is built in
//! together with its documentation, or the server's, so that the program serves QEMU as well. One way leads from either
//! to the command line, and back from what was typed to a request.
//!
//! It knows `qapi-schema` and `qmp-client` and nothing else of this project: no machine, no monitor, no device. Read
//! [`run`] first, then `schema::Schema`.

mod actions;
mod arguments;
mod command_line;
mod error;
mod global;
mod help_text;
mod output;
mod program;
mod schema;
mod server;
mod table;

pub use program::run;
