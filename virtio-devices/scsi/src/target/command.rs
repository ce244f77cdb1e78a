//! Command descriptor blocks (SPC-4 and SBC-3): what their bytes ask for, whoever is asked.

use super::sense::Sense;

/// Bytes of the longest CDB that the target knows.
pub(crate) const CDB_SIZE: usize = 16;

/// A command that the target knows, with the fields that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    TestUnitReady,
    RequestSense {
        descriptor: bool,
        allocation: u32,
    },
    /// `page` is a page of vital product data.
    Inquiry {
        page: Option<u8>,
        allocation: u32,
    },
    ModeSense {
        form: ModeForm,
        page: u8,
        subpage: u8,
        values: PageValues,
        descriptor: bool,
        allocation: u32,
    },
    ModeSelect {
        form: ModeForm,
        length: u32,
    },
    StartStop {
        start: bool,
    },
    /// PREVENT ALLOW MEDIUM REMOVAL: there is nothing that could be removed.
    PreventRemoval,
    ReadCapacity10,
    ReadCapacity16 {
        allocation: u32,
    },
    Read {
        extent: Extent,
    },
    /// `stable`: not answered before it is on stable storage (FUA).
    Write {
        extent: Extent,
        stable: bool,
    },
    Verify {
        extent: Extent,
        compare: Comparison,
    },
    SynchronizeCache {
        extent: Extent,
    },
    Unmap {
        length: u32,
    },
    /// `has_data`: a block comes along; otherwise zeroes are written.
    WriteSame {
        extent: Extent,
        unmap: bool,
        has_data: bool,
    },
    ReportLuns {
        select: u8,
        allocation: u32,
    },
}

/// Consecutive blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The first block's address.
    pub(crate) first: u64,
    /// How many; what none mean is the command's affair.
    pub(crate) count: u32,
    /// Where the count stands in the CDB, for the sense data.
    pub(crate) count_field: u16,
}

/// The two lengths of MODE SENSE and MODE SELECT, which have different headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ModeForm {
    Six,
    Ten,
}

/// Which values of mode pages are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageValues {
    Current,
    /// Ones where they can be changed.
    Changeable,
    Default,
    Saved,
}

/// What VERIFY compares the medium with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Nothing: the blocks have to be readable.
    Nothing,
    /// As many bytes as the blocks have.
    Everything,
    /// One block, which all have to equal.
    OneBlock,
}

/// What a command sends or wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transfer {
    Nothing,
    /// At most this many bytes for the driver.
    In(u64),
    /// This many bytes from the driver.
    Out(u64),
}

/// The operation codes by name, for people; [`Command::parse`] may know fewer, and fewer service actions.
pub(crate) const NAMES: [(u64, &str); 48] = [
    (0x00, "TEST UNIT READY"),
    (0x03, "REQUEST SENSE"),
    (0x04, "FORMAT UNIT"),
    (0x08, "READ(6)"),
    (0x0a, "WRITE(6)"),
    (0x12, "INQUIRY"),
    (0x15, "MODE SELECT(6)"),
    (0x16, "RESERVE(6)"),
    (0x17, "RELEASE(6)"),
    (0x1a, "MODE SENSE(6)"),
    (0x1b, "START STOP UNIT"),
    (0x1c, "RECEIVE DIAGNOSTIC RESULTS"),
    (0x1d, "SEND DIAGNOSTIC"),
    (0x1e, "PREVENT ALLOW MEDIUM REMOVAL"),
    (0x25, "READ CAPACITY(10)"),
    (0x28, "READ(10)"),
    (0x2a, "WRITE(10)"),
    (0x2e, "WRITE AND VERIFY(10)"),
    (0x2f, "VERIFY(10)"),
    (0x34, "PRE-FETCH(10)"),
    (0x35, "SYNCHRONIZE CACHE(10)"),
    (0x37, "READ DEFECT DATA(10)"),
    (0x3b, "WRITE BUFFER"),
    (0x3c, "READ BUFFER"),
    (0x41, "WRITE SAME(10)"),
    (0x42, "UNMAP"),
    (0x46, "GET CONFIGURATION"),
    (0x4a, "GET EVENT STATUS NOTIFICATION"),
    (0x4d, "LOG SENSE"),
    (0x55, "MODE SELECT(10)"),
    (0x5a, "MODE SENSE(10)"),
    (0x5e, "PERSISTENT RESERVE IN"),
    (0x5f, "PERSISTENT RESERVE OUT"),
    (0x7f, "VARIABLE LENGTH"),
    (0x85, "ATA PASS-THROUGH(16)"),
    (0x88, "READ(16)"),
    (0x89, "COMPARE AND WRITE"),
    (0x8a, "WRITE(16)"),
    (0x8f, "VERIFY(16)"),
    (0x91, "SYNCHRONIZE CACHE(16)"),
    (0x93, "WRITE SAME(16)"),
    (0x9e, "SERVICE ACTION IN(16)"),
    (0xa0, "REPORT LUNS"),
    (0xa1, "ATA PASS-THROUGH(12)"),
    (0xa3, "MAINTENANCE IN"),
    (0xa8, "READ(12)"),
    (0xaa, "WRITE(12)"),
    (0xaf, "VERIFY(12)"),
];

