//! The host bridge: what stands on the bus, and where its memory answers.

use std::sync::{Arc, Mutex, Weak};

use builtin_guest::layout::PCI_MEMORY_STRIDE;
use virtio_core::pci::{
    ConfigurationSpace, Identity, MEMORY_SIZE, MessageVector, PciClass, PciPlace, PciTransport,
    message_vectors, notification_offset,
};
use virtio_core::{Device, GuestMemory, RingForm};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use super::lines::{Line, Share};
use super::{HOST, MOST_FUNCTIONS, PIN_LINES, pin_line};
use crate::accelerator::Accelerator;
use crate::bus::{MovableRanges, lock};
use crate::machine::AttachError;

/// Red Hat's number for a bridge from a virtual machine's processors to PCI: guests know that there is nothing to work
/// around.
const VENDOR: u16 = 0x1b36;
/// See [`VENDOR`].
const GENERIC_BRIDGE: u16 = 0x0008;

/// The bridge, and the functions on its bus. Device 0 is the bridge itself.
pub struct HostBridge {
    configuration_space: ConfigurationSpace,
    functions: Vec<Function>,
    movable: Arc<MovableRanges>,
    lines: Vec<Arc<Line>>,
    // Weak, for a vCPU of the accelerator can own the bus that owns this.
    accelerator: Weak<dyn Accelerator>,
}

struct Function {
    transport: Arc<Mutex<PciTransport>>,
    /// Where its memory answers, if it does.
    base: Option<u64>,
    kicks: Vec<EventFd>,
}

/// A device to be put on the bus.
pub struct NewFunction {
    /// The device.
    pub device: Box<dyn Device>,
    /// The rings that it is to offer.
    pub rings: RingForm,
    /// The guest's memory.
    pub memory: GuestMemory,
}

impl HostBridge {
    /// A bridge with an empty bus. Functions' memory goes to `movable`.
    pub fn new(movable: Arc<MovableRanges>, accelerator: &Arc<dyn Accelerator>) -> Self {
        let accelerator = Arc::downgrade(accelerator);
        let lines = PIN_LINES.iter().map(|number| Line::new(*number, Weak::clone(&accelerator))).collect();
        Self { configuration_space: own_space(), functions: Vec::new(), movable, lines, accelerator }
    }

    /// Makes a function of a device and puts it on the bus.
    ///
    /// # Errors
    /// The bus is full, the device declares what cannot be, or the host or the accelerator refuses.
    pub fn attach(&mut self, new: NewFunction) -> Result<Arc<Mutex<PciTransport>>, AttachError> {
        let NewFunction { device, rings, memory } = new;
        let room = self.functions.len() < MOST_FUNCTIONS;
        let number =
            room.then_some(self.functions.len() + 1).ok_or(AttachError::Full { room: MOST_FUNCTIONS })?;
        let place = self.place(number, message_vectors(&*device))?;
        let transport = PciTransport::new(device, memory, place, rings)?;
        let kicks: Result<_, _> = transport.kick_events().iter().map(EventFd::try_clone).collect();
        let transport = Arc::new(Mutex::new(transport));
        self.functions.push(Function { transport: Arc::clone(&transport), base: None, kicks: kicks? });
        Ok(transport)
    }

    /// What is decided about device number `number` before the guest looks at it.
    fn place(&self, number: usize, vectors: usize) -> Result<PciPlace, AttachError> {
        let accelerator = self.accelerator.upgrade().ok_or(AttachError::NoAccelerator)?;
        let mut messages = Vec::new();
        for _ in 0..vectors {
            let event = EventFd::new(EFD_NONBLOCK)?;
            messages.push(MessageVector { route: accelerator.connect_message(&event)?, event });
        }
        let full = || AttachError::Full { room: MOST_FUNCTIONS };
        let memory = u64::try_from(number)
            .ok()
            .and_then(|number| u32::try_from(HOST.window.start + (number - 1) * PCI_MEMORY_STRIDE).ok());
        let line_number = pin_line(number);
        let line = self.lines.iter().find(|line| line.number() == line_number).ok_or_else(full)?;
        Ok(PciPlace {
            memory: memory.ok_or_else(full)?,
            line_number: u8::try_from(line_number).unwrap_or(u8::MAX),
            line: Box::new(Share(Arc::clone(line))),
            messages,
        })
    }

    /// The guest reads a configuration space; ones if there is no such device.
    pub fn read(&mut self, device: usize, offset: u16, data: &mut [u8]) {
        match device.checked_sub(1) {
            None => self.configuration_space.read(offset, data),
            Some(index) => match self.functions.get(index) {
                Some(function) => lock(&function.transport).read_configuration_space(offset, data),
                None => data.fill(0xff),
            },
        }
    }

    /// The guest writes a configuration space; nothing happens if there is no such device.
    pub fn write(&mut self, device: usize, offset: u16, data: &[u8]) {
        let Some(index) = device.checked_sub(1) else {
            return self.configuration_space.write(offset, data);
        };
        let Some(function) = self.functions.get_mut(index) else { return };
        let wanted = {
            let mut transport = lock(&function.transport);
            transport.write_configuration_space(offset, data);
            transport.memory_base().map(u64::from).filter(|base| is_in_window(*base))
        };
        function.move_to(wanted, &self.movable, &self.accelerator);
    }

    /// Everything as it was before the guest's first access. No vCPU may run.
    pub fn reset(&mut self) {
        self.configuration_space = own_space();
        for function in &mut self.functions {
            lock(&function.transport).reset_function();
            function.move_to(None, &self.movable, &self.accelerator);
        }
    }
}

/// The bridge's own configuration space, before the guest's first write.
fn own_space() -> ConfigurationSpace {
    ConfigurationSpace::new(&Identity {
        vendor: VENDOR,
        device: GENERIC_BRIDGE,
        revision: 0,
        class: PciClass::HOST_BRIDGE,
        subsystem_vendor: 0,
        subsystem: 0,
    })
}

/// The bridge passes nothing on that is outside of its window.
fn is_in_window(base: u64) -> bool {
    let end = base.checked_add(u64::from(MEMORY_SIZE));
    base >= HOST.window.start && end.is_some_and(|end| end <= HOST.window.start + HOST.window.size)
}

impl Function {
    /// Lets the memory answer there and nowhere else. Where another function's is already, it does not.
    fn move_to(&mut self, wanted: Option<u64>, movable: &MovableRanges, accelerator: &Weak<dyn Accelerator>) {
        if wanted == self.base {
            return;
        }
        let accelerator = accelerator.upgrade();
        if let Some(base) = self.base.take() {
            movable.remove(base);
            for (address, kick) in self.kick_addresses(base) {
                accelerator.iter().for_each(|accelerator| accelerator.disconnect_kick(address, None, kick));
            }
        }
        let Some(base) = wanted else { return };
        let device = Arc::clone(&self.transport) as _;
        if movable.insert(base, u64::from(MEMORY_SIZE), device).is_err() {
            return;
        }
        self.base = Some(base);
        for (address, kick) in self.kick_addresses(base) {
            // A kick that is not connected reaches the function through the bus, which is slower and does the same.
            let connected =
                accelerator.as_ref().map(|accelerator| accelerator.connect_kick(address, None, kick));
            drop(connected);
        }
    }

    /// Where each queue is kicked while the memory lies at `base`.
    fn kick_addresses(&self, base: u64) -> impl Iterator<Item = (u64, &EventFd)> {
        (0..).zip(&self.kicks).map(move |(queue, kick)| (base + notification_offset(queue), kick))
    }
}
