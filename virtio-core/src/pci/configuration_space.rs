//! The configuration space of a PCI function: the header that every function has, and a list of capabilities (PCI Local
//! Bus Specification 3.0, chapter 6).

/// Bytes of a configuration space; what lies beyond, in the extended space, is zeros: there are no capabilities there.
const SIZE: usize = 256;

const VENDOR_ID: u8 = 0x00;
const DEVICE_ID: u8 = 0x02;
const COMMAND: u8 = 0x04;
const STATUS: u8 = 0x06;
const REVISION_ID: u8 = 0x08;
const CLASS_CODE: u8 = 0x09;
const FIRST_BAR: u8 = 0x10;
const SUBSYSTEM_VENDOR_ID: u8 = 0x2c;
const SUBSYSTEM_ID: u8 = 0x2e;
const CAPABILITIES_POINTER: u8 = 0x34;
const INTERRUPT_LINE: u8 = 0x3c;
const INTERRUPT_PIN: u8 = 0x3d;
/// Where the first capability lies: behind the header.
const FIRST_CAPABILITY: u8 = 0x40;

const COMMAND_MEMORY: u16 = 1 << 1;
const COMMAND_BUS_MASTER: u16 = 1 << 2;
const COMMAND_INTERRUPT_DISABLE: u16 = 1 << 10;
/// In the low byte of the status register.
const STATUS_INTERRUPT: u8 = 1 << 3;
const STATUS_CAPABILITIES: u16 = 1 << 4;
const PIN_A: u8 = 1;

/// What a function is for: base class, subclass and programming interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PciClass(pub u8, pub u8, pub u8);

impl PciClass {
    /// Not of any class that there is.
    pub const OTHER: Self = Self(0x00, 0xff, 0x00);
    /// Mass storage that is driven like SCSI.
    pub const STORAGE: Self = Self(0x01, 0x00, 0x00);
    /// An Ethernet controller.
    pub const ETHERNET: Self = Self(0x02, 0x00, 0x00);
    /// A bridge from the processors to the bus.
    pub const HOST_BRIDGE: Self = Self(0x06, 0x00, 0x00);
    /// A communication controller of no more special kind.
    pub const COMMUNICATION: Self = Self(0x07, 0x80, 0x00);
}

/// Who a function is.
#[derive(Clone, Copy, Debug)]
pub struct Identity {
    /// Who made it.
    pub vendor: u16,
    /// Which of the vendor's devices it is.
    pub device: u16,
    /// Which version of it.
    pub revision: u8,
    /// What it is for.
    pub class: PciClass,
    /// Who made what it is part of.
    pub subsystem_vendor: u16,
    /// What it is part of.
    pub subsystem: u16,
}

/// A configuration space: bytes, and which of their bits the guest can write.
#[derive(Clone, Debug)]
pub struct ConfigurationSpace {
    bytes: [u8; SIZE],
    writable: [u8; SIZE],
    /// Where the next capability goes.
    end: u8,
    /// Where the number of the next capability goes.
    link: u8,
}

impl ConfigurationSpace {
    /// A function without regions and capabilities.
    pub fn new(identity: &Identity) -> Self {
        let mut space =
            Self { bytes: [0; SIZE], writable: [0; SIZE], end: FIRST_CAPABILITY, link: CAPABILITIES_POINTER };
        let Identity { vendor, device, revision, class, subsystem_vendor, subsystem } = identity;
        space.set(VENDOR_ID, &vendor.to_le_bytes());
        space.set(DEVICE_ID, &device.to_le_bytes());
        space.set(REVISION_ID, &[*revision]);
        let PciClass(base, sub, interface) = class;
        space.set(CLASS_CODE, &[*interface, *sub, *base]);
        space.set(SUBSYSTEM_VENDOR_ID, &subsystem_vendor.to_le_bytes());
        space.set(SUBSYSTEM_ID, &subsystem.to_le_bytes());
        space
            .allow(COMMAND, &(COMMAND_MEMORY | COMMAND_BUS_MASTER | COMMAND_INTERRUPT_DISABLE).to_le_bytes());
        space
    }

    /// The function interrupts by pin A, which the machine has wired to line `number`.
    pub fn set_interrupt(&mut self, number: u8) {
        self.set(INTERRUPT_PIN, &[PIN_A]);
        self.set(INTERRUPT_LINE, &[number]);
        self.allow(INTERRUPT_LINE, &[0xff]);
    }

    /// The function has a memory region of `size` bytes (a power of two, 16 at least) at `address`, with 32 bits of address.
    pub fn add_memory_bar(&mut self, number: u8, size: u32, address: u32) {
        let mask = !size.saturating_sub(1);
        self.set(bar(number), &(address & mask).to_le_bytes());
        // The guest finds the size by writing ones: those below it do not stay.
        self.allow(bar(number), &mask.to_le_bytes());
    }

    /// Adds a capability. `body` is what follows its ID and the link to the next one, `writable` the bits of that
    /// which the guest can write. Returns where the capability lies.
    pub fn add_capability(&mut self, id: u8, body: &[u8], writable: &[u8]) -> u8 {
        let at = self.end;
        self.set(self.link, &[at]);
        self.set(STATUS, &STATUS_CAPABILITIES.to_le_bytes());
        self.set(at, &[id, 0]);
        self.set(at + 2, body);
        self.allow(at + 2, writable);
        self.link = at + 1;
        let length = u8::try_from(body.len()).unwrap_or(u8::MAX);
        self.end = at.saturating_add(2).saturating_add(length).next_multiple_of(4);
        at
    }

