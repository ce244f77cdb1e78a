//! The control queue (virtio 1.3, 5.1.6.5): commands of the driver, and what becomes of them.

use std::io::{Read, Write};

use qapi_schema::virtio_debug::VirtioNetFeature as Feature;
use virtio_core::{Chain, GuestMemory, Outcome, RingError};

use crate::card::Card;
use crate::features::has;
use crate::filter::{Addresses, MAXIMUM_ADDRESSES, Modes, VLANS};
use crate::mac::MacAddress;
use crate::offloads::Offloads;

/// Bytes of a command that are looked at. With as many addresses as go into that a filter has long given up counting; without
/// a limit a driver could keep the device from pausing for as long as 4 GiB of them take.
const MOST_BYTES: u64 = 1 << 20;

/// The command was carried out.
const OK: u8 = 0;
/// It was not.
const ERR: u8 = 1;

/// A switch of the receive filter.
type Mode = fn(&mut Modes) -> &mut bool;

/// What the driver wants.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    /// To turn a mode of reception on or off.
    SetMode(Mode, bool),
    /// To receive what goes to these addresses, of one station and of several.
    SetAddresses(Addresses, Addresses),
    /// Another address of its own.
    SetAddress(MacAddress),
    /// To receive frames of a VLAN or not.
    SetVlan(u16, bool),
    /// It will announce itself.
    Announced,
    /// To use so many pairs of queues.
    SetPairs(u16),
    /// To be left this work, and no other.
    SetOffloads(u64),
}

/// Why a command is not carried out. The driver gets to know only that it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ControlError {
    /// There is no such command, or it belongs to a feature that was not negotiated.
    #[error("class {class} command {command} is unknown or was not negotiated")]
    Unknown {
        /// As in the request.
        class: u8,
        /// As in the request.
        command: u8,
    },
    /// Too few bytes for the command, or too many.
    #[error("the request has not the length that the command needs")]
    Length,
    /// A value that cannot be.
    #[error("the request has a value that is not possible")]
    Value,
    /// The host refuses.
    #[error("the host does not do it")]
    Host,
}

/// Bytes of the command's data that were not read yet.
struct Data<R>(R);

impl<R: Read> Data<R> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], ControlError> {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes).map_err(|_| ControlError::Length)?;
        Ok(bytes)
    }

    fn switch(&mut self) -> Result<bool, ControlError> {
        match self.take()? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(ControlError::Value),
        }
    }

    /// A table of addresses: their number, and then they. No more are kept than a filter holds with those that it has.
    fn addresses(&mut self, already: usize) -> Result<Addresses, ControlError> {
        let count = u32::from_le_bytes(self.take()?);
        let mut addresses = Addresses::default();
        for _ in 0..count {
            let address = MacAddress(self.take()?);
            if already + addresses.list.len() < MAXIMUM_ADDRESSES {
                addresses.list.push(address);
            } else {
                addresses.overflow = true;
            }
        }
        Ok(addresses)
    }

    fn end(&mut self) -> Result<(), ControlError> {
        match self.0.read(&mut [0]) {
            Ok(0) => Ok(()),
            _ => Err(ControlError::Length),
        }
    }
}

impl Command {
    /// Reads a command of a driver that has acknowledged `features`.
    pub(crate) fn read(request: impl Read, features: u128) -> Result<Self, ControlError> {
        let mut data = Data(request);
        let [class, command] = data.take()?;
        let feature = needed_feature(class, command).filter(|feature| has(features, *feature));
        feature.ok_or(ControlError::Unknown { class, command })?;
        let wanted = match (class, command) {
            (0, _) => Self::SetMode(mode(command), data.switch()?),
            (1, 0) => {
                let unicast = data.addresses(0)?;
                let multicast = data.addresses(unicast.list.len())?;
                Self::SetAddresses(unicast, multicast)
            }
            (1, _) => Self::SetAddress(MacAddress(data.take()?)),
            (2, _) => Self::SetVlan(u16::from_le_bytes(data.take()?), command == 0),
            (3, _) => Self::Announced,
            (4, _) => Self::SetPairs(u16::from_le_bytes(data.take()?)),
            _ => Self::SetOffloads(u64::from_le_bytes(data.take()?)),
        };
        data.end()?;
        Ok(wanted)
    }

