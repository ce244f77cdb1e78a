//! The PCI bus of a whole machine, by a guest that writes configuration spaces as it likes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use monitor_qmp::Events;
use proptest::prelude::*;
use vmm::accelerator::{Bus, Choice};
use vmm::command_line::Settings;
use vmm::machine::Machine;
use vmm::pci::{CONFIGURATION_PORTS, ECAM_SIZE, HOST, MOST_FUNCTIONS};
use vmm::transport::TransportKind;

const ADDRESS: u16 = CONFIGURATION_PORTS;
const DATA: u16 = CONFIGURATION_PORTS + 4;
const ENABLED: u32 = 1 << 31;
const COMMAND: u64 = 0x04;
const BAR: u64 = 0x10;
/// In a function's memory: device_status.
const STATUS: u64 = 0x14;
const MEMORY_SIZE: u64 = 0x1_0000;

struct Guest(Machine);

impl Guest {
    /// A machine with this many entropy devices, and nobody who runs it.
    fn new(devices: usize) -> Self {
        let settings = Settings {
            accelerator: Choice::None,
            memory: 16 << 20,
            devices: vec!["rng".to_owned(); devices],
            transport: TransportKind::Pci,
            ..Settings::default()
        };
        Self(Machine::new(&settings, Arc::new(Events::new())).unwrap())
    }

    fn read(&self, address: u64) -> u32 {
        let mut data = [0; 4];
        self.0.bus().read(address, &mut data);
        u32::from_le_bytes(data)
    }

    fn write(&self, address: u64, value: u32) {
        self.0.bus().write(address, &value.to_le_bytes());
    }

    fn byte(&self, address: u64) -> u8 {
        let mut data = [0];
        self.0.bus().read(address, &mut data);
        data[0]
    }

    fn port(&self, port: u16) -> u32 {
        let mut data = [0; 4];
        self.0.bus().port_read(port, &mut data);
        u32::from_le_bytes(data)
    }

    fn set_port(&self, port: u16, value: u32) {
        self.0.bus().port_write(port, &value.to_le_bytes());
    }

    /// Puts a function's memory at `base` and enables it.
    fn place(&self, device: u64, base: u64) {
        self.write(space(device) + COMMAND, 0);
        self.write(space(device) + BAR, u32::try_from(base).unwrap());
        self.write(space(device) + COMMAND, 2);
    }

    /// Sets the status of the virtio device at `base`, and tells which devices have it now.
    fn mark(&self, base: u64, status: u8) -> Vec<usize> {
        self.0.bus().write(base + STATUS, &[status]);
        let devices = self.0.objects().devices().iter().enumerate();
        devices
            .filter(|(_, device)| device.view.status().status & status != 0)
            .map(|(number, _)| number)
            .collect()
    }
}

/// Where the configuration space of a device is in memory.
fn space(device: u64) -> u64 {
    HOST.ecam + device * 0x8000
}

#[test]
fn the_bus_is_found_by_ports_and_in_memory() {
    let guest = Guest::new(2);
    for (device, identity) in
        [(0, 0x0008_1b36), (1, 0x1044_1af4), (2, 0x1044_1af4), (3, u32::MAX), (31, u32::MAX)]
    {
        assert_eq!(guest.read(space(device)), identity);
        guest.set_port(ADDRESS, ENABLED | u32::try_from(device).unwrap() << 11);
        assert_eq!(guest.port(DATA), identity);
    }
    for (nobody, why) in [
        (1 << 11, "not enabled"),
        (ENABLED | 1 << 16, "another bus"),
        (ENABLED | 1 << 11 | 1 << 8, "another function"),
    ] {
        guest.set_port(ADDRESS, nobody);
        assert_eq!(guest.port(ADDRESS), nobody);
        assert_eq!(guest.port(DATA), u32::MAX, "{why}");
    }
    assert_eq!(guest.read(space(1) + 0x1000), u32::MAX, "another function");
    assert_eq!(guest.read(HOST.ecam + ECAM_SIZE), u32::MAX, "another bus");
    assert_eq!(guest.read(space(1) + 0x100), 0, "no capabilities in the extended space");
    assert_eq!(guest.byte(space(0) + 0xb), 6, "the first device is a bridge");
}

