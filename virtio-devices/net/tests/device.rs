//! The network device as a monitor and a user see it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use insta::assert_snapshot;
use virtio_core::Device;
use virtio_core::driver::{build_device, decoded_features, offered_names};
use virtio_net::{DEVICE_KIND, DEVICE_TYPE, MacAddress, Net, open_loopback};

fn config(device: &dyn Device) -> [u8; 20] {
    let mut space = [0; 20];
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
    assert_snapshot!(offered_names(device.as_ref()), @"VIRTIO_NET_F_CTRL_MAC_ADDR VIRTIO_NET_F_GUEST_ANNOUNCE VIRTIO_NET_F_CTRL_RX_EXTRA VIRTIO_NET_F_CTRL_VLAN VIRTIO_NET_F_CTRL_RX VIRTIO_NET_F_CTRL_VQ VIRTIO_NET_F_STATUS VIRTIO_NET_F_MRG_RXBUF VIRTIO_NET_F_MAC");
    let expected = [0x52, 0x54, 0, 0x12, 0x34, 0x56, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(config(device.as_ref()), expected);
    device.write_config(0, &[0xff; 20]);
    assert_eq!(config(device.as_ref()), expected);
}

#[test]
fn what_the_user_says_of_the_wire_is_what_the_driver_reads() {
    let options = "mac=52:54:00:12:34:56,queues=4,mtu=9000,speed=10000,duplex=full";
    let device = build_device(&DEVICE_TYPE, options).unwrap();
    let names = offered_names(device.as_ref());
    for feature in ["MQ", "MTU", "SPEED_DUPLEX"] {
        assert!(names.contains(&format!("VIRTIO_NET_F_{feature}")), "{names}");
    }
    assert_eq!(device.queue_sizes().len(), 9);
    assert_eq!(config(device.as_ref())[6..17], [1, 0, 4, 0, 0x28, 0x23, 0x10, 0x27, 0, 0, 1]);
    let device = build_device(&DEVICE_TYPE, "duplex=half").unwrap();
    assert_eq!(config(device.as_ref())[12..17], [0xff, 0xff, 0xff, 0xff, 0], "the speed is unknown");
}

#[test]
fn a_device_without_an_address_gets_one_of_its_own() {
    let [first, second] = [(), ()].map(|()| config(build_device(&DEVICE_TYPE, "").unwrap().as_ref()));
    assert_ne!(first, second);
    let mac = MacAddress([1, 2, 3, 4, 5, 6]);
    assert_eq!(config(&Net::new(open_loopback(1).unwrap(), mac).unwrap())[..6], mac.0);
}

#[test]
fn mistakes_in_options_say_what_would_do() {
    let mistake = |options| build_device(&DEVICE_TYPE, options).err().unwrap().to_string();
    assert_snapshot!(mistake("mac=01:00:5e:00:00:01"), @"option 'mac' is '01:00:5e:00:00:01'; accepted is six hexadecimal bytes such as 52:54:00:12:34:56, not a multicast address and not all zero");
    assert_snapshot!(mistake("tap=a/b"), @"tap interface name 'a/b' is not of 1 to 15 printable ASCII characters other than '/' and ':'");
    assert_snapshot!(mistake("bridge=br0"), @"unknown option 'bridge'; accepted are duplex, limit.NAME, mac, mtu, queues, speed, tap");
    assert_snapshot!(mistake("queues=65"), @"option 'queues' is '65'; accepted is a number from 1 to 64");
    assert_snapshot!(mistake("mtu=67"), @"option 'mtu' is '67'; accepted is a number from 68 to 65535");
    assert_snapshot!(mistake("duplex=both"), @"option 'duplex' is 'both'; accepted is half or full");
}
