//! The ioctls of a tap (linux/if_tun.h).
#![allow(unsafe_code, reason = "a tap is set up by ioctls, which no crate that we use wraps")]

use std::fs::File;
use std::io;

use vmm_sys_util::ioctl::{ioctl_with_ref, ioctl_with_val};

use super::MAX_NAME;
use crate::header::HEADER_SIZE;
use crate::offloads::Offloads;

/// What every message to and from the interface starts with, apart from the frame: a virtio header, no packet
/// information.
const FLAGS: i32 = libc::IFF_TAP | libc::IFF_NO_PI | libc::IFF_VNET_HDR;

/// A name that an interface can have, zero-terminated.
#[derive(Clone, Copy, Debug)]
pub(super) struct InterfaceName([u8; libc::IFNAMSIZ]);

impl InterfaceName {
    pub(super) fn new(name: &str) -> Option<Self> {
        let printable = |byte: u8| byte.is_ascii_graphic() && byte != b'/' && byte != b':';
        let length = 1..=MAX_NAME;
        if !length.contains(&name.len()) || !name.bytes().all(printable) || name == "." || name == ".." {
            return None;
        }
        let mut bytes = [0; libc::IFNAMSIZ];
        bytes.iter_mut().zip(name.bytes()).for_each(|(place, byte)| *place = byte);
        Some(Self(bytes))
    }
}

/// `struct ifreq` as far as a tap reads it: the name, then the flags.
#[repr(C)]
struct InterfaceRequest {
    name: [u8; libc::IFNAMSIZ],
    flags: u16,
    unused: [u8; 22],
}

const _: () = assert!(size_of::<InterfaceRequest>() == size_of::<libc::ifreq>());

impl InterfaceRequest {
    fn new(name: [u8; libc::IFNAMSIZ], flags: i32) -> io::Result<Self> {
        Ok(Self { name, flags: u16::try_from(flags).map_err(io::Error::other)?, unused: [0; 22] })
    }
}

/// Makes `file` the interface, or with `several` one of its queues.
pub(super) fn attach(file: &File, interface: &InterfaceName, several: bool) -> io::Result<()> {
    let flags = FLAGS | if several { libc::IFF_MULTI_QUEUE } else { 0 };
    let request = InterfaceRequest::new(interface.0, flags)?;
    let header_size = i32::try_from(HEADER_SIZE).map_err(io::Error::other)?;
    // SAFETY: TUNSETIFF reads a `struct ifreq` of 40 bytes, which `InterfaceRequest` is in size and layout
    // (checked above).
    succeed(unsafe { ioctl_with_ref(file, libc::TUNSETIFF, &request) })?;
    // SAFETY: TUNSETVNETHDRSZ reads an int.
    succeed(unsafe { ioctl_with_ref(file, libc::TUNSETVNETHDRSZ, &header_size) })
}

/// Says what a reader of the interface can take.
pub(super) fn set_offloads(file: &File, offloads: Offloads) -> io::Result<()> {
    // SAFETY: TUNSETOFFLOAD takes its bits by value.
    succeed(unsafe { ioctl_with_val(file, libc::TUNSETOFFLOAD, offloads.for_tap().bits().into()) })
}

/// What the kernel knows, which it tells by refusing the rest. Nothing is switched on afterwards.
pub(super) fn probe_offloads(file: &File) -> Offloads {
    let tcp = Offloads::CHECKSUM | Offloads::TCP4 | Offloads::TCP6 | Offloads::TCP_ECN;
    let with_fragments = tcp | Offloads::UDP_FRAGMENTS;
    let known =
        [with_fragments | Offloads::UDP, tcp | Offloads::UDP, with_fragments, tcp, Offloads::CHECKSUM]
            .into_iter()
            .find(|offloads| set_offloads(file, *offloads).is_ok());
    match set_offloads(file, Offloads::NONE) {
        Ok(()) => known.unwrap_or(Offloads::NONE),
        Err(_) => Offloads::NONE,
    }
}

/// Has the interface use the queue that `file` is, or not.
pub(super) fn use_queue(file: &File, wanted: bool) -> io::Result<()> {
    let flags = if wanted { libc::IFF_ATTACH_QUEUE } else { libc::IFF_DETACH_QUEUE };
    let request = InterfaceRequest::new([0; libc::IFNAMSIZ], flags)?;
    // SAFETY: TUNSETQUEUE reads a `struct ifreq`, as above.
    succeed(unsafe { ioctl_with_ref(file, libc::TUNSETQUEUE, &request) })
}

fn succeed(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}
