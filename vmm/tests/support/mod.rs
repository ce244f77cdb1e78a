//! What the whole-program tests share: the program as a child process, and a client for its sockets;
//! or a whole machine inside the test.
#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test file uses its part")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod accelerators;
mod machine_inside;
mod program;
mod qmp_client;

pub use accelerators::accelerators;
pub use machine_inside::{Driver, MachineInside};
pub use program::Program;
pub use qmp_client::QmpClient;
