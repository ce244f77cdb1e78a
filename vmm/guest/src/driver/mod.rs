//! The drivers, and what they have in common.

mod balloon;
mod block;
mod console;
mod net;
mod rng;

use crate::log::Log;
use crate::platform::Platform;
use crate::transport::Transport;

use balloon::Balloon;
use block::Block;
use console::Console;
use net::Net;
use rng::Rng;

/// Why a device is left alone from now on.
#[derive(Clone, Copy)]
pub(crate) enum Broken {
    /// The status register does not go back to zero.
    Reset,
    /// The device does not offer `VIRTIO_F_VERSION_1`.
    Legacy,
    /// The device refuses the features it offered.
    Features,
    /// A queue that the device must have is missing, busy or too small.
    NoQueue,
    /// The used index went further than there are requests.
    UsedIndex,
    /// A used element names no request that was made.
    UsedElement,
    /// The device has set `DEVICE_NEEDS_RESET`.
    NeedsReset,
}

impl Broken {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Reset => "cannot be reset",
            Self::Legacy => "does not offer VIRTIO_F_VERSION_1",
            Self::Features => "refuses the features it offered",
            Self::NoQueue => "lacks a queue of 16 entries or more",
            Self::UsedIndex => "gave back more than it was given",
            Self::UsedElement => "gave back what it was not given",
            Self::NeedsReset => "says that it needs a reset",
        }
    }
}

/// What a driver works with.
pub(crate) struct Context<'a, P> {
    pub(crate) platform: &'a mut P,
    pub(crate) log: &'a mut Log,
    pub(crate) transport: Transport,
    pub(crate) name: Name,
}

impl<P> Context<'_, P> {
    /// Begins a message about this device.
    pub(crate) fn message(&mut self) -> &mut Log {
        self.log.text(self.name.kind).number(u64::from(self.name.number)).text(": ")
    }
}

/// What messages call a device, such as `disk0`.
#[derive(Clone, Copy)]
pub(crate) struct Name {
    pub(crate) kind: &'static str,
    pub(crate) number: u8,
}

/// A driver at work.
#[allow(
    clippy::large_enum_variant,
    reason = "there is no heap to box with, and a few hundred bytes are nothing"
)]
pub(crate) enum Driver {
    Block(Block),
    Net(Net),
    Rng(Rng),
    Console(Console),
    Balloon(Balloon),
}

/// What messages call devices of virtio device ID `id`; `None` if there is no driver for them.
pub(crate) fn kind(id: u32) -> Option<&'static str> {
    match id {
        net::ID => Some("net"),
        block::ID => Some("disk"),
        console::ID => Some("console"),
        rng::ID => Some("rng"),
        balloon::ID => Some("balloon"),
        _ => None,
    }
}

impl Driver {
    /// Takes the device of virtio device ID `id` into service; `None` if there is no driver for it.
    pub(crate) fn start<P: Platform>(context: &mut Context<'_, P>, id: u32) -> Option<Result<Self, Broken>> {
        match id {
            net::ID => Some(Net::start(context).map(Self::Net)),
            block::ID => Some(Block::start(context).map(Self::Block)),
            console::ID => Some(Console::start(context).map(Self::Console)),
            rng::ID => Some(Rng::start(context).map(Self::Rng)),
            balloon::ID => Some(Balloon::start(context).map(Self::Balloon)),
            _ => None,
        }
    }

    /// A new round begins.
    pub(crate) fn tick<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        match self {
            Self::Block(driver) => driver.tick(context),
            Self::Net(driver) => driver.tick(context),
            Self::Rng(driver) => driver.tick(context),
            Self::Balloon(driver) => driver.tick(context),
            Self::Console(_) => Ok(()),
        }
    }

    /// The device may have given requests back.
    pub(crate) fn complete<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        match self {
            Self::Block(driver) => driver.complete(context),
            Self::Net(driver) => driver.complete(context),
            Self::Rng(driver) => driver.complete(context),
            Self::Balloon(driver) => driver.complete(context),
            Self::Console(driver) => driver.complete(context),
        }
    }

    /// Says how it goes.
    pub(crate) fn report<P: Platform>(&self, context: &mut Context<'_, P>) {
        match self {
            Self::Block(driver) => driver.report(context),
            Self::Net(driver) => driver.report(context),
            Self::Rng(driver) => driver.report(context),
            Self::Balloon(driver) => driver.report(context),
            Self::Console(_) => {}
        }
    }
}

/// Whether the `count`th occurrence of the same trouble is worth a message: the first, and then ever fewer.
fn worth_saying(count: u32) -> bool {
    count.is_power_of_two()
}

/// Notices when a device does not answer.
#[derive(Default)]
struct Patience(u8);

impl Patience {
    /// Rounds after which a message says that no answer came.
    const ROUNDS: u8 = 50;

    fn reset(&mut self) {
        self.0 = 0;
    }

    /// One more round without an answer.
    fn round<P>(&mut self, context: &mut Context<'_, P>) {
        self.0 = self.0.saturating_add(1);
        if self.0 == Self::ROUNDS {
            context.message().text("has not answered for ").number(u64::from(Self::ROUNDS)).text(" rounds\n");
        }
    }
}
