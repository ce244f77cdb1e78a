//! The bus: which device answers at a guest-physical address or an I/O port.
//!
//! Built once, before a vCPU runs; what the guest can move afterwards (the memory of PCI functions) is replaced as a whole.
//! So finding a device takes no lock, and each device has a lock of its own: two vCPUs wait for each other only at the
//! same device.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::accelerator;

/// What answers in a range of the bus.
pub trait BusDevice: Send {
    /// Reads `data.len()` bytes from `offset` bytes into the device's range.
    fn read(&mut self, offset: u64, data: &mut [u8]);
    /// Writes `data` to `offset` bytes into the device's range.
    fn write(&mut self, offset: u64, data: &[u8]);
    /// The machine begins anew: everything is as before the guest's first access.
    fn reset(&mut self);
}

/// A device on the bus. Only vCPUs take the lock while they run.
pub type SharedDevice = Arc<Mutex<dyn BusDevice>>;

/// Two devices cannot answer at one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the range of {length:#x} at {base:#x} is empty, ends beyond the address space or overlaps another device's"
)]
pub struct RangeTaken {
    /// The first address or port.
    pub base: u64,
    /// Addresses or ports in the range.
    pub length: u64,
}

/// The devices that a guest's accesses reach.
#[derive(Default)]
pub struct Bus {
    memory: Ranges,
    ports: Ranges,
    movable: Arc<MovableRanges>,
}

/// Ranges that change while vCPUs run. One thread at a time changes them.
#[derive(Default)]
pub struct MovableRanges(ArcSwap<Ranges>);

impl MovableRanges {
    /// Puts `device` at the guest-physical addresses from `base`, if nobody else that can move is there.
    pub fn insert(&self, base: u64, length: u64, device: SharedDevice) -> Result<(), RangeTaken> {
        let mut ranges = Ranges::clone(&self.0.load());
        ranges.insert(base, length, device)?;
        self.0.store(Arc::new(ranges));
        Ok(())
    }

    /// Takes away the device whose addresses begin at `base`. A vCPU that has found it before may still reach it.
    pub fn remove(&self, base: u64) {
        let mut ranges = Ranges::clone(&self.0.load());
        ranges.0.retain(|range| range.base != base);
        self.0.store(Arc::new(ranges));
    }
}

impl Bus {
    /// Puts `device` at the guest-physical addresses from `base`.
    ///
    /// # Errors
    /// Part of the range is taken or does not exist.
    pub fn insert(&mut self, base: u64, length: u64, device: SharedDevice) -> Result<(), RangeTaken> {
        self.memory.insert(base, length, device)
    }

    /// The ranges that can move. Where the two meet, those that cannot come first.
    pub fn movable(&self) -> Arc<MovableRanges> {
        Arc::clone(&self.movable)
    }

    /// Puts `device` at the I/O ports from `base`.
    ///
    /// # Errors
    /// Part of the range is taken or does not exist.
    pub fn insert_ports(&mut self, base: u16, length: u16, device: SharedDevice) -> Result<(), RangeTaken> {
        self.ports.insert(base.into(), length.into(), device)
    }

    /// Resets every device. No vCPU may run.
    pub fn reset(&self) {
        self.memory.0.iter().chain(&self.ports.0).for_each(|range| lock(&range.device).reset());
    }
}

impl accelerator::Bus for Bus {
    fn read(&self, address: u64, data: &mut [u8]) {
        if !self.memory.read(address, data) {
            self.movable.0.load().read(address, data);
        }
    }

    fn write(&self, address: u64, data: &[u8]) {
        if !self.memory.write(address, data) {
            self.movable.0.load().write(address, data);
        }
    }

    fn port_read(&self, port: u16, data: &mut [u8]) {
        self.ports.read(port.into(), data);
    }

    fn port_write(&self, port: u16, data: &[u8]) {
        self.ports.write(port.into(), data);
    }
}

/// Ranges by ascending address, none of which overlap.
#[derive(Clone, Default)]
struct Ranges(Vec<Range>);

#[derive(Clone)]
struct Range {
    base: u64,
    /// The last address of the range, so that a range may end with the address space.
    last: u64,
    device: SharedDevice,
}

impl Ranges {
    fn insert(&mut self, base: u64, length: u64, device: SharedDevice) -> Result<(), RangeTaken> {
        let taken = RangeTaken { base, length };
        let last = length.checked_sub(1).and_then(|more| base.checked_add(more)).ok_or(taken)?;
        let at = self.0.partition_point(|range| range.last < base);
        if self.0.get(at).is_some_and(|next| next.base <= last) {
            return Err(taken);
        }
        self.0.insert(at, Range { base, last, device });
        Ok(())
    }

    /// The device that answers all of the access, and the offset in its range.
    fn find(&self, address: u64, length: usize) -> Option<(&SharedDevice, u64)> {
        let range = self.0.get(self.0.partition_point(|range| range.last < address))?;
        let more = u64::try_from(length).ok()?.saturating_sub(1);
        let within = range.base <= address && address.checked_add(more)? <= range.last;
        within.then(|| (&range.device, address - range.base))
    }

