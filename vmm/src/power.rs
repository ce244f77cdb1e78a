//! How a guest switches the machine off or resets it: the registers that ACPI describes to it, and a PC's keyboard controller.

use std::convert::Infallible;
use std::sync::Arc;

use boot::addresses::{RESET_PORT, RESET_VALUE, SLEEP_CONTROL_PORT, SLEEP_POWER_OFF};
use vm_superio::{I8042Device, Trigger};

use crate::accelerator::GuestEvent;
use crate::bus::BusDevice;
use crate::machine_requests::MachineRequests;

/// The sleep control, sleep status and reset registers, a byte each, from [`SLEEP_CONTROL_PORT`] on.
pub const POWER_PORTS: u16 = RESET_PORT - SLEEP_CONTROL_PORT + 1;
/// The first port of the keyboard controller.
pub const KEYBOARD_CONTROLLER: u16 = 0x60;
/// Ports of the keyboard controller. Those between its two belong to KVM's interval timer.
pub const KEYBOARD_CONTROLLER_PORTS: u16 = 5;

/// The registers that ACPI names.
#[derive(Debug)]
pub struct PowerRegisters(Arc<MachineRequests>);

impl PowerRegisters {
    /// Registers that ask for what the guest wants by `request`.
    pub fn new(request: Arc<MachineRequests>) -> Self {
        Self(request)
    }
}

/// Reads as zero: the machine has never slept.
impl BusDevice for PowerRegisters {
    fn read(&mut self, _: u64, data: &mut [u8]) {
        data.fill(0);
    }

    fn write(&mut self, offset: u64, data: &[u8]) {
        const CONTROL: u64 = 0;
        const RESET: u64 = (RESET_PORT - SLEEP_CONTROL_PORT) as u64;
        match (offset, data) {
            (CONTROL, [SLEEP_POWER_OFF]) => self.0.ask(GuestEvent::PowerOff),
            (RESET, [RESET_VALUE]) => self.0.ask(GuestEvent::Reset),
            _ => {}
        }
    }

    fn reset(&mut self) {}
}

/// A keyboard controller without a keyboard: all it can do is reset the machine.
#[derive(Debug)]
pub struct KeyboardController(I8042Device<ResetLine>);

impl KeyboardController {
    /// A controller that asks for the reset by `request`.
    pub fn new(request: Arc<MachineRequests>) -> Self {
        Self(I8042Device::new(ResetLine(request)))
    }
}

impl BusDevice for KeyboardController {
    fn read(&mut self, offset: u64, data: &mut [u8]) {
        data.fill(0);
        if let (Ok(offset), [byte]) = (u8::try_from(offset), data) {
            *byte = self.0.read(offset);
        }
    }

    fn write(&mut self, offset: u64, data: &[u8]) {
        if let (Ok(offset), [byte]) = (u8::try_from(offset), data) {
            let Ok(()) = self.0.write(offset, *byte);
        }
    }

    fn reset(&mut self) {}
}

#[derive(Debug)]
struct ResetLine(Arc<MachineRequests>);

impl Trigger for ResetLine {
    type E = Infallible;

    fn trigger(&self) -> Result<(), Infallible> {
        self.0.ask(GuestEvent::Reset);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is asked for after these writes.
    fn asked(
        device: impl FnOnce(Arc<MachineRequests>) -> Box<dyn BusDevice>,
        writes: &[(u64, &[u8])],
    ) -> Option<GuestEvent> {
        let request = Arc::new(MachineRequests::new().unwrap());
        let mut device = device(Arc::clone(&request));
        writes.iter().for_each(|(offset, data)| device.write(*offset, data));
        request.of_guest()
    }

    #[test]
    fn acpis_registers_switch_off_and_reset() {
        let registers = |request| Box::new(PowerRegisters::new(request)) as Box<dyn BusDevice>;
        assert_eq!(asked(registers, &[(0, &[0x34])]), Some(GuestEvent::PowerOff));
        assert_eq!(asked(registers, &[(2, &[1])]), Some(GuestEvent::Reset));
        assert_eq!(
            asked(registers, &[(0, &[0]), (0, &[0x24]), (0, &[0x34, 0]), (1, &[0x34]), (2, &[0])]),
            None,
            "other sleep states, widths and registers"
        );
    }

    #[test]
    fn the_keyboard_controller_resets() {
        let controller = |request| Box::new(KeyboardController::new(request)) as Box<dyn BusDevice>;
        assert_eq!(asked(controller, &[(4, &[0xfe])]), Some(GuestEvent::Reset));
        assert_eq!(asked(controller, &[(0, &[0xfe]), (4, &[0xff]), (4, &[0xfe, 0]), (300, &[0xfe])]), None);
    }

    #[test]
    fn a_guest_that_looks_finds_nothing() {
        let request = Arc::new(MachineRequests::new().unwrap());
        let mut data = [0xff];
        KeyboardController::new(Arc::clone(&request)).read(4, &mut data);
        assert_eq!(data, [0], "an input buffer that is empty, or the guest would wait");
        data = [0xff];
        PowerRegisters::new(request).read(1, &mut data);
        assert_eq!(data, [0]);
    }
}
