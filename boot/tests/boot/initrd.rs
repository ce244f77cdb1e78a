//! Where an initrd goes, and when it does not.

use boot::addresses::START_INFO;
use linux_loader::bootparam::boot_params;
use linux_loader::start_info::{hvm_modlist_entry, hvm_start_info};

use crate::support::{BzImage, Elf, Guest, MIB};

fn failure(guest: &Guest, kernel: &[u8], initrd: &[u8]) -> String {
    guest.load_all(kernel, Some(initrd), "").unwrap_err().to_string()
}

#[test]
fn it_ends_where_the_kernel_allows_on_a_page() {
    let guest = Guest::with_memory(64 * MIB);
    let mut kernel = BzImage::new();
    kernel.header.initrd_addr_max = 0x2ff_ffff;
    guest.load_all(&kernel.bytes(), Some(&[1; 4097]), "").unwrap();
    let page: boot_params = guest.value(boot::addresses::ZERO_PAGE);
    let (image, size) = (page.hdr.ramdisk_image, page.hdr.ramdisk_size);
    assert_eq!((image, size), (0x2ff_e000, 4097));
    assert_eq!(guest.bytes(image.into(), size.into()), [1; 4097]);
}

#[test]
fn it_stays_below_2_gib_for_a_kernel_that_does_not_say() {
    let guest = Guest::with_memory(4096 * MIB);
    guest.load_all(&Elf::with_note().bytes(), Some(&[1]), "").unwrap();
    let info: hvm_start_info = guest.value(START_INFO);
    let module: hvm_modlist_entry = guest.value(info.modlist_paddr);
    assert_eq!(module.paddr, 0x7fff_f000);
}

#[test]
fn it_may_fill_the_room_and_no_more() {
    let guest = Guest::with_memory(17 * MIB);
    let kernel = Elf::with_note().bytes();
    let room = usize::try_from(MIB - 0x3000).unwrap();
    guest.load_all(&kernel, Some(&vec![1; room]), "").unwrap();
    insta::assert_snapshot!(
        failure(&guest, &kernel, &vec![1; room + 1]),
        @"initrd: the file has 1036289 bytes; accepted are at most 1036288, which is what lies between the kernel's end and 0x1100000"
    );
}

#[test]
fn an_empty_file_is_refused() {
    let guest = Guest::with_memory(32 * MIB);
    insta::assert_snapshot!(
        failure(&guest, &Elf::with_note().bytes(), &[]),
        @"initrd: the file has 0 bytes; accepted is what the kernel unpacks, such as a cpio archive"
    );
}

#[test]
fn a_kernel_that_takes_it_nowhere_leaves_no_room() {
    let guest = Guest::with_memory(32 * MIB);
    let mut kernel = BzImage::new();
    kernel.header.initrd_addr_max = 0;
    insta::assert_snapshot!(failure(&guest, &kernel.bytes(), &[1]), @"initrd: the file has 1 bytes; accepted are at most 0, which is what lies between the kernel's end and 0x1100000");
}
