//! What a kernel finds that is entered by the PVH protocol.

use boot::Entry;
use boot::addresses::{ACPI_TABLES, COMMAND_LINE, START_INFO};
use linux_loader::start_info::{hvm_memmap_table_entry, hvm_modlist_entry, hvm_start_info};

use crate::support::{Elf, Guest, MIB, platform};

fn memory_map(guest: &Guest, info: &hvm_start_info) -> Vec<(u64, u64, u32)> {
    (0..u64::from(info.memmap_entries))
        .map(|index| guest.value::<hvm_memmap_table_entry>(info.memmap_paddr + index * 24))
        .map(|entry| (entry.addr, entry.addr + entry.size, entry.type_))
        .collect()
}

#[test]
fn the_start_information_names_everything() {
    let guest = Guest::with_memory(32 * MIB);
    let initrd = [7; 5000];
    let entry = guest.load_all(&Elf::with_note().bytes(), Some(&initrd), "console=ttyS0").unwrap();
    assert_eq!(entry, Entry::Pvh { start_address: Elf::PVH_ENTRY.into(), start_info: START_INFO });

    let info: hvm_start_info = guest.value(START_INFO);
    assert_eq!((info.magic, info.version, info.flags), (0x336e_c578, 1, 0));
    assert_eq!((info.cmdline_paddr, info.rsdp_paddr), (COMMAND_LINE, ACPI_TABLES));
    assert_eq!(guest.text(info.cmdline_paddr), "console=ttyS0");
    assert_eq!(info.nr_modules, 1);
    let module: hvm_modlist_entry = guest.value(info.modlist_paddr);
    assert_eq!((module.paddr, module.size), (32 * MIB - 0x2000, 5000));
    assert_eq!(guest.bytes(module.paddr, module.size), initrd);
    assert_eq!(
        memory_map(&guest, &info),
        [(0, 0x9_fc00, 1), (0xe_0000, 0x10_0000, 3), (0x10_0000, 32 * MIB, 1)]
    );
}

#[test]
fn without_an_initrd_there_is_no_module() {
    let guest = Guest::with_memory(32 * MIB);
    guest.load(&Elf::with_note().bytes()).unwrap();
    let info: hvm_start_info = guest.value(START_INFO);
    assert_eq!((info.nr_modules, guest.text(info.cmdline_paddr).as_str()), (0, ""));
}

#[test]
fn memory_above_the_hole_and_the_configuration_space_of_pci_are_in_the_map() {
    let mut platform = platform(4096 * MIB);
    platform.pci = Some(crate::acpi::pci_host());
    let guest = Guest::new(platform);
    guest.load(&Elf::with_note().bytes()).unwrap();
    let info: hvm_start_info = guest.value(START_INFO);
    assert_eq!(
        memory_map(&guest, &info)[2..],
        [(0x10_0000, 0xc000_0000, 1), (0xe000_0000, 0xe010_0000, 2), (0x1_0000_0000, 0x1_4000_0000, 1)]
    );
}

#[test]
fn the_first_vcpu_is_in_flat_protected_mode() {
    let entry = Entry::Pvh { start_address: 0x100_0010, start_info: START_INFO };
    insta::assert_snapshot!(format!("{:#x?}", entry.initial_state()));
}
