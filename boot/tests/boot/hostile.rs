//! No file makes the loader panic, hang, or write where it must not.

use boot::Entry;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{BzImage, Elf, Guest, MIB};

const MEMORY: u64 = 20 * MIB;

/// Loads, and holds what came of it against what must always be so.
fn check(kernel: &[u8], initrd: Option<&[u8]>) {
    let guest = Guest::with_memory(MEMORY);
    if let Ok(entry) = guest.load_all(kernel, initrd, "quiet") {
        let (Entry::Pvh { start_address, .. } | Entry::LongMode { start_address, .. }) = entry;
        assert!((MIB..MEMORY).contains(&start_address), "entered at {start_address:#x}");
    }
    for (start, end) in [(0, 0x500), (0xa_0000, 0xe_0000)] {
        assert!(guest.bytes(start, end - start).iter().all(|byte| *byte == 0), "{start:#x} to {end:#x}");
    }
}

fn valid_kernel() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(Elf::with_note().bytes()),
        Just(Elf::without_note().segment(Elf::START + 0x4000, &[1; 64], 64).bytes()),
        Just(BzImage::new().bytes()),
    ]
}

/// Bytes to be changed: where, counted from one of the places with a header, and to what.
fn changes() -> impl Strategy<Value = Vec<(usize, u8)>> {
    let place = prop_oneof![0..64usize, 64..232usize, 0x1f1..0x26cusize, 0..0x2100usize];
    let value = prop_oneof![any::<u8>(), Just(0), Just(0xff), Just(0x80)];
    vec((place, value), 1..12)
}

proptest! {
    #[test]
    fn changed_kernels(mut kernel in valid_kernel(), changes in changes()) {
        for (place, value) in changes {
            if let Some(byte) = kernel.get_mut(place) {
                *byte = value;
            }
        }
        check(&kernel, Some(&[1; 100]));
    }

    #[test]
    fn cut_kernels(kernel in valid_kernel(), length in 0..0x2200usize) {
        check(&kernel[..length.min(kernel.len())], None);
    }

    #[test]
    fn arbitrary_bytes_with_a_magic_number(mut kernel in vec(any::<u8>(), 0..0x800), elf: bool) {
        let magic = if elf { (0, &b"\x7fELF\x02\x01"[..]) } else { (0x202, &b"HdrS"[..]) };
        if let Some(place) = kernel.get_mut(magic.0..magic.0 + magic.1.len()) {
            place.copy_from_slice(magic.1);
        }
        check(&kernel, None);
    }

    #[test]
    fn arbitrary_program_headers(headers in vec((prop_oneof![Just(1u32), Just(4)], vec(any::<u64>(), 4), 0..3u8), 1..6)) {
        let mut kernel = Elf::with_note();
        for (kind, numbers, small) in headers {
            // Numbers that are near to something sensible reach further than arbitrary ones.
            let number = |index: usize| numbers[index] >> (44 * u64::from(small.min(1)) + 10 * u64::from(small / 2));
            kernel.program_headers.push(linux_loader::elf::Elf64_Phdr {
                p_type: kind,
                p_offset: number(0),
                p_paddr: number(1).wrapping_add(MIB),
                p_filesz: number(2),
                p_memsz: number(3),
                ..Default::default()
            });
            kernel.header.e_phnum += 1;
        }
        check(&kernel.bytes(), None);
    }
}
