//! What the 64-bit boot protocol needs in memory besides the zero page: a global descriptor table with the segments it
//! names, and page tables that map memory to itself.

use vm_memory::GuestMemoryMmap;

use crate::addresses::{GLOBAL_DESCRIPTOR_TABLE, PAGE_TABLES};
use crate::cpu_state::{InitialState, Segment};
use crate::error::BootError;
use crate::load::write as write_memory;

/// Two unused entries, code at selector 0x10, data at 0x18, a task state segment at 0x20, whose descriptor is twice as long
/// in 64-bit mode and has the upper half of a base that is 0.
const DESCRIPTORS: [u64; 6] =
    [0, 0, Segment::CODE_64.descriptor(), Segment::DATA.descriptor(), Segment::TASK.descriptor(), 0];

/// Offset of the last byte of the descriptor table.
pub(crate) const DESCRIPTOR_TABLE_LIMIT: u16 = 8 * 6 - 1;

/// Present and writable (Intel SDM, volume 3, section 4.5).
const TABLE: u64 = 0b11;
/// The same for a page of 2 MiB.
const LARGE_PAGE: u64 = TABLE | 1 << 7;
const LARGE_PAGE_SIZE: u64 = 2 << 20;
const PAGE: u64 = 4096;
/// A page directory maps 1 GiB. Everything that is loaded lies below 4 GiB.
const DIRECTORIES: u64 = 4;
const ENTRIES: u64 = 512;

/// Prepares `memory` for a program of any kind that begins at `start_address` in 64-bit mode, with the first 4 GiB mapped to
/// themselves; the state that the first vCPU begins in.
///
/// # Errors
/// Memory is missing where descriptors and page tables lie ([`addresses`](crate::addresses)).
pub fn enter_long_mode(memory: &GuestMemoryMmap, start_address: u64) -> Result<InitialState, BootError> {
    write(memory)?;
    Ok(InitialState::long_mode(start_address, 0))
}

/// Writes descriptors and page tables.
pub(crate) fn write(memory: &GuestMemoryMmap) -> Result<(), BootError> {
    write_memory(memory, "descriptor table", GLOBAL_DESCRIPTOR_TABLE, &words(DESCRIPTORS))?;
    write_memory(memory, "page tables", PAGE_TABLES, &page_tables())
}

/// The top level with one entry, the next with one for each directory, the directories.
fn page_tables() -> Vec<u8> {
    let pointers = PAGE_TABLES + PAGE;
    let directory = |number| PAGE_TABLES + (2 + number) * PAGE;
    let unused = |used| (used..ENTRIES).map(|_| 0);
    let top = [pointers | TABLE].into_iter().chain(unused(1));
    let second = (0..DIRECTORIES).map(|number| directory(number) | TABLE).chain(unused(DIRECTORIES));
    let pages = (0..DIRECTORIES * ENTRIES).map(|number| (number * LARGE_PAGE_SIZE) | LARGE_PAGE);
    words(top.chain(second).chain(pages))
}

fn words(words: impl IntoIterator<Item = u64>) -> Vec<u8> {
    words.into_iter().flat_map(u64::to_le_bytes).collect()
}
