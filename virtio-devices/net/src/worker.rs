//! The data path of one pair of queues, and with the first pair the commands of the driver and what concerns the card as
//! a whole.

use std::os::fd::AsRawFd;
use std::sync::Arc;

use virtio_core::{Chain, DeviceError, QueueError, Source, Worker, WorkerContext};

use crate::announce::{Announcer, announcement};
use crate::card::Card;
use crate::config::{receive_queue, transmit_queue};
use crate::control;
use crate::features::has;
use crate::gate::Gate;
use crate::header::HEADER_SIZE;
use crate::offloads::Offloads;
use crate::receive::Receiver;
use crate::transmit::Transmitter;
use crate::vectors::Vectors;
use qapi_schema::virtio_debug::VirtioNetFeature;

/// Sources: frames from the link.
const LINK: u32 = 0;
/// Something has changed on the card.
const WAKE: u32 = 1;
/// The host tells of the interface.
const INTERFACE: u32 = 2;
/// The next announcement is due.
const ANNOUNCEMENT: u32 = 3;
/// What limits have held back may go on.
const LIMIT: u32 = 4;

/// The device's back half for one pair of queues.
#[derive(Debug)]
pub(crate) struct PairWorker {
    card: Arc<Card>,
    pair: u16,
    receiver: Receiver,
    transmitter: Transmitter,
    gate: Gate,
    /// The first pair's, which works for the whole card.
    whole: Option<WholeCard>,
}

/// What one thread does for the whole card.
#[derive(Debug)]
struct WholeCard {
    features: u128,
    control_queue: u16,
    announcer: Announcer,
}

impl PairWorker {
    /// A worker for a driver that has acknowledged `features`.
    ///
    /// # Errors
    /// The host has no timer left.
    pub(crate) fn new(card: Arc<Card>, pair: u16, features: u128) -> Result<Self, DeviceError> {
        let gate = Gate::new(card.limiter()).map_err(DeviceError::io("cannot create a timer"))?;
        let receiver = Receiver::new(has(features, VirtioNetFeature::MrgRxbuf));
        let transmitter = Transmitter::new(Offloads::to_device(features));
        Ok(Self { card, pair, receiver, transmitter, gate, whole: None })
    }

    /// The same, with the work for the whole card, whose commands come by this queue.
    ///
    /// # Errors
    /// The host has no timer left.
    pub(crate) fn for_whole_card(mut self, features: u128, control_queue: u16) -> Result<Self, DeviceError> {
        let announcer = Announcer::new().map_err(std::io::Error::from);
        let announcer = announcer.map_err(DeviceError::io("cannot create a timer"))?;
        self.whole = Some(WholeCard { features, control_queue, announcer });
        Ok(self)
    }

    fn receive(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let Self { card, pair, receiver, gate, .. } = self;
        let Some(port) = card.link().port(*pair) else { return Ok(()) };
        context.serve_source(LINK, receive_queue(*pair), |queue, memory| {
            receiver.receive(card, (port, gate), queue, memory)
        })
    }

    fn transmit(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        let Self { card, pair, transmitter, gate, .. } = self;
        let Some(port) = card.link().port(*pair) else { return Ok(()) };
        let may_send = |chain: &Chain| gate.may_send(chain.readable_len().saturating_sub(HEADER_SIZE as u64));
        context.serve_while(transmit_queue(*pair), may_send, |chain, memory| {
            transmitter.send(card, port, chain, memory)
        })
    }

    /// Goes on with what limits have held back.
    fn go_on(&mut self, context: &mut WorkerContext) -> Result<(), QueueError> {
        self.gate.put_off();
        if self.gate.holds_receiving() {
            context.watch(LINK, true);
        }
        self.transmit(context)
    }

    /// Something has changed: the port may have been switched on, or announcements are wanted.
    fn look(&mut self, context: &mut WorkerContext) {
        // Nothing to read means that it was read for an earlier event.
        let _ = self.card.wake(self.pair).map(|wake| wake.read());
        context.watch(LINK, true);
        let wanted = self.whole.as_mut().and_then(|whole| {
            self.card.take_wanted_announcements().map(|wanted| whole.announcer.begin(&wanted))
        });
        if wanted == Some(true) {
            self.announce();
        }
    }

    /// One announcement, of the host's and of the driver's.
    fn announce(&self) {
        if let Some(port) = self.card.link().port(self.pair).filter(|_| self.card.is_up()) {
            // Lost like any frame, if it is; others follow.
            let message = announcement(self.card.filter().mac);
            let _ = port.send(&mut Vectors::default(), &message, std::iter::empty);
        }
        self.card.ask_for_announcement();
    }
}

impl Worker for PairWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        if queue == receive_queue(self.pair) {
            if self.receiver.has_waiting() {
                return self.receive(context);
            }
            // New buffers: the link may be read again, which happens at once if a frame waits.
            context.watch(LINK, true);
            return Ok(());
        }
        match &self.whole {
            Some(whole) if queue == whole.control_queue => {
                let (card, features) = (&self.card, whole.features);
                context.serve(queue, |chain, memory| control::serve(card, features, chain, memory))
            }
            _ if queue == transmit_queue(self.pair) => self.transmit(context),
            _ => Ok(()),
        }
    }

    fn queue_stopped(&mut self, queue: u16) {
        let receiving = queue == receive_queue(self.pair);
        if receiving {
            self.receiver.stop();
        }
        if receiving || queue == transmit_queue(self.pair) {
            self.gate.forget(receiving);
        }
    }

    fn sources(&self) -> Vec<Source> {
        let link = self.card.link();
        let port = link.port(self.pair).map(|port| Source { token: LINK, fd: port.input_fd() });
        let wake = self.card.wake(self.pair).map(|wake| Source { token: WAKE, fd: wake.as_raw_fd() });
        let interface = link.tap().map(|tap| Source { token: INTERFACE, fd: tap.watch().fd() });
        let timer = |whole: &WholeCard| Source { token: ANNOUNCEMENT, fd: whole.announcer.timer_fd() };
        let of_whole = self.whole.iter().flat_map(|whole| interface.into_iter().chain([timer(whole)]));
        let limit = Source { token: LIMIT, fd: self.gate.source() };
        port.into_iter().chain(wake).chain([limit]).chain(of_whole).collect()
    }

    fn source_ready(&mut self, token: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        match token {
            LINK => return self.receive(context),
            LIMIT => return self.go_on(context),
            WAKE => self.look(context),
            INTERFACE => self.card.look_at_interface(),
            _ => {
                if self.whole.as_mut().is_some_and(|whole| whole.announcer.timer_is_over()) {
                    self.announce();
                }
            }
        }
        Ok(())
    }
}
