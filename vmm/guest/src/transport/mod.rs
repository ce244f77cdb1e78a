//! A device as the guest's drivers reach it, on either transport: negotiation (virtio 1.3 section 3.1.1), queues, the
//! configuration space.

mod mmio;
mod pci;

use crate::driver::Broken;
use crate::layout::{DEVICE_BUFFERS, DEVICE_MEMORY, DEVICE_MEMORY_SIZE};
use crate::platform::Platform;
use crate::queue::{LARGEST, Options, Place, Queue};
use mmio::MmioWindow;
use pci::PciFunction;

const ACKNOWLEDGE: u32 = 1;
const DRIVER: u32 = 2;
const DRIVER_OK: u32 = 4;
const FEATURES_OK: u32 = 8;
const NEEDS_RESET: u32 = 64;
const FAILED: u32 = 128;

const RING_INDIRECT: u64 = 1 << 28;
const RING_EVENT_INDEX: u64 = 1 << 29;
const VERSION_1: u64 = 1 << 32;
const RING_PACKED: u64 = 1 << 34;

/// Room for one queue's rings in a device's memory.
const QUEUE_MEMORY: u64 = 0x1000;

/// A device's registers, and the memory the guest has set aside for the device.
#[derive(Clone, Copy)]
pub(crate) struct Transport {
    registers: Registers,
    memory: u64,
}

#[derive(Clone, Copy)]
enum Registers {
    Mmio(MmioWindow),
    Pci(PciFunction),
}

/// Calls a method that both transports have.
macro_rules! either {
    ($transport:expr, $registers:ident => $call:expr) => {
        match $transport.registers {
            Registers::Mmio($registers) => $call,
            Registers::Pci($registers) => $call,
        }
    };
}

/// How the machine offers its devices.
#[derive(Clone, Copy)]
pub(crate) enum TransportKind {
    /// As windows of registers.
    Mmio,
    /// As functions of a PCI bus.
    Pci,
}

impl TransportKind {
    /// Devices are functions if there is a PCI bus.
    pub(crate) fn find<P: Platform>(platform: &mut P) -> Self {
        if pci::is_there(platform) { Self::Pci } else { Self::Mmio }
    }
}

impl Transport {
    /// The device ID of device `number`, if it is there.
    pub(crate) fn probe<P: Platform>(
        platform: &mut P,
        kind: TransportKind,
        number: u8,
    ) -> Option<(Self, u32)> {
        let (registers, id) = match kind {
            TransportKind::Mmio => {
                let (window, id) = MmioWindow::probe(platform, number)?;
                (Registers::Mmio(window), id)
            }
            TransportKind::Pci => {
                let (function, id) = PciFunction::probe(platform, number)?;
                (Registers::Pci(function), id)
            }
        };
        let memory = DEVICE_MEMORY + u64::from(number) * DEVICE_MEMORY_SIZE;
        Some((Self { registers, memory }, id))
    }

    /// The guest-physical address of its registers.
    pub(crate) fn address(&self) -> u64 {
        either!(self, registers => registers.address())
    }

    /// The first byte of the device's buffers.
    pub(crate) fn buffers(&self) -> u64 {
        self.memory + DEVICE_BUFFERS
    }

    /// Resets the device and takes those of `wanted` device features that it offers (section 3.1.1, steps 1 to 6).
    pub(crate) fn negotiate<P: Platform>(&self, platform: &mut P, wanted: u64) -> Result<Features, Broken> {
        self.set_status(platform, 0);
        if self.status(platform) != 0 {
            return Err(Broken::Reset);
        }
        self.set_status(platform, ACKNOWLEDGE);
        self.set_status(platform, ACKNOWLEDGE | DRIVER);
        let mut offered = 0;
        for half in [1, 0] {
            let word = either!(self, registers => registers.offered(platform, half));
            offered = offered << 32 | u64::from(word);
        }
        if offered & VERSION_1 == 0 {
            return Err(Broken::Legacy);
        }
        let taken = offered & (wanted | RING_INDIRECT | RING_EVENT_INDEX | RING_PACKED | VERSION_1);
        for (half, value) in [(0, low_half(taken)), (1, low_half(taken >> 32))] {
            either!(self, registers => registers.accept(platform, half, value));
        }
        self.set_status(platform, ACKNOWLEDGE | DRIVER | FEATURES_OK);
        if self.status(platform) & FEATURES_OK == 0 {
            return Err(Broken::Features);
        }
        Ok(Features(taken))
    }

