//! bzImage kernels: what is loaded where, the zero page, and what is refused.

use boot::Entry;
use boot::addresses::{ACPI_TABLES, COMMAND_LINE, ZERO_PAGE};
use linux_loader::bootparam::{boot_params, setup_header};

use crate::support::{BzImage, Guest, MIB};

const START: u64 = BzImage::START;

fn guest() -> Guest {
    Guest::with_memory(32 * MIB)
}

#[test]
fn the_code_goes_to_the_preferred_address() {
    let guest = guest();
    let mut kernel = BzImage::new();
    kernel.header.pref_address = START + 0x20_0000;
    kernel.code[0x200] = 0x42;
    let entry = guest.load(&kernel.bytes()).unwrap();
    assert_eq!(entry, Entry::LongMode { start_address: START + 0x20_0200, zero_page: ZERO_PAGE });
    assert_eq!(guest.bytes(START + 0x20_0000, 0x1000), kernel.code);
}

#[test]
fn setup_code_of_no_sectors_has_four() {
    let guest = guest();
    let mut kernel = BzImage::new();
    kernel.header.setup_sects = 0;
    kernel.code[0] = 0x42;
    guest.load(&kernel.bytes()).unwrap();
    assert_eq!(guest.bytes(START, 0x1000), kernel.code);
}

#[test]
fn the_zero_page_has_the_header_and_what_the_loader_adds() {
    let guest = guest();
    guest.load_all(&BzImage::new().bytes(), Some(&[7; 16]), "quiet").unwrap();
    let page: boot_params = guest.value(ZERO_PAGE);
    let header = page.hdr;
    let expected = setup_header {
        type_of_loader: 0xff,
        vid_mode: 0xffff,
        cmd_line_ptr: 0x2_0000,
        ramdisk_image: u32::try_from(32 * MIB - 0x1000).unwrap(),
        ramdisk_size: 16,
        ..BzImage::new().header
    };
    assert_eq!(header, expected);
    assert_eq!(guest.text(COMMAND_LINE), "quiet");
    assert_eq!({ page.acpi_rsdp_addr }, ACPI_TABLES);
    let memory_map: Vec<_> = page.e820_table[..page.e820_entries.into()]
        .iter()
        .map(|entry| (entry.addr, entry.addr + entry.size, entry.r#type))
        .collect();
    assert_eq!(memory_map, [(0, 0x9_fc00, 1), (0xe_0000, 0x10_0000, 3), (0x10_0000, 32 * MIB, 1)]);
}

#[test]
fn what_is_behind_the_header_is_not_taken_for_it() {
    let guest = guest();
    let mut kernel = BzImage::new();
    // The header ends at 0x264 of the file, after `init_size`.
    kernel.header.jump = 0x62eb;
    kernel.header.handover_offset = 0xdead_beef;
    guest.load(&kernel.bytes()).unwrap();
    let page: boot_params = guest.value(ZERO_PAGE);
    assert_eq!(({ page.hdr.init_size }, { page.hdr.handover_offset }), (0x10_0000, 0));
}

fn with_header(change: impl Fn(&mut setup_header)) -> Vec<u8> {
    let mut kernel = BzImage::new();
    change(&mut kernel.header);
    kernel.bytes()
}

#[test]
fn what_is_wrong_is_said_with_part_value_and_what_is_accepted() {
    let cut = &BzImage::new().bytes()[..0x1000];
    let cut_in_setup = &BzImage::new().bytes()[..0x300];
    let broken: Vec<(&str, Vec<u8>)> = vec![
        ("cut in the setup code", cut_in_setup.to_vec()),
        ("cut in the code", cut.to_vec()),
        ("no magic number", with_header(|header| header.header = 0)),
        ("no boot flag", with_header(|header| header.boot_flag = 0)),
        ("a header that ends early", with_header(|header| header.jump = 0x10eb)),
        ("an old protocol", with_header(|header| header.version = 0x20a)),
        ("a zImage", with_header(|header| header.loadflags = 0x80)),
        ("32 bits", with_header(|header| header.xloadflags = 2)),
        ("no alignment", with_header(|header| header.kernel_alignment = 0)),
        ("not aligned", with_header(|header| header.pref_address = START + 0x1000)),
        ("at 0", with_header(|header| header.pref_address = 0)),
        ("above memory", with_header(|header| header.pref_address = 1 << 40)),
        ("at the last address", with_header(|header| header.pref_address = 0x8000_0000_0000_0000)),
        ("larger than memory", with_header(|header| header.init_size = u32::MAX)),
        ("more code than there is", with_header(|header| header.syssize = u32::MAX)),
    ];
    let texts: Vec<_> = broken
        .into_iter()
        .map(|(what, kernel)| format!("{what}:\n  {}\n", guest().load(&kernel).unwrap_err()))
        .collect();
    insta::assert_snapshot!(texts.concat());
}
