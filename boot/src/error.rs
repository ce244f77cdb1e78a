//! What can be wrong with the files and the machine description.

use std::{fmt, io};

use vm_memory::GuestMemoryError;

use crate::addresses::HIGH_MEMORY;

/// Why a kernel cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// The kernel's file.
    #[error("kernel: {0}")]
    Kernel(#[from] KernelError),
    /// The initrd's file.
    #[error("initrd: {0}")]
    Initrd(#[from] InitrdError),
    /// The command line.
    #[error("command line: {0}")]
    CommandLine(#[from] CommandLineError),
    /// The machine cannot be described.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// Guest memory is missing where something has to be written, or a file cannot be read into it.
    #[error("cannot write the {what} to guest memory at {address:#x}: {source}")]
    Memory {
        /// What was to be written.
        what: &'static str,
        /// Where.
        address: u64,
        /// Why not.
        source: GuestMemoryError,
    },
}

/// What is wrong with a kernel's file.
#[derive(Debug, thiserror::Error)]
pub enum KernelError {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Read(#[from] io::Error),
    /// It is no kernel.
    #[error(
        "not a kernel: {size} bytes, the first are {start:02x?}; accepted are ELF files for x86-64 (vmlinux) and bzImage \
         (vmlinuz)"
    )]
    UnknownFormat {
        /// The file's size, in bytes.
        size: u64,
        /// The first bytes.
        start: Vec<u8>,
    },
    /// A part reaches past the end of the file.
    #[error(
        "{part}: {size} bytes at offset {offset:#x}, but the file has {file_size} bytes; accepted are complete files"
    )]
    Truncated {
        /// The part.
        part: KernelPart,
        /// Where it starts in the file.
        offset: u64,
        /// How long it is.
        size: u64,
        /// How long the file is.
        file_size: u64,
    },
    /// A part does not fit into memory.
    #[error(
        "{part}: {size} bytes at address {start:#x} do not fit into memory; accepted are addresses from {HIGH_MEMORY:#x} to \
         {memory_end:#x}, where memory ends"
    )]
    OutsideMemory {
        /// The part.
        part: KernelPart,
        /// Its first guest-physical address.
        start: u64,
        /// How long it is there.
        size: u64,
        /// Where memory ends.
        memory_end: u64,
    },
    /// Two parts want the same memory.
    #[error(
        "{first} and {second} overlap at address {address:#x}; accepted are segments apart from each other"
    )]
    Overlap {
        /// The one that starts lower.
        first: KernelPart,
        /// The one that starts higher.
        second: KernelPart,
        /// The first address they share.
        address: u64,
    },
    /// A field has a value that cannot be.
    #[error("{part}: {field} is {value:#x}; accepted: {accepted}")]
    Field {
        /// The part that the field is in.
        part: KernelPart,
        /// The field, by the name it has in the specification of the format.
        field: &'static str,
        /// What it holds.
        value: u64,
        /// What would be accepted.
        accepted: &'static str,
    },
}

/// A part of a kernel's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelPart {
    /// The header of an ELF file.
    ElfHeader,
    /// The table of program headers of an ELF file.
    ProgramHeaders,
    /// A program header of an ELF file and what it says to load, counted from 0.
    Segment(usize),
    /// A program header of an ELF file that has notes, counted from 0.
    Notes(usize),
    /// The setup header of a bzImage.
    SetupHeader,
    /// What follows the setup code of a bzImage.
    ProtectedModeCode,
}

impl fmt::Display for KernelPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ElfHeader => formatter.write_str("ELF header"),
            Self::ProgramHeaders => formatter.write_str("ELF program headers"),
            Self::Segment(index) => write!(formatter, "ELF program header {index} (load)"),
            Self::Notes(index) => write!(formatter, "ELF program header {index} (notes)"),
            Self::SetupHeader => formatter.write_str("bzImage setup header"),
            Self::ProtectedModeCode => formatter.write_str("bzImage protected-mode code"),
        }
    }
}

/// What is wrong with an initrd's file.
#[derive(Debug, thiserror::Error)]
pub enum InitrdError {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Read(#[from] io::Error),
    /// There is nothing in it.
    #[error("the file has 0 bytes; accepted is what the kernel unpacks, such as a cpio archive")]
    Empty,
    /// It does not fit between the kernel and the highest address that the kernel takes it from.
    #[error(
        "the file has {size} bytes; accepted are at most {room}, which is what lies between the kernel's end and {limit:#x}"
    )]
    TooLarge {
        /// The file's size, in bytes.
        size: u64,
        /// Bytes there are for it.
        room: u64,
        /// Where these end.
        limit: u64,
    },
}

/// What is wrong with a command line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandLineError {
    /// The kernel would not read all of it.
    #[error("{length} bytes long; accepted by this kernel are at most {most}")]
    TooLong {
        /// Its length, in bytes.
        length: u64,
        /// What the kernel takes.
        most: u64,
    },
    /// The kernel would take it to end in the middle.
    #[error("a zero byte at position {position}; accepted is any other")]
    ZeroByte {
        /// Counted from 0.
        position: usize,
    },
}

/// What of a machine cannot be described to its kernel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlatformError {
    /// A number that does not fit.
    #[error("machine: {what} is {value:#x}; accepted: {accepted}")]
    Field {
        /// The number.
        what: &'static str,
        /// Its value.
        value: u64,
        /// What would be accepted.
        accepted: &'static str,
    },
    /// The tables do not fit into their place.
    #[error("machine: its ACPI tables have {size} bytes; accepted are at most {room}")]
    AcpiTables {
        /// Bytes of all tables.
        size: u64,
        /// Bytes there are for them.
        room: u64,
    },
}
