//! The balloon as a driver, a monitor and a user see it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use insta::assert_snapshot;
use virtio_balloon::{Balloon, DEVICE_KIND, DEVICE_TYPE};
use virtio_core::driver::{
    Buffer, DriverQueue, MmioDriver, build_device, decoded_features, guest_memory, offered_names, offset,
};
use virtio_core::{Device, RingForm};

const RINGS: u64 = 0x1000;
const NUMBERS: u64 = 0x8000;
/// The pages that the tests give and take, behind everything else.
const FIRST_PAGE: u32 = 0x10;
const PAGES: u32 = 16;
const MEMORY: usize = (FIRST_PAGE + PAGES) as usize * PAGE;
const PAGE: usize = PAGE_BYTES as usize;
const PAGE_BYTES: u32 = 4096;

const INFLATE: u16 = 0;
const DEFLATE: u16 = 1;

struct Attached {
    driver: MmioDriver,
    inflate: DriverQueue,
    deflate: DriverQueue,
}

impl Attached {
    fn new(rings: RingForm) -> Self {
        let memory = guest_memory(MEMORY);
        let mut driver = MmioDriver::with_rings(Box::new(Balloon::new(5, false)), &memory, rings);
        let queues = driver.start(u128::MAX, RINGS);
        let [inflate, deflate] = queues.try_into().unwrap();
        driver.store(page_address(FIRST_PAGE), &[0xaa; PAGES as usize * PAGE]);
        Self { driver, inflate, deflate }
    }

    fn store_numbers(&self, pages: &[u32]) -> Buffer {
        let bytes: Vec<u8> = pages.iter().flat_map(|page| page.to_le_bytes()).collect();
        self.driver.store(NUMBERS, &bytes);
        Buffer::readable(NUMBERS, u32::try_from(bytes.len()).unwrap())
    }

    fn inflate(&mut self, pages: &[u32]) {
        let numbers = self.store_numbers(pages);
        assert_eq!(self.driver.submit(INFLATE, &mut self.inflate, &[numbers]), 0);
    }

    /// The pages that read as zeroes, counted from the first.
    fn empty_pages(&self) -> Vec<u32> {
        (0..PAGES)
            .filter(|page| {
                let bytes = self.driver.load(page_address(FIRST_PAGE + page), PAGE_BYTES);
                let empty = bytes == [0; PAGE];
                assert!(empty || bytes == [0xaa; PAGE], "page {page} is neither whole nor gone");
                empty
            })
            .collect()
    }
}

fn page_address(page: u32) -> u64 {
    u64::from(page) * PAGE as u64
}

#[test]
fn inflating_releases_exactly_the_pages_named() {
    for rings in RingForm::BOTH {
        let mut balloon = Attached::new(rings);
        // Upwards, downwards, alone, and twice.
        balloon.inflate(&[3, 4, 5, 12, 11, 8, 8].map(|page| FIRST_PAGE + page));
        assert_eq!(balloon.empty_pages(), [3, 4, 5, 8, 11, 12]);
    }
}

#[test]
fn numbers_may_lie_in_several_buffers_cut_anywhere() {
    for rings in RingForm::BOTH {
        let mut balloon = Attached::new(rings);
        let whole = balloon.store_numbers(&[FIRST_PAGE + 1, FIRST_PAGE + 2]);
        let cut = [Buffer::readable(whole.address, 3), Buffer::readable(whole.address + 3, 5)];
        assert_eq!(balloon.driver.submit(INFLATE, &mut balloon.inflate, &cut), 0);
        assert_eq!(balloon.empty_pages(), [1, 2]);
    }
}

#[test]
fn deflating_returns_the_request_and_leaves_memory_alone() {
    for rings in RingForm::BOTH {
        let mut balloon = Attached::new(rings);
        let numbers = balloon.store_numbers(&[FIRST_PAGE, FIRST_PAGE + 1]);
        assert_eq!(balloon.driver.submit(DEFLATE, &mut balloon.deflate, &[numbers]), 0);
        assert!(balloon.empty_pages().is_empty());
    }
}

