//! The virtio-pci transport, the modern one (virtio 1.3, section 4.1): a PCI function whose capabilities tell where in its
//! one memory region the registers lie, and that interrupts by a message a queue (MSI-X) or by its line (INTx).
//!
//! [`PciTransport`] is the function; where it stands on which bus is the machine's affair. [`ConfigurationSpace`] is what
//! any PCI function has.

mod capabilities;
mod common;
mod configuration_space;
mod interrupt;
mod messages;
mod region;

pub use configuration_space::{ConfigurationSpace, Identity, PciClass};
pub use interrupt::InterruptLine;
pub use messages::{Message, MessageRoute, MessageVector};
pub use region::{MEMORY_SIZE, notification_offset};

use crate::GuestMemory;
use crate::device::Device;
use crate::queue::RingForm;
use crate::transport::{Transport, TransportError};
use capabilities::Capabilities;
use interrupt::PciInterrupt;
use messages::MessageTable;
use region::Region;
use std::sync::Arc;

/// The vendor of every virtio function (4.1.2).
const VENDOR: u16 = 0x1af4;
/// Added to the device's number (4.1.2).
const FIRST_MODERN_DEVICE: u16 = 0x1040;
/// At least 1 for a device that is not transitional (4.1.2.1).
const REVISION: u8 = 1;
/// The base address register of the memory region.
const MEMORY_BAR: u8 = 0;

/// A device as a PCI function.
pub type PciTransport = Transport<PciRegisters>;

/// What virtio-pci keeps beyond that which every transport keeps.
pub struct PciRegisters {
    configuration_space: ConfigurationSpace,
    /// As it was before the guest's first write.
    initial: ConfigurationSpace,
    capabilities: Capabilities,
    interrupt: Arc<PciInterrupt>,
    messages: MessageTable,
}

/// What the machine has decided about a function before the guest looks at it.
pub struct PciPlace {
    /// Where the memory region lies unless the guest moves it; a multiple of [`MEMORY_SIZE`]. The guest has to enable it.
    pub memory: u32,
    /// The number that the guest finds in the interrupt line register.
    pub line_number: u8,
    /// Drives the interrupt line.
    pub line: Box<dyn InterruptLine>,
    /// The vectors of MSI-X, best as many as [`message_vectors`] says. The function has no MSI-X without any.
    pub messages: Vec<MessageVector>,
}

/// How many message vectors let each of the device's queues, and the changes of its configuration, have one of their own.
pub fn message_vectors(device: &dyn Device) -> usize {
    1 + device.queue_sizes().len()
}

impl PciTransport {
    /// Makes a PCI function of `device`. Packed `rings` are an offer: the driver may still choose split ones.
    ///
    /// # Errors
    /// A device that declares what cannot be, or no more file descriptors.
    pub fn new(
        device: Box<dyn Device>,
        memory: GuestMemory,
        place: PciPlace,
        rings: RingForm,
    ) -> Result<Self, TransportError> {
        let number = device.kind().id;
        let no_number = || TransportError::DeviceNumber { kind: device.kind().name, number };
        // Only the numbers up to 0x3f have a PCI device ID.
        let number = u16::try_from(number).ok().filter(|number| *number < 0x40).ok_or_else(no_number)?;
        let identity = Identity {
            vendor: VENDOR,
            device: FIRST_MODERN_DEVICE + number,
            revision: REVISION,
            class: device.pci_class(),
            subsystem_vendor: VENDOR,
            // Not below 0x40 (4.1.2.1); nothing else is said about it.
            subsystem: FIRST_MODERN_DEVICE + number,
        };
        let mut configuration_space = ConfigurationSpace::new(&identity);
        configuration_space.set_interrupt(place.line_number);
        configuration_space.add_memory_bar(MEMORY_BAR, MEMORY_SIZE, place.memory);
        let (messages, shared) = MessageTable::new(place.messages);
        let capabilities = Capabilities::add(&mut configuration_space, messages.len());
        let interrupt = Arc::new(PciInterrupt::new(device.queue_sizes().len(), shared, place.line));
        let registers = PciRegisters {
            initial: configuration_space.clone(),
            configuration_space,
            capabilities,
            interrupt: Arc::clone(&interrupt),
            messages,
        };
        Self::attach(device, memory, interrupt, rings, registers)
    }

