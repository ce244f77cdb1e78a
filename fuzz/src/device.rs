//! A real device of any kind that the machine knows.

use virtio_core::Device;
use vmm::devices;

/// One of the devices of a machine that asks for none, by number.
pub(crate) fn a_device(number: u8) -> Box<dyn Device> {
    let all = devices::demonstration(Some("/dev/null"));
    let text = &all[usize::from(number) % all.len()];
    devices::build(text).expect("the demonstration can be built").device
}