#[test]
fn pages_outside_of_memory_are_passed_over() {
    for rings in RingForm::BOTH {
        let mut balloon = Attached::new(rings);
        balloon.inflate(&[FIRST_PAGE + PAGES, FIRST_PAGE + 1, u32::MAX, 0x8000_0000, FIRST_PAGE + PAGES - 1]);
        assert_eq!(balloon.empty_pages(), [1, PAGES - 1]);
    }
}

#[test]
fn requests_without_a_whole_number_do_nothing() {
    for rings in RingForm::BOTH {
        let mut balloon = Attached::new(rings);
        let whole = balloon.store_numbers(&[FIRST_PAGE, FIRST_PAGE + 1]);
        let part = Buffer::readable(whole.address, 7);
        assert_eq!(balloon.driver.submit(INFLATE, &mut balloon.inflate, &[part]), 0);
        assert_eq!(balloon.empty_pages(), [0]);
        let writable = Buffer::writable(whole.address + 4, 4);
        assert_eq!(balloon.driver.submit(INFLATE, &mut balloon.inflate, &[writable]), 0);
        assert_eq!(balloon.empty_pages(), [0]);
    }
}

#[test]
fn the_configuration_space_has_the_target_and_the_drivers_own_count() {
    for rings in RingForm::BOTH {
        let mut balloon = Attached::new(rings);
        let (target, actual) = (offset::CONFIGURATION_SPACE, offset::CONFIGURATION_SPACE + 4);
        assert_eq!((balloon.driver.read(target), balloon.driver.read(actual)), (5, 0));
        balloon.driver.write(actual, 3);
        balloon.driver.write(target, 99);
        assert_eq!((balloon.driver.read(target), balloon.driver.read(actual)), (5, 3));
        balloon.driver.write(offset::STATUS, 0);
        assert_eq!((balloon.driver.read(target), balloon.driver.read(actual)), (5, 0));
    }
}

#[test]
fn only_the_whole_count_can_be_written() {
    let mut device = Balloon::new(1, false);
    for (offset, data) in [(4, &[1; 1][..]), (4, &[1; 8]), (5, &[1; 4]), (0, &[1; 8]), (u64::MAX, &[1; 4])] {
        device.write_config(offset, data);
    }
    let mut space = [0xee; 12];
    device.read_config(0, &mut space);
    assert_eq!(space, [1, 0, 0, 0, 0, 0, 0, 0, 0xee, 0xee, 0xee, 0xee]);
}

#[test]
fn every_bit_is_decoded_for_both_generations() {
    assert_snapshot!(decoded_features(&DEVICE_KIND));
}

#[test]
fn options_set_the_target_and_the_policy() {
    let device = build_device(&DEVICE_TYPE, "target=64M,deflate-on-oom=on").unwrap();
    assert_snapshot!(offered_names(device.as_ref()), @"VIRTIO_BALLOON_F_DEFLATE_ON_OOM");
    let mut space = [0; 4];
    device.read_config(0, &mut space);
    assert_eq!(u32::from_le_bytes(space), 64 * 256);
    assert_snapshot!(offered_names(build_device(&DEVICE_TYPE, "").unwrap().as_ref()), @"");
}

#[test]
fn mistakes_in_options_say_what_would_do() {
    let mistake = |options| build_device(&DEVICE_TYPE, options).err().unwrap().to_string();
    assert_snapshot!(mistake("target=1000"), @"option 'target' is '1000'; accepted is a size in whole pages of 4096 bytes, such as 64M, below 16T");
    assert_snapshot!(mistake("target=16T"), @"option 'target' is '16T'; accepted is a size in whole pages of 4096 bytes, such as 64M, below 16T");
    assert_snapshot!(mistake("deflate-on-oom=1"), @"option 'deflate-on-oom' is '1'; accepted is on or off");
    assert_snapshot!(mistake("size=1M"), @"unknown option 'size'; accepted are deflate-on-oom, target");
}