    /// Everything as it was before the guest's first access, the device included.
    pub fn reset_function(&mut self) {
        let PciRegisters { configuration_space, initial, messages, interrupt, .. } = &mut self.registers;
        configuration_space.clone_from(initial);
        messages.reset();
        interrupt.set_mode(false, false);
        self.reset();
    }

    /// Where the memory region answers now; `None` while the guest has not enabled it.
    pub fn memory_base(&self) -> Option<u32> {
        self.registers.configuration_space.memory_base(MEMORY_BAR)
    }

    /// The guest reads the configuration space of PCI. What does not exist gives zeros.
    pub fn read_configuration_space(&mut self, offset: u16, data: &mut [u8]) {
        if self.registers.capabilities.is_window_data(offset, data.len())
            && let Some((at, length)) = self.window()
        {
            let mut window = [0; 4];
            if let Some(bytes) = window.get_mut(..length) {
                self.read_memory(at, bytes);
            }
            self.set_window_data(window);
        }
        let registers = &self.registers;
        registers.configuration_space.read(offset, data);
        registers.configuration_space.overlay_interrupt_status(
            offset,
            data,
            registers.interrupt.is_line_high(),
        );
    }

    /// The guest writes the configuration space of PCI. What is read-only keeps its value.
    pub fn write_configuration_space(&mut self, offset: u16, data: &[u8]) {
        self.registers.configuration_space.write(offset, data);
        let PciRegisters { configuration_space, capabilities, interrupt, messages, .. } = &mut self.registers;
        let control = capabilities.message_control(configuration_space);
        messages.set_control(control);
        interrupt.set_mode(control.enabled, configuration_space.is_line_disabled());
        if capabilities.is_window_data(offset, data.len())
            && let Some((at, length)) = self.window()
        {
            let bytes = self.window_data();
            self.write_memory(at, bytes.get(..length).unwrap_or_default());
        }
    }

    /// The driver reads at `offset` of the memory region. What does not exist gives zeros.
    pub fn read_memory(&mut self, offset: u64, data: &mut [u8]) {
        data.fill(0);
        match Region::at(offset) {
            Some((Region::Common, offset)) => self.read_common(offset, data),
            Some((Region::InterruptStatus, 0)) => {
                if let Some(byte) = data.first_mut() {
                    *byte = self.registers.interrupt.take_status();
                }
            }
            Some((Region::Device, offset)) => self.read_configuration(offset, data),
            Some((Region::Messages, offset)) => self.registers.messages.read(offset, data),
            Some((Region::Pending, offset)) => self.registers.messages.read_pending(offset, data),
            Some((Region::InterruptStatus | Region::Notification, _)) | None => {}
        }
    }

    /// The driver writes at `offset` of the memory region. What is read-only or does not exist is left alone.
    pub fn write_memory(&mut self, offset: u64, data: &[u8]) {
        match Region::at(offset) {
            Some((Region::Common, offset)) => self.write_common(offset, data),
            Some((Region::Device, offset)) => self.write_configuration(offset, data),
            Some((Region::Notification, offset)) => self.kick(region::notified_queue(offset)),
            Some((Region::Messages, offset)) => self.registers.messages.write(offset, data),
            Some((Region::InterruptStatus | Region::Pending, _)) | None => {}
        }
    }

    /// What the window of the configuration access capability is about: an offset in the memory region, and a length.
    fn window(&self) -> Option<(u64, usize)> {
        self.registers.capabilities.window(&self.registers.configuration_space)
    }

    fn window_data(&self) -> [u8; 4] {
        let mut data = [0; 4];
        self.registers.configuration_space.read(self.registers.capabilities.window_data_offset(), &mut data);
        data
    }

    fn set_window_data(&mut self, data: [u8; 4]) {
        let offset = self.registers.capabilities.window_data_offset();
        self.registers.configuration_space.write(offset, &data);
    }
}
