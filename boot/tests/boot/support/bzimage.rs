//! bzImage files.

use linux_loader::bootparam::setup_header;
use vm_memory::ByteValued;

const HEADER_OFFSET: usize = 0x1f1;
const SECTOR: usize = 512;

pub(crate) struct BzImage {
    pub(crate) header: setup_header,
    /// What follows the setup code.
    pub(crate) code: Vec<u8>,
}

impl BzImage {
    pub(crate) const START: u64 = 0x100_0000;

    /// What Linux' header says, for a small kernel with a setup code of two sectors.
    pub(crate) fn new() -> Self {
        let code = vec![0x90; 0x1000];
        let header = setup_header {
            setup_sects: 1,
            syssize: u32::try_from(code.len() / 16).unwrap(),
            boot_flag: 0xaa55,
            // A jump over the header, whose size is so given.
            jump: 0x6aeb,
            header: 0x5372_6448,
            version: 0x20f,
            loadflags: 1,
            initrd_addr_max: 0x7fff_ffff,
            kernel_alignment: 0x20_0000,
            relocatable_kernel: 1,
            xloadflags: 0x3f,
            cmdline_size: 2047,
            pref_address: Self::START,
            init_size: 0x10_0000,
            ..Default::default()
        };
        Self { header, code }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let sectors = if self.header.setup_sects == 0 { 4 } else { usize::from(self.header.setup_sects) };
        let mut bytes = vec![0; (sectors + 1) * SECTOR];
        let header = self.header.as_slice();
        bytes[HEADER_OFFSET..HEADER_OFFSET + header.len()].copy_from_slice(header);
        bytes.extend_from_slice(&self.code);
        bytes
    }
}
