//! What a target answers for units that are no disks: those that are not there, and the well known one (SPC-4, 8).

use super::command::Command;
use super::inquiry;
use super::luns::{self, LunBytes};
use super::sense::Sense;

/// A unit that is no disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoDisk {
    /// The target has no such unit.
    Absent,
    /// The unit that lists the others.
    ReportLuns,
}

impl NoDisk {
    /// What is answered to `command`, at most as much as it allows; `units` are those to be listed.
    ///
    /// # Errors
    /// What the driver is to be told instead.
    pub(crate) fn answer(
        self,
        command: &Command,
        units: impl Iterator<Item = LunBytes>,
    ) -> Result<Vec<u8>, Sense> {
        match (self, *command) {
            (_, Command::ReportLuns { select, allocation }) => luns::report(select, allocation, units),
            (Self::Absent, Command::Inquiry { page, .. }) => inquiry::of_no_unit(page),
            (Self::ReportLuns, Command::Inquiry { page, .. }) => inquiry::of_well_known_unit(page),
            (_, Command::RequestSense { descriptor, .. }) => Ok(self.sense().bytes(descriptor)),
            (Self::ReportLuns, Command::TestUnitReady) => Ok(Vec::new()),
            (Self::ReportLuns, _) => Err(Sense::INVALID_OPERATION_CODE),
            (Self::Absent, _) => Err(Sense::NO_SUCH_UNIT),
        }
    }

    fn sense(self) -> Sense {
        match self {
            Self::Absent => Sense::NO_SUCH_UNIT,
            Self::ReportLuns => Sense::NONE,
        }
    }
}
