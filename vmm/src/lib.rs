//! The machine: guest memory, bus, devices, run state and monitors, put together; and what the program
//! `ringscope` needs around it.
//!
//! It must not know any device kind: `devices` holds the one list of them. It must not know how a
//! command travels or a ring is read: `monitor-qmp`, `monitor-hmp` and `virtio-core` do.
pub mod accelerator;
pub mod bus;
pub mod command_line;
pub mod defaults;
pub mod devices;
pub mod endpoint;
pub mod memory;
pub mod monitors;
pub mod object_tree;
pub mod serial;
pub mod signals;
pub mod size;
pub mod terminal;
pub mod wake;
