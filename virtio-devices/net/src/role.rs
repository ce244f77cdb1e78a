//! What monitors can do with a card.

use qapi_schema::net::{AnnounceParameters, RxFilterInfo, RxState};
use virtio_core::roles::{Limited, NetworkLink, RateLimited};

use crate::card::Card;
use crate::filter::{Addresses, ReceiveFilter, Vlans};

impl NetworkLink for Card {
    fn plug(&self, plugged: bool) {
        Card::plug(self, plugged);
    }

    fn announce(&self, wanted: AnnounceParameters) {
        self.want_announcements(wanted);
    }

    fn receive_filter(&self) -> RxFilterInfo {
        self.tell_of_filter();
        filter_info(self.name(), &self.filter())
    }
}

impl RateLimited for Card {
    fn limited(&self) -> Vec<Limited> {
        vec![Card::limited(self)]
    }
}

fn filter_info(name: String, filter: &ReceiveFilter) -> RxFilterInfo {
    let ReceiveFilter { mac, modes, unicast, multicast, vlans } = filter;
    let state = |none, all| match (none, all) {
        (true, _) => RxState::None,
        (false, true) => RxState::All,
        (false, false) => RxState::Normal,
    };
    let listed: Vec<i64> = vlans.iter().flat_map(Vlans::iter).map(i64::from).collect();
    let texts = |addresses: &Addresses| addresses.list.iter().map(ToString::to_string).collect();
    RxFilterInfo {
        name,
        promiscuous: modes.promiscuous,
        multicast: state(modes.no_multicast, modes.all_multicast),
        unicast: state(modes.no_unicast, modes.all_unicast),
        vlan: state(vlans.is_some() && listed.is_empty(), vlans.is_none()),
        broadcast_allowed: !modes.no_broadcast,
        multicast_overflow: multicast.overflow,
        unicast_overflow: unicast.overflow,
        main_mac: mac.to_string(),
        vlan_table: listed,
        unicast_table: texts(unicast),
        multicast_table: texts(multicast),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mac::MacAddress;

    #[test]
    fn the_filter_as_clients_see_it() {
        let own = MacAddress([0x52, 0x54, 0, 0x12, 0x34, 0x56]);
        let mut filter = ReceiveFilter::new(own, true);
        assert_eq!(filter_info("net0".to_owned(), &filter).vlan, RxState::None);
        filter.modes.promiscuous = false;
        filter.modes.all_unicast = true;
        filter.modes.no_broadcast = true;
        filter.multicast.list.push(MacAddress([0x33, 0x33, 0, 0, 0, 1]));
        filter.unicast.overflow = true;
        filter.vlans.as_mut().unwrap().set(7, true);
        insta::assert_json_snapshot!(filter_info("net0".to_owned(), &filter), @r###"
        {
          "name": "net0",
          "promiscuous": false,
          "multicast": "normal",
          "unicast": "all",
          "vlan": "normal",
          "broadcast-allowed": false,
          "multicast-overflow": false,
          "unicast-overflow": true,
          "main-mac": "52:54:00:12:34:56",
          "vlan-table": [
            7
          ],
          "unicast-table": [],
          "multicast-table": [
            "33:33:00:00:00:01"
          ]
        }
        "###);
    }
}
