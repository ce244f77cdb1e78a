//! The balloon as a driver, a monitor and a user see it.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use insta::assert_snapshot;
use std::sync::Arc;
use virtio_balloon::{Balloon, DEVICE_KIND, DEVICE_TYPE, Settings};
use virtio_core::driver::{
    Buffer, DriverQueue, MmioDriver, Told, build_device, decoded_features, guest_memory, offered_names,
    offset, whose_turn,
};
use virtio_core::roles::MemoryTarget;
use virtio_core::{Device, RingForm};

const RINGS: u64 = 0x1000;
const NUMBERS: u64 = 0x1_0000;
/// The pages that the tests give and take, behind everything else.
const FIRST_PAGE: u32 = 0x20;
const PAGES: u32 = 16;
const MEMORY: usize = (FIRST_PAGE + PAGES) as usize * PAGE;
const PAGE: usize = PAGE_BYTES as usize;
const PAGE_BYTES: u32 = 4096;

const INFLATE: u16 = 0;
const DEFLATE: u16 = 1;
const STATISTICS: u16 = 2;

/// What the tests' balloons do.
const SETTINGS: Settings =
    Settings { target: 5, deflate_on_oom: false, free_page_reporting: true, statistics_interval: 0 };

struct Attached {
    driver: MmioDriver,
    inflate: DriverQueue,
    deflate: DriverQueue,
    statistics: DriverQueue,
    reports: [DriverQueue; 2],
    target: Arc<dyn MemoryTarget>,
    told: Arc<Told>,
}

impl Attached {
    fn new(rings: RingForm) -> Self {
        let memory = guest_memory(MEMORY);
        let mut driver = MmioDriver::with_rings(Box::new(Balloon::new(SETTINGS).unwrap()), &memory, rings);
        let told = Arc::new(Told::default());
        let roles = driver.transport().place(None, "/balloon", Arc::clone(&told) as _);
        let queues = driver.start(u128::MAX, RINGS);
        let [inflate, deflate, statistics, third, fourth] = queues.try_into().unwrap();
        driver.store(page_address(FIRST_PAGE), &[0xaa; PAGES as usize * PAGE]);
        let target = roles.memory_target.unwrap();
        Self { driver, inflate, deflate, statistics, reports: [third, fourth], target, told }
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
    let mut device = Balloon::new(Settings { target: 1, ..Settings::default() }).unwrap();
    for (offset, data) in [(4, &[1; 1][..]), (4, &[1; 8]), (5, &[1; 4]), (0, &[1; 8]), (u64::MAX, &[1; 4])] {
        device.write_config(offset, data);
    }
    // Without reports there is no word for poison.
    device.write_config(12, &[1; 4]);
    let mut space = [0xee; 20];
    device.read_config(0, &mut space);
    assert_eq!(space, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xee, 0xee, 0xee, 0xee]);
}

#[test]
fn reported_pages_go_unless_the_guest_has_poisoned_them() {
    for rings in RingForm::BOTH {
        let mut balloon = Attached::new(rings);
        let pages =
            |first: u32, count: u32| Buffer::writable(page_address(FIRST_PAGE + first), count * PAGE_BYTES);
        // Drivers disagree which of the two queues it is.
        for (number, first) in [(0, 1), (1, 8)] {
            let queue = &mut balloon.reports[number];
            let index = 3 + u16::try_from(number).unwrap();
            assert_eq!(balloon.driver.submit(index, queue, &[pages(first, 2), pages(first + 4, 1)]), 0);
        }
        assert_eq!(balloon.empty_pages(), [1, 2, 5, 8, 9, 12]);
        balloon.driver.write(offset::CONFIGURATION_SPACE + 12, 0xaa);
        assert_eq!(balloon.driver.submit(3, &mut balloon.reports[0], &[pages(0, PAGES)]), 0);
        assert_eq!(balloon.empty_pages(), [1, 2, 5, 8, 9, 12]);
    }
}

fn statistics(entries: &[(u16, u64)]) -> Vec<u8> {
    entries
        .iter()
        .flat_map(|(tag, value)| [tag.to_le_bytes().as_slice(), &value.to_le_bytes()].concat())
        .collect()
}

/// Puts statistics on the queue and waits until the device has taken them. The buffer stays with it.
fn tell(balloon: &mut Attached, entries: &[(u16, u64)]) -> u16 {
    let bytes = statistics(entries);
    balloon.driver.store(NUMBERS, &bytes);
    let buffer = Buffer::readable(NUMBERS, u32::try_from(bytes.len()).unwrap());
    let head = balloon.statistics.chain(&[buffer]);
    balloon.statistics.publish();
    balloon.driver.kick(STATISTICS);
    let view = balloon.driver.view();
    while view.in_flight(STATISTICS).is_empty() || whose_turn(&*view).is_empty() {
        std::thread::yield_now();
    }
    head
}

