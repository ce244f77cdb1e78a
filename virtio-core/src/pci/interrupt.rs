//! The interrupt of a virtio function: messages, a vector for each queue and one for changes, or the interrupt line.

use super::messages::Sender;
use crate::interrupt::{Cause, Interrupt};
use crate::introspection::MessageSnapshot;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What a driver reads if there is no vector (virtio 1.3, 4.1.5.1.2).
pub(super) const NO_VECTOR: u16 = 0xffff;

/// The function's interrupt line, which is level triggered and may be shared with others.
pub trait InterruptLine: Send {
    /// The function's part in the line is high or low from now on.
    fn set(&mut self, high: bool);
}

/// The function's interrupt.
pub(super) struct PciInterrupt {
    status: AtomicU8,
    /// For changes of the configuration.
    configuration_vector: AtomicU16,
    queue_vectors: Vec<AtomicU16>,
    messages_enabled: AtomicBool,
    senders: Vec<Arc<Sender>>,
    /// Locked by the device's thread only while there are no messages.
    line: Mutex<Line>,
}

struct Line {
    output: Box<dyn InterruptLine>,
    disabled: bool,
    high: bool,
}

impl PciInterrupt {
    pub(super) fn new(queues: usize, senders: Vec<Arc<Sender>>, output: Box<dyn InterruptLine>) -> Self {
        Self {
            status: AtomicU8::new(0),
            configuration_vector: AtomicU16::new(NO_VECTOR),
            queue_vectors: (0..queues).map(|_| AtomicU16::new(NO_VECTOR)).collect(),
            messages_enabled: AtomicBool::new(false),
            senders,
            line: Mutex::new(Line { output, disabled: false, high: false }),
        }
    }

    /// The driver reads the interrupt status, which acknowledges all of it (4.1.4.5).
    pub(super) fn take_status(&self) -> u8 {
        let status = self.status.swap(0, Ordering::AcqRel);
        self.update_line();
        status
    }

    /// The guest has chosen between messages and the line, and whether the line may be used.
    pub(super) fn set_mode(&self, messages: bool, line_disabled: bool) {
        self.messages_enabled.store(messages, Ordering::Release);
        self.line.lock().unwrap_or_else(PoisonError::into_inner).disabled = line_disabled;
        self.update_line();
    }

    /// Whether the function holds its interrupt line high.
    pub(super) fn is_line_high(&self) -> bool {
        self.line.lock().unwrap_or_else(PoisonError::into_inner).high
    }

    /// The vector of a cause; none of a queue that does not exist.
    pub(super) fn vector(&self, cause: Cause) -> u16 {
        self.place(cause).map_or(NO_VECTOR, |vector| vector.load(Ordering::Acquire))
    }

    /// Chooses a vector; one that does not exist is none.
    pub(super) fn set_vector(&self, cause: Cause, vector: u16) {
        let known = usize::from(vector) < self.senders.len();
        if let Some(place) = self.place(cause) {
            place.store(if known { vector } else { NO_VECTOR }, Ordering::Release);
        }
    }

    fn place(&self, cause: Cause) -> Option<&AtomicU16> {
        match cause {
            Cause::UsedBuffer(queue) => self.queue_vectors.get(usize::from(queue)),
            Cause::ConfigurationChange => Some(&self.configuration_vector),
        }
    }

    /// Brings the line to where it belongs. Whoever has changed what that depends on calls this, so the last one to do
    /// so has seen everything.
    fn update_line(&self) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = !self.messages_enabled.load(Ordering::Acquire) && !line.disabled && self.status() != 0;
        if line.high != wanted {
            line.high = wanted;
            line.output.set(wanted);
        }
    }
}

impl Interrupt for PciInterrupt {
    fn raise(&self, cause: Cause) {
        let messages = self.messages_enabled.load(Ordering::Acquire);
        // A driver that gets messages does not read the status: with them it has changes, and used buffers only without
        // (4.1.4.5.1).
        if !messages || cause == Cause::ConfigurationChange {
            self.status.fetch_or(cause.status_bit(), Ordering::AcqRel);
        }
        if !messages {
            self.update_line();
        } else if let Some(sender) = self.senders.get(usize::from(self.vector(cause))) {
            sender.send();
        }
    }

    fn status(&self) -> u8 {
        self.status.load(Ordering::Acquire)
    }

    fn acknowledge(&self, bits: u8) {
        self.status.fetch_and(!bits, Ordering::AcqRel);
        self.update_line();
    }

    fn reset(&self) {
        self.acknowledge(u8::MAX);
        self.configuration_vector.store(NO_VECTOR, Ordering::Release);
        self.queue_vectors.iter().for_each(|vector| vector.store(NO_VECTOR, Ordering::Release));
        self.senders.iter().for_each(|sender| sender.forget());
    }

    fn messages(&self) -> Option<MessageSnapshot> {
        let known =
            |vector: &AtomicU16| Some(vector.load(Ordering::Acquire)).filter(|vector| *vector != NO_VECTOR);
        Some(MessageSnapshot {
            enabled: self.messages_enabled.load(Ordering::Acquire),
            configuration: known(&self.configuration_vector),
            queues: self.queue_vectors.iter().map(known).collect(),
        })
    }
}

impl fmt::Debug for PciInterrupt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages = self.messages();
        formatter
            .debug_struct("PciInterrupt")
            .field("status", &self.status)
            .field("messages", &messages)
            .finish_non_exhaustive()
    }
}
