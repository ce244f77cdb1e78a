//! What a kernel finds that is entered by the 64-bit boot protocol, besides the zero page.

use boot::Entry;
use boot::addresses::ZERO_PAGE;

use crate::support::{BzImage, Guest, MIB};

const ENTRY: Entry = Entry::LongMode { start_address: 0x100_0200, zero_page: ZERO_PAGE };

#[test]
fn the_first_vcpu_is_in_64_bit_mode() {
    insta::assert_snapshot!(format!("{:#x?}", ENTRY.initial_state()));
}

/// The address that `address` is mapped to, by the processor's own walk (Intel SDM, volume 3, figure 4-9).
fn translate(guest: &Guest, address: u64) -> Option<u64> {
    let mut table = ENTRY.initial_state().cr3;
    for level in (1..4).rev() {
        let entry: u64 = guest.value(table + (address >> (12 + 9 * level) & 0x1ff) * 8);
        if entry & 1 == 0 {
            return None;
        }
        assert_eq!(entry & 2, 2, "writable");
        let target = entry & 0x000f_ffff_ffff_f000;
        if entry & 0x80 != 0 {
            return Some(target + address % (1 << (12 + 9 * level)));
        }
        table = target;
    }
    panic!("pages of 4 KiB are not used");
}

#[test]
fn memory_below_4_gib_is_mapped_to_itself() {
    let guest = Guest::with_memory(32 * MIB);
    guest.load(&BzImage::new().bytes()).unwrap();
    let mapped = [0, 0x7000, 0x100_0200, 0x3fff_ffff, 0x4000_0000, 0xbfff_f123, 0xffff_ffff];
    assert_eq!(mapped.map(|address| translate(&guest, address)), mapped.map(Some));
    let unmapped = [0x1_0000_0000, 0x80_0000_0000, 0x7fff_ffff_f000];
    assert_eq!(unmapped.map(|address| translate(&guest, address)), [None; 3]);
}

#[test]
fn the_descriptors_are_those_of_the_segments() {
    let guest = Guest::with_memory(32 * MIB);
    guest.load(&BzImage::new().bytes()).unwrap();
    let state = ENTRY.initial_state();
    assert_eq!(u64::from(state.gdt.limit) + 1, 6 * 8);
    let descriptor = |selector: u16| guest.value::<u64>(state.gdt.base + u64::from(selector));
    assert_eq!(descriptor(state.cs.selector), 0x00af_9b00_0000_ffff);
    assert_eq!(descriptor(state.data.selector), 0x00cf_9300_0000_ffff);
    assert_eq!(descriptor(state.tr.selector), 0x0000_8b00_0000_0067);
    assert_eq!(descriptor(state.tr.selector + 8), 0);
}
