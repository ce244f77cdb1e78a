//! Disks that come and go, and a cable.

use std::sync::atomic::Ordering;

use monitor_hmp::HotPlug;
use qapi_schema::device::DeviceCommands;
use qapi_schema::device::requests::DeviceDel;
use qapi_schema::net::requests::{QueryRxFilter, SetLink};
use qapi_schema::net::{AnnounceParameters, NetCommands, RxFilterInfo, RxState};
use qapi_schema::runtime::{Error, ErrorClass};

use super::TestMachine;

fn not_found(name: &str) -> Error {
    Error::new(ErrorClass::DeviceNotFound, format!("Device '{name}' not found"))
}

impl HotPlug for TestMachine {
    fn device_add(&self, device: &str) -> Result<(), Error> {
        self.plugged.lock().unwrap().push(device.to_owned());
        Ok(())
    }
}

impl DeviceCommands for TestMachine {
    fn device_del(&self, arguments: DeviceDel) -> Result<(), Error> {
        let mut plugged = self.plugged.lock().unwrap();
        let suffix = format!(",id={}", arguments.id);
        let place = plugged.iter().position(|device| device.ends_with(&suffix));
        place.map(|place| drop(plugged.remove(place))).ok_or_else(|| not_found(&arguments.id))
    }
}

impl NetCommands for TestMachine {
    fn set_link(&self, arguments: SetLink) -> Result<(), Error> {
        if arguments.name != "net0" {
            return Err(not_found(&arguments.name));
        }
        self.link_up.store(arguments.up, Ordering::Relaxed);
        Ok(())
    }

    fn announce_self(&self, _: AnnounceParameters) -> Result<(), Error> {
        Ok(())
    }

    fn query_rx_filter(&self, _: QueryRxFilter) -> Result<Vec<RxFilterInfo>, Error> {
        Ok(vec![RxFilterInfo {
            name: "net0".to_owned(),
            promiscuous: true,
            multicast: RxState::Normal,
            unicast: RxState::Normal,
            vlan: RxState::All,
            broadcast_allowed: true,
            multicast_overflow: false,
            unicast_overflow: false,
            main_mac: "52:54:00:12:34:56".to_owned(),
            vlan_table: Vec::new(),
            unicast_table: Vec::new(),
            multicast_table: Vec::new(),
        }])
    }
}
