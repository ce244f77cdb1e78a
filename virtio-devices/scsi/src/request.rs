//! The bytes of requests and answers on the request queues (virtio 1.3, 5.6.6.1). Knows readers and writers of bytes, no
//! rings.

use std::io::{self, Read, Write};

use crate::target::command::{CDB_SIZE, Cdb};
use crate::target::luns::LunBytes;
use crate::target::sense::Sense;

/// Bytes of a request in front of its CDB.
pub(crate) const HEADER_SIZE: usize = 19;
/// Bytes of an answer in front of its sense data.
pub(crate) const ANSWER_SIZE: u64 = 12;

/// What an answer says of the request's way to the unit and back (`response`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Response {
    /// The unit has answered.
    Ok = 0,
    /// The CDB needs more room than the driver has given.
    Overrun = 1,
    /// A task management function has ended it.
    Aborted = 2,
    /// There is no such target.
    BadTarget = 3,
    /// A reset of the unit has ended it.
    Reset = 4,
    /// The request breaks the rules.
    Failure = 9,
}

/// SCSI's own status codes (SAM-5, 5.3.1), as far as they are used.
const GOOD: u8 = 0x00;
const CHECK_CONDITION: u8 = 0x02;

/// A request, but for its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) lun: LunBytes,
    /// What the driver knows it by.
    pub(crate) id: u64,
    pub(crate) cdb: Cdb,
}

impl Request {
    /// Reads header and CDB; what follows is data.
    ///
    /// # Errors
    /// There are not as many bytes.
    pub(crate) fn read(input: &mut impl Read, cdb_size: u32) -> io::Result<Self> {
        let mut header = [0; HEADER_SIZE];
        input.read_exact(&mut header)?;
        // `cdb_size` is at most 255; nobody here knows a CDB beyond the first 16 bytes.
        let mut bytes = [0; 255];
        let size = usize::try_from(cdb_size).unwrap_or(usize::MAX).min(bytes.len());
        input.read_exact(bytes.split_at_mut(size).0)?;
        let [lun @ .., i0, i1, i2, i3, i4, i5, i6, i7, _attribute, _priority, _reference] = header;
        Ok(Self {
            lun,
            id: u64::from_le_bytes([i0, i1, i2, i3, i4, i5, i6, i7]),
            cdb: Cdb::new(bytes.get(..CDB_SIZE.min(size)).unwrap_or_default()),
        })
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) response: Response,
    /// Why the unit has not done it; it has, if there is none.
    pub(crate) sense: Option<Sense>,
    /// Bytes of the driver's buffers that were not used.
    pub(crate) residual: u64,
}

impl Answer {
    /// The unit has not been reached, or not answered.
    pub(crate) fn undelivered(response: Response) -> Self {
        Self { response, sense: None, residual: 0 }
    }

    /// Writes it, with at most `sense_size` bytes of sense data and zeroes up to there.
    ///
    /// # Errors
    /// There is no room for it.
    pub(crate) fn write(&self, output: &mut impl Write, sense_size: u32) -> io::Result<()> {
        let sense = self.sense.map(|sense| sense.fixed());
        let size = usize::try_from(sense_size).unwrap_or(usize::MAX);
        let sense = sense.as_ref().map_or(&[][..], |bytes| bytes.get(..size).unwrap_or(bytes));
        let residual = u32::try_from(self.residual).unwrap_or(u32::MAX);
        let status = if self.sense.is_some() { CHECK_CONDITION } else { GOOD };
        output.write_all(&u32::try_from(sense.len()).unwrap_or(0).to_le_bytes())?;
        output.write_all(&residual.to_le_bytes())?;
        // No status qualifier.
        output.write_all(&[0, 0, status, self.response as u8])?;
        output.write_all(sense)?;
        let zeroes = u64::from(sense_size) - u64::try_from(sense.len()).unwrap_or(0);
        io::copy(&mut io::repeat(0).take(zeroes), output).map(drop)
    }
}
