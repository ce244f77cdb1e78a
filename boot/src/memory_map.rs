//! Which guest-physical addresses are RAM, and what the kernel is told about them.

use crate::addresses::{ACPI_TABLES, CONVENTIONAL_MEMORY_END, HIGH_MEMORY, HOLE, HOLE_END};
use crate::platform::{AddressRange, Platform};

/// Where RAM lies: from 0, and what does not fit below the hole for devices from 4 GiB on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLayout {
    low: u64,
    high: u64,
}

impl MemoryLayout {
    /// The layout of `size` bytes of RAM.
    pub const fn new(size: u64) -> Self {
        let low = if size < HOLE { size } else { HOLE };
        Self { low, high: size - low }
    }

    /// The end of the RAM below the hole.
    pub const fn low_end(self) -> u64 {
        self.low
    }

    /// The end of the RAM above 4 GiB; `None` if there is none.
    pub const fn high_end(self) -> Option<u64> {
        if self.high == 0 { None } else { Some(HOLE_END.saturating_add(self.high)) }
    }

    /// The ranges that are RAM, in ascending order: one or two.
    pub fn ranges(self) -> impl Iterator<Item = AddressRange> {
        let low = AddressRange { start: 0, size: self.low };
        let high = AddressRange { start: HOLE_END, size: self.high };
        [low, high].into_iter().filter(|range| range.size > 0)
    }
}

/// What an address range is for. The numbers are those of e820 (ACPI 6.5, table 15.4), which the PVH protocol has too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemoryKind {
    Ram,
    Reserved,
    AcpiTables,
}

impl MemoryKind {
    pub(crate) const fn number(self) -> u32 {
        match self {
            Self::Ram => 1,
            Self::Reserved => 2,
            Self::AcpiTables => 3,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemoryMapEntry {
    pub(crate) range: AddressRange,
    pub(crate) kind: MemoryKind,
}

/// The memory map, in ascending order. The configuration space of PCI is in it because Linux uses that only where it finds
/// it reserved (PCI Firmware Specification 3.3, section 4.1.2).
pub(crate) fn memory_map(platform: &Platform) -> Vec<MemoryMapEntry> {
    let entry = |start: u64, end: u64, kind| {
        let range = AddressRange { start, size: end.saturating_sub(start) };
        MemoryMapEntry { range, kind }
    };
    let mut map = vec![
        entry(0, CONVENTIONAL_MEMORY_END, MemoryKind::Ram),
        entry(ACPI_TABLES, HIGH_MEMORY, MemoryKind::AcpiTables),
        entry(HIGH_MEMORY, platform.memory.low_end(), MemoryKind::Ram),
    ];
    if let Some(pci) = &platform.pci {
        let range = pci.configuration_space();
        map.push(MemoryMapEntry { range, kind: MemoryKind::Reserved });
    }
    map.extend(platform.memory.high_end().map(|end| entry(HOLE_END, end, MemoryKind::Ram)));
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn memory_leaves_a_hole_for_devices() {
        let ranges = |size| {
            MemoryLayout::new(size).ranges().map(|range| (range.start, range.size)).collect::<Vec<_>>()
        };
        assert_eq!(ranges(256 << 20), [(0, 256 << 20)]);
        assert_eq!(ranges(3 * GIB), [(0, 3 * GIB)]);
        assert_eq!(ranges(5 * GIB), [(0, 3 * GIB), (4 * GIB, 2 * GIB)]);
        assert_eq!(MemoryLayout::new(3 * GIB).high_end(), None);
        assert_eq!(MemoryLayout::new(5 * GIB).high_end(), Some(6 * GIB));
    }
}
