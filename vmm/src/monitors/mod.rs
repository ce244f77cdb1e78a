//! How clients reach the monitors: sockets, standard input and output, and one thread a client.
//!
//! What is spoken there is none of its business. Read [`Monitors`] first.

mod address;
mod clients;
mod closable;
mod listener;
mod peers;
mod private_directory;
mod setup;

pub use address::{MonitorAddress, MonitorAddressError};
pub use clients::{Clients, Connection, Refusal, Serve};
pub(crate) use listener::Stream;
pub use listener::{ListenError, Listener};
pub use peers::{NotWanted, Peers};
pub use private_directory::PrivateDirectory;
pub use setup::{MonitorKind, Monitors, MonitorsError, Serving};
