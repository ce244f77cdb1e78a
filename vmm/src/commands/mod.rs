//! The commands of the monitors, one file a schema module. Each is a line or two: the machine knows the thing,
//! `virtio-core` and `stats` know the shape of the reply.

mod balloon;
mod block;
mod char;
pub(crate) mod device;
mod inspect;
mod machine;
mod net;
mod qom;
mod rate_limits;
mod statistics_push;
pub(crate) mod stats;
mod throttle;
mod virtio;
mod virtio_debug;