    /// Sets up queue `index` with the most entries that both sides can have (section 4.2.3.2).
    pub(crate) fn queue<P: Platform>(
        &self,
        platform: &mut P,
        features: Features,
        index: u16,
    ) -> Result<Queue, Broken> {
        let largest = either!(self, registers => registers.largest_queue(platform, index));
        let mut size = LARGEST;
        while u32::from(size) > largest {
            size >>= 1;
        }
        if size < 16 {
            return Err(Broken::NoQueue);
        }
        let table = self.memory + u64::from(index) * QUEUE_MEMORY;
        let notify = either!(self, registers => registers.notify(platform, index));
        let place = Place { table, size, notify, index };
        let queue = Queue::new(platform, place, features.rings());
        either!(self, registers => registers.enable_queue(platform, size, queue.areas()));
        Ok(queue)
    }

    /// The device may work from here on.
    pub(crate) fn driver_ok<P: Platform>(&self, platform: &mut P) {
        self.set_status(platform, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK);
    }

    /// Gives the device up, and says so to it.
    pub(crate) fn fail<P: Platform>(&self, platform: &mut P) {
        let status = self.status(platform);
        self.set_status(platform, status | FAILED);
    }

    /// Answers an interrupt: acknowledges it, and looks whether the device still works.
    pub(crate) fn acknowledge_interrupt<P: Platform>(&self, platform: &mut P) -> Result<(), Broken> {
        let may_be_broken = match self.registers {
            Registers::Mmio(window) => window.acknowledge_interrupt(platform),
            // A message needs no answer, and says nothing.
            Registers::Pci(_) => true,
        };
        if may_be_broken && self.status(platform) & NEEDS_RESET != 0 {
            return Err(Broken::NeedsReset);
        }
        Ok(())
    }

    /// Reads the 32-bit configuration field at `offset`.
    pub(crate) fn configuration<P: Platform>(&self, platform: &mut P, offset: u64) -> u32 {
        platform.read_register(self.configuration_space() + offset)
    }

    /// Reads the byte at `offset` of the configuration space.
    pub(crate) fn configuration_byte<P: Platform>(&self, platform: &mut P, offset: u64) -> u8 {
        platform.read_register_byte(self.configuration_space() + offset)
    }

    /// Writes the 32-bit configuration field at `offset`.
    pub(crate) fn write_configuration<P: Platform>(&self, platform: &mut P, offset: u64, value: u32) {
        platform.write_register(self.configuration_space() + offset, value);
    }

    fn configuration_space(&self) -> u64 {
        either!(self, registers => registers.configuration_space())
    }

    fn status<P: Platform>(&self, platform: &mut P) -> u32 {
        either!(self, registers => registers.status(platform))
    }

    fn set_status<P: Platform>(&self, platform: &mut P, status: u32) {
        either!(self, registers => registers.set_status(platform, status));
    }
}

/// The features that device and driver agree on.
#[derive(Clone, Copy)]
pub(crate) struct Features(u64);

impl Features {
    /// Whether the device feature of bit number `bit` was taken.
    pub(crate) fn has(self, bit: u32) -> bool {
        self.0 & (1 << bit) != 0
    }

    fn rings(self) -> Options {
        Options {
            event_index: self.0 & RING_EVENT_INDEX != 0,
            indirect: self.0 & RING_INDIRECT != 0,
            packed: self.0 & RING_PACKED != 0,
        }
    }
}

fn low_half(value: u64) -> u32 {
    let [a, b, c, d, ..] = value.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}
