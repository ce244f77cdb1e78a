//! Messages (MSI): which interrupt line number of KVM's table sends which.
//!
//! KVM lets an event raise a line, and the table says what a line is: a pin of the interrupt controllers, or a message.
//! The controllers' lines are those that KVM has made by itself; messages get the numbers behind.

use std::sync::{Arc, Mutex};

use kvm_bindings::{
    KVM_IRQ_ROUTING_IRQCHIP, KVM_IRQ_ROUTING_MSI, KVM_IRQCHIP_IOAPIC, KVM_IRQCHIP_PIC_MASTER,
    KVM_IRQCHIP_PIC_SLAVE, KvmIrqRouting, kvm_irq_routing_entry, kvm_irq_routing_irqchip,
    kvm_irq_routing_msi,
};
use virtio_core::pci::{Message, MessageRoute};
use vmm_sys_util::eventfd::EventFd;

use super::vm::Vm;
use crate::accelerator::AcceleratorError;
use crate::bus::lock;

/// Pins of the I/O APIC.
const CONTROLLER_LINES: u32 = 24;
/// Pins of each of the two legacy controllers.
const LEGACY_PINS: u32 = 8;

/// The messages of a machine.
pub(super) struct MessageRoutes {
    vm: Arc<Vm>,
    /// By line, from the first behind the controllers'. None until the guest has said.
    messages: Mutex<Vec<Option<Message>>>,
}

impl MessageRoutes {
    pub(super) fn new(vm: Arc<Vm>) -> Arc<Self> {
        Arc::new(Self { vm, messages: Mutex::default() })
    }

    /// Makes writes to `event` send the message that the route will say.
    pub(super) fn connect(
        self: &Arc<Self>,
        event: &EventFd,
    ) -> Result<Box<dyn MessageRoute>, AcceleratorError> {
        let mut messages = lock(&self.messages);
        let index = messages.len();
        let line = u32::try_from(index).ok().and_then(|index| index.checked_add(CONTROLLER_LINES));
        let line = line.unwrap_or(u32::MAX);
        let connected = self.vm.fd().register_irqfd(event, line);
        connected.map_err(AcceleratorError::kvm("connect a message"))?;
        messages.push(None);
        Ok(Box::new(Route { routes: Arc::clone(self), index }))
    }

    fn set(&self, index: usize, message: Message) {
        let mut messages = lock(&self.messages);
        if let Some(place) = messages.get_mut(index) {
            *place = Some(message);
        }
        if self.apply(&messages).is_err() {
            // A message that KVM refuses goes nowhere, as on a bus where nobody has that address. Without it the table
            // is the one that KVM has.
            if let Some(place) = messages.get_mut(index) {
                *place = None;
            }
            let _ = self.apply(&messages);
        }
    }

    fn apply(&self, messages: &[Option<Message>]) -> Result<(), AcceleratorError> {
        let message_lines = (CONTROLLER_LINES..).zip(messages);
        let message_entries =
            message_lines.filter_map(|(line, message)| message.map(|message| entry(line, message)));
        let entries: Vec<_> = controller_entries().chain(message_entries).collect();
        let table = KvmIrqRouting::from_entries(&entries).map_err(|_| AcceleratorError::TooManyMessages)?;
        self.vm.fd().set_gsi_routing(&table).map_err(AcceleratorError::kvm("route messages"))
    }
}

struct Route {
    routes: Arc<MessageRoutes>,
    index: usize,
}

impl MessageRoute for Route {
    fn set(&mut self, message: Message) {
        self.routes.set(self.index, message);
    }
}

/// The controllers' lines as KVM has them by itself: setting the table replaces all of it.
fn controller_entries() -> impl Iterator<Item = kvm_irq_routing_entry> {
    let io_apic = (0..CONTROLLER_LINES).map(|line| pin(line, KVM_IRQCHIP_IOAPIC, line));
    let master = (0..LEGACY_PINS).map(|line| pin(line, KVM_IRQCHIP_PIC_MASTER, line));
    let slave = (0..LEGACY_PINS).map(|line| pin(line + LEGACY_PINS, KVM_IRQCHIP_PIC_SLAVE, line));
    io_apic.chain(master).chain(slave)
}

fn pin(line: u32, controller: u32, pin: u32) -> kvm_irq_routing_entry {
    let mut entry = kvm_irq_routing_entry { gsi: line, type_: KVM_IRQ_ROUTING_IRQCHIP, ..Default::default() };
    entry.u.irqchip = kvm_irq_routing_irqchip { irqchip: controller, pin };
    entry
}

fn entry(line: u32, message: Message) -> kvm_irq_routing_entry {
    let mut entry = kvm_irq_routing_entry { gsi: line, type_: KVM_IRQ_ROUTING_MSI, ..Default::default() };
    let [address_lo, address_hi] = [message.address & 0xffff_ffff, message.address >> 32]
        .map(|half| u32::try_from(half).unwrap_or(u32::MAX));
    entry.u.msi = kvm_irq_routing_msi { address_lo, address_hi, data: message.data, ..Default::default() };
    entry
}
