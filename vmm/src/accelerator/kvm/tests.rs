//! Guests of a few bytes that do what the built-in guest never does.
#![allow(unsafe_code, reason = "reading the state of KVM's controllers, which is a union")]

use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use builtin_guest::layout::{DEBUG_PORT, LEAST_MEMORY};
use kvm_bindings::{KVM_IRQCHIP_PIC_MASTER, KVM_IRQCHIP_PIC_SLAVE, kvm_irqchip, kvm_pic_state};
use vm_memory::{GuestAddress, GuestMemoryMmap};

use super::*;
use crate::accelerator::{Bus, GuestEvent};
use crate::payload::builtin;

/// Far longer than any of these guests takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Remembers what is written to the debug port.
#[derive(Default)]
struct Port(Mutex<Vec<Vec<u8>>>);

impl Bus for Port {
    fn read(&self, _address: u64, data: &mut [u8]) {
        data.fill(0xff);
    }

    fn write(&self, _address: u64, _data: &[u8]) {}

    fn port_read(&self, _port: u16, data: &mut [u8]) {
        data.fill(0x5a);
    }

    fn port_write(&self, port: u16, data: &[u8]) {
        assert_eq!(port, DEBUG_PORT);
        lock(&self.0).push(data.to_vec());
    }
}

/// A running guest.
struct Guest {
    machine: Arc<KvmAcceleration>,
    port: Arc<Port>,
    events: Receiver<GuestEvent>,
}

impl Guest {
    /// `None`, and a message, where this host cannot run one.
    fn start(program: &'static [u8]) -> Option<Self> {
        if let Err(reason) = probe() {
            virtio_core::driver::skipped(format_args!("under KVM: {reason}"));
            return None;
        }
        let size = usize::try_from(LEAST_MEMORY).unwrap();
        let memory = Arc::new(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), size)]).unwrap());
        let entry = builtin::load(&memory, program).unwrap();
        let machine = Arc::new(KvmAcceleration::new(memory, 1).unwrap());
        let port = Arc::new(Port::default());
        let (sender, events) = mpsc::channel();
        let (sender, paused) = (Mutex::new(sender), Arc::downgrade(&machine));
        let handler = move |event| {
            // Whoever hears of the end may pause the machine at once.
            paused.upgrade().unwrap().pause();
            lock(&sender).send(event).unwrap();
        };
        let bus = Arc::clone(&port) as Arc<dyn Bus>;
        let launch = Launch { bus, events: Arc::new(handler), entry, host_cpus: Vec::new(), paused: false };
        machine.start(launch).unwrap();
        Some(Self { machine, port, events })
    }

    fn event(&self) -> GuestEvent {
        self.events.recv_timeout(PATIENCE).unwrap()
    }

    fn wait_for_writes(&self, count: usize) {
        let start = std::time::Instant::now();
        while lock(&self.port.0).len() < count {
            assert!(start.elapsed() < PATIENCE, "{count} writes have not come");
            std::thread::yield_now();
        }
    }
}

#[test]
fn a_triple_fault_is_a_reset() {
    // ud2, without a handler for it or for what follows.
    let Some(guest) = Guest::start(&[0x0f, 0x0b]) else { return };
    assert_eq!(guest.event(), GuestEvent::Reset);
    guest.machine.resume();
    guest.machine.pause();
    guest.machine.shutdown();
}

#[test]
fn a_guest_that_never_leaves_is_paused_all_the_same() {
    // mov dx, DEBUG_PORT; out dx, al; jmp to itself.
    let Some(guest) = Guest::start(&[0x66, 0xba, 0xf8, 0x03, 0xee, 0xeb, 0xfe]) else { return };
    guest.wait_for_writes(1);
    for _ in 0..100 {
        guest.machine.pause();
        guest.machine.resume();
    }
    guest.machine.shutdown();
    assert!(guest.events.try_recv().is_err());
}

#[test]
fn a_string_instruction_is_one_access_a_byte() {
    // mov dx, DEBUG_PORT; mov edi, 0x200000; mov ecx, 6; rep insb; mov esi, 0x200000; mov ecx, 6; rep outsb; hlt
    let Some(guest) = Guest::start(&[
        0x66, 0xba, 0xf8, 0x03, 0xbf, 0, 0, 0x20, 0, 0xb9, 6, 0, 0, 0, 0xf3, 0x6c, //
        0xbe, 0, 0, 0x20, 0, 0xb9, 6, 0, 0, 0, 0xf3, 0x6e, 0xf4,
    ]) else {
        return;
    };
    guest.wait_for_writes(6);
    guest.machine.shutdown();
    assert_eq!(*lock(&guest.port.0), vec![vec![0x5a]; 6]);
}

/// The state of an old interrupt controller.
fn controller(machine: &KvmAcceleration, chip_id: u32) -> kvm_pic_state {
    let mut chip = kvm_irqchip { chip_id, ..kvm_irqchip::default() };
    machine.vm.fd().get_irqchip(&mut chip).unwrap();
    // SAFETY: of this chip KVM gives this member of the union.
    unsafe { chip.chip.pic }
}

#[test]
fn a_reset_leaves_nothing_of_the_old_interrupt_controllers_behind() {
    /// A line of the second controller, and the line of the first one to which that is connected.
    const LINE: u32 = 8;
    const CONNECTION: u8 = 1 << 2;
    if let Err(reason) = probe() {
        virtio_core::driver::skipped(format_args!("under KVM: {reason}"));
        return;
    }
    let size = usize::try_from(LEAST_MEMORY).unwrap();
    let memory = Arc::new(GuestMemoryMmap::from_ranges(&[(GuestAddress(0), size)]).unwrap());
    let machine = KvmAcceleration::new(memory, 1).unwrap();
    let vm = machine.vm.fd();
    for chip_id in [KVM_IRQCHIP_PIC_MASTER, KVM_IRQCHIP_PIC_SLAVE] {
        let mut pic = controller(&machine, chip_id);
        assert_eq!(pic.imr, 0xff, "a guest that knows of none is not bothered by it");
        pic.imr = 0;
        let mut chip = kvm_irqchip { chip_id, ..kvm_irqchip::default() };
        chip.chip.pic = pic;
        vm.set_irqchip(&chip).unwrap();
    }
    vm.set_irq_line(LINE, true).unwrap();
    vm.set_irq_line(LINE, false).unwrap();
    assert_eq!(controller(&machine, KVM_IRQCHIP_PIC_MASTER).irr, CONNECTION, "an interrupt waits");
    machine.vm.reset_state().unwrap().apply_to_machine(vm).unwrap();
    for chip_id in [KVM_IRQCHIP_PIC_MASTER, KVM_IRQCHIP_PIC_SLAVE] {
        let pic = controller(&machine, chip_id);
        assert_eq!((pic.irr, pic.imr), (0, 0xff), "controller {chip_id}");
    }
}