const TEST_UNIT_READY: u8 = 0x00;
const REQUEST_SENSE: u8 = 0x03;
const INQUIRY: u8 = 0x12;
const MODE_SELECT_6: u8 = 0x15;
const MODE_SENSE_6: u8 = 0x1a;
const START_STOP_UNIT: u8 = 0x1b;
const PREVENT_ALLOW_MEDIUM_REMOVAL: u8 = 0x1e;
const READ_CAPACITY_10: u8 = 0x25;
const UNMAP: u8 = 0x42;
const MODE_SELECT_10: u8 = 0x55;
const MODE_SENSE_10: u8 = 0x5a;
const SERVICE_ACTION_IN_16: u8 = 0x9e;
const REPORT_LUNS: u8 = 0xa0;
/// The service action that makes of SERVICE ACTION IN(16) a READ CAPACITY(16).
const READ_CAPACITY_16: u8 = 0x10;

/// The bits of byte 1 that ask for protection information, which no unit here has.
const PROTECTION: u8 = 0xe0;

/// A CDB, with zeroes behind what the driver sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cdb(pub(crate) [u8; CDB_SIZE]);

impl Cdb {
    /// The CDB at the beginning of `bytes`.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut cdb = [0; CDB_SIZE];
        cdb.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        Self(cdb)
    }

    pub(crate) fn operation_code(&self) -> u8 {
        self.byte(0)
    }

    fn byte(&self, at: usize) -> u8 {
        self.0.get(at).copied().unwrap_or(0)
    }

    fn bit(&self, at: usize, bit: u8) -> bool {
        self.byte(at) >> bit & 1 == 1
    }

    /// The 16 bits that begin at byte `at`, and likewise.
    fn two(&self, at: usize) -> u32 {
        u32::from(self.byte(at)) << 8 | u32::from(self.byte(at + 1))
    }

    fn four(&self, at: usize) -> u32 {
        self.two(at) << 16 | self.two(at + 2)
    }

    fn eight(&self, at: usize) -> u64 {
        u64::from(self.four(at)) << 32 | u64::from(self.four(at + 4))
    }

    /// Bytes of the CDB, as the operation code's group says (SPC-4, 4.2.5.1); none for groups of other kinds.
    fn length(&self) -> Option<usize> {
        match self.operation_code() >> 5 {
            0 => Some(6),
            1 | 2 => Some(10),
            4 => Some(16),
            5 => Some(12),
            _ => None,
        }
    }

    /// The blocks that a reading or writing command is about.
    fn extent(&self) -> Extent {
        let (first, count, count_field) = match self.length() {
            // 21 bits of address, and no blocks stand for 256 (SBC-3, 5.10).
            Some(6) => {
                let count = self.byte(4);
                (u64::from(self.four(0) & 0x1f_ffff), if count == 0 { 256 } else { count.into() }, 4)
            }
            Some(10) => (self.four(2).into(), self.two(7), 7),
            Some(12) => (self.four(2).into(), self.four(6), 6),
            _ => (self.eight(2), self.four(10), 10),
        };
        Extent { first, count, count_field }
    }

    /// Refuses a CDB with a bit of `mask` set in byte `at`.
    fn refuse(&self, at: u16, mask: u8) -> Result<(), Sense> {
        let byte = self.byte(at.into());
        if byte & mask == 0 { Ok(()) } else { Err(Sense::invalid_field(at)) }
    }
}

