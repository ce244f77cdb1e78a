//! A tap interface of the host: what the guest sends appears there, and what the host sends there reaches the
//! guest.
#![allow(unsafe_code, reason = "a tap is set up by ioctls, which no crate that we use wraps")]

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;

use vmm_sys_util::ioctl::ioctl_with_ref;

use crate::link::{HEADER_SIZE, Link};

/// Longest interface name: IFNAMSIZ less the terminating zero.
const MAX_NAME: usize = libc::IFNAMSIZ - 1;
/// What every message to and from the interface starts with, apart from the frame: a virtio header, no packet
/// information.
const FLAGS: i32 = libc::IFF_TAP | libc::IFF_NO_PI | libc::IFF_VNET_HDR;

/// Why a tap interface cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TapError {
    /// The name cannot be that of an interface.
    #[error(
        "tap interface name '{name}' is not of 1 to {MAX_NAME} printable ASCII characters other than '/' and ':'"
    )]
    Name {
        /// The name as it was given.
        name: String,
    },
    /// The host has no tap interfaces, or not for us.
    #[error(
        "cannot open /dev/net/tun for the tap interface '{name}': {source}; the kernel module 'tun' and access to the file are needed"
    )]
    Open {
        /// The interface.
        name: String,
        /// What the host said.
        source: io::Error,
    },
    /// The interface exists but cannot be taken, or does not and cannot be created.
    #[error(
        "cannot attach to the tap interface '{name}': {source}; either an unused tap interface of yours (ip tuntap add {name} mode tap user $USER) or CAP_NET_ADMIN is needed"
    )]
    Attach {
        /// The interface.
        name: String,
        /// What the host said.
        source: io::Error,
    },
}

/// Attaches to the tap interface `name`; one that does not exist is created, and goes with the machine.
pub fn open(name: &str) -> Result<Link, TapError> {
    let request = interface_request(name).ok_or_else(|| TapError::Name { name: name.to_owned() })?;
    let attach_error = |source| TapError::Attach { name: name.to_owned(), source };
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(libc::O_NONBLOCK)
        .open("/dev/net/tun")
        .map_err(|source| TapError::Open { name: name.to_owned(), source })?;
    attach(&file, &request).map_err(attach_error)?;
    let input = file.try_clone().map_err(attach_error)?;
    Ok(Link::new(file, input))
}

/// `struct ifreq` as far as TUNSETIFF reads it: the name, zero-terminated, then the flags.
#[repr(C)]
struct InterfaceRequest {
    name: [u8; libc::IFNAMSIZ],
    flags: u16,
    unused: [u8; 22],
}

fn interface_request(name: &str) -> Option<InterfaceRequest> {
    let printable = |byte: u8| byte.is_ascii_graphic() && byte != b'/' && byte != b':';
    if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(printable) || name == "." || name == ".."
    {
        return None;
    }
    let mut bytes = [0; libc::IFNAMSIZ];
    bytes.iter_mut().zip(name.bytes()).for_each(|(place, byte)| *place = byte);
    Some(InterfaceRequest { name: bytes, flags: u16::try_from(FLAGS).ok()?, unused: [0; 22] })
}

fn attach(file: &File, request: &InterfaceRequest) -> io::Result<()> {
    let header_size = i32::try_from(HEADER_SIZE).map_err(io::Error::other)?;
    // SAFETY: TUNSETIFF reads a `struct ifreq` of 40 bytes, which `InterfaceRequest` is in size and layout
    // (checked below).
    succeed(unsafe { ioctl_with_ref(file, libc::TUNSETIFF, request) })?;
    // SAFETY: TUNSETVNETHDRSZ reads an int.
    succeed(unsafe { ioctl_with_ref(file, libc::TUNSETVNETHDRSZ, &header_size) })
}

const _: () = assert!(size_of::<InterfaceRequest>() == size_of::<libc::ifreq>());

fn succeed(result: i32) -> io::Result<()> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_no_interface_can_have_are_refused() {
        for name in ["", "sixteen-letters!", "a/b", "a b", "tap:1", ".", "..", "täp"] {
            assert!(matches!(open(name), Err(TapError::Name { .. })), "{name}");
        }
        insta::assert_snapshot!(open("a/b").unwrap_err(), @"tap interface name 'a/b' is not of 1 to 15 printable ASCII characters other than '/' and ':'");
    }

    #[test]
    fn an_interface_of_another_kind_is_not_taken() {
        let error = open("lo").unwrap_err();
        match error {
            TapError::Open { .. } => virtio_core::driver::skipped(error),
            _ => assert!(matches!(error, TapError::Attach { .. }), "{error}"),
        }
    }
}
