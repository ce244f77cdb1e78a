//! How clients reach the monitors: sockets, standard input and output, and one thread a client.

mod clients;
mod closable;
mod listener;
mod private_directory;
mod socket_file;

pub use clients::{Clients, Serve};
pub use listener::{ListenError, Listener};
pub use private_directory::PrivateDirectory;
