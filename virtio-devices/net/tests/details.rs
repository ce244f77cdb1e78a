//! What monitors show of the network device beyond its feature bits.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

use insta::assert_json_snapshot;
use qapi_schema::inspect::VirtioQueueNext as Next;
use virtio_core::driver::{Buffer, MmioDriver, decoded_request, guest_memory, whose_turn};
use virtio_core::introspection::inspect;
use virtio_net::{MacAddress, Net, open_sockets};

const RINGS: u64 = 0x1000;
const SENT: u64 = 0x1_0000;
const RECEIVED: u64 = 0x4_0000;

fn driver() -> MmioDriver {
    let memory = guest_memory(1 << 20);
    // A wire that leads back, over which every offload can be used.
    let (link, ends) = open_sockets(1).unwrap();
    ends[0].set_nonblocking(false).unwrap();
    std::thread::spawn(move || {
        let mut message = [0; 2000];
        while let Ok(length) = ends[0].recv(&mut message) {
            ends[0].send(&message[..length]).unwrap();
        }
    });
    let device = Net::new(link, MacAddress([0x52, 0x54, 0, 0x12, 0x34, 0x56])).unwrap();
    MmioDriver::new(Box::new(device), &memory)
}

#[test]
fn the_configuration_space_field_by_field() {
    let mut driver = driver();
    let device = inspect::device("/device", &*driver.transport().view());
    let fields = device.configuration.unwrap();
    let valid: Vec<_> = fields.iter().filter(|field| field.valid).collect();
    assert_json_snapshot!(valid);
    assert_eq!(fields.len(), 10, "the others are there too, and said to mean nothing");
}

#[test]
fn headers_and_whose_turn_it_is() {
    let mut driver = driver();
    let [mut receive, mut transmit, mut control] = driver.start(u128::MAX, RINGS).try_into().unwrap();
    receive.chain(&[Buffer::writable(RECEIVED, 2000)]);
    receive.publish();
    driver.kick(0);
    let view = driver.transport().view();
    let wait = Next::DriverMakeAvailable;
    assert_eq!(whose_turn(&*view), [Next::DeviceFill, wait, wait]);
    assert_json_snapshot!("before", decoded_request(&*view, 0, 0));
    driver.store(SENT, &[1, 0x81, 66, 0, 0xb4, 5, 34, 0, 16, 0, 0, 0, 0xff, 0xff]);
    driver.submit(1, &mut transmit, &[Buffer::readable(SENT, 112)]);
    driver.wait_used(&mut receive);
    assert_eq!(whose_turn(&*view), [wait; 3]);
    assert_json_snapshot!("sent", decoded_request(&*view, 1, 0));
    assert_json_snapshot!("received", decoded_request(&*view, 0, 0));
    driver.store(SENT, &[1, 1, 2, 0, 0, 0, 0, 9]);
    driver.submit(2, &mut control, &[Buffer::readable(SENT, 8), Buffer::writable(RECEIVED, 1)]);
    assert_json_snapshot!("command", decoded_request(&*view, 2, 0));
}
