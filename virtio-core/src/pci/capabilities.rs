//! The capabilities of a virtio function: where the parts of the memory region lie (virtio 1.3, 4.1.4), a window for
//! guests that cannot reach the region (4.1.4.9), and MSI-X (PCI Local Bus Specification 3.0, 6.8.2).

use super::MEMORY_BAR;
use super::configuration_space::ConfigurationSpace;
use super::messages::MessageControl;
use super::region::{NOTIFICATION_STRIDE, Region};

const VENDOR_SPECIFIC: u8 = 0x09;
const MSI_X: u8 = 0x11;

const COMMON_CONFIGURATION: u8 = 1;
const NOTIFICATION_CONFIGURATION: u8 = 2;
const INTERRUPT_STATUS_CONFIGURATION: u8 = 3;
const DEVICE_CONFIGURATION: u8 = 4;
const CONFIGURATION_ACCESS: u8 = 5;

/// Bytes of a vendor-specific capability, the two of the list included.
const LENGTH: u8 = 16;
/// The same with one more 32-bit word.
const LENGTH_WITH_WORD: u8 = 20;

// Offsets in the configuration access capability.
const WINDOW_BAR: u8 = 4;
const WINDOW_OFFSET: u8 = 8;
const WINDOW_LENGTH: u8 = 12;
const WINDOW_DATA: u8 = 16;

const MESSAGE_CONTROL: u8 = 2;
const MESSAGES_ENABLED: u16 = 1 << 15;
const ALL_MASKED: u16 = 1 << 14;

/// Where the capabilities that can be written lie.
pub(super) struct Capabilities {
    access: u8,
    messages: Option<u8>,
}

impl Capabilities {
    /// Adds them all. There are `vectors` message vectors.
    pub(super) fn add(space: &mut ConfigurationSpace, vectors: usize) -> Self {
        for (region, kind, more) in [
            (Region::Common, COMMON_CONFIGURATION, None),
            (Region::Notification, NOTIFICATION_CONFIGURATION, Some(NOTIFICATION_STRIDE)),
            (Region::InterruptStatus, INTERRUPT_STATUS_CONFIGURATION, None),
            (Region::Device, DEVICE_CONFIGURATION, None),
        ] {
            let body = vendor_specific(kind, region.offset(), region.size(), more);
            space.add_capability(VENDOR_SPECIFIC, &body, &[]);
        }
        let body = vendor_specific(CONFIGURATION_ACCESS, 0, 0, Some(0));
        // Region number, offset, length and data are the driver's; the body begins behind the list's two bytes.
        let mut writable = vec![0; body.len()];
        for (place, bits) in writable.iter_mut().zip([0, 0, 0xff, 0, 0, 0]) {
            *place = bits;
        }
        writable.iter_mut().skip(usize::from(WINDOW_OFFSET) - 2).for_each(|place| *place = 0xff);
        let access = space.add_capability(VENDOR_SPECIFIC, &body, &writable);
        let messages = u16::try_from(vectors).ok().and_then(|vectors| vectors.checked_sub(1));
        let messages = messages.map(|last| {
            let mut body = last.to_le_bytes().to_vec();
            for region in [Region::Messages, Region::Pending] {
                // The region's number stands in the bits that the offset leaves free.
                body.extend((region.offset() | u32::from(MEMORY_BAR)).to_le_bytes());
            }
            space.add_capability(MSI_X, &body, &(MESSAGES_ENABLED | ALL_MASKED).to_le_bytes())
        });
        Self { access, messages }
    }

    /// What the guest has said about messages.
    pub(super) fn message_control(&self, space: &ConfigurationSpace) -> MessageControl {
        let Some(messages) = self.messages else { return MessageControl::default() };
        let control = u16::from_le_bytes(space.get(messages + MESSAGE_CONTROL));
        MessageControl { enabled: control & MESSAGES_ENABLED != 0, all_masked: control & ALL_MASKED != 0 }
    }

    /// Whether an access to the configuration space reaches the window's data.
    pub(super) fn is_window_data(&self, offset: u16, length: usize) -> bool {
        let (first, offset) = (usize::from(self.window_data_offset()), usize::from(offset));
        offset < first + 4 && first < offset + length
    }

    /// Where the window's data stand.
    pub(super) fn window_data_offset(&self) -> u16 {
        u16::from(self.access + WINDOW_DATA)
    }

    /// The offset in the memory region and the length that the window is about; none unless both fit (4.1.4.9.1).
    pub(super) fn window(&self, space: &ConfigurationSpace) -> Option<(u64, usize)> {
        let [bar] = space.get(self.access + WINDOW_BAR);
        let offset = u32::from_le_bytes(space.get(self.access + WINDOW_OFFSET));
        let length = u32::from_le_bytes(space.get(self.access + WINDOW_LENGTH));
        let fits = bar == MEMORY_BAR && matches!(length, 1 | 2 | 4) && offset.is_multiple_of(length);
        fits.then_some((offset.into(), usize::try_from(length).ok()?))
    }
}

/// The body of a vendor-specific capability (4.1.4), behind the list's two bytes.
fn vendor_specific(kind: u8, offset: u32, length: u32, more: Option<u32>) -> Vec<u8> {
    let bytes = if more.is_some() { LENGTH_WITH_WORD } else { LENGTH };
    let mut body = vec![bytes, kind, MEMORY_BAR, 0, 0, 0];
    body.extend(offset.to_le_bytes());
    body.extend(length.to_le_bytes());
    body.extend(more.into_iter().flat_map(u32::to_le_bytes));
    body
}
