//! Bare metal as a [`Platform`].

#![allow(clippy::cast_possible_truncation, reason = "an address has as many bits as a pointer here")]

use core::arch::asm;
use core::ptr::{read_volatile, with_exposed_provenance, with_exposed_provenance_mut, write_volatile};

use crate::layout::DEBUG_PORT;
use crate::platform::Platform;

/// The machine this code runs on. Every guest-physical address below 4 GiB is mapped to itself.
pub(super) struct Machine;

fn load<T>(address: u64) -> T {
    // SAFETY: the workload passes aligned addresses of device windows and of its own areas, which hold no Rust object.
    unsafe { read_volatile(with_exposed_provenance(address as usize)) }
}

fn store<T>(address: u64, value: T) {
    // SAFETY: as in `load`.
    unsafe { write_volatile(with_exposed_provenance_mut(address as usize), value) }
}

impl Platform for Machine {
    fn read_register(&mut self, address: u64) -> u32 {
        load(address)
    }

    fn write_register(&mut self, address: u64, value: u32) {
        store(address, value);
    }

    fn read_register_u16(&mut self, address: u64) -> u16 {
        load(address)
    }

    fn write_register_u16(&mut self, address: u64, value: u16) {
        store(address, value);
    }

    fn read_register_byte(&mut self, address: u64) -> u8 {
        load(address)
    }

    fn write_register_byte(&mut self, address: u64, value: u8) {
        store(address, value);
    }

    fn load_u8(&self, address: u64) -> u8 {
        load(address)
    }

    fn load_u16(&self, address: u64) -> u16 {
        load(address)
    }

    fn load_u32(&self, address: u64) -> u32 {
        load(address)
    }

    fn load_u64(&self, address: u64) -> u64 {
        load(address)
    }

    fn store_u8(&mut self, address: u64, value: u8) {
        store(address, value);
    }

    fn store_u16(&mut self, address: u64, value: u16) {
        store(address, value);
    }

    fn store_u32(&mut self, address: u64, value: u32) {
        store(address, value);
    }

    fn store_u64(&mut self, address: u64, value: u64) {
        store(address, value);
    }

    fn print(&mut self, byte: u8) {
        write_port(DEBUG_PORT, byte);
    }
}

/// Writes a byte to an I/O port.
pub(super) fn write_port(port: u16, value: u8) {
    // SAFETY: port I/O touches no memory of ours.
    unsafe { asm!("out dx, al", in("dx") port, in("al") value, options(nomem, nostack, preserves_flags)) }
}

/// Writes a 32-bit register of the interrupt controllers.
pub(super) fn write_controller(address: u64, value: u32) {
    store(address, value);
}
