//! What monitors show of the balloon beyond its feature bits.

use insta::assert_json_snapshot;
use virtio_balloon::{Balloon, Settings};
use virtio_core::driver::{Buffer, MmioDriver, decoded_request, guest_memory};
use virtio_core::introspection::inspect;

const NUMBERS: u64 = 0x8000;

#[test]
fn pages_of_a_request_are_shown_as_ranges() {
    let memory = guest_memory(1 << 20);
    let mut driver = MmioDriver::new(
        Box::new(Balloon::new(Settings { target: 5, ..Settings::default() }).unwrap()),
        &memory,
    );
    let mut queues = driver.start(u128::MAX, 0x1000);
    let numbers = [0x20_u32, 0x21, 0x22, 0x10, 0x30, 0x31];
    driver.store(NUMBERS, &numbers.map(u32::to_le_bytes).concat());
    driver.submit(0, &mut queues[0], &[Buffer::readable(NUMBERS, 24)]);
    let view = driver.transport().view();
    assert_json_snapshot!(decoded_request(&*view, 0, 0));
    driver.write(0x104, 6);
    let device = inspect::device("/device", &*view);
    assert_json_snapshot!("configuration", device.configuration);
}