impl Command {
    /// Reads a CDB.
    ///
    /// # Errors
    /// An operation code that the target does not know, or a field that asks for what it does not have.
    pub(crate) fn parse(cdb: &Cdb) -> Result<Self, Sense> {
        let command = match cdb.operation_code() {
            TEST_UNIT_READY => Self::TestUnitReady,
            REQUEST_SENSE => Self::RequestSense { descriptor: cdb.bit(1, 0), allocation: cdb.byte(4).into() },
            INQUIRY => parse_inquiry(cdb)?,
            MODE_SELECT_6 => parse_mode_select(cdb, ModeForm::Six, cdb.byte(4).into())?,
            MODE_SELECT_10 => parse_mode_select(cdb, ModeForm::Ten, cdb.two(7))?,
            MODE_SENSE_6 => parse_mode_sense(cdb, ModeForm::Six, cdb.byte(4).into()),
            MODE_SENSE_10 => parse_mode_sense(cdb, ModeForm::Ten, cdb.two(7)),
            START_STOP_UNIT => parse_start_stop(cdb)?,
            PREVENT_ALLOW_MEDIUM_REMOVAL => Self::PreventRemoval,
            READ_CAPACITY_10 => Self::ReadCapacity10,
            SERVICE_ACTION_IN_16 if cdb.byte(1) & 0x1f == READ_CAPACITY_16 => {
                Self::ReadCapacity16 { allocation: cdb.four(10) }
            }
            SERVICE_ACTION_IN_16 => return Err(Sense::invalid_field(1)),
            UNMAP => {
                // No anchored blocks: a file knows mapped and not mapped.
                cdb.refuse(1, 1)?;
                Self::Unmap { length: cdb.two(7) }
            }
            REPORT_LUNS => Self::ReportLuns { select: cdb.byte(2), allocation: cdb.four(6) },
            _ => parse_blocks(cdb)?,
        };
        // NACA, in the control byte at the end: no unit here keeps an auto contingent allegiance.
        if let Some(control) = cdb.length().map(|length| length - 1) {
            cdb.refuse(u16::try_from(control).unwrap_or(u16::MAX), 1 << 2)?;
        }
        Ok(command)
    }

    /// Whether what the driver sends along has to be looked at before it is clear what is to be done.
    pub(crate) fn has_parameters(&self) -> bool {
        match self {
            Self::Unmap { .. } | Self::ModeSelect { .. } => true,
            Self::WriteSame { has_data, .. } => *has_data,
            Self::Verify { compare, .. } => *compare == Comparison::OneBlock,
            _ => false,
        }
    }

