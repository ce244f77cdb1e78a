//! Registers, bit by bit.

use crate::interrupt::{CONFIGURATION_CHANGE, USED_BUFFER};
use crate::introspection::{DeviceSnapshot, MessageSnapshot};
use crate::transport::status;
use qapi_schema::inspect::{
    VirtioInterruptBit, VirtioPciRegisters, VirtioQueueVector, VirtioStatusBit, VirtioTransport,
    VirtioTransportBranch,
};

/// The bits of the status register in the order in which drivers set them, and those without a name.
pub(super) fn status(register: u8) -> (Vec<VirtioStatusBit>, Option<u8>) {
    use VirtioStatusBit::{Acknowledge, DeviceNeedsReset, Driver, DriverOk, Failed, FeaturesOk};
    let (bits, unknown) = take_bits(
        register,
        &[
            (status::ACKNOWLEDGE, Acknowledge),
            (status::DRIVER, Driver),
            (status::FEATURES_OK, FeaturesOk),
            (status::DRIVER_OK, DriverOk),
            (status::DEVICE_NEEDS_RESET, DeviceNeedsReset),
            (status::FAILED, Failed),
        ],
    );
    (bits, (unknown != 0).then_some(unknown))
}

/// The transport's own registers.
pub(super) fn transport(snapshot: &DeviceSnapshot) -> VirtioTransport {
    use VirtioInterruptBit::{ConfigurationChange, UsedBuffer};
    let names = [(USED_BUFFER, UsedBuffer), (CONFIGURATION_CHANGE, ConfigurationChange)];
    VirtioTransport {
        queue_select: snapshot.queue_select,
        device_features_select: snapshot.device_features_select,
        driver_features_select: snapshot.driver_features_select,
        interrupt_status: take_bits(snapshot.interrupt_status, &names).0,
        configuration_generation: snapshot.configuration_generation,
        branch: match &snapshot.messages {
            None => VirtioTransportBranch::Mmio,
            Some(messages) => VirtioTransportBranch::Pci(message_registers(messages)),
        },
    }
}

fn message_registers(messages: &MessageSnapshot) -> VirtioPciRegisters {
    let chosen =
        |(queue, vector): (u16, &Option<u16>)| vector.map(|vector| VirtioQueueVector { queue, vector });
    VirtioPciRegisters {
        messages: messages.enabled,
        configuration_vector: messages.configuration,
        queue_vectors: (0..).zip(&messages.queues).filter_map(chosen).collect(),
    }
}

/// The names of the bits that are set, and what is left of them.
fn take_bits<B: Copy>(register: u8, names: &[(u8, B)]) -> (Vec<B>, u8) {
    let set = names.iter().filter(|(mask, _)| register & mask != 0).map(|(_, bit)| *bit).collect();
    (set, names.iter().fold(register, |rest, (mask, _)| rest & !mask))
}
