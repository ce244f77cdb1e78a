//! What the whole-program tests share: the program as a child process, and a client for its sockets.
#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses its part")]

mod program;
mod qmp_client;

pub use program::Program;
pub use qmp_client::QmpClient;