    /// Whether a device has answered; if not, `data` is ones.
    fn read(&self, address: u64, data: &mut [u8]) -> bool {
        let found = self.find(address, data.len());
        match found {
            Some((device, offset)) => lock(device).read(offset, data),
            None => data.fill(0xff),
        }
        found.is_some()
    }

    /// Whether a device was there.
    fn write(&self, address: u64, data: &[u8]) -> bool {
        let found = self.find(address, data.len());
        if let Some((device, offset)) = found {
            lock(device).write(offset, data);
        }
        found.is_some()
    }
}

/// A device whose code panicked on another vCPU keeps answering: its registers are plain values.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accelerator::Bus as _;

    type Writes = Arc<Mutex<Vec<(u64, Vec<u8>)>>>;

    /// Answers reads with its mark and the offset; remembers the last write.
    struct Register {
        mark: u8,
        written: Writes,
    }

    impl BusDevice for Register {
        fn read(&mut self, offset: u64, data: &mut [u8]) {
            data.fill(self.mark + u8::try_from(offset).unwrap());
        }

        fn write(&mut self, offset: u64, data: &[u8]) {
            lock(&self.written).push((offset, data.to_vec()));
        }

        fn reset(&mut self) {
            lock(&self.written).clear();
        }
    }

    fn register(mark: u8) -> SharedDevice {
        Arc::new(Mutex::new(Register { mark, written: Arc::default() }))
    }

    fn byte(bus: &Bus, address: u64) -> u8 {
        let mut data = [0];
        bus.read(address, &mut data);
        data[0]
    }

    #[test]
    fn an_access_reaches_the_device_of_its_range_with_the_offset() {
        let mut bus = Bus::default();
        bus.insert(0x2000, 0x10, register(0x40)).unwrap();
        bus.insert(0x1000, 0x10, register(0x20)).unwrap();
        assert_eq!([byte(&bus, 0x1000), byte(&bus, 0x100f), byte(&bus, 0x2003)], [0x20, 0x2f, 0x43]);
    }

    #[test]
    fn what_nobody_answers_reads_as_ones() {
        let mut bus = Bus::default();
        bus.insert(0x1000, 0x10, register(0)).unwrap();
        assert_eq!([byte(&bus, 0xfff), byte(&bus, 0x1010), byte(&bus, u64::MAX)], [0xff; 3]);
        let mut across = [0; 4];
        bus.read(0x100e, &mut across);
        assert_eq!(across, [0xff; 4], "an access that leaves the range reaches nobody");
    }

    #[test]
    fn writes_arrive_and_stray_ones_are_dropped() {
        let written = Writes::default();
        let device = Arc::new(Mutex::new(Register { mark: 0, written: Arc::clone(&written) }));
        let mut bus = Bus::default();
        bus.insert(0x1000, 0x10, device).unwrap();
        bus.write(0x1004, &[1, 2]);
        bus.write(0x1010, &[3]);
        bus.write(0x100f, &[4, 5]);
        assert_eq!(*lock(&written), [(4, vec![1, 2])]);
    }

    #[test]
    fn ports_are_a_space_of_their_own() {
        let mut bus = Bus::default();
        bus.insert_ports(0x3f8, 8, register(0x10)).unwrap();
        let mut data = [0];
        bus.port_read(0x3f9, &mut data);
        assert_eq!((data, byte(&bus, 0x3f9)), ([0x11], 0xff));
        assert!(bus.insert_ports(u16::MAX, 1, register(0)).is_ok());
    }

    #[test]
    fn what_moves_is_found_where_it_is_now() {
        let mut bus = Bus::default();
        bus.insert(0x1000, 0x10, register(0x10)).unwrap();
        let movable = bus.movable();
        movable.insert(0x2000, 0x10, register(0x20)).unwrap();
        assert_eq!([byte(&bus, 0x1000), byte(&bus, 0x2001)], [0x10, 0x21]);
        movable.remove(0x2000);
        movable.insert(0x1008, 0x10, register(0x30)).unwrap();
        assert_eq!([byte(&bus, 0x2001), byte(&bus, 0x1008), byte(&bus, 0x1017)], [0xff, 0x18, 0x3f]);
        assert!(movable.insert(0x1010, 0x10, register(0x40)).is_err());
        movable.remove(0x3000);
        assert_eq!(byte(&bus, 0x1017), 0x3f);
    }

    #[test]
    fn ranges_may_touch_but_not_overlap() {
        let mut bus = Bus::default();
        bus.insert(0x1000, 0x10, register(0)).unwrap();
        assert!(bus.insert(0x1010, 0x10, register(0)).is_ok());
        assert!(bus.insert(0xff0, 0x10, register(0)).is_ok());
        for (base, length) in [(0x100f, 1), (0xff8, 0x100), (0x1000, 0x10), (0x3000, 0), (u64::MAX, 2)] {
            assert_eq!(bus.insert(base, length, register(0)), Err(RangeTaken { base, length }));
        }
        assert!(bus.insert(u64::MAX, 1, register(0)).is_ok(), "the last address is a range too");
    }
}
