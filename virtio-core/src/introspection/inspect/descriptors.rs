//! Walks a chain descriptor by descriptor and says what is wrong with each. It shows whatever stands there, as far as it
//! can be followed.

use crate::GuestMemory;
use crate::queue::descriptor::{
    DESCRIPTOR_INDIRECT, DESCRIPTOR_NEXT, DESCRIPTOR_SIZE, DESCRIPTOR_WRITE, Descriptor, check_range,
};
use crate::queue::packed::position::{AVAILABLE, USED};
use crate::queue::{RingError, RingForm};
use qapi_schema::inspect::{VirtioDescriptor, VirtioDescriptorFlag, VirtioDescriptorProblem as Problem};
use vm_memory::{Bytes, GuestAddress};

/// The most descriptors of one chain that are shown: as many as a device takes.
const MAXIMUM_DESCRIPTORS: usize = 1024;

/// Flags and their names, in the order of the specification.
const FLAGS: [(u16, VirtioDescriptorFlag); 5] = [
    (DESCRIPTOR_NEXT, VirtioDescriptorFlag::Next),
    (DESCRIPTOR_WRITE, VirtioDescriptorFlag::Write),
    (DESCRIPTOR_INDIRECT, VirtioDescriptorFlag::Indirect),
    (AVAILABLE, VirtioDescriptorFlag::Available),
    (USED, VirtioDescriptorFlag::Used),
];

/// Where the descriptors are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table {
    /// Guest physical address. All entries are in guest memory.
    pub(super) address: u64,
    /// Number of descriptors.
    pub(super) entries: u32,
    /// How descriptors are linked.
    pub(super) form: RingForm,
    /// An indirect descriptor refers to it.
    pub(super) is_indirect: bool,
}

/// A chain as it stands in guest memory.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// In natural order.
    pub(super) descriptors: Vec<VirtioDescriptor>,
    /// Buffers in guest memory that the device may read: address and length.
    pub(super) readable: Vec<(u64, u32)>,
    /// As before, that it may write.
    pub(super) writable: Vec<(u64, u32)>,
    /// The buffer ID on a packed ring: that of the last descriptor in the ring.
    pub(super) buffer_id: u16,
}

/// Walks the chain whose first descriptor has this number in the ring's table.
pub(super) fn walk(
    memory: &GuestMemory,
    table: Table,
    first: u16,
    (indirect_negotiated, in_flight): (bool, bool),
) -> Walked {
    let in_flight = in_flight && table.form == RingForm::Packed;
    let (visited, walked) = (table.unvisited(), Walked::default());
    let mut walk = Walk { memory, table, indirect_negotiated, in_flight, visited, walked };
    let mut next = Some(u32::from(first));
    while let Some(index) = next {
        next = if walk.walked.descriptors.len() < MAXIMUM_DESCRIPTORS { walk.step(index) } else { None };
    }
    walk.walked
}

impl Table {
    fn unvisited(&self) -> Vec<bool> {
        vec![false; usize::try_from(self.entries).unwrap_or(0)]
    }

    fn load(&self, memory: &GuestMemory, index: u32) -> Result<Descriptor, RingError> {
        let address = self.address + DESCRIPTOR_SIZE * u64::from(index);
        match self.form {
            RingForm::Split => Descriptor::load(memory, address),
            RingForm::Packed => Descriptor::load_packed(memory, address),
        }
    }

    /// The number of the descriptor after this one.
    fn next(&self, index: u32, descriptor: &Descriptor) -> Option<u32> {
        match self.form {
            RingForm::Split => descriptor.has(DESCRIPTOR_NEXT).then_some(u32::from(descriptor.next)),
            RingForm::Packed if self.is_indirect => Some(index + 1).filter(|next| *next < self.entries),
            RingForm::Packed => descriptor.has(DESCRIPTOR_NEXT).then_some((index + 1) % self.entries.max(1)),
        }
    }

    /// The flags that mean something here.
    fn known_flags(&self) -> u16 {
        let all = FLAGS.iter().fold(0, |known, (mask, _)| known | mask);
        match self.form {
            RingForm::Split => all & !(AVAILABLE | USED),
            // WRITE is the only one that counts there (2.8.7).
            RingForm::Packed if self.is_indirect => DESCRIPTOR_WRITE,
            RingForm::Packed => all,
        }
    }
}

struct Walk<'a> {
    memory: &'a GuestMemory,
    table: Table,
    indirect_negotiated: bool,
    /// The device has the chain, on a packed ring: the driver's marks are to be on it.
    in_flight: bool,
    /// The descriptors of the current table that the chain has been at.
    visited: Vec<bool>,
    walked: Walked,
}

