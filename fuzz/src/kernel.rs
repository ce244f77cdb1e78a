//! A kernel's file of any bytes, and an initrd cut from it.

use std::io::Cursor;

use boot::{Entry, MemoryLayout, Platform};
use vm_memory::{Bytes, GuestAddress, GuestMemoryMmap};

const MIB: u64 = 1 << 20;
const MEMORY: u64 = 4 * MIB;
/// Memory into which nothing is ever loaded: what a PC has for vectors and for devices.
const UNTOUCHED: [(u64, u64); 2] = [(0, 0x500), (0xa_0000, 0xe_0000)];

/// Loads `bytes` as a kernel.
pub fn kernel(bytes: &[u8]) {
    let memory =
        GuestMemoryMmap::from_ranges(&[(GuestAddress(0), usize::try_from(MEMORY).expect("64 bits"))])
            .expect("the host has a little memory");
    let platform = Platform {
        vcpus: 1,
        memory: MemoryLayout::new(MEMORY),
        serial: true,
        mmio_devices: Vec::new(),
        pci: None,
    };
    let mut initrd = Cursor::new(bytes.get(0x100..).unwrap_or_default());
    let loaded = boot::load(&memory, &mut Cursor::new(bytes), Some(&mut initrd), "quiet", &platform);
    if let Ok(Entry::Pvh { start_address, .. } | Entry::LongMode { start_address, .. }) = loaded {
        assert!((MIB..MEMORY).contains(&start_address), "entered at {start_address:#x}");
    }
    for (start, end) in UNTOUCHED {
        let mut bytes = vec![0; usize::try_from(end - start).expect("64 bits")];
        memory.read_slice(&mut bytes, GuestAddress(start)).expect("it is memory");
        assert!(bytes.iter().all(|byte| *byte == 0), "{start:#x} to {end:#x}");
    }
}
