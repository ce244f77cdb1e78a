//! What a driver, a monitor and a user see of the device before any request.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use insta::assert_snapshot;
use storage::Image;
use virtio_block::{Block, BlockSettings, DEVICE_KIND, DEVICE_TYPE};
use virtio_core::driver::{build_device, decoded_features, offered_names};
use virtio_core::{Device, DeviceError};

fn build(options: &str) -> Result<Box<dyn Device>, DeviceError> {
    build_device(&DEVICE_TYPE, options)
}

fn mistake(options: &str) -> String {
    build(options).err().unwrap().to_string()
}

fn config(device: &dyn Device) -> Vec<u8> {
    let mut space = vec![0; 64];
    device.read_config(0, &mut space);
    space
}

#[test]
fn every_bit_is_decoded_for_both_generations() {
    assert_snapshot!(decoded_features(&DEVICE_KIND));
}

#[test]
fn a_writable_disk_and_a_read_only_one_offer_what_they_do() {
    let scratch = build("size=1M").unwrap();
    assert_snapshot!(offered_names(scratch.as_ref()), @"VIRTIO_BLK_F_CONFIG_WCE VIRTIO_BLK_F_FLUSH VIRTIO_BLK_F_WRITE_ZEROES VIRTIO_BLK_F_DISCARD VIRTIO_BLK_F_MQ VIRTIO_BLK_F_TOPOLOGY VIRTIO_BLK_F_BLK_SIZE VIRTIO_BLK_F_SEG_MAX VIRTIO_BLK_F_SIZE_MAX");
    assert_snapshot!(mistake("throttling.iops-total=1,throttling.iops-read=1"), @"a limit for both directions together and one for a single direction exclude each other");
    let image = tempfile::NamedTempFile::new().unwrap();
    image.as_file().set_len(1 << 20).unwrap();
    let read_only = build(&format!("path={},readonly=on", image.path().display())).unwrap();
    assert_snapshot!(offered_names(read_only.as_ref()), @"VIRTIO_BLK_F_CONFIG_WCE VIRTIO_BLK_F_FLUSH VIRTIO_BLK_F_MQ VIRTIO_BLK_F_TOPOLOGY VIRTIO_BLK_F_BLK_SIZE VIRTIO_BLK_F_RO VIRTIO_BLK_F_SEG_MAX VIRTIO_BLK_F_SIZE_MAX");
}

#[test]
fn the_configuration_space_says_size_and_limits() {
    let device = Block::new(Image::scratch(0x1234 * 512).unwrap(), &BlockSettings::default());
    let space = config(&device);
    let field = |at: usize| u32::from_le_bytes(space[at..at + 4].try_into().unwrap());
    assert_eq!(u64::from_le_bytes(space[..8].try_into().unwrap()), 0x1234);
    assert_eq!((field(8), field(12)), (1 << 20, 254), "size_max, seg_max");
    assert_eq!(field(20), 512, "blk_size");
    assert_eq!((space[24], space[25], space[26], field(28)), (3, 0, 8, 512), "topology");
    assert_eq!((space[32], space[34], space[35]), (1, 1, 0), "writeback, num_queues");
    assert_eq!((field(36), field(40), field(44)), (1 << 21, 16, 8), "discard");
    assert_eq!((field(48), field(52), space[56]), (1 << 17, 16, 1), "write zeroes");
    assert_eq!(space[57..], [0; 7], "nothing behind");
}

#[test]
fn nothing_but_the_cache_mode_can_be_written() {
    let mut device = build("queues=3").unwrap();
    let before = config(device.as_ref());
    assert_eq!((before[34], device.queue_sizes()), (3, &[256; 3][..]));
    device.write_config(0, &[0; 64]);
    device.write_config(u64::MAX, &[0; 4]);
    assert_eq!(config(device.as_ref()), before);
    device.write_config(32, &[0]);
    assert_eq!(config(device.as_ref())[32], 0, "writethrough");
    device.reset();
    assert_eq!(config(device.as_ref()), before);
}

#[test]
fn mistakes_in_options_say_what_would_do() {
    assert_snapshot!(mistake("size=1000"), @"option 'size' is '1000'; accepted is a size in whole sectors of 512 bytes, such as 64M");
    assert_snapshot!(mistake("size=0"), @"option 'size' is '0'; accepted is a size in whole sectors of 512 bytes, such as 64M");
    assert_snapshot!(mistake("size=big"), @"option 'size' is 'big'; accepted is a size in whole sectors of 512 bytes, such as 64M");
    assert_snapshot!(mistake("readonly=on"), @"unknown option 'readonly'; accepted are path, queues, rerror, serial, size, throttling.NAME, werror");
    assert_snapshot!(mistake("path=/dev/null"), @"disk image '/dev/null' is neither a regular file nor a block device");
    assert_snapshot!(mistake("path=/dev/null,readonly=yes"), @"option 'readonly' is 'yes'; accepted is on or off");
    assert_snapshot!(mistake("serial=more than twenty letters"), @"option 'serial' is 'more than twenty letters'; accepted is up to 20 printable ASCII characters");
    assert_snapshot!(mistake("queues=0"), @"option 'queues' is '0'; accepted is a number from 1 to 64");
    assert_snapshot!(mistake("werror=auto"), @"option 'werror' is 'auto'; accepted is report, ignore, stop or enospc");
    assert_snapshot!(mistake("rerror=enospc"), @"option 'rerror' is 'enospc'; accepted is report, ignore or stop");
    let image = tempfile::NamedTempFile::new().unwrap();
    let with_size = mistake(&format!("path={},size=1M", image.path().display()));
    assert_snapshot!(with_size, @"unknown option 'size'; accepted are format, path, queues, readonly, rerror, serial, throttling.NAME, werror");
}