impl Walk<'_> {
    /// Shows a descriptor; returns the number of the next one.
    fn step(&mut self, index: u32) -> Option<u32> {
        match usize::try_from(index).ok().and_then(|index| self.visited.get_mut(index)) {
            None => self.blame_last(Problem::NextOutsideTable)?,
            Some(true) => self.blame_last(Problem::Loops)?,
            Some(visited) => *visited = true,
        }
        let descriptor = self.table.load(self.memory, index).ok()?;
        if descriptor.flags & self.table.known_flags() & DESCRIPTOR_INDIRECT != 0 {
            return self.enter(index, &descriptor);
        }
        let problems = self.buffer_problems(&descriptor);
        self.show(index, &descriptor, problems);
        self.table.next(index, &descriptor)
    }

    /// The last descriptor leads nowhere. Always `None`: the walk is over.
    fn blame_last(&mut self, problem: Problem) -> Option<()> {
        self.walked.descriptors.last_mut().into_iter().for_each(|last| last.problems.push(problem));
        None
    }

    /// Shows an indirect descriptor and goes on in its table, if that is one.
    fn enter(&mut self, index: u32, descriptor: &Descriptor) -> Option<u32> {
        let Descriptor { address, length, .. } = *descriptor;
        let mut problems = Vec::new();
        if self.table.is_indirect {
            problems.push(Problem::NestedIndirect);
        }
        if !self.indirect_negotiated {
            problems.push(Problem::IndirectNotNegotiated);
        }
        if descriptor.has(DESCRIPTOR_NEXT) {
            problems.push(Problem::IndirectWithNext);
        }
        let entries = length / 16;
        let has_table = length.is_multiple_of(16) && (1..=1 << 16).contains(&entries);
        let in_memory = self.memory_problem(address, length);
        problems.extend((!has_table).then_some(Problem::IndirectLength).or(in_memory));
        let is_nested = self.table.is_indirect;
        self.show(index, descriptor, problems);
        if is_nested || !has_table || in_memory.is_some() {
            return None;
        }
        self.table = Table { address, entries, is_indirect: true, ..self.table };
        self.visited = self.table.unvisited();
        Some(0)
    }

    fn show(&mut self, index: u32, descriptor: &Descriptor, mut problems: Vec<Problem>) {
        if descriptor.flags & !self.table.known_flags() != 0 {
            problems.push(Problem::UnknownFlags);
        }
        let marks = descriptor.flags & (AVAILABLE | USED);
        if self.in_flight && !self.table.is_indirect && (marks == 0 || marks == AVAILABLE | USED) {
            problems.push(Problem::Overwritten);
        }
        if !self.table.is_indirect {
            self.walked.buffer_id = descriptor.next;
        }
        let set = FLAGS.iter().filter(|(mask, _)| descriptor.flags & self.table.known_flags() & mask != 0);
        self.walked.descriptors.push(VirtioDescriptor {
            index: u16::try_from(index).unwrap_or(u16::MAX),
            indirect_table: self.table.is_indirect,
            address: descriptor.address,
            length: descriptor.length,
            flags: set.map(|(_, flag)| *flag).collect(),
            problems,
        });
    }

    /// What is wrong with a buffer. If it can be used it is noted.
    fn buffer_problems(&mut self, descriptor: &Descriptor) -> Vec<Problem> {
        let Descriptor { address, length, .. } = *descriptor;
        let writable = descriptor.has(DESCRIPTOR_WRITE);
        let mut problems = Vec::new();
        if !writable && !self.walked.writable.is_empty() {
            problems.push(Problem::ReadableAfterWritable);
        }
        if length == 0 {
            problems.push(Problem::Empty);
            return problems;
        }
        if let Some(problem) = self.memory_problem(address, length) {
            problems.push(problem);
            return problems;
        }
        let Walked { readable: others, writable: written, .. } = &self.walked;
        let overlaps = |(start, size): &(u64, u32)| {
            *start < address + u64::from(length) && address < start + u64::from(*size)
        };
        if written.iter().any(overlaps) || writable && others.iter().any(overlaps) {
            problems.push(Problem::Overlaps);
        }
        let buffers = if writable { &mut self.walked.writable } else { &mut self.walked.readable };
        buffers.push((address, length));
        problems
    }

    fn memory_problem(&self, address: u64, length: u32) -> Option<Problem> {
        match check_range(self.memory, address, u64::from(length)) {
            Ok(()) => None,
            Err(RingError::AddressOverflow { .. }) => Some(Problem::AddressOverflow),
            Err(_) => Some(Problem::NotInMemory),
        }
    }
}

/// The first bytes of some buffers, at most `limit`.
pub(super) fn prefix(memory: &GuestMemory, buffers: &[(u64, u32)], limit: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (address, length) in buffers {
        let left = limit - bytes.len();
        let part = usize::try_from(*length).unwrap_or(usize::MAX).min(left);
        let start = bytes.len();
        bytes.resize(start + part, 0);
        let place = bytes.get_mut(start..).unwrap_or_default();
        if part == 0 || memory.read_slice(place, GuestAddress(*address)).is_err() {
            bytes.truncate(start);
            break;
        }
    }
    bytes
}

/// The very last byte of some buffers.
pub(super) fn last_byte(memory: &GuestMemory, buffers: &[(u64, u32)]) -> Option<u8> {
    let (address, length) = buffers.last()?;
    memory.read_obj(GuestAddress(address + u64::from(*length) - 1)).ok()
}
