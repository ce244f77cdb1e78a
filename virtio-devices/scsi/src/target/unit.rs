//! A logical unit: a disk as SCSI sees it, and what it does with a command (SAM-5, SPC-4, SBC-3).
//!
//! It knows no storage: what is to be read or written it says as a [`Plan`], which somebody else carries out.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::attention::{Attention, Attentions};
use super::capacity;
use super::command::{Cdb, Command, Comparison, Extent};
use super::identity::Identity;
use super::inquiry;
use super::mode::{self, ModeSettings};
use super::provisioning::{self, MAX_UNMAP_BLOCKS};
use super::sense::Sense;

/// Most bytes that one command may read, write or verify; also `max_sectors`, times 512.
pub(crate) const MAX_TRANSFER: u32 = 32 << 20;

/// A disk's size and shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    /// Bytes of a logical block: 512 or 4096.
    pub(crate) block_size: u32,
    /// Bytes of a physical block, a multiple of the logical one's by a power of two.
    pub(crate) physical_block_size: u32,
    /// Nothing can be written.
    pub(crate) read_only: bool,
}

/// What it takes to do a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Nothing more: this is for the driver, at most as much as it has allowed.
    Answer(Vec<u8>),
    /// Something with the storage, and then the status is GOOD.
    Storage(Operation),
}

/// What the storage is to do. Offsets and lengths are in bytes, whole blocks, and on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// From the disk to the driver.
    Read { offset: u64, length: u32 },
    /// From the driver to the disk; `stable`: to be on stable storage before it is answered.
    Write { offset: u64, length: u32, stable: bool },
    /// Reads without a place for it, and compares.
    Verify { offset: u64, length: u32, compare: Comparison },
    /// Everything that was written is to be on stable storage.
    Flush,
    /// What these blocks hold is of no interest any more.
    Unmap { ranges: Vec<ByteRange>, stable: bool },
    /// Zeroes; `unmap`: the storage may be given up, if they still read as zeroes.
    WriteZeroes { range: ByteRange, unmap: bool, stable: bool },
    /// The block that came along, over and over.
    WriteSame { range: ByteRange, stable: bool },
}

/// A part of the disk, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByteRange {
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// A disk as SCSI sees it. All queues share it.
#[derive(Debug)]
pub(crate) struct Unit {
    identity: Identity,
    geometry: Geometry,
    blocks: AtomicU64,
    stopped: AtomicBool,
    mode: ModeSettings,
    attentions: Attentions,
}

