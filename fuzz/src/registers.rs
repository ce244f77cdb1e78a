//! A transport with a real device behind it, and a driver that writes whatever it likes wherever it likes.

use virtio_core::driver::{DriverQueue, guest_memory, offset};
use virtio_core::mmio::MMIO_SIZE;
use virtio_core::transport::status;
use virtio_core::{GuestMemory, MmioTransport, RingForm};
use vm_memory::{Bytes, GuestAddress};
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use crate::MEMORY;
use crate::device::a_device;
use crate::input::Input;
use crate::looking::look_at_everything;

struct Window {
    transport: MmioTransport,
    memory: GuestMemory,
}

/// Runs the steps in `bytes`.
pub fn registers(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let memory = guest_memory(MEMORY);
    let device = a_device(input.u8());
    let line = EventFd::new(EFD_NONBLOCK).expect("the host has an event file descriptor");
    let transport =
        MmioTransport::new(device, memory.clone(), line, input.form()).expect("the device is right");
    let mut window = Window { transport, memory };
    let view = window.transport.view();
    // A driver that writes for ever is not what is looked for; long inputs find nothing more.
    for _ in 0..64 {
        if input.is_empty() {
            break;
        }
        window.step(&mut input);
        look_at_everything(&*view, input.bool().then(|| input.u16()));
    }
    window.transport.resume();
    window.write(offset::STATUS, 0);
    assert_eq!(view.status().status, 0, "a reset device is as new");
    assert!(view.status().failure.is_none() && view.in_flight(0).is_empty());
}

impl Window {
    fn step(&mut self, input: &mut Input<'_>) {
        match input.u8() % 10 {
            0 => self.bring_up(input),
            1 => self.write(offset::QUEUE_NOTIFY, u32::from(input.u8() % 4)),
            2 => self.transport.pause(),
            3 => self.transport.resume(),
            4 | 5 => {
                let at = u64::from(input.u16()) % (MEMORY as u64 - 4);
                self.memory.write_obj(input.u32(), GuestAddress(at)).unwrap();
            }
            6 => {
                let mut data = vec![0; usize::from(input.u8() % 16)];
                self.transport.read(u64::from(input.u16()), &mut data);
            }
            7 => {
                let data = vec![input.u8(); usize::from(input.u8() % 16)];
                self.transport.write(u64::from(input.u16()) % (2 * MMIO_SIZE), &data);
            }
            _ => self.write(u64::from(input.u8()) * 4 % MMIO_SIZE, input.u32()),
        }
    }

    /// The handshake, and a chain or two on the first queues; with features and sizes of the input's choice.
    fn bring_up(&mut self, input: &mut Input<'_>) {
        self.write(offset::STATUS, 0);
        let form = input.form();
        let features = 1 << 32 | u64::from(input.u8() % 4) << 28 | u64::from(form == RingForm::Packed) << 34;
        for (select, half) in [(0, features & 0xffff_ffff), (1, features >> 32)] {
            self.write(offset::DRIVER_FEATURES_SELECT, select);
            self.write(offset::DRIVER_FEATURES, u32::try_from(half).unwrap());
        }
        let started = status::ACKNOWLEDGE | status::DRIVER | status::FEATURES_OK;
        self.write(offset::STATUS, u32::from(started));
        for number in 0..2_u16 {
            let size = 1 << (input.u8() % 6);
            let queue = DriverQueue::with_form(&self.memory, form, size, 0x1000 + 0x1000 * u64::from(number));
            for slot in 0..size.min(u16::from(input.u8() % 4)) {
                queue.set_descriptor(slot, input.descriptor());
            }
            self.describe(number, &queue);
        }
        self.write(offset::STATUS, u32::from(started | status::DRIVER_OK));
    }

    fn describe(&mut self, number: u16, queue: &DriverQueue) {
        let layout = queue.layout();
        self.write(offset::QUEUE_SELECT, u32::from(number));
        self.write(offset::QUEUE_SIZE, u32::from(layout.size));
        for (register, address) in [
            (offset::QUEUE_DESCRIPTOR, layout.descriptor_area),
            (offset::QUEUE_DRIVER, layout.driver_area),
            (offset::QUEUE_DEVICE, layout.device_area),
        ] {
            self.write(register, u32::try_from(address).unwrap());
            self.write(register + 4, 0);
        }
        self.write(offset::QUEUE_READY, 1);
    }

    fn write(&mut self, register: u64, value: u32) {
        self.transport.write(register, &value.to_le_bytes());
    }
}