    /// What the command sends or wants, as its CDB says, on a unit with blocks of `block_size` bytes.
    pub(crate) fn transfer(&self, block_size: u32) -> Transfer {
        let bytes = |extent: &Extent| u64::from(extent.count) * u64::from(block_size);
        match self {
            Self::RequestSense { allocation, .. }
            | Self::Inquiry { allocation, .. }
            | Self::ModeSense { allocation, .. }
            | Self::ReadCapacity16 { allocation }
            | Self::ReportLuns { allocation, .. } => Transfer::In((*allocation).into()),
            Self::ReadCapacity10 => Transfer::In(8),
            Self::Read { extent } => Transfer::In(bytes(extent)),
            Self::Write { extent, .. } | Self::Verify { extent, compare: Comparison::Everything } => {
                Transfer::Out(bytes(extent))
            }
            Self::Verify { compare: Comparison::OneBlock, .. } | Self::WriteSame { has_data: true, .. } => {
                Transfer::Out(block_size.into())
            }
            Self::Unmap { length } | Self::ModeSelect { length, .. } => Transfer::Out((*length).into()),
            Self::TestUnitReady
            | Self::StartStop { .. }
            | Self::PreventRemoval
            | Self::Verify { compare: Comparison::Nothing, .. }
            | Self::SynchronizeCache { .. }
            | Self::WriteSame { has_data: false, .. } => Transfer::Nothing,
        }
    }
}

fn parse_inquiry(cdb: &Cdb) -> Result<Command, Sense> {
    // CMDDT, which is obsolete.
    cdb.refuse(1, 2)?;
    let page = cdb.bit(1, 0).then_some(cdb.byte(2));
    if page.is_none() {
        cdb.refuse(2, 0xff)?;
    }
    Ok(Command::Inquiry { page, allocation: cdb.two(3) })
}

fn parse_mode_sense(cdb: &Cdb, form: ModeForm, allocation: u32) -> Command {
    let values = match cdb.byte(2) >> 6 {
        0 => PageValues::Current,
        1 => PageValues::Changeable,
        2 => PageValues::Default,
        _ => PageValues::Saved,
    };
    let (page, subpage) = (cdb.byte(2) & 0x3f, cdb.byte(3));
    Command::ModeSense { form, page, subpage, values, descriptor: !cdb.bit(1, 3), allocation }
}

fn parse_mode_select(cdb: &Cdb, form: ModeForm, length: u32) -> Result<Command, Sense> {
    // The page format has to be the standard's (PF), and there is nowhere to save pages (SP).
    if cdb.byte(1) & 0x11 != 0x10 {
        return Err(Sense::invalid_field(1));
    }
    Ok(Command::ModeSelect { form, length })
}

fn parse_start_stop(cdb: &Cdb) -> Result<Command, Sense> {
    // Power conditions are not supported, and there is nothing to load or eject (LOEJ).
    cdb.refuse(4, 0xf2)?;
    Ok(Command::StartStop { start: cdb.bit(4, 0) })
}

/// The commands that read and write blocks, which come in several lengths each.
fn parse_blocks(cdb: &Cdb) -> Result<Command, Sense> {
    let extent = cdb.extent();
    let code = cdb.operation_code();
    // In the shortest form byte 1 belongs to the address.
    let flags = if cdb.length() == Some(6) { 0 } else { cdb.byte(1) };
    let protected =
        |command| if flags & PROTECTION == 0 { Ok(command) } else { Err(Sense::invalid_field(1)) };
    match code {
        0x08 | 0x28 | 0xa8 | 0x88 => protected(Command::Read { extent }),
        0x0a | 0x2a | 0xaa | 0x8a => protected(Command::Write { extent, stable: flags & 8 != 0 }),
        0x2f | 0xaf | 0x8f => {
            let compare = match flags >> 1 & 3 {
                0 => Comparison::Nothing,
                1 => Comparison::Everything,
                3 => Comparison::OneBlock,
                _ => return Err(Sense::invalid_field(1)),
            };
            protected(Command::Verify { extent, compare })
        }
        0x35 | 0x91 => Ok(Command::SynchronizeCache { extent }),
        // Neither anchored blocks (ANCHOR) nor addresses in the data (PBDATA, LBDATA).
        0x41 | 0x93 => {
            cdb.refuse(1, 0x16)?;
            let has_data = code == 0x41 || flags & 1 == 0;
            protected(Command::WriteSame { extent, unmap: flags & 8 != 0, has_data })
        }
        _ => Err(Sense::INVALID_OPERATION_CODE),
    }
}