#[test]
fn parts_of_a_register_can_be_reached_by_ports() {
    let guest = Guest::new(1);
    guest.set_port(ADDRESS, ENABLED | 1 << 11 | 0x3c);
    let mut byte = [0];
    guest.0.bus().port_write(DATA, &[77]);
    guest.0.bus().port_read(DATA, &mut byte);
    assert_eq!(byte, [77], "the interrupt line register");
    guest.0.bus().port_read(DATA + 1, &mut byte);
    assert_eq!(byte, [1], "the interrupt pin");
    let address = guest.port(ADDRESS);
    guest.0.bus().port_write(ADDRESS, &[0]);
    assert_eq!(guest.port(ADDRESS), address, "only a whole word is an address");
}

#[test]
fn every_function_has_been_given_a_place_and_answers_when_enabled() {
    let guest = Guest::new(MOST_FUNCTIONS);
    for number in 0..MOST_FUNCTIONS {
        let device = u64::try_from(number).unwrap() + 1;
        let base = u64::from(guest.read(space(device) + BAR));
        assert_eq!(base, HOST.window.start + (device - 1) * MEMORY_SIZE);
        assert_eq!(guest.mark(base, 1), (0..number).collect::<Vec<_>>(), "its memory is not enabled");
        guest.write(space(device) + COMMAND, 2);
        assert_eq!(guest.mark(base, 1), (0..=number).collect::<Vec<_>>());
    }
}

#[test]
fn memory_goes_where_the_guest_puts_it() {
    let guest = Guest::new(2);
    let [here, there] = [HOST.window.start, HOST.window.start + HOST.window.size - MEMORY_SIZE];
    guest.place(1, here);
    assert_eq!(guest.mark(here, 1), [0]);
    guest.place(1, there);
    assert_eq!(guest.byte(here + STATUS), 0xff);
    assert_eq!(guest.byte(there + STATUS), 1);
    guest.place(2, here);
    assert_eq!(guest.mark(here, 1), [0, 1]);
    guest.place(2, there);
    assert_eq!(guest.mark(there, 2), [0], "where another function is, this one is not");
    guest.place(1, here);
    guest.place(2, there);
    assert_eq!(guest.mark(there, 2), [0, 1], "until the other one goes away");
    for outside in [0, here - MEMORY_SIZE, there + MEMORY_SIZE, HOST.ecam] {
        guest.place(1, outside);
        guest.0.bus().write(outside + STATUS, &[4]);
        assert_eq!(guest.byte(here + STATUS), 0xff, "the bridge passes on what is in its window");
    }
    assert_eq!(guest.0.objects().devices()[0].view.status().status & 4, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is written to configuration spaces: the machine lives, and a function can be had again.
    #[test]
    fn any_writes_to_configuration_spaces(
        writes in prop::collection::vec((any::<bool>(), 0_u64..4, 0_u64..0x44, any::<u32>(), 0_usize..5), 0..40)
    ) {
        let guest = Guest::new(2);
        for (by_port, device, word, value, length) in writes {
            let register = word * 4 % 0x104;
            let data = value.to_le_bytes();
            let data = data.get(..length).unwrap_or_default();
            if by_port {
                guest.set_port(ADDRESS, ENABLED | u32::try_from(device << 11 | register).unwrap() & 0xffff);
                guest.0.bus().port_write(DATA, data);
            } else {
                guest.0.bus().write(space(device) + register, data);
            }
            guest.read(space(device) + register);
            guest.read(HOST.window.start + u64::from(value % 0x4_0000));
        }
        for device in [1, 2] {
            guest.place(device, HOST.window.start + 0x10_0000 * device);
        }
        for device in [1, 2] {
            guest.place(device, HOST.window.start + 0x10_0000 * device);
            let base = HOST.window.start + 0x10_0000 * device;
            guest.0.bus().write(base + STATUS, &[0]);
            guest.0.bus().write(base + STATUS, &[1]);
            prop_assert_eq!(guest.byte(base + STATUS), 1);
        }
    }
}
