//! ELF kernels: what is loaded where, and what is refused.

use boot::Entry;
use boot::addresses::ZERO_PAGE;
use linux_loader::elf::{Elf64_Ehdr, Elf64_Phdr};

use crate::support::{Elf, Guest, MIB, note};

const START: u64 = Elf::START;

fn guest() -> Guest {
    Guest::with_memory(32 * MIB)
}

fn failure(kernel: &[u8]) -> String {
    guest().load(kernel).unwrap_err().to_string()
}

#[test]
fn segments_go_to_their_physical_addresses_and_the_rest_is_zeroed() {
    let guest = guest();
    let dirty = Elf::empty().segment(START, &[0xff; 0x8000], 0x8000);
    guest.load(&dirty.bytes()).unwrap();
    let kernel = Elf::with_note().segment(START + 0x4000, b"more", 4);
    guest.load(&kernel.bytes()).unwrap();
    assert_eq!(guest.bytes(START, 0x1000), [0x90; 0x1000]);
    assert_eq!(guest.bytes(START + 0x1000, 0x2000), [0; 0x2000]);
    assert_eq!(guest.bytes(START + 0x3000, 0x1000), [0xff; 0x1000], "belongs to no segment");
    assert_eq!(guest.bytes(START + 0x4000, 5), b"more\xff");
}

#[test]
fn a_kernel_without_a_note_is_entered_by_the_64_bit_protocol() {
    let entry = guest().load(&Elf::without_note().bytes()).unwrap();
    assert_eq!(entry, Entry::LongMode { start_address: START, zero_page: ZERO_PAGE });
}

#[test]
fn the_pvh_entry_is_found_among_other_notes() {
    let entry = Elf::PVH_ENTRY.to_le_bytes();
    let notes = [
        note(b"GNU\0", 18, &[1, 2, 3, 4]),
        note(b"Xen\0", 6, b"linux\0"),
        note(b"Linux\0", 257, &[]),
        note(b"Xen\0", 18, &entry),
    ]
    .concat();
    let other = note(b"GNU\0", 3, &[0; 20]);
    let kernel = Elf::without_note().notes(&other).notes(&notes).notes(&other);
    let Entry::Pvh { start_address, .. } = guest().load(&kernel.bytes()).unwrap() else {
        panic!("not entered by the PVH protocol");
    };
    assert_eq!(start_address, u64::from(Elf::PVH_ENTRY));
}

#[test]
fn a_segment_may_end_where_memory_ends() {
    let end = 32 * MIB;
    guest().load(&Elf::without_note().segment(end - 8, &[1; 8], 8).bytes()).unwrap();
}

fn with_header(change: impl Fn(&mut Elf64_Ehdr)) -> Vec<u8> {
    let mut kernel = Elf::with_note();
    change(&mut kernel.header);
    kernel.bytes()
}

fn with_segment(change: impl Fn(&mut Elf64_Phdr)) -> Vec<u8> {
    let mut kernel = Elf::with_note();
    change(&mut kernel.program_headers[0]);
    kernel.bytes()
}

fn with_notes(notes: &[u8]) -> Vec<u8> {
    Elf::without_note().notes(notes).bytes()
}

#[test]
fn what_is_wrong_is_said_with_part_value_and_what_is_accepted() {
    let header_only = &Elf::with_note().bytes()[..40];
    let cut_in_segment = &Elf::with_note().bytes()[..0x1800];
    let broken: Vec<(&str, Vec<u8>)> = vec![
        ("an empty file", Vec::new()),
        ("a text", b"#!/bin/sh\n".to_vec()),
        ("cut in the header", header_only.to_vec()),
        ("cut in a segment", cut_in_segment.to_vec()),
        ("32 bits", with_header(|header| header.e_ident[4] = 1)),
        ("big endian", with_header(|header| header.e_ident[5] = 2)),
        ("an object file", with_header(|header| header.e_type = 1)),
        ("arm64", with_header(|header| header.e_machine = 183)),
        ("program headers of 32 bits", with_header(|header| header.e_phentsize = 32)),
        ("program headers past the end", with_header(|header| header.e_phoff = u64::MAX - 8)),
        ("no program header", with_header(|header| header.e_phnum = 0)),
        ("nothing to load", Elf::empty().bytes()),
        ("a segment past the file's end", with_segment(|segment| segment.p_offset = u64::MAX)),
        ("more in the file than in memory", with_segment(|segment| segment.p_memsz = 0xfff)),
        ("below 1 MiB", with_segment(|segment| segment.p_paddr = 0xf_f000)),
        ("past the end of memory", with_segment(|segment| segment.p_paddr = 32 * MIB - 0x2000)),
        ("in the hole", with_segment(|segment| segment.p_paddr = 0xc000_0000)),
        ("larger than memory", with_segment(|segment| segment.p_memsz = 1 << 50)),
        ("past the last address", with_segment(|segment| segment.p_paddr = u64::MAX - 0x1000)),
        ("two at a place", Elf::with_note().segment(START + 0x2fff, &[1], 1).bytes()),
        ("one in the other", Elf::with_note().segment(START - 0x1000, &[1], 0x10_0000).bytes()),
        ("a PVH entry outside", with_notes(&note(b"Xen\0", 18, &START.wrapping_sub(1).to_le_bytes()))),
        ("a PVH entry of two bytes", with_notes(&note(b"Xen\0", 18, &[1, 2]))),
        ("a note that does not end", with_notes(&[4, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 18, 0, 0, 0, 88, 101])),
        ("more notes than anybody has", with_notes(&vec![0; (1 << 20) + 12])),
        (
            "an entry that is not loaded",
            with_header(|header| (header.e_entry, header.e_phnum) = (START + 0x3000, 1)),
        ),
    ];
    let texts: Vec<_> =
        broken.into_iter().map(|(what, kernel)| format!("{what}:\n  {}\n", failure(&kernel))).collect();
    insta::assert_snapshot!(texts.concat());
}
