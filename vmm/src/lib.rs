//! The machine, and what the program `ringscope` needs around it.
//!
//! [`machine::Machine`] is guest memory, a [`bus`], devices, an [`accelerator`] and a run state put together; read it
//! first. The [`payload`] is what it runs. `commands` implements the generated command traits for it, a line or two each. [`program`] is the way from the
//! [`command_line`] to the exit code, with the [`monitors`]' sockets and the terminal on it; [`protocols`] is where the
//! machine and the monitors meet. [`metrics`] serves the statistics to Prometheus, [`subscriptions`]
//! sends them to QMP clients that follow them.
//!
//! It must not know any device kind: [`devices`] holds the one list of them. It must not know how a command travels or a
//! ring is read: `monitor-qmp`, `monitor-hmp` and `virtio-core` do.

pub mod accelerator;
mod allocator;
pub mod bus;
pub mod bus_devices;
pub mod command_line;
mod commands;
pub mod defaults;
pub mod devices;
pub mod endpoint;
pub mod machine;
pub mod machine_requests;
pub mod memory;
pub mod metrics;
pub mod monitors;
pub mod object_tree;
mod paragraph;
pub mod payload;
pub mod pci;
pub mod power;
pub mod program;
pub mod protocols;
pub mod qom;
pub mod run_control;
pub mod serial;
pub mod shutdown;
pub mod signals;
pub mod size;
pub mod start_message;
pub mod statistics;
pub mod subscriptions;
pub mod surroundings;
pub mod terminal;
pub mod transport;
pub mod uuid;
pub mod wake;
