//! Which frames the driver wants to receive (virtio 1.3, 5.1.6.5.1 to 5.1.6.5.3).

use crate::mac::MacAddress;

/// Addresses that a filter holds, of both kinds together. A driver that has more gets all frames of the kind.
pub(crate) const MAXIMUM_ADDRESSES: usize = 64;
/// VLANs that there can be.
pub(crate) const VLANS: u16 = 4096;
/// Bytes at the beginning of a frame that decide: two addresses, and a VLAN tag.
pub(crate) const DECIDING_BYTES: usize = 16;

/// EtherType of a frame with a VLAN tag.
const TAGGED: [u8; 2] = [0x81, 0x00];
/// The bits of a tag that are the VLAN's number.
const VLAN_BITS: u16 = 0xfff;
const BROADCAST: MacAddress = MacAddress([0xff; 6]);

/// The driver's wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReceiveFilter {
    /// The card's own address.
    pub(crate) mac: MacAddress,
    pub(crate) modes: Modes,
    pub(crate) unicast: Addresses,
    pub(crate) multicast: Addresses,
    /// `None` as long as nobody filters VLANs.
    pub(crate) vlans: Option<Vlans>,
}

/// The switches of VIRTIO_NET_CTRL_RX.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Modes {
    pub(crate) promiscuous: bool,
    pub(crate) all_multicast: bool,
    pub(crate) all_unicast: bool,
    pub(crate) no_multicast: bool,
    pub(crate) no_unicast: bool,
    pub(crate) no_broadcast: bool,
}

/// A list of addresses, or the note that there were too many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Addresses {
    pub(crate) list: Vec<MacAddress>,
    pub(crate) overflow: bool,
}

/// A set of VLANs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vlans(Box<[u64; VLANS as usize / 64]>);

impl ReceiveFilter {
    /// A driver that has not said anything receives everything; with `filters_vlans`, it has to say which VLANs it wants.
    pub(crate) fn new(mac: MacAddress, filters_vlans: bool) -> Self {
        Self {
            mac,
            modes: Modes { promiscuous: true, ..Modes::default() },
            unicast: Addresses::default(),
            multicast: Addresses::default(),
            vlans: filters_vlans.then(Vlans::default),
        }
    }

    /// Whether the driver wants the frame that begins with `head`. One that is too short for a decision is nobody's.
    pub(crate) fn accepts(&self, head: &[u8]) -> bool {
        let modes = &self.modes;
        if modes.promiscuous {
            return true;
        }
        let Some((target, rest)) = head.split_first_chunk::<6>() else { return false };
        if let (Some(vlans), Some(&[.., t0, t1, v0, v1])) = (&self.vlans, rest.first_chunk::<10>())
            && [t0, t1] == TAGGED
            && !vlans.contains(u16::from_be_bytes([v0, v1]) & VLAN_BITS)
        {
            return false;
        }
        let target = MacAddress(*target);
        if target == BROADCAST {
            !modes.no_broadcast
        } else if target.is_multicast() {
            !modes.no_multicast && (modes.all_multicast || self.multicast.wants(target))
        } else {
            !modes.no_unicast && (modes.all_unicast || target == self.mac || self.unicast.wants(target))
        }
    }
}

impl Addresses {
    fn wants(&self, address: MacAddress) -> bool {
        self.overflow || self.list.contains(&address)
    }
}

impl Default for Vlans {
    fn default() -> Self {
        Self(Box::new([0; VLANS as usize / 64]))
    }
}

impl Vlans {
    pub(crate) fn contains(&self, vlan: u16) -> bool {
        self.0.get(usize::from(vlan / 64)).is_some_and(|word| word >> (vlan % 64) & 1 != 0)
    }

    /// Adds the VLAN or takes it out. There has to be such a VLAN.
    pub(crate) fn set(&mut self, vlan: u16, wanted: bool) {
        if let Some(word) = self.0.get_mut(usize::from(vlan / 64)) {
            let bit = 1 << (vlan % 64);
            *word = if wanted { *word | bit } else { *word & !bit };
        }
    }

    /// Those in the set, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u16> {
        (0..VLANS).filter(|vlan| self.contains(*vlan))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: MacAddress = MacAddress([2, 0, 0, 0, 0, 1]);
    const OTHER: MacAddress = MacAddress([2, 0, 0, 0, 0, 2]);
    const GROUP: MacAddress = MacAddress([1, 0, 0x5e, 0, 0, 1]);

    fn frame(target: MacAddress, tag: Option<u16>) -> Vec<u8> {
        let mut frame = [target.0, [2, 9, 9, 9, 9, 9]].concat();
        if let Some(tag) = tag {
            frame.extend(TAGGED);
            frame.extend(tag.to_be_bytes());
        }
        frame.extend([8, 0, 0x45, 0]);
        frame
    }

    /// Which of the card's own address, another one, a group's and everybody's are wanted.
    fn wanted(filter: &ReceiveFilter) -> [bool; 4] {
        [OWN, OTHER, GROUP, BROADCAST].map(|target| filter.accepts(&frame(target, None)))
    }

    fn quiet() -> ReceiveFilter {
        let mut filter = ReceiveFilter::new(OWN, true);
        assert_eq!(wanted(&filter), [true; 4], "before the driver says something");
        filter.modes.promiscuous = false;
        filter
    }

    #[test]
    fn each_mode_lets_its_frames_pass() {
        let with = |set: fn(&mut Modes)| {
            let mut filter = quiet();
            set(&mut filter.modes);
            wanted(&filter)
        };
        assert_eq!(with(|_| ()), [true, false, false, true]);
        assert_eq!(with(|modes| modes.all_unicast = true), [true, true, false, true]);
        assert_eq!(with(|modes| modes.all_multicast = true), [true, false, true, true]);
        assert_eq!(with(|modes| modes.no_unicast = true), [false, false, false, true]);
        assert_eq!(with(|modes| modes.no_broadcast = true), [true, false, false, false]);
        assert_eq!(
            with(|modes| (modes.all_multicast, modes.no_multicast) = (true, true)),
            [true, false, false, true]
        );
    }

    #[test]
    fn listed_addresses_pass_and_all_of_a_kind_of_which_there_are_too_many() {
        let mut filter = quiet();
        filter.unicast.list.push(OTHER);
        filter.multicast.overflow = true;
        assert_eq!(wanted(&filter), [true; 4]);
        assert!(!filter.accepts(&frame(MacAddress([2, 0, 0, 0, 0, 3]), None)));
    }

    #[test]
    fn tagged_frames_need_their_vlan() {
        let mut filter = quiet();
        assert!(!filter.accepts(&frame(OWN, Some(5))));
        let vlans = filter.vlans.as_mut().unwrap();
        vlans.set(5, true);
        vlans.set(4095, true);
        assert_eq!(vlans.iter().collect::<Vec<_>>(), [5, 4095]);
        assert!(filter.accepts(&frame(OWN, Some(0xe005))), "the priority does not count");
        assert!(!filter.accepts(&frame(OTHER, Some(5))));
        assert!(!filter.accepts(&frame(OWN, Some(6))));
        filter.vlans.as_mut().unwrap().set(5, false);
        assert!(!filter.accepts(&frame(OWN, Some(5))));
        filter.vlans = None;
        assert!(filter.accepts(&frame(OWN, Some(6))), "nobody filters");
    }

    #[test]
    fn a_frame_without_an_address_is_nobodys() {
        let filter = quiet();
        assert!(!filter.accepts(&[]));
        assert!(!filter.accepts(&[2, 0, 0, 0, 0]));
        assert!(filter.accepts(&OWN.0), "cut short, but for us");
    }
}
