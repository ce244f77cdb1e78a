//! A machine of plain memory and made-up devices, as the guest's platform.

use builtin_guest::layout::{DEVICE_MEMORY, LEAST_MEMORY, WINDOW_STRIDE, WINDOWS};
use builtin_guest::{Platform, Wake, Workload};

use super::device::Device;

pub(crate) struct Memory(Vec<u8>);

impl Memory {
    pub(crate) fn get(&self, address: u64, length: usize) -> &[u8] {
        let start = usize::try_from(address).unwrap();
        &self.0[start..start + length]
    }

    pub(crate) fn set(&mut self, address: u64, bytes: &[u8]) {
        let start = usize::try_from(address).unwrap();
        self.0[start..start + bytes.len()].copy_from_slice(bytes);
    }

    pub(crate) fn number(&self, address: u64, length: usize) -> u64 {
        self.get(address, length).iter().rev().fold(0, |high, byte| high << 8 | u64::from(*byte))
    }
}

pub(crate) struct Machine {
    memory: Memory,
    devices: Vec<Device>,
    /// What came out of the debug port.
    printed: String,
}

impl Machine {
    /// Devices in consecutive windows.
    pub(crate) fn new(devices: impl IntoIterator<Item = Device>) -> Self {
        let memory = Memory(vec![0; usize::try_from(LEAST_MEMORY).unwrap()]);
        Self { memory, devices: devices.into_iter().collect(), printed: String::new() }
    }

    /// Runs the guest for so many rounds.
    pub(crate) fn run(mut self, rounds: usize) -> Self {
        let mut workload = Workload::start(&mut self);
        for _ in 0..rounds {
            let windows = self.interrupts();
            workload.wake(&mut self, Wake { windows, tick: true });
            // An honest device falls silent soon; one that interrupts for nothing must not keep the test.
            for _ in 0..10 {
                let windows = self.interrupts();
                workload.wake(&mut self, Wake { windows, tick: false });
            }
        }
        self
    }

    /// What the guest had to say where there is no console.
    pub(crate) fn printed(&self) -> &str {
        &self.printed
    }

    pub(crate) fn device(&self, window: usize) -> &Device {
        &self.devices[window]
    }

    fn interrupts(&mut self) -> u32 {
        (0..)
            .zip(&mut self.devices)
            .map(|(window, device)| u32::from(device.take_interrupt()) << window)
            .sum()
    }

    /// The device and the offset in its window.
    fn find(&mut self, address: u64) -> Option<(&mut Device, u64, &mut Memory)> {
        let window = usize::try_from((address - WINDOWS) / WINDOW_STRIDE).unwrap();
        let device = self.devices.get_mut(window)?;
        Some((device, address % WINDOW_STRIDE, &mut self.memory))
    }

    fn load(&self, address: u64, length: usize) -> u64 {
        check(address, length);
        self.memory.number(address, length)
    }

    fn store(&mut self, address: u64, bytes: &[u8]) {
        check(address, bytes.len());
        self.memory.set(address, bytes);
    }
}

/// What a [`Platform`] may rely on.
fn check(address: u64, length: usize) {
    assert!((DEVICE_MEMORY..LEAST_MEMORY).contains(&address), "{address:#x} is not the guest's");
    assert_eq!(address % u64::try_from(length).unwrap(), 0, "{length} bytes at {address:#x} are not aligned");
}

impl Platform for Machine {
    fn read_register(&mut self, address: u64) -> u32 {
        assert_eq!(address % 4, 0);
        self.find(address).map_or(u32::MAX, |(device, offset, _)| device.read(offset))
    }

    fn write_register(&mut self, address: u64, value: u32) {
        assert_eq!(address % 4, 0);
        let (device, offset, memory) = self.find(address).expect("no write where no device is");
        device.write(offset, value, memory);
    }

    fn read_register_u16(&mut self, address: u64) -> u16 {
        panic!("virtio-mmio has no register of 16 bits at {address:#x}");
    }

    fn write_register_u16(&mut self, address: u64, _: u16) {
        panic!("virtio-mmio has no register of 16 bits at {address:#x}");
    }

    fn write_register_byte(&mut self, address: u64, _: u8) {
        panic!("virtio-mmio has no register of 8 bits to write at {address:#x}");
    }

    fn read_register_byte(&mut self, address: u64) -> u8 {
        self.find(address).map_or(0xff, |(device, offset, _)| device.configuration(offset))
    }

    fn load_u8(&self, address: u64) -> u8 {
        self.load(address, 1).try_into().unwrap()
    }

    fn load_u16(&self, address: u64) -> u16 {
        self.load(address, 2).try_into().unwrap()
    }

    fn load_u32(&self, address: u64) -> u32 {
        self.load(address, 4).try_into().unwrap()
    }

    fn load_u64(&self, address: u64) -> u64 {
        self.load(address, 8)
    }

    fn store_u8(&mut self, address: u64, value: u8) {
        self.store(address, &[value]);
    }

    fn store_u16(&mut self, address: u64, value: u16) {
        self.store(address, &value.to_le_bytes());
    }

    fn store_u32(&mut self, address: u64, value: u32) {
        self.store(address, &value.to_le_bytes());
    }

    fn store_u64(&mut self, address: u64, value: u64) {
        self.store(address, &value.to_le_bytes());
    }

    fn print(&mut self, byte: u8) {
        self.printed.push(char::from(byte));
    }
}
