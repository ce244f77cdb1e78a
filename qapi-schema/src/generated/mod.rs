// dependency: serde = "1"
// dependency: serde_json = "1"
// Written by `cargo xtask codegen` from `qapi-schema/schema/`; change nothing here.

//! The Rust that is generated from the schema.

pub mod balloon;
pub mod block;
pub mod char;
pub mod control;
pub mod device;
pub mod documentation;
pub mod hmp;
pub mod inspect;
pub mod introspect;
pub mod introspection;
pub mod machine;
pub mod net;
pub mod qom;
pub mod rate_limits;
pub mod runtime;
pub mod statistics;
pub mod statistics_push;
pub mod stats;
pub mod vhost_user;
pub mod virtio;
pub mod virtio_debug;
