//! The bytes of requests and answers on the control queue (virtio 1.3, 5.6.6.2). Knows readers of bytes, no rings.

use std::io::{self, Read};

use crate::target::luns::LunBytes;

/// What a request on the control queue asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// A task management function; none if there is no such one.
    Task { function: Option<TaskFunction>, lun: LunBytes, id: u64 },
    /// Which of these asynchronous notifications the unit has, or to have them sent from now on.
    Notifications { lun: LunBytes },
}

/// Task management functions (SAM-5, 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaskFunction {
    AbortTask,
    AbortTaskSet,
    ClearAca,
    ClearTaskSet,
    NexusReset,
    UnitReset,
    QueryTask,
    QueryTaskSet,
}

/// What an answer says (`response`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ControlResponse {
    /// The function is complete, or the notification known.
    Complete = 0,
    /// There is no such target.
    BadTarget = 3,
    /// The request breaks the rules.
    Failure = 9,
    /// The task, or one of the set, is there.
    Succeeded = 10,
    /// There is no such function.
    Rejected = 11,
    /// The target has no such unit.
    IncorrectLun = 12,
}

const TASK_MANAGEMENT: u32 = 0;
const NOTIFICATION_QUERY: u32 = 1;
const NOTIFICATION_SUBSCRIBE: u32 = 2;

const FUNCTIONS: [TaskFunction; 8] = [
    TaskFunction::AbortTask,
    TaskFunction::AbortTaskSet,
    TaskFunction::ClearAca,
    TaskFunction::ClearTaskSet,
    TaskFunction::NexusReset,
    TaskFunction::UnitReset,
    TaskFunction::QueryTask,
    TaskFunction::QueryTaskSet,
];

impl Control {
    /// Reads a request; `None` if it is of a type that there is not.
    ///
    /// # Errors
    /// There are not as many bytes.
    pub(crate) fn read(input: &mut impl Read) -> io::Result<Option<Self>> {
        match u32::from_le_bytes(read(input)?) {
            TASK_MANAGEMENT => {
                let function = usize::try_from(u32::from_le_bytes(read(input)?)).ok();
                let function = function.and_then(|number| FUNCTIONS.get(number).copied());
                let lun = read(input)?;
                Ok(Some(Self::Task { function, lun, id: u64::from_le_bytes(read(input)?) }))
            }
            NOTIFICATION_QUERY | NOTIFICATION_SUBSCRIBE => {
                let lun = read(input)?;
                let _requested: [u8; 4] = read(input)?;
                Ok(Some(Self::Notifications { lun }))
            }
            _ => Ok(None),
        }
    }

    /// The answer's bytes in front of the response.
    pub(crate) fn answer_prefix(&self) -> &'static [u8] {
        match self {
            Self::Task { .. } => &[],
            // No disk has any of the notifications that there are: `event_actual` is zero.
            Self::Notifications { .. } => &[0; 4],
        }
    }
}

fn read<const SIZE: usize>(input: &mut impl Read) -> io::Result<[u8; SIZE]> {
    let mut bytes = [0; SIZE];
    input.read_exact(&mut bytes)?;
    Ok(bytes)
}
