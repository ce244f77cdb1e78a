//! Who answers a request, and what: everything but the work on images.

use std::io::{Read, Write};
use std::sync::Arc;

use storage::RequestKind;
use virtio_core::{ChainReader, ChainWriter};

use crate::address::Address;
use crate::disk::Disk;
use crate::host::Host;
use crate::request::{Request, Response};
use crate::target::absent::NoDisk;
use crate::target::command::{Command, Transfer};
use crate::target::luns::LunBytes;
use crate::target::sense::Sense;
use crate::target::unit::{Operation, Plan};
use crate::units::Found;

/// Bytes of a block on a unit that is not there: no command is answered with blocks then.
const ANY_BLOCK_SIZE: u32 = 512;

/// The driver's buffers for the data of one request.
pub(crate) struct Buffers<'a> {
    /// From the driver.
    pub(crate) output: ChainReader<'a>,
    /// For the driver.
    pub(crate) input: ChainWriter<'a>,
}

/// Why the command is not done.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The unit says so.
    Sense(Sense),
    /// It has not come to a unit.
    Undelivered(Response),
}

impl From<Sense> for Refusal {
    fn from(sense: Sense) -> Self {
        Self::Sense(sense)
    }
}

/// Finds out who answers.
pub(crate) struct Answering {
    pub(crate) host: Arc<Host>,
    /// What came along with the last command that is no write; kept for the next one.
    pub(crate) parameters: Vec<u8>,
}

impl Answering {
    /// Answers the command, or says what it asks of which image.
    ///
    /// # Errors
    /// What the driver is to be told instead.
    pub(crate) fn decide(
        &mut self,
        request: &Request,
        buffers: &mut Buffers<'_>,
    ) -> Result<Option<(Arc<Disk>, Operation)>, Refusal> {
        // The feature that would allow data in both directions is not offered.
        if buffers.output.remaining() > 0 && buffers.input.remaining() > 0 {
            return Err(Refusal::Undelivered(Response::Failure));
        }
        let units = &self.host.units;
        let on_target =
            |disks: &[Arc<Disk>]| disks.iter().map(|disk| disk.address.bytes_on_target()).collect();
        let (unit, list): (_, Vec<LunBytes>) = match Address::parse(request.lun) {
            None => return Err(Refusal::Undelivered(Response::BadTarget)),
            Some(Address::Unit(unit)) => match units.find(unit) {
                Found::Disk(disk) => return self.decide_on_disk(disk, request, buffers),
                Found::NoUnit => (NoDisk::Absent, on_target(&units.of_target(unit.target))),
                Found::NoTarget => return Err(Refusal::Undelivered(Response::BadTarget)),
            },
            Some(Address::ReportLuns { target: Some(target) }) => match units.of_target(target) {
                none if none.is_empty() => return Err(Refusal::Undelivered(Response::BadTarget)),
                disks => (NoDisk::ReportLuns, on_target(&disks)),
            },
            Some(Address::ReportLuns { target: None }) => {
                (NoDisk::ReportLuns, units.all().iter().map(|disk| disk.address.bytes()).collect())
            }
        };
        let command = Command::parse(&request.cdb)?;
        let most = room(command.transfer(ANY_BLOCK_SIZE), buffers)?;
        give(&unit.answer(&command, list.into_iter())?, most, buffers);
        Ok(None)
    }

    fn decide_on_disk(
        &mut self,
        disk: Arc<Disk>,
        request: &Request,
        buffers: &mut Buffers<'_>,
    ) -> Result<Option<(Arc<Disk>, Operation)>, Refusal> {
        if let Some(news) = disk.unit.take_attention(&request.cdb) {
            return Err(news.into());
        }
        let command = Command::parse(&request.cdb)?;
        let most = room(command.transfer(disk.unit.geometry().block_size), buffers)?;
        if let Command::ReportLuns { .. } = command {
            let units = self.host.units.of_target(disk.address.target);
            let list = units.iter().map(|disk| disk.address.bytes_on_target());
            give(&NoDisk::ReportLuns.answer(&command, list)?, most, buffers);
            return Ok(None);
        }
        if let Command::ReadCapacity10 | Command::ReadCapacity16 { .. } = command {
            self.host.notice_size(&disk);
        }
        self.parameters.clear();
        if command.has_parameters() {
            // Cannot fail: as many bytes are there as the command says, and they lie in guest memory.
            let _ = (&mut buffers.output).take(most).read_to_end(&mut self.parameters);
        }
        let plan = disk.unit.plan(&command, &self.parameters);
        if let (Err(_), Some(kind)) = (&plan, counts_as(&command)) {
            disk.image.count_refused(kind);
        }
        match plan? {
            Plan::Answer(data) => {
                give(&data, most, buffers);
                Ok(None)
            }
            Plan::Storage(operation) => Ok(Some((disk, operation))),
        }
    }
}

/// What a command is counted as if it is refused; `None` if it has nothing to do with the image.
fn counts_as(command: &Command) -> Option<RequestKind> {
    match command {
        Command::Read { .. } | Command::Verify { .. } => Some(RequestKind::Read),
        Command::Write { .. } | Command::WriteSame { .. } => Some(RequestKind::Write),
        Command::SynchronizeCache { .. } => Some(RequestKind::Flush),
        Command::Unmap { .. } => Some(RequestKind::Unmap),
        _ => None,
    }
}

/// How much the command transfers at most, which the driver has to have room for (virtio 1.3, 5.6.6.1.2).
fn room(transfer: Transfer, buffers: &Buffers<'_>) -> Result<u64, Refusal> {
    let (wanted, available) = match transfer {
        Transfer::Nothing => (0, 0),
        Transfer::In(wanted) => (wanted, buffers.input.remaining()),
        Transfer::Out(wanted) => (wanted, buffers.output.remaining()),
    };
    if wanted > available { Err(Refusal::Undelivered(Response::Overrun)) } else { Ok(wanted) }
}

/// Gives the driver the first `most` bytes of `data`.
fn give(data: &[u8], most: u64, buffers: &mut Buffers<'_>) {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    // There is room, and it was checked to lie in guest memory, which does not shrink: this cannot fail.
    let _ = buffers.input.write_all(data.get(..most).unwrap_or(data));
}