#[test]
fn statistics_are_asked_for_at_the_interval_and_not_before() {
    {
        let mut balloon = Attached::new(RingForm::Packed);
        assert!(balloon.target.statistics().is_none());
        let head = tell(&mut balloon, &[(4, 77), (5, 1 << 20), (200, 1)]);
        let told = balloon.target.statistics().unwrap();
        assert_eq!((told.free_memory, told.total_memory, told.swap_in), (Some(77), Some(1 << 20), None));
        assert_eq!(balloon.statistics.used(), []);
        balloon.target.set_statistics_interval(1).unwrap();
        assert_eq!(balloon.driver.wait_used(&mut balloon.statistics), [(head, 0)]);
        tell(&mut balloon, &[(4, 78)]);
        assert_eq!(balloon.target.statistics().unwrap().free_memory, Some(78));
        balloon.target.set_statistics_interval(0).unwrap();
        balloon.driver.write(offset::STATUS, 0);
        assert!(balloon.target.statistics().is_none(), "another driver has told nothing");
    }
}

#[test]
fn a_driver_with_two_buffers_for_statistics_gets_the_first_back() {
    let mut balloon = Attached::new(RingForm::Split);
    let first = tell(&mut balloon, &[(4, 1)]);
    let buffer = Buffer::readable(NUMBERS, 10);
    balloon.statistics.chain(&[buffer]);
    balloon.statistics.publish();
    balloon.driver.kick(STATISTICS);
    assert_eq!(balloon.driver.wait_used(&mut balloon.statistics), [(first, 0)]);
}

#[test]
fn another_target_interrupts_and_what_the_guest_does_is_told() {
    for rings in RingForm::BOTH {
        let mut balloon = Attached::new(rings);
        assert_eq!(balloon.target.requested(), 5 * 4096);
        balloon.target.request(9 * 4096 + 17);
        assert_eq!(balloon.driver.wait_interrupt(), 2);
        assert_eq!(balloon.driver.read(offset::CONFIGURATION_SPACE), 9);
        balloon.driver.write(offset::CONFIGURATION_SPACE + 4, 3);
        balloon.driver.write(offset::CONFIGURATION_SPACE + 4, 3);
        assert_eq!(balloon.target.given_up(), 3 * 4096);
        balloon.driver.write(offset::STATUS, 0);
        let told = balloon.told.take();
        let event = |actual| format!("BALLOON_CHANGE {{\"actual\": {actual}}}");
        assert_eq!(told, [event(MEMORY - 3 * PAGE), event(MEMORY)]);
        balloon.target.request(u64::MAX);
        assert_eq!(balloon.target.requested(), u64::from(u32::MAX) * 4096);
    }
}

#[test]
fn every_bit_is_decoded_for_both_generations() {
    assert_snapshot!(decoded_features(&DEVICE_KIND));
}

#[test]
fn options_set_the_target_and_the_policy() {
    let device =
        build_device(&DEVICE_TYPE, "target=64M,deflate-on-oom=on,free-page-reporting=on,stats-interval=5")
            .unwrap();
    assert_snapshot!(offered_names(device.as_ref()), @"VIRTIO_BALLOON_F_REPORTING VIRTIO_BALLOON_F_PAGE_POISON VIRTIO_BALLOON_F_DEFLATE_ON_OOM VIRTIO_BALLOON_F_STATS_VQ VIRTIO_BALLOON_F_MUST_TELL_HOST");
    let mut space = [0; 4];
    device.read_config(0, &mut space);
    assert_eq!(u32::from_le_bytes(space), 64 * 256);
    assert_snapshot!(offered_names(build_device(&DEVICE_TYPE, "").unwrap().as_ref()), @"VIRTIO_BALLOON_F_STATS_VQ VIRTIO_BALLOON_F_MUST_TELL_HOST");
}

#[test]
fn mistakes_in_options_say_what_would_do() {
    let mistake = |options| build_device(&DEVICE_TYPE, options).err().unwrap().to_string();
    assert_snapshot!(mistake("target=1000"), @"option 'target' is '1000'; accepted is a size in whole pages of 4096 bytes, such as 64M, below 16T");
    assert_snapshot!(mistake("target=16T"), @"option 'target' is '16T'; accepted is a size in whole pages of 4096 bytes, such as 64M, below 16T");
    assert_snapshot!(mistake("stats-interval=-1"), @"option 'stats-interval' is '-1'; accepted is a number from 0 to 4294967295");
    assert_snapshot!(mistake("deflate-on-oom=1"), @"option 'deflate-on-oom' is '1'; accepted is on or off");
    assert_snapshot!(mistake("size=1M"), @"unknown option 'size'; accepted are deflate-on-oom, free-page-reporting, stats-interval, target");
}
