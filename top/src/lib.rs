//! The terminal program `ringscope-top`: what machines count, as it moves, the busiest first.
//!
//! It knows machines only over QMP (`qmp-client`), and statistics only by what servers say of them; the tables of
//! devices alone name statistics, those of this project's schema. Three parts that do not know each other's work: the
//! state ([`App`], with `machine` and `statistics` for what samples mean), the screen ([`render`], a pure function of
//! state and size), and the threads that ask (`poller`). Read [`App`] first.

mod app;
mod arguments;
mod filter;
mod histogram;
mod keys;
mod machine;
mod once;
mod poller;
pub mod program;
mod quantity;
mod source;
mod statistics;
mod table;
mod tables;
mod terminal;
mod view;

pub use app::{App, Screen, Update};
pub use keys::{Effect, press};
pub use machine::{Introduction, Sample};
pub use tables::{Choice, Sort};
pub use view::render;