impl Unit {
    /// A disk of `bytes` bytes that has just been switched on.
    pub(crate) fn new(identity: Identity, geometry: Geometry, bytes: u64) -> Self {
        let unit = Self {
            identity,
            geometry,
            blocks: AtomicU64::new(bytes / u64::from(geometry.block_size)),
            stopped: AtomicBool::new(false),
            mode: ModeSettings::default(),
            attentions: Attentions::default(),
        };
        unit.attentions.raise(Attention::PowerOn);
        unit
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn geometry(&self) -> Geometry {
        self.geometry
    }

    /// How many blocks there are.
    pub(crate) fn blocks(&self) -> u64 {
        self.blocks.load(Ordering::Relaxed)
    }

    pub(crate) fn mode(&self) -> &ModeSettings {
        &self.mode
    }

    /// Everything as it was at the beginning, for this reason.
    pub(crate) fn reset(&self, reason: Attention) {
        self.stopped.store(false, Ordering::Relaxed);
        self.mode.reset();
        self.attentions.clear();
        self.attentions.raise(reason);
    }

    /// The driver is to hear of this at its next command.
    pub(crate) fn raise(&self, attention: Attention) {
        self.attentions.raise(attention);
    }

    /// The disk has another size from now on, in bytes; whether that is news.
    pub(crate) fn resize(&self, bytes: u64) -> bool {
        let blocks = bytes / u64::from(self.geometry.block_size);
        let news = self.blocks.swap(blocks, Ordering::Relaxed) != blocks;
        if news {
            self.attentions.raise(Attention::CapacityChanged);
        }
        news
    }

    /// What it takes to do `command`, which is not REPORT LUNS. `parameters` is what the driver sends along with a
    /// command that is not a write.
    ///
    /// # Errors
    /// What the driver is to be told instead.
    pub(crate) fn plan(&self, command: &Command, parameters: &[u8]) -> Result<Plan, Sense> {
        match *command {
            Command::TestUnitReady => self.ready().map(|()| nothing()),
            Command::RequestSense { descriptor, .. } => Ok(Plan::Answer(self.request_sense(descriptor))),
            Command::Inquiry { page, .. } => inquiry::answer(self, page).map(Plan::Answer),
            Command::ModeSense { .. } => mode::sense(self, command).map(Plan::Answer),
            Command::ModeSelect { form, .. } => mode::select(self, form, parameters).map(|()| nothing()),
            Command::StartStop { start } => {
                self.stopped.store(!start, Ordering::Relaxed);
                Ok(if start { nothing() } else { Plan::Storage(Operation::Flush) })
            }
            Command::PreventRemoval => Ok(nothing()),
            // The target's, which knows its units.
            Command::ReportLuns { .. } => Err(Sense::TARGET_FAILURE),
            Command::ReadCapacity10 => self.ready().map(|()| Plan::Answer(capacity::ten(self))),
            Command::ReadCapacity16 { .. } => self.ready().map(|()| Plan::Answer(capacity::sixteen(self))),
            Command::Read { .. } | Command::Write { .. } | Command::Verify { .. } => {
                self.ready()?;
                self.transfer(command)
            }
            Command::SynchronizeCache { extent } => {
                self.ready()?;
                self.check_on_disk(extent.first, extent.count.into())?;
                Ok(Plan::Storage(Operation::Flush))
            }
            Command::Unmap { .. } => {
                self.ready()?;
                self.writable()?;
                provisioning::unmap(self, parameters)
            }
            Command::WriteSame { extent, unmap, has_data } => {
                self.ready()?;
                self.writable()?;
                self.write_same(extent, unmap, parameters.iter().all(|byte| *byte == 0) || !has_data)
            }
        }
    }

    /// The news that stands in the way of this command, if any: it will not be told again (SAM-5, 5.14).
    pub(crate) fn take_attention(&self, cdb: &Cdb) -> Option<Sense> {
        let told_otherwise = Command::parse(cdb).is_ok_and(|command| {
            matches!(
                command,
                Command::Inquiry { .. } | Command::ReportLuns { .. } | Command::RequestSense { .. }
            )
        });
        if told_otherwise { None } else { self.attentions.take() }
    }

    /// The byte range of these blocks, if they are on the disk.
    pub(crate) fn range(&self, first: u64, count: u64) -> Result<ByteRange, Sense> {
        self.check_on_disk(first, count)?;
        let size = u64::from(self.geometry.block_size);
        Ok(ByteRange { offset: first * size, length: count * size })
    }

    /// Whether what is written has to be on stable storage before it is answered, as there is no write cache.
    pub(crate) fn writes_through(&self) -> bool {
        !self.mode.write_cache()
    }

    fn request_sense(&self, descriptor: bool) -> Vec<u8> {
        let pending = self.attentions.take();
        pending.or_else(|| self.ready().err()).unwrap_or(Sense::NONE).bytes(descriptor)
    }

    fn ready(&self) -> Result<(), Sense> {
        if self.stopped.load(Ordering::Relaxed) { Err(Sense::STOPPED) } else { Ok(()) }
    }

    fn writable(&self) -> Result<(), Sense> {
        if self.geometry.read_only { Err(Sense::WRITE_PROTECTED) } else { Ok(()) }
    }

    fn check_on_disk(&self, first: u64, count: u64) -> Result<(), Sense> {
        match first.checked_add(count) {
            Some(end) if end <= self.blocks() => Ok(()),
            _ => Err(Sense::BLOCK_OUT_OF_RANGE),
        }
    }

    fn transfer(&self, command: &Command) -> Result<Plan, Sense> {
        let operation = match *command {
            Command::Write { extent, stable } => {
                self.writable()?;
                let (offset, length) = self.transferred(extent)?;
                Operation::Write { offset, length, stable: stable || self.writes_through() }
            }
            Command::Verify { extent, compare } => {
                let (offset, length) = self.transferred(extent)?;
                Operation::Verify { offset, length, compare }
            }
            Command::Read { extent } => {
                let (offset, length) = self.transferred(extent)?;
                Operation::Read { offset, length }
            }
            _ => return Ok(nothing()),
        };
        Ok(Plan::Storage(operation))
    }

    /// Offset and length of what a command transfers, which may be nothing.
    fn transferred(&self, extent: Extent) -> Result<(u64, u32), Sense> {
        let range = self.range(extent.first, extent.count.into())?;
        let length = u32::try_from(range.length).ok().filter(|length| *length <= MAX_TRANSFER);
        let length = length.ok_or(Sense::invalid_field(extent.count_field))?;
        Ok((range.offset, length))
    }

    fn write_same(&self, extent: Extent, unmap: bool, zeroes: bool) -> Result<Plan, Sense> {
        // No blocks would mean all up to the end, which VPD page B0h excludes (WSNZ).
        if extent.count == 0 || extent.count > MAX_UNMAP_BLOCKS {
            return Err(Sense::invalid_field(extent.count_field));
        }
        let range = self.range(extent.first, extent.count.into())?;
        let stable = self.writes_through();
        Ok(Plan::Storage(if zeroes {
            Operation::WriteZeroes { range, unmap, stable }
        } else {
            // Blocks that are not unmapped as they hold something: UNMAP is a wish (SBC-3, 5.50).
            Operation::WriteSame { range, stable }
        }))
    }
}

fn nothing() -> Plan {
    Plan::Answer(Vec::new())
}