    /// Does it.
    pub(crate) fn execute(self, card: &Card, features: u128) -> Result<(), ControlError> {
        match self {
            Self::SetMode(mode, on) => card.change_filter(|filter| *mode(&mut filter.modes) = on),
            Self::SetAddresses(unicast, multicast) => card.change_filter(|filter| {
                (filter.unicast, filter.multicast) = (unicast, multicast);
            }),
            Self::SetAddress(mac) if mac.is_one_station() => card.change_filter(|filter| filter.mac = mac),
            Self::SetVlan(vlan, wanted) if vlan < VLANS => card.change_filter(|filter| {
                filter.vlans.get_or_insert_default().set(vlan, wanted);
            }),
            Self::Announced => card.announced(),
            Self::SetPairs(pairs) if (1..=card.pairs()).contains(&pairs) => {
                card.link().use_ports(pairs.into()).map_err(|_| ControlError::Host)?;
                card.wake_pairs(pairs);
            }
            Self::SetOffloads(bits)
                if u128::from(bits) & !(features & Offloads::ALL.driver_features()) == 0 =>
            {
                let offloads = Offloads::to_driver(bits.into());
                card.set_offloads_to_driver(offloads).map_err(|_| ControlError::Host)?;
            }
            Self::SetAddress(_) | Self::SetVlan(..) | Self::SetPairs(_) | Self::SetOffloads(_) => {
                return Err(ControlError::Value);
            }
        }
        Ok(())
    }
}

/// Reads the chain's command, carries it out and writes what has become of it.
///
/// # Errors
/// There is no room for that.
pub(crate) fn serve(
    card: &Card,
    features: u128,
    chain: &Chain,
    memory: &GuestMemory,
) -> Result<Outcome, RingError> {
    if chain.writable_len() == 0 {
        return Err(RingError::TooShort { head: chain.head(), part: "ack", length: 0, wanted: 1 });
    }
    let command = if chain.readable_len() > MOST_BYTES {
        Err(ControlError::Length)
    } else {
        Command::read(chain.reader(memory), features)
    };
    let done = command.and_then(|command| command.execute(card, features));
    let ack = if done.is_ok() { OK } else { ERR };
    // There is room, and chains were checked to lie in guest memory: this cannot fail.
    let _ = chain.writer(memory).write_all(&[ack]);
    Ok(if done.is_ok() { Outcome::Done { written: 1 } } else { Outcome::Failed { written: 1 } })
}

/// The feature without which there is no such command; `None` if there never is.
fn needed_feature(class: u8, command: u8) -> Option<Feature> {
    Some(match (class, command) {
        (0, 0 | 1) | (1, 0) => Feature::CtrlRx,
        (0, 2..=5) => Feature::CtrlRxExtra,
        (1, 1) => Feature::CtrlMacAddr,
        (2, 0 | 1) => Feature::CtrlVlan,
        (3, 0) => Feature::GuestAnnounce,
        (4, 0) => Feature::Mq,
        (5, 0) => Feature::CtrlGuestOffloads,
        _ => return None,
    })
}

/// The mode that a command of class 0 is about.
fn mode(command: u8) -> Mode {
    match command {
        0 => |modes| &mut modes.promiscuous,
        1 => |modes| &mut modes.all_multicast,
        2 => |modes| &mut modes.all_unicast,
        3 => |modes| &mut modes.no_multicast,
        4 => |modes| &mut modes.no_unicast,
        _ => |modes| &mut modes.no_broadcast,
    }
}
