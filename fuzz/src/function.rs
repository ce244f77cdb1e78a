//! A PCI function with a real device behind it, and a guest that accesses configuration space and memory as it likes.

use virtio_core::GuestMemory;
use virtio_core::driver::{Buffer, PciDriver, PciInterrupts, common, guest_memory};
use virtio_core::pci::MEMORY_SIZE;
use virtio_core::transport::status;
use vm_memory::{Bytes, GuestAddress};

use crate::MEMORY;
use crate::device::a_device;
use crate::input::Input;
use crate::looking::look_at_everything;

struct Function {
    driver: PciDriver,
    memory: GuestMemory,
}

/// Runs the steps in `bytes`.
pub fn function(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let memory = guest_memory(MEMORY);
    let interrupts = if input.bool() { PciInterrupts::Messages } else { PciInterrupts::Line };
    let driver = PciDriver::new(a_device(input.u8()), &memory, input.form(), interrupts);
    let mut function = Function { driver, memory };
    let view = function.driver.view();
    // As for the registers of virtio-mmio: long inputs find nothing more.
    for _ in 0..64 {
        if input.is_empty() {
            break;
        }
        function.step(&mut input);
        look_at_everything(&*view, input.bool().then(|| input.u16()));
    }
    function.driver.transport().resume();
    function.driver.transport().reset_function();
    assert_eq!(view.status().status, 0, "a reset device is as new");
    assert!(view.status().failure.is_none() && view.in_flight(0).is_empty());
    assert!(!function.driver.is_line_high());
    assert_eq!(function.driver.transport().memory_base(), None);
}

impl Function {
    fn step(&mut self, input: &mut Input<'_>) {
        match input.u8() % 12 {
            0 => self.bring_up(input),
            1 => self.driver.kick(u16::from(input.u8() % 4)),
            2 => self.driver.transport().pause(),
            3 => self.driver.transport().resume(),
            4 => {
                let at = u64::from(input.u16()) % (MEMORY as u64 - 4);
                self.memory.write_obj(input.u32(), GuestAddress(at)).unwrap();
            }
            5 => {
                let mut data = vec![0; usize::from(input.u8() % 16)];
                self.driver.transport().read_memory(offset(input), &mut data);
            }
            6 => {
                let mut data = vec![0; usize::from(input.u8() % 16)];
                self.driver.transport().read_configuration_space(input.u16(), &mut data);
            }
            7 => {
                let data = vec![input.u8(); usize::from(input.u8() % 16)];
                self.driver.transport().write_configuration_space(input.u16() % 0x120, &data);
            }
            8 => self.driver.enable(),
            9 => self.driver.write_common::<2>(common::QUEUE_SELECT, u64::from(input.u8() % 4)),
            _ => {
                let length = [1, 2, 4, 8][usize::from(input.u8() % 4)];
                let data = [input.u32().to_le_bytes(), input.u32().to_le_bytes()].concat();
                self.driver.transport().write_memory(offset(input), &data[..length]);
            }
        }
    }

    /// The handshake, and a chain on each of the first queues; with features and sizes of the input's choice.
    fn bring_up(&mut self, input: &mut Input<'_>) {
        let features = 1 << 32 | u128::from(input.u8() % 4) << 28 | u128::from(input.u8() % 2) << 34;
        self.driver.negotiate(features);
        for number in 0..2_u16 {
            let size = 1 << (input.u8() % 6);
            let mut queue = self.driver.set_up_queue(number, size, 0x1000 + 0x1000 * u64::from(number));
            queue.chain(&[Buffer::writable(input.address(), input.length())]);
            queue.publish();
        }
        self.driver.add_status(status::DRIVER_OK);
    }
}

/// An offset in the function's memory: mostly at the beginning of one of its regions.
fn offset(input: &mut Input<'_>) -> u64 {
    match input.u8() % 8 {
        0 => u64::from(input.u32()),
        region => u64::from(region - 1) * 0x1000 + u64::from(input.u8()) % u64::from(MEMORY_SIZE),
    }
}