    /// The guest reads; `data` is overwritten, with zeros where there is nothing.
    pub fn read(&self, offset: u16, data: &mut [u8]) {
        let known = self.bytes.get(usize::from(offset)..).unwrap_or_default();
        data.fill(0);
        data.iter_mut().zip(known).for_each(|(place, byte)| *place = *byte);
    }

    /// The guest writes; only writable bits change.
    pub fn write(&mut self, offset: u16, data: &[u8]) {
        let offset = usize::from(offset);
        let places = self.bytes.iter_mut().zip(&self.writable).skip(offset);
        for ((place, writable), byte) in places.zip(data) {
            *place = *place & !writable | byte & writable;
        }
    }

    /// Where a memory region answers; `None` while the guest has not enabled memory.
    pub fn memory_base(&self, number: u8) -> Option<u32> {
        let enabled = u16::from_le_bytes(self.get(COMMAND)) & COMMAND_MEMORY != 0;
        enabled.then(|| u32::from_le_bytes(self.get(bar(number))))
    }

    /// Whether the guest has switched the interrupt line off.
    pub fn is_line_disabled(&self) -> bool {
        u16::from_le_bytes(self.get(COMMAND)) & COMMAND_INTERRUPT_DISABLE != 0
    }

    /// Puts the interrupt status bit into what was [read](Self::read) at `offset`: it is the one bit that changes by itself.
    pub(super) fn overlay_interrupt_status(&self, offset: u16, data: &mut [u8], high: bool) {
        let place = usize::from(STATUS).checked_sub(usize::from(offset)).and_then(|at| data.get_mut(at));
        if let (Some(byte), true) = (place, high) {
            *byte |= STATUS_INTERRUPT;
        }
    }

    /// Bytes from `offset` on, zeros beyond the end.
    pub(super) fn get<const N: usize>(&self, offset: u8) -> [u8; N] {
        let mut data = [0; N];
        self.read(offset.into(), &mut data);
        data
    }

    fn set(&mut self, offset: u8, data: &[u8]) {
        self.bytes.iter_mut().skip(offset.into()).zip(data).for_each(|(place, byte)| *place = *byte);
    }

    fn allow(&mut self, offset: u8, bits: &[u8]) {
        self.writable.iter_mut().skip(offset.into()).zip(bits).for_each(|(place, byte)| *place = *byte);
    }
}

/// The offset of a base address register.
fn bar(number: u8) -> u8 {
    FIRST_BAR + 4 * number.min(5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn space() -> ConfigurationSpace {
        let mut space = ConfigurationSpace::new(&Identity {
            vendor: 0x1234,
            device: 0x5678,
            revision: 9,
            class: PciClass::ETHERNET,
            subsystem_vendor: 0xabcd,
            subsystem: 0xef01,
        });
        space.set_interrupt(11);
        space.add_memory_bar(0, 0x1000, 0xe000_0000);
        space
    }

    fn word(space: &ConfigurationSpace, offset: u8) -> u32 {
        u32::from_le_bytes(space.get(offset))
    }

    #[test]
    fn the_header_says_who_the_function_is() {
        let space = space();
        let words = [0x00, 0x04, 0x08, 0x10, 0x2c, 0x34, 0x3c].map(|offset| word(&space, offset));
        assert_eq!(words, [0x5678_1234, 0, 0x0200_0009, 0xe000_0000, 0xef01_abcd, 0, 0x0000_010b]);
    }

    #[test]
    fn the_size_of_a_region_is_found_by_writing_ones() {
        let mut space = space();
        space.write(0x10, &[0xff; 4]);
        assert_eq!(word(&space, 0x10), 0xffff_f000);
        space.write(0x14, &[0xff; 4]);
        assert_eq!(word(&space, 0x14), 0, "there is no other region");
        space.write(0x10, &0xd000_0123_u32.to_le_bytes());
        assert_eq!(space.memory_base(0), None, "memory is not enabled");
        space.write(0x04, &[2, 0]);
        assert_eq!(space.memory_base(0), Some(0xd000_0000));
    }

    #[test]
    fn capabilities_are_a_list() {
        let mut space = space();
        let first = space.add_capability(0x09, &[1, 2, 3], &[0; 3]);
        let second = space.add_capability(0x11, &[4, 5, 6, 7], &[0, 0, 0xf0]);
        assert_eq!(space.get(0x34), [first]);
        assert_eq!(space.get(first), [0x09, second, 1, 2, 3]);
        assert_eq!(space.get(second), [0x11, 0, 4, 5, 6, 7]);
        assert_eq!(word(&space, 0x04), 0x0010_0000, "the status register says that there is a list");
        space.write(second.into(), &[0xff; 6]);
        assert_eq!(space.get(second), [0x11, 0, 4, 5, 0xf6, 7]);
    }

    proptest! {
        #[test]
        fn what_is_read_only_stays_whatever_is_written(
            writes in prop::collection::vec((any::<u16>(), prop::collection::vec(any::<u8>(), 0..9)), 0..20)
        ) {
            let mut written = space();
            for (offset, data) in writes {
                written.write(offset % 300, &data);
            }
            for (at, bits) in space().writable.into_iter().enumerate() {
                prop_assert_eq!(written.bytes[at] & !bits, space().bytes[at] & !bits);
            }
        }
    }
}
