//! A driver on virtio-pci. It knows no more of the function than a guest: it finds everything by the capabilities.

use super::registers::Registers;
use super::transport_driver::TransportDriver;
use crate::GuestMemory;
use crate::device::Device;
use crate::interrupt::{CONFIGURATION_CHANGE, USED_BUFFER};
use crate::pci::{
    InterruptLine, Message, MessageRoute, MessageVector, PciPlace, PciRegisters, PciTransport,
    message_vectors,
};
use crate::queue::{RingForm, RingLayout};
use std::os::fd::{AsRawFd, RawFd};
use std::sync::{Arc, Mutex, PoisonError};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

/// Offsets of the common configuration registers (virtio 1.3, 4.1.4.3), written down apart from the transport's own.
pub mod common {
    #![expect(missing_docs, reason = "the names are the specification's")]
    pub const DEVICE_FEATURE_SELECT: u64 = 0x00;
    pub const DEVICE_FEATURE: u64 = 0x04;
    pub const DRIVER_FEATURE_SELECT: u64 = 0x08;
    pub const DRIVER_FEATURE: u64 = 0x0c;
    pub const CONFIG_MSIX_VECTOR: u64 = 0x10;
    pub const NUM_QUEUES: u64 = 0x12;
    pub const DEVICE_STATUS: u64 = 0x14;
    pub const CONFIG_GENERATION: u64 = 0x15;
    pub const QUEUE_SELECT: u64 = 0x16;
    pub const QUEUE_SIZE: u64 = 0x18;
    pub const QUEUE_MSIX_VECTOR: u64 = 0x1a;
    pub const QUEUE_ENABLE: u64 = 0x1c;
    pub const QUEUE_NOTIFY_OFF: u64 = 0x1e;
    pub const QUEUE_DESC: u64 = 0x20;
    pub const QUEUE_DRIVER: u64 = 0x28;
    pub const QUEUE_DEVICE: u64 = 0x30;
    pub const QUEUE_RESET: u64 = 0x3a;
}

const COMMAND: u16 = 0x04;
const STATUS: u16 = 0x06;
const MEMORY_BAR: u16 = 0x10;
const FIRST_CAPABILITY: u16 = 0x34;
const VENDOR_SPECIFIC: u8 = 0x09;
const MSI_X: u8 = 0x11;
const MEMORY_AND_BUS_MASTER: u16 = 0b110;
const MSI_X_ENABLED: u16 = 1 << 15;

/// Where the function's memory lies, for tests.
const MEMORY: u32 = 0xe000_0000;

/// A driver of a device behind virtio-pci.
pub type PciDriver = TransportDriver<PciFunction>;

/// How a [`PciDriver`] is interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PciInterrupts {
    /// By the function's line.
    Line,
    /// By messages: vector 0 for changes of the configuration, and one for each queue behind it.
    Messages,
}

/// The function, and where its interrupts arrive.
pub struct PciFunction {
    transport: PciTransport,
    interrupts: PciInterrupts,
    line: EventFd,
    line_level: Arc<Mutex<bool>>,
    vectors: Vec<EventFd>,
    /// What each vector sends.
    routes: Vec<Arc<Mutex<Option<Message>>>>,
    /// Offsets in the function's memory, by type of the capability.
    regions: [u64; 5],
    notify_multiplier: u64,
    message_table: u64,
}

/// Writes to an event whenever the line goes high.
struct Line(EventFd, Arc<Mutex<bool>>);

impl InterruptLine for Line {
    fn set(&mut self, high: bool) {
        *self.1.lock().unwrap_or_else(PoisonError::into_inner) = high;
        if high {
            self.0.write(1).expect("the counter is not full");
        }
    }
}

struct Route(Arc<Mutex<Option<Message>>>);

impl MessageRoute for Route {
    fn set(&mut self, message: Message) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(message);
    }
}

impl PciDriver {
    /// Makes a PCI function of the device, which offers these rings, and enables it.
    ///
    /// # Panics
    /// If the transport refuses the device, the host has no more file descriptors, or the function's capabilities are
    /// not those of a virtio function.
    pub fn new(
        device: Box<dyn Device>,
        memory: &GuestMemory,
        rings: RingForm,
        interrupts: PciInterrupts,
    ) -> Self {
        let vectors: Vec<EventFd> = (0..message_vectors(&*device)).map(|_| event()).collect();
        let routes: Vec<_> = vectors.iter().map(|_| Arc::new(Mutex::new(None))).collect();
        let messages = vectors.iter().zip(&routes).map(|(event, route)| MessageVector {
            event: copy(event),
            route: Box::new(Route(Arc::clone(route))),
        });
        let (line, line_level) = (event(), Arc::new(Mutex::new(false)));
        let place = PciPlace {
            memory: MEMORY,
            line_number: 11,
            line: Box::new(Line(copy(&line), Arc::clone(&line_level))),
            messages: messages.collect(),
        };
        let transport = PciTransport::new(device, Arc::clone(memory), place, rings)
            .unwrap_or_else(|error| panic!("the transport refuses the device: {error}"));
        let mut function = PciFunction {
            transport,
            interrupts,
            line,
            line_level,
            vectors,
            routes,
            regions: [0; 5],
            notify_multiplier: 0,
            message_table: 0,
        };
        function.find_capabilities();
        function.enable();
        Self::over(function, memory)
    }

