//! What monitors show of the console beyond its feature bits.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use insta::assert_json_snapshot;
use qapi_schema::inspect::VirtioQueueNext as Next;
use virtio_core::driver::{Buffer, MmioDriver, build_device, decoded_request, guest_memory, whose_turn};

const DATA: u64 = 0x1_0000;

#[test]
fn printed_text_is_shown_and_a_console_without_input_waits() {
    let directory = tempfile::tempdir().unwrap();
    let memory = guest_memory(1 << 20);
    let options = format!("output=file:{}", directory.path().join("console").display());
    let device = build_device(&virtio_console::DEVICE_TYPE, &options).unwrap();
    let mut driver = MmioDriver::new(device, &memory);
    let mut queues = driver.start(u128::MAX, 0x1000);
    queues[0].chain(&[Buffer::writable(DATA + 0x1000, 16)]);
    queues[0].publish();
    driver.kick(0);
    driver.store(DATA, b"hello\n\xff");
    driver.submit(1, &mut queues[1], &[Buffer::readable(DATA, 7)]);
    let view = driver.transport().view();
    assert_eq!(whose_turn(&*view), [Next::DeviceFill, Next::DriverMakeAvailable]);
    assert_json_snapshot!("printed", decoded_request(&*view, 1, 0));
    assert_json_snapshot!("room", decoded_request(&*view, 0, 0));
}
