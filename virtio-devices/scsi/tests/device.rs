//! What a driver, a monitor and a user see of the device before any request.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod common;

use common::Host;
use insta::assert_snapshot;
use virtio_core::driver::{build_device, decoded_features, offered_names};
use virtio_core::{Device, RingForm};
use virtio_scsi::{DEVICE_KIND, DEVICE_TYPE, Scsi};

fn config(device: &dyn Device) -> Vec<u32> {
    let mut space = [0; 40];
    device.read_config(0, &mut space);
    space.as_chunks().0.iter().map(|word| u32::from_le_bytes(*word)).collect()
}

#[test]
fn every_bit_is_decoded_for_both_generations() {
    assert_snapshot!(decoded_features(&DEVICE_KIND));
}

#[test]
fn units_that_come_and_change_are_offered_and_nothing_that_no_disk_has() {
    let device = build_device(&DEVICE_TYPE, "").unwrap();
    assert_snapshot!(offered_names(device.as_ref()), @"VIRTIO_SCSI_F_CHANGE VIRTIO_SCSI_F_HOTPLUG");
}

#[test]
fn the_configuration_space_says_queues_and_limits() {
    let device = build_device(&DEVICE_TYPE, "queues=4").unwrap();
    assert_eq!(device.queue_sizes(), [256; 6]);
    assert_eq!(config(&*device), [4, 254, 65536, 128, 16, 96, 32, 255 << 16, 16383, 0]);
}

#[test]
fn a_driver_can_write_the_two_sizes_and_nothing_else() {
    let mut device = Scsi::new(1);
    let before = config(&device);
    device.write_config(0, &[0xff; 36]);
    device.write_config(u64::MAX, &[0xff; 4]);
    for offset in (0..40).step_by(4) {
        device.write_config(offset, &u32::MAX.to_le_bytes());
    }
    device.write_config(20, &253_u32.to_le_bytes());
    device.write_config(24, &256_u32.to_le_bytes());
    assert_eq!(config(&device), before);
    device.write_config(20, &252_u32.to_le_bytes());
    device.write_config(24, &16_u32.to_le_bytes());
    assert_eq!(config(&device)[5..7], [252, 16]);
    device.reset();
    assert_eq!(config(&device), before);
}

#[test]
fn mistakes_in_options_say_what_would_do() {
    assert_snapshot!(build_device(&DEVICE_TYPE, "queues=17").err().unwrap().to_string(), @"option 'queues' is '17'; accepted is a number from 1 to 16");
    let host = Host::with_disk(RingForm::Split);
    let mistake = |options: &str| host.plug("disk", options).unwrap_err().to_string();
    assert_snapshot!(mistake("size=1000"), @"option 'size' is '1000'; accepted is a size in whole blocks of 512 bytes, such as 64M");
    assert_snapshot!(mistake("size=1536,logical_block_size=4096"), @"option 'size' is '1536'; accepted is a size in whole blocks of 4096 bytes, such as 64M");
    assert_snapshot!(mistake("logical_block_size=1024"), @"option 'logical_block_size' is '1024'; accepted is 512 or 4096");
    assert_snapshot!(mistake("target=256"), @"option 'target' is '256'; accepted is a number from 0 to 255");
    assert_snapshot!(mistake("lun=16384"), @"option 'lun' is '16384'; accepted is a number from 0 to 16383");
    assert_snapshot!(mistake("target=0,lun=0"), @"option 'lun' is '0'; accepted is a unit of the target that no other disk is");
    assert_snapshot!(mistake("readonly=on"), @"unknown option 'readonly'; accepted are logical_block_size, lun, path, physical_block_size, product, rerror, scsi-id, serial, size, target, throttling.NAME, vendor, werror, wwn");
    assert_snapshot!(mistake("wwn=1234"), @"option 'wwn' is '1234'; accepted is 0x and 16 hexadecimal digits");
    assert_snapshot!(mistake("vendor=more than eight"), @"option 'vendor' is 'more than eight'; accepted is up to 8 printable ASCII characters");
    assert_snapshot!(mistake("path=/nonexistent/disk.img"), @"cannot open disk image '/nonexistent/disk.img': No such file or directory (os error 2); a readable (and without readonly=on, writable) file or block device is needed");
    assert_eq!(host.bus.devices().len(), 1, "none of them has come");
}

#[test]
fn addresses_that_nobody_asks_for_are_the_first_free_ones() {
    let host = Host::new(RingForm::Split, 1);
    for (id, options) in [("a", ""), ("b", ""), ("c", "target=0"), ("d", "scsi-id=7"), ("e", "lun=5")] {
        host.plug(id, options).unwrap();
    }
    let ids: Vec<_> = host.bus.devices().into_iter().map(|device| device.id.unwrap()).collect();
    // By target and unit: 0:0, 0:1, 1:0, 2:5, 7:0.
    assert_eq!(ids, ["a", "c", "b", "e", "d"]);
}
