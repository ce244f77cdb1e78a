//! Trying out `/dev/kvm`: there are hosts where it opens, and then cannot run a guest.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use builtin_guest::layout::{DEBUG_PORT, LEAST_MEMORY};
use vm_memory::{GuestAddress, GuestMemoryMmap};

use super::KvmAcceleration;
use crate::accelerator::{Accelerator, AcceleratorError, Bus, GuestEvent, Launch};
use crate::bus::lock;
use crate::payload::builtin;

/// How long the few instructions may take.
const PATIENCE: Duration = Duration::from_secs(2);
const REGISTER: u64 = 0xd000_0000;
const QUESTION: u32 = 0x41;
const ANSWER: u8 = 0x42;

/// Reads the register, adds one, writes the sum to the port and halts.
const PROGRAM: &[u8] = &[
    0xb8, 0x00, 0x00, 0x00, 0xd0, // mov eax, REGISTER
    0x8b, 0x00, // mov eax, [rax]
    0x83, 0xc0, 0x01, // add eax, 1
    0x66, 0xba, 0xf8, 0x03, // mov dx, DEBUG_PORT
    0xee, // out dx, al
    0xf4, // hlt
];

enum Outcome {
    Answer(u8),
    End(GuestEvent),
}

struct ProbeBus(Mutex<Sender<Outcome>>);

impl Bus for ProbeBus {
    fn read(&self, address: u64, data: &mut [u8]) {
        data.fill(0);
        if address == REGISTER && data.len() == 4 {
            data.copy_from_slice(&QUESTION.to_le_bytes());
        }
    }

    fn write(&self, _address: u64, _data: &[u8]) {}

    fn port_read(&self, _port: u16, data: &mut [u8]) {
        data.fill(0xff);
    }

    fn port_write(&self, port: u16, data: &[u8]) {
        if let (DEBUG_PORT, [answer]) = (port, data) {
            report(&self.0, Outcome::Answer(*answer));
        }
    }
}

/// Whoever asked may have lost patience already.
fn report(sender: &Mutex<Sender<Outcome>>, outcome: Outcome) {
    let _ = lock(sender).send(outcome);
}

/// Runs a few instructions of a machine of its own.
pub(crate) fn probe() -> Result<(), AcceleratorError> {
    let size = usize::try_from(LEAST_MEMORY).unwrap_or(usize::MAX);
    let memory = GuestMemoryMmap::from_ranges(&[(GuestAddress(0), size)]);
    let memory = memory.map_err(|error| AcceleratorError::Probe(format!("no memory to try it: {error}")))?;
    let entry =
        builtin::load(&memory, PROGRAM).map_err(|error| AcceleratorError::Probe(error.to_string()))?;
    let machine = KvmAcceleration::new(Arc::new(memory), 1)?;
    let (sender, receiver) = mpsc::channel();
    let ends = Mutex::new(sender.clone());
    machine.start(Launch {
        bus: Arc::new(ProbeBus(Mutex::new(sender))),
        events: Arc::new(move |event| report(&ends, Outcome::End(event))),
        entry,
        host_cpus: Vec::new(),
        paused: false,
    })?;
    let outcome = receiver.recv_timeout(PATIENCE);
    machine.shutdown();
    match outcome {
        Ok(Outcome::Answer(ANSWER)) => Ok(()),
        Ok(Outcome::Answer(other)) => {
            Err(AcceleratorError::Probe(format!("{QUESTION} and 1 made {other} (expected {ANSWER})")))
        }
        Ok(Outcome::End(event)) => Err(AcceleratorError::Probe(format!("{event:?}"))),
        Err(_) => Err(AcceleratorError::Probe(format!("no answer within {} s", PATIENCE.as_secs()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_about_the_register_and_the_port() {
        assert_eq!(PROGRAM[1..5], u32::try_from(REGISTER).unwrap().to_le_bytes());
        assert_eq!(PROGRAM[12..14], DEBUG_PORT.to_le_bytes());
        assert_eq!(u32::from(ANSWER), QUESTION + 1);
    }
}
