//! ELF files, part by part.

use linux_loader::elf::{Elf64_Ehdr, Elf64_Phdr, PT_LOAD, PT_NOTE};
use vm_memory::ByteValued;

/// Where the contents of segments start in the file.
const CONTENTS: usize = 0x1000;

pub(crate) struct Elf {
    pub(crate) header: Elf64_Ehdr,
    pub(crate) program_headers: Vec<Elf64_Phdr>,
    contents: Vec<u8>,
}

impl Elf {
    pub(crate) const START: u64 = 0x100_0000;
    pub(crate) const PVH_ENTRY: u32 = 0x100_0010;

    /// Headers of a 64-bit executable for x86-64, with nothing to load.
    pub(crate) fn empty() -> Self {
        let mut header = Elf64_Ehdr {
            e_type: 2,
            e_machine: 62,
            e_version: 1,
            e_entry: Self::START,
            e_phoff: 64,
            e_phentsize: 56,
            ..Default::default()
        };
        header.e_ident[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
        Self { header, program_headers: Vec::new(), contents: Vec::new() }
    }

    /// A kernel of one segment, whose entry is its first byte.
    pub(crate) fn without_note() -> Self {
        Self::empty().segment(Self::START, &[0x90; 0x1000], 0x3000)
    }

    /// The same with an entry for the PVH protocol.
    pub(crate) fn with_note() -> Self {
        Self::without_note().notes(&note(b"Xen\0", 18, &u64::from(Self::PVH_ENTRY).to_le_bytes()))
    }

    pub(crate) fn segment(self, address: u64, bytes: &[u8], memory_size: u64) -> Self {
        self.part(PT_LOAD, address, bytes, memory_size)
    }

    pub(crate) fn notes(self, bytes: &[u8]) -> Self {
        self.part(PT_NOTE, 0, bytes, 0)
    }

    fn part(mut self, kind: u32, address: u64, bytes: &[u8], memory_size: u64) -> Self {
        self.program_headers.push(Elf64_Phdr {
            p_type: kind,
            p_offset: (CONTENTS + self.contents.len()) as u64,
            p_paddr: address,
            p_filesz: bytes.len() as u64,
            p_memsz: memory_size,
            ..Default::default()
        });
        self.header.e_phnum += 1;
        self.contents.extend_from_slice(bytes);
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.header.as_slice().to_vec();
        self.program_headers.iter().for_each(|header| bytes.extend_from_slice(header.as_slice()));
        bytes.resize(CONTENTS, 0);
        bytes.extend_from_slice(&self.contents);
        bytes
    }
}

/// A note with its padding.
pub(crate) fn note(owner: &[u8], kind: u32, descriptor: &[u8]) -> Vec<u8> {
    let number = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let mut bytes = [number(owner.len()), number(descriptor.len()), kind.to_le_bytes()].concat();
    for part in [owner, descriptor] {
        bytes.extend_from_slice(part);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }
    bytes
}
