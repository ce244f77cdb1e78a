//! What the halves of a card share, and monitors with them: its link, and what driver and monitors want of it.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use arc_swap::{ArcSwap, Guard};
use qapi_schema::net::{AnnounceParameters, NetLinkCause, NetLinkChanged, NicRxFilterChanged};
use qapi_schema::virtio_debug::VirtioNetFeature;
use rate_limits::Limiter;
use virtio_core::DevicePlace;
use virtio_core::roles::Limited;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use crate::config::{ANNOUNCE, CONFIG_SIZE, LINK_UP, Properties};
use crate::features::has;
use crate::filter::ReceiveFilter;
use crate::link::Link;
use crate::mac::MacAddress;
use crate::offloads::Offloads;
use crate::tap::InterfaceState;

/// A card. The driver's wishes are changed by the thread of the first pair of queues, and by vCPUs while no such thread
/// runs; everybody reads them.
#[derive(Debug)]
pub(crate) struct Card {
    link: Link,
    pairs: u16,
    /// The address that the card was made with.
    mac: MacAddress,
    properties: Properties,
    limiter: Arc<Limiter>,
    filter: ArcSwap<ReceiveFilter>,
    /// What the link may leave to the driver.
    to_driver: AtomicU8,
    wire: Mutex<Wire>,
    /// Frames pass: what `wire` comes to.
    up: AtomicBool,
    /// The driver has been asked to announce itself.
    announcing: AtomicBool,
    /// A driver works with the card, and could be told of changes.
    driven: AtomicBool,
    /// The driver can be asked to announce itself.
    can_announce: AtomicBool,
    /// Clients are told of the next change of the filter.
    tells_of_filter: AtomicBool,
    /// Announcements that monitors want and that have not begun.
    wanted: Mutex<Option<AnnounceParameters>>,
    /// One for the thread of each pair of queues, which looks then what has changed.
    wakes: Vec<EventFd>,
    /// Unset only in tests, where a card is in no machine.
    place: OnceLock<DevicePlace>,
}

/// What frames need to pass.
#[derive(Clone, Copy, Debug)]
struct Wire {
    /// The cable is plugged in.
    plugged: bool,
    /// The interface at the other end is up.
    interface_up: bool,
    /// It is no more.
    interface_gone: bool,
}

impl Card {
    /// A card at one end of `link`.
    pub(crate) fn new(link: Link, mac: MacAddress, properties: Properties) -> io::Result<Self> {
        let pairs = u16::try_from(link.port_count()).unwrap_or(u16::MAX);
        let wakes: io::Result<Vec<EventFd>> = (0..pairs).map(|_| EventFd::new(EFD_NONBLOCK)).collect();
        let card = Self {
            pairs,
            mac,
            properties,
            limiter: Arc::default(),
            filter: ArcSwap::from_pointee(ReceiveFilter::new(mac, false)),
            to_driver: AtomicU8::new(0),
            wire: Mutex::new(Wire { plugged: true, interface_up: true, interface_gone: false }),
            up: AtomicBool::new(true),
            announcing: AtomicBool::new(false),
            driven: AtomicBool::new(false),
            can_announce: AtomicBool::new(false),
            tells_of_filter: AtomicBool::new(true),
            wanted: Mutex::new(None),
            wakes: wakes?,
            place: OnceLock::new(),
            link,
        };
        card.look_at_interface();
        Ok(card)
    }

    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    /// Pairs of queues.
    pub(crate) fn pairs(&self) -> u16 {
        self.pairs
    }

    /// How much may pass, in all pairs of queues together.
    pub(crate) fn limiter(&self) -> &Arc<Limiter> {
        &self.limiter
    }

    pub(crate) fn properties(&self) -> &Properties {
        &self.properties
    }

    /// Readable when the thread of this pair of queues has to look what has changed.
    pub(crate) fn wake(&self, pair: u16) -> Option<&EventFd> {
        self.wakes.get(usize::from(pair))
    }

    /// Has the threads of the first `pairs` pairs of queues look.
    pub(crate) fn wake_pairs(&self, pairs: u16) {
        for wake in self.wakes.iter().take(usize::from(pairs)) {
            // The only failure is a full counter, and then the thread will look anyway.
            let _ = wake.write(1);
        }
    }

    pub(crate) fn set_place(&self, place: DevicePlace) {
        // A device is attached once.
        let _ = self.place.set(place);
    }

    /// What monitors call the card, and its limits.
    pub(crate) fn limited(&self) -> Limited {
        Limited::whole(self.place.get(), &self.limiter)
    }

    /// What monitors call the card.
    pub(crate) fn name(&self) -> String {
        let place = self.place.get();
        place.map(|place| place.id().unwrap_or(place.path()).to_owned()).unwrap_or_default()
    }

    /// The configuration space as it is now.
    pub(crate) fn space(&self) -> [u8; CONFIG_SIZE] {
        let status = if self.is_up() { LINK_UP } else { 0 };
        let announce = if self.announcing.load(Ordering::Relaxed) { ANNOUNCE } else { 0 };
        self.properties.space(self.pairs, self.filter.load().mac, status | announce)
    }
}

