//! The front half: what the transport asks for.

use std::io;
use std::sync::Arc;

use qapi_schema::virtio_debug::VirtioNetFeature;
use rate_limits::Limiter;
use virtio_core::pci::PciClass;
use virtio_core::{Activation, Device, DeviceDetails, DeviceError, DeviceKind, DevicePlace, Roles, Workers};

use crate::card::Card;
use crate::config::{Properties, QUEUE_SIZE, control_queue, receive_queue, transmit_queue};
use crate::details::DETAILS;
use crate::features::{DEVICE_KIND, FEATURES, has};
use crate::link::Link;
use crate::mac::MacAddress;
use crate::worker::PairWorker;

/// A network card that a driver can be attached to.
#[derive(Debug)]
pub struct Net {
    card: Arc<Card>,
    queue_sizes: Vec<u16>,
}

impl Net {
    /// A card with this address at one end of `link`, with a pair of queues for each of its ports.
    ///
    /// # Errors
    /// The host has no event descriptors left.
    pub fn new(link: Link, mac: MacAddress) -> io::Result<Self> {
        Self::with_properties(link, mac, Properties::default())
    }

    /// How much may pass in a second, in all pairs of queues together. There is no limit at first.
    pub fn limiter(&self) -> &Arc<Limiter> {
        self.card.limiter()
    }

    pub(crate) fn with_properties(link: Link, mac: MacAddress, properties: Properties) -> io::Result<Self> {
        let card = Arc::new(Card::new(link, mac, properties)?);
        // Pairs, and the control queue, which is the third one for drivers that know of one pair only.
        let queues = usize::from(control_queue(card.pairs())) + 1;
        Ok(Self { card, queue_sizes: vec![QUEUE_SIZE; queues] })
    }
}

impl Device for Net {
    fn kind(&self) -> &'static DeviceKind {
        &DEVICE_KIND
    }

    fn details(&self) -> &'static DeviceDetails {
        &DETAILS
    }

    fn attached(&mut self, place: DevicePlace) {
        self.card.set_place(place);
    }

    fn roles(&self) -> Roles {
        let mut roles = Roles::default();
        roles.network_link = Some(Arc::clone(&self.card) as _);
        roles.rate_limits = Some(Arc::clone(&self.card) as _);
        roles.statistics = Some(Arc::clone(self.card.limiter().held_back()) as _);
        roles
    }

    fn pci_class(&self) -> PciClass {
        PciClass::ETHERNET
    }

    fn features(&self) -> u128 {
        use VirtioNetFeature as Feature;
        let always = [
            Feature::Mac,
            Feature::Status,
            Feature::MrgRxbuf,
            Feature::CtrlVq,
            Feature::CtrlRx,
            Feature::CtrlRxExtra,
            Feature::CtrlVlan,
            Feature::CtrlMacAddr,
            Feature::GuestAnnounce,
        ];
        let offloads = self.card.link().offloads();
        let to_driver = offloads.driver_features();
        let optional = [
            (Feature::Mq, self.card.pairs() > 1),
            (Feature::Mtu, self.card.properties().mtu.is_some()),
            (Feature::SpeedDuplex, self.card.properties().speed.is_some()),
            (Feature::CtrlGuestOffloads, to_driver != 0),
        ];
        let optional = optional.iter().filter(|(_, wanted)| *wanted);
        let optional = optional.fold(0, |features, (feature, _)| features | FEATURES.mask(&[*feature]));
        FEATURES.mask(&always) | optional | offloads.device_features() | to_driver
    }

    fn queue_sizes(&self) -> &[u16] {
        &self.queue_sizes
    }

    // Not `write_config`: every field is read-only for the driver (5.1.4.2).
    fn read_config(&self, offset: u64, data: &mut [u8]) {
        virtio_core::read_config_space(&self.card.space(), offset, data);
    }

    fn start(&mut self, activation: Activation) -> Result<Workers, DeviceError> {
        let features = activation.features;
        self.card.start(features);
        let pairs = if has(features, VirtioNetFeature::Mq) { self.card.pairs() } else { 1 };
        let worker = |pair| PairWorker::new(Arc::clone(&self.card), pair, features);
        let first = worker(0)?.for_whole_card(features, control_queue(pairs))?;
        (1..pairs).try_fold(Workers::new(first), |workers, pair| {
            Ok(workers.and([receive_queue(pair), transmit_queue(pair)], worker(pair)?))
        })
    }

    fn reset(&mut self) {
        self.card.reset();
    }
}
