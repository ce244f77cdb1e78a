//! Why a device does not go on, as programs can tell it.

use crate::introspection::DeviceFailure;
use crate::queue::{QueueError, RingError};
use qapi_schema::inspect::{VirtioFailure, VirtioFailureCause as Cause};

/// Why a device needs a reset.
pub(super) fn of_device(failure: &DeviceFailure) -> VirtioFailure {
    match failure {
        DeviceFailure::Queue(QueueError { queue, error }) => of_ring(*queue, error),
        DeviceFailure::Start(_) => general(Cause::Start, failure),
        DeviceFailure::BackEnd(_) => general(Cause::BackEnd, failure),
        DeviceFailure::Thread { .. } => general(Cause::Thread, failure),
    }
}

/// What is wrong with a queue's ring.
pub(super) fn of_ring(queue: u16, error: &RingError) -> VirtioFailure {
    VirtioFailure { queue: Some(queue), cause: cause(error), text: error.to_string() }
}

fn general(cause: Cause, failure: &DeviceFailure) -> VirtioFailure {
    VirtioFailure { queue: None, cause, text: failure.to_string() }
}

fn cause(error: &RingError) -> Cause {
    match error {
        RingError::Size { .. } | RingError::PackedSize { .. } => Cause::QueueSize,
        RingError::Alignment { .. } => Cause::Alignment,
        RingError::AvailableIndexJump { .. } | RingError::TooManyDescriptors { .. } => Cause::AvailableIndex,
        RingError::DescriptorIndex { .. } => Cause::DescriptorIndex,
        RingError::LoopOrTooLong { .. } => Cause::Loop,
        RingError::AddressNotInMemory { .. } => Cause::NotInMemory,
        RingError::AddressOverflow { .. } => Cause::AddressOverflow,
        RingError::LengthOverflow { .. } => Cause::ChainLength,
        RingError::IndirectNotNegotiated { .. } => Cause::IndirectNotNegotiated,
        RingError::IndirectLength { .. } => Cause::IndirectLength,
        RingError::IndirectWithNext { .. } => Cause::IndirectWithNext,
        RingError::NestedIndirect { .. } => Cause::NestedIndirect,
        RingError::ReadableAfterWritable { .. } => Cause::ReadableAfterWritable,
        RingError::TooShort { .. } => Cause::TooShort,
        RingError::WrittenTooMuch { .. } | RingError::UndoOutOfOrder { .. } => Cause::Device,
    }
}