/// The driver comes and goes.
impl Card {
    /// A driver that has acknowledged `features` begins.
    pub(crate) fn start(&self, features: u128) {
        self.filter.store(Arc::new(ReceiveFilter::new(self.mac, has(features, VirtioNetFeature::CtrlVlan))));
        self.can_announce.store(has(features, VirtioNetFeature::GuestAnnounce), Ordering::Relaxed);
        self.tells_of_filter.store(true, Ordering::Relaxed);
        // Both fail only when the interface has gone, and then there is nobody to be told.
        let _ = self.set_offloads_to_driver(Offloads::to_driver(features));
        let _ = self.link.use_ports(1);
        if let Some(tap) = self.link.tap() {
            // The first thing that its thread hears.
            let _ = tap.watch().ask();
        }
        self.driven.store(true, Ordering::Release);
    }

    /// The driver has gone: its wishes with it.
    pub(crate) fn reset(&self) {
        self.driven.store(false, Ordering::Release);
        self.can_announce.store(false, Ordering::Relaxed);
        self.announcing.store(false, Ordering::Relaxed);
        self.filter.store(Arc::new(ReceiveFilter::new(self.mac, false)));
    }

    /// The driver's wishes.
    pub(crate) fn filter(&self) -> Guard<Arc<ReceiveFilter>> {
        self.filter.load()
    }

    /// The driver changes its wishes.
    pub(crate) fn change_filter(&self, change: impl FnOnce(&mut ReceiveFilter)) {
        let mut filter = ReceiveFilter::clone(&self.filter.load());
        change(&mut filter);
        self.filter.store(Arc::new(filter));
        let Some(place) = self.place.get() else { return };
        if self.tells_of_filter.swap(false, Ordering::Relaxed) {
            let name = place.id().map(str::to_owned);
            place.emit(&NicRxFilterChanged { name, path: place.path().to_owned() });
        }
    }

    /// What the link may leave to the driver now.
    pub(crate) fn offloads_to_driver(&self) -> Offloads {
        Offloads::from_raw(self.to_driver.load(Ordering::Relaxed))
    }

    /// Changes that.
    pub(crate) fn set_offloads_to_driver(&self, offloads: Offloads) -> io::Result<()> {
        // Frames that are on their way are held against this, and so it comes first.
        self.to_driver.store(offloads.bits(), Ordering::Relaxed);
        self.link.allow_to_driver(offloads)
    }

    /// The driver has seen that it is to announce itself, and does.
    pub(crate) fn announced(&self) {
        self.announcing.store(false, Ordering::Relaxed);
    }
}

/// The wire, and what monitors do with it.
impl Card {
    /// Whether frames pass.
    pub(crate) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    /// Plugs the cable in, or pulls it.
    pub(crate) fn plug(&self, plugged: bool) {
        self.change_wire(NetLinkCause::SetLink, |wire| wire.plugged = plugged);
    }

    /// Takes note of what the host has told of the interface at the other end.
    pub(crate) fn look_at_interface(&self) {
        let Some(state) = self.link.tap().and_then(|tap| tap.watch().latest()) else { return };
        let (up, cause) = match state {
            InterfaceState::Up => (true, NetLinkCause::InterfaceUp),
            InterfaceState::Down => (false, NetLinkCause::InterfaceDown),
            InterfaceState::Gone => (false, NetLinkCause::InterfaceGone),
        };
        self.change_wire(cause, |wire| {
            wire.interface_up = up;
            wire.interface_gone |= cause == NetLinkCause::InterfaceGone;
        });
    }

    /// Makes a change, and tells driver and clients if the link goes up or down by it; clients also if it will not come up
    /// any more.
    fn change_wire(&self, cause: NetLinkCause, change: impl FnOnce(&mut Wire)) {
        // Monitors and the card's thread may come at once; clients hear of their changes in the order in which they were.
        let mut wire = lock(&self.wire);
        let was_gone = wire.interface_gone;
        change(&mut wire);
        let up = wire.plugged && wire.interface_up;
        let changed = self.up.swap(up, Ordering::Relaxed) != up;
        let news = changed || wire.interface_gone != was_gone;
        if let Some(place) = self.place.get().filter(|_| news) {
            let name = place.id().map(str::to_owned);
            place.emit(&NetLinkChanged { name, path: place.path().to_owned(), up, cause });
        }
        if changed {
            self.tell_driver();
        }
    }

    /// Monitors want the card announced like this.
    pub(crate) fn want_announcements(&self, wanted: AnnounceParameters) {
        *lock(&self.wanted) = Some(wanted);
        self.wake_pairs(1);
    }

    /// What they want, once.
    pub(crate) fn take_wanted_announcements(&self) -> Option<AnnounceParameters> {
        lock(&self.wanted).take()
    }

    /// Asks a driver that can to announce itself.
    pub(crate) fn ask_for_announcement(&self) {
        if self.can_announce.load(Ordering::Relaxed) && self.is_up() {
            self.announcing.store(true, Ordering::Relaxed);
            self.tell_driver();
        }
    }

    /// From now on, clients are told of the next change of the filter.
    pub(crate) fn tell_of_filter(&self) {
        self.tells_of_filter.store(true, Ordering::Relaxed);
    }

    /// The configuration space has changed.
    fn tell_driver(&self) {
        if let Some(place) = self.place.get().filter(|_| self.driven.load(Ordering::Acquire)) {
            place.configuration_changed();
        }
    }
}

/// What a panic elsewhere has left is as good as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
