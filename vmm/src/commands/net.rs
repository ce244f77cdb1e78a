//! net.json: the wires of network cards, and what cards let pass.

use qapi_schema::net::requests::{QueryRxFilter, SetLink};
use qapi_schema::net::{AnnounceParameters, NetCommands, RxFilterInfo};
use qapi_schema::runtime::{Error, ErrorClass};
use virtio_core::roles::NetworkLink;

use crate::machine::Machine;
use crate::object_tree::DeviceObject;

impl NetCommands for Machine {
    fn set_link(&self, SetLink { name, up }: SetLink) -> Result<(), Error> {
        let (_, card) = cards(self)
            .find(|(device, _)| device.id() == Some(&name))
            .ok_or_else(|| Error::new(ErrorClass::DeviceNotFound, format!("Device '{name}' not found")))?;
        card.plug(up);
        Ok(())
    }

    fn announce_self(&self, wanted: AnnounceParameters) -> Result<(), Error> {
        for (device, card) in cards(self) {
            let is_named = |names: &Vec<String>| names.iter().any(|name| device.id() == Some(name));
            if wanted.interfaces.as_ref().is_none_or(is_named) {
                card.announce(wanted.clone());
            }
        }
        Ok(())
    }

    fn query_rx_filter(&self, QueryRxFilter { name }: QueryRxFilter) -> Result<Vec<RxFilterInfo>, Error> {
        let Some(name) = name else {
            return Ok(cards(self).map(|(_, card)| card.receive_filter()).collect());
        };
        let device = self.objects().devices().iter().find(|device| device.id() == Some(&name));
        let device = device.ok_or_else(|| Error::generic(format!("invalid net client name: {name}")))?;
        match &device.roles.network_link {
            Some(card) => Ok(vec![card.receive_filter()]),
            None => Err(Error::generic(format!("net client({name}) isn't a NIC"))),
        }
    }
}

/// The devices that are network cards.
fn cards(machine: &Machine) -> impl Iterator<Item = (&DeviceObject, &dyn NetworkLink)> {
    let devices = machine.objects().devices().iter();
    devices.filter_map(|device| Some((device, &**device.roles.network_link.as_ref()?)))
}
