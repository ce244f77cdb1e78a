//! The guest that Ringscope runs when no kernel is given: it drives every attached virtio device for real, so that the
//! first run has live rings to look at.
//!
//! It is one source built twice. As this library it is the workload of `--accel none`, on a host thread. As a
//! freestanding x86-64 image (`vmm/build.rs` compiles this very file with `--cfg builtin_guest_image`) it runs on a vCPU
//! under KVM. Either way it reaches devices and memory through a [`Platform`] only; it knows no VMM and no host.
//!
//! Some hosts emulate every guest instruction at 0.1 to 0.5 million a second, and know integer instructions only. So:
//! few instructions a request, no floating point, no `core::fmt`, nothing that can panic.
//!
//! Read [`Workload`] first.

#![no_std]
#![allow(unexpected_cfgs, reason = "`builtin_guest_image` is vmm/build.rs's, which runs rustc on its own")]

mod driver;
#[cfg(builtin_guest_image)]
mod image;
pub mod layout;
mod log;
mod platform;
mod queue;
mod transport;
mod workload;

pub use platform::{Platform, Wake};
pub use workload::Workload;