    /// Enables the function's memory where it was at first, and its interrupts.
    ///
    /// # Panics
    /// If the function does not take that.
    pub fn enable(&mut self) {
        self.registers.enable();
    }

    /// Reads a register of the common configuration that has `N` bytes.
    pub fn read_common<const N: usize>(&mut self, offset: u64) -> u64 {
        self.registers.read_common::<N>(offset)
    }

    /// Writes a register of the common configuration that has `N` bytes.
    pub fn write_common<const N: usize>(&mut self, offset: u64, value: u64) {
        self.registers.write_common::<N>(offset, value);
    }

    /// Reads the PCI configuration space.
    pub fn read_configuration_space<const N: usize>(&mut self, offset: u16) -> [u8; N] {
        let mut data = [0; N];
        self.registers.transport.read_configuration_space(offset, &mut data);
        data
    }

    /// The capabilities: ID and where it lies.
    pub fn capabilities(&mut self) -> Vec<(u8, u16)> {
        self.registers.capabilities()
    }

    /// Masks a message vector or lets its messages out.
    pub fn mask(&mut self, vector: u16, masked: bool) {
        let entry = self.registers.message_table + 16 * u64::from(vector);
        self.registers.transport.write_memory(entry + 12, &u32::from(masked).to_le_bytes());
    }

    /// Whether a masked message is pending.
    pub fn is_pending(&mut self, vector: u16) -> bool {
        let offset = self.registers.pending_table() + u64::from(vector / 8);
        let mut byte = [0];
        self.registers.transport.read_memory(offset, &mut byte);
        byte[0] >> (vector % 8) & 1 != 0
    }

    /// The message that a vector sends, if the machine has been told.
    pub fn route(&self, vector: u16) -> Option<Message> {
        let route = self.registers.routes.get(usize::from(vector))?;
        *route.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The vectors whose messages have come.
    pub fn take_messages(&mut self) -> Vec<usize> {
        (0..)
            .zip(&self.registers.vectors)
            .filter(|(_, event)| event.read().is_ok())
            .map(|(vector, _)| vector)
            .collect()
    }

    /// Whether the interrupt line is high.
    pub fn is_line_high(&self) -> bool {
        self.registers.is_line_high()
    }

    /// Offset in the function's memory of the structure with this number (`cfg_type`).
    pub fn region(&self, number: u8) -> u64 {
        self.registers.regions.get(usize::from(number)).copied().expect("there is such a structure")
    }
}

impl PciFunction {
    fn is_line_high(&self) -> bool {
        *self.line_level.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn configuration<const N: usize>(&mut self, offset: u16) -> [u8; N] {
        let mut data = [0; N];
        self.transport.read_configuration_space(offset, &mut data);
        data
    }

    fn configuration_word(&mut self, offset: u16) -> u64 {
        u64::from(u32::from_le_bytes(self.configuration(offset)))
    }

    fn capabilities(&mut self) -> Vec<(u8, u16)> {
        let [status, _] = self.configuration(STATUS);
        assert_ne!(status & 1 << 4, 0, "the status register says that there are capabilities");
        let mut list = Vec::new();
        let [mut next] = self.configuration(FIRST_CAPABILITY);
        while next != 0 {
            assert!(list.len() < 48, "the list of capabilities has an end");
            let [id, link] = self.configuration(u16::from(next));
            list.push((id, u16::from(next)));
            next = link;
        }
        list
    }

    fn find_capabilities(&mut self) {
        for (id, at) in self.capabilities() {
            let [number] = self.configuration(at + 3);
            match (id, usize::from(number)) {
                (VENDOR_SPECIFIC, 1..=4) => {
                    let offset = self.configuration_word(at + 8);
                    self.regions[usize::from(number)] = offset;
                    if number == 2 {
                        self.notify_multiplier = self.configuration_word(at + 16);
                    }
                }
                (MSI_X, _) => self.message_table = self.configuration_word(at + 4) & !7,
                _ => {}
            }
        }
    }

    fn message_capability(&mut self) -> u16 {
        let found = self.capabilities().into_iter().find(|(id, _)| *id == MSI_X);
        found.expect("the function has messages").1
    }

    fn pending_table(&mut self) -> u64 {
        let capability = self.message_capability();
        self.configuration_word(capability + 8) & !7
    }

    fn enable(&mut self) {
        self.transport.write_configuration_space(MEMORY_BAR, &MEMORY.to_le_bytes());
        self.transport.write_configuration_space(COMMAND, &MEMORY_AND_BUS_MASTER.to_le_bytes());
        assert_eq!(self.transport.memory_base(), Some(MEMORY), "the memory is enabled");
        let capability = self.message_capability();
        if self.interrupts == PciInterrupts::Line {
            return self.transport.write_configuration_space(capability + 2, &[0, 0]);
        }
        for vector in 0..self.vectors.len() {
            let number = u32::try_from(vector).expect("vectors are few");
            let entry = self.message_table + 16 * u64::from(number);
            self.transport.write_memory(entry, &0xfee0_0000_u64.to_le_bytes());
            self.transport.write_memory(entry + 8, &(0x30 + number).to_le_bytes());
            self.transport.write_memory(entry + 12, &0_u32.to_le_bytes());
        }
        self.transport.write_configuration_space(capability + 2, &MSI_X_ENABLED.to_le_bytes());
    }

    fn read_common<const N: usize>(&mut self, offset: u64) -> u64 {
        let mut data = [0; N];
        self.transport.read_memory(self.regions[1] + offset, &mut data);
        data.iter().rev().fold(0, |high, byte| high << 8 | u64::from(*byte))
    }

    fn write_common<const N: usize>(&mut self, offset: u64, value: u64) {
        let bytes = value.to_le_bytes();
        self.transport.write_memory(self.regions[1] + offset, &bytes[..N]);
    }

    fn select_queue(&mut self, index: u16) {
        self.write_common::<2>(common::QUEUE_SELECT, u64::from(index));
    }
}

impl Registers for PciFunction {
    type Own = PciRegisters;

