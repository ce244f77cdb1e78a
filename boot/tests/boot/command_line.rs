//! Command lines that a kernel takes, and those that it would cut.

use boot::addresses::COMMAND_LINE;

use crate::support::{BzImage, Elf, Guest, MIB};

#[test]
fn the_kernels_own_limit_counts() {
    let guest = Guest::with_memory(32 * MIB);
    let mut kernel = BzImage::new();
    kernel.header.cmdline_size = 10;
    guest.load_all(&kernel.bytes(), None, "0123456789").unwrap();
    assert_eq!(guest.bytes(COMMAND_LINE, 12), b"0123456789\0\0");
    let error = guest.load_all(&kernel.bytes(), None, "0123456789a").unwrap_err();
    insta::assert_snapshot!(error, @"command line: 11 bytes long; accepted by this kernel are at most 10");
}

#[test]
fn an_elf_kernel_takes_what_linux_takes() {
    let guest = Guest::with_memory(32 * MIB);
    let kernel = Elf::with_note().bytes();
    guest.load_all(&kernel, None, &"x".repeat(2047)).unwrap();
    let error = guest.load_all(&kernel, None, &"x".repeat(2048)).unwrap_err();
    insta::assert_snapshot!(error, @"command line: 2048 bytes long; accepted by this kernel are at most 2047");
}

#[test]
fn a_kernel_that_takes_any_length_does_not_get_it() {
    let guest = Guest::with_memory(32 * MIB);
    let mut kernel = BzImage::new();
    kernel.header.cmdline_size = u32::MAX;
    let error = guest.load_all(&kernel.bytes(), None, &"x".repeat(0x1_0000)).unwrap_err();
    insta::assert_snapshot!(error, @"command line: 65536 bytes long; accepted by this kernel are at most 65535");
}

#[test]
fn a_zero_byte_is_refused() {
    let guest = Guest::with_memory(32 * MIB);
    let error = guest.load_all(&Elf::with_note().bytes(), None, "root=\0").unwrap_err();
    insta::assert_snapshot!(error, @"command line: a zero byte at position 5; accepted is any other");
}
