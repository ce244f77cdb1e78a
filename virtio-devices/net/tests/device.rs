//! The network device as a monitor and a user see it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use insta::assert_snapshot;
use virtio_core::Device;
use virtio_core::driver::{build_device, decoded_features, offered_names};
use virtio_net::{DEVICE_KIND, DEVICE_TYPE, MacAddress, Net, open_loopback};

fn config(device: &dyn Device) -> [u8; 16] {
    let mut space = [0; 16];
    device.read_config(0, &mut space);
    space
}

#[test]
fn every_bit_is_decoded_for_both_generations() {
    assert_snapshot!(decoded_features(&DEVICE_KIND));
}

#[test]
fn the_configuration_space_has_the_address_and_the_link() {
    let mut device = build_device(&DEVICE_TYPE, "mac=52:54:00:12:34:56").unwrap();
    assert_snapshot!(offered_names(device.as_ref()), @"VIRTIO_NET_F_STATUS VIRTIO_NET_F_MAC");
    let expected = [0x52, 0x54, 0, 0x12, 0x34, 0x56, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(config(device.as_ref()), expected);
    device.write_config(0, &[0xff; 16]);
    assert_eq!(config(device.as_ref()), expected);
}

#[test]
fn a_device_without_an_address_gets_one_of_its_own() {
    let [first, second] = [(), ()].map(|()| config(build_device(&DEVICE_TYPE, "").unwrap().as_ref()));
    assert_ne!(first, second);
    let mac = MacAddress([1, 2, 3, 4, 5, 6]);
    assert_eq!(config(&Net::new(open_loopback().unwrap(), mac))[..6], mac.0);
}

#[test]
fn mistakes_in_options_say_what_would_do() {
    let mistake = |options| build_device(&DEVICE_TYPE, options).err().unwrap().to_string();
    assert_snapshot!(mistake("mac=01:00:5e:00:00:01"), @"option 'mac' is '01:00:5e:00:00:01'; accepted is six hexadecimal bytes such as 52:54:00:12:34:56, not a multicast address and not all zero");
    assert_snapshot!(mistake("tap=a/b"), @"tap interface name 'a/b' is not of 1 to 15 printable ASCII characters other than '/' and ':'");
    assert_snapshot!(mistake("bridge=br0"), @"unknown option 'bridge'; accepted are mac, tap");
}