    fn transport(&mut self) -> &mut PciTransport {
        &mut self.transport
    }

    fn offered_features(&mut self, select: u32) -> u32 {
        self.write_common::<4>(common::DEVICE_FEATURE_SELECT, u64::from(select));
        u32::try_from(self.read_common::<4>(common::DEVICE_FEATURE)).expect("four bytes")
    }

    fn acknowledge_features(&mut self, select: u32, features: u32) {
        self.write_common::<4>(common::DRIVER_FEATURE_SELECT, u64::from(select));
        self.write_common::<4>(common::DRIVER_FEATURE, u64::from(features));
    }

    fn status(&mut self) -> u8 {
        u8::try_from(self.read_common::<1>(common::DEVICE_STATUS)).expect("one byte")
    }

    fn set_status(&mut self, status: u8) {
        self.write_common::<1>(common::DEVICE_STATUS, u64::from(status));
        if status == crate::transport::status::ACKNOWLEDGE && self.interrupts == PciInterrupts::Messages {
            self.write_common::<2>(common::CONFIG_MSIX_VECTOR, 0);
        }
    }

    fn queue_size_maximum(&mut self, index: u16) -> u16 {
        self.select_queue(index);
        u16::try_from(self.read_common::<2>(common::QUEUE_SIZE)).expect("two bytes")
    }

    fn enable_queue(&mut self, index: u16, layout: &RingLayout) {
        self.select_queue(index);
        self.write_common::<2>(common::QUEUE_SIZE, u64::from(layout.size));
        if self.interrupts == PciInterrupts::Messages {
            self.write_common::<2>(common::QUEUE_MSIX_VECTOR, u64::from(index) + 1);
        }
        self.write_common::<8>(common::QUEUE_DESC, layout.descriptor_area);
        self.write_common::<8>(common::QUEUE_DRIVER, layout.driver_area);
        self.write_common::<8>(common::QUEUE_DEVICE, layout.device_area);
        self.write_common::<2>(common::QUEUE_ENABLE, 1);
    }

    fn kick(&mut self, queue: u16) {
        self.select_queue(queue);
        let offset = self.read_common::<2>(common::QUEUE_NOTIFY_OFF) * self.notify_multiplier;
        self.transport.write_memory(self.regions[2] + offset, &queue.to_le_bytes());
    }

    fn read_configuration(&mut self, offset: u64, data: &mut [u8]) {
        self.transport.read_memory(self.regions[4] + offset, data);
    }

    fn write_configuration(&mut self, offset: u64, data: &[u8]) {
        self.transport.write_memory(self.regions[4] + offset, data);
    }

    fn interrupt_events(&self) -> Vec<RawFd> {
        self.vectors.iter().chain([&self.line]).map(AsRawFd::as_raw_fd).collect()
    }

    fn take_interrupt(&mut self) -> u8 {
        if self.interrupts == PciInterrupts::Line {
            let mut taken = 0;
            // The line may be low and high again without an edge in between: it is the level that counts.
            loop {
                // Nothing to read means that no interrupt has come.
                let _ = self.line.read();
                let mut status = [0];
                self.transport.read_memory(self.regions[3], &mut status);
                taken |= status[0];
                if !self.is_line_high() {
                    return taken;
                }
            }
        }
        let mut status = 0;
        for (vector, event) in self.vectors.iter().enumerate() {
            if event.read().is_ok() {
                status |= if vector == 0 { CONFIGURATION_CHANGE } else { USED_BUFFER };
            }
        }
        status
    }
}

fn event() -> EventFd {
    EventFd::new(EFD_NONBLOCK).expect("the host has an event file descriptor")
}

fn copy(event: &EventFd) -> EventFd {
    event.try_clone().expect("the host has an event file descriptor")
}
