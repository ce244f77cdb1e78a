//! INQUIRY (SPC-4, 6.6): what a unit is, and its vital product data (SPC-4, 7.8, and SBC-3, 6.6).

use super::bytes::put;
use super::identity::Identity;
use super::provisioning::{MAX_UNMAP_BLOCKS, MAX_UNMAP_DESCRIPTORS};
use super::sense::Sense;
use super::unit::{MAX_TRANSFER, Unit};

/// Bytes of the standard answer, version descriptors included.
const STANDARD_SIZE: usize = 96;
/// The same without version descriptors and what is reserved.
const SHORT_SIZE: usize = 36;
/// Where the additional length stops counting what precedes it.
const ADDITIONAL: u8 = 5;
/// The standards that are followed: SAM-5, SPC-4, SBC-3 (SPC-4, table 147).
const VERSION_DESCRIPTORS: [u16; 3] = [0x00a0, 0x0460, 0x04c0];
/// SPC-4.
const VERSION: u8 = 6;
/// Hierarchical addresses of units (HISUP), and this standard's format.
const FORMAT: u8 = 0x12;
/// Commands may be queued (CMDQUE).
const QUEUES_COMMANDS: u8 = 2;
/// No unit at this address, and there could not be one with this peripheral device type.
const NO_UNIT: u8 = 0x7f;
/// The peripheral device type of well known units.
const WELL_KNOWN_UNIT: u8 = 0x1e;
/// Product revision level.
const REVISION: &[u8; 4] = b"0.1 ";

const SUPPORTED_PAGES: u8 = 0x00;
const SERIAL_NUMBER: u8 = 0x80;
const IDENTIFICATION: u8 = 0x83;
const BLOCK_LIMITS: u8 = 0xb0;
const BLOCK_DEVICE_CHARACTERISTICS: u8 = 0xb1;
const BLOCK_PROVISIONING: u8 = 0xb2;
const PAGES: [u8; 6] = [
    SUPPORTED_PAGES,
    SERIAL_NUMBER,
    IDENTIFICATION,
    BLOCK_LIMITS,
    BLOCK_DEVICE_CHARACTERISTICS,
    BLOCK_PROVISIONING,
];

/// What a unit answers.
///
/// # Errors
/// A page that it does not have.
pub(crate) fn answer(unit: &Unit, page: Option<u8>) -> Result<Vec<u8>, Sense> {
    let Some(page) = page else { return Ok(standard(unit.identity())) };
    let content = match page {
        SUPPORTED_PAGES => PAGES.to_vec(),
        SERIAL_NUMBER => unit.identity().serial.clone().into_bytes(),
        IDENTIFICATION => designators(unit.identity()),
        BLOCK_LIMITS => block_limits(unit),
        BLOCK_DEVICE_CHARACTERISTICS => block_device_characteristics(),
        BLOCK_PROVISIONING => block_provisioning(unit),
        _ => return Err(Sense::invalid_field(2)),
    };
    let [high, low] = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
    Ok([&[0, page, high, low], content.as_slice()].concat())
}

/// What is answered for a unit that is not there, on a target that is (SPC-4, 6.6.2).
///
/// # Errors
/// A page of vital product data: nobody has one.
pub(crate) fn of_no_unit(page: Option<u8>) -> Result<Vec<u8>, Sense> {
    nameless(NO_UNIT, page)
}

/// What a well known unit answers.
///
/// # Errors
/// A page of vital product data, of which it has none.
pub(crate) fn of_well_known_unit(page: Option<u8>) -> Result<Vec<u8>, Sense> {
    nameless(WELL_KNOWN_UNIT, page)
}

fn nameless(kind: u8, page: Option<u8>) -> Result<Vec<u8>, Sense> {
    if page.is_some() {
        return Err(Sense::invalid_field(2));
    }
    let mut answer = vec![b' '; SHORT_SIZE];
    let additional = u8::try_from(SHORT_SIZE).unwrap_or(u8::MAX) - ADDITIONAL;
    put(&mut answer, 0, &[kind, 0, VERSION, FORMAT, additional, 0, 0, 0]);
    Ok(answer)
}

fn standard(identity: &Identity) -> Vec<u8> {
    let mut answer = vec![0; STANDARD_SIZE];
    let additional = u8::try_from(STANDARD_SIZE).unwrap_or(u8::MAX) - ADDITIONAL;
    put(&mut answer, 2, &[VERSION, FORMAT, additional, 0, 0, QUEUES_COMMANDS]);
    put(&mut answer, 8, &identity.vendor.0);
    put(&mut answer, 16, &identity.product.0);
    put(&mut answer, 32, REVISION);
    for (place, descriptor) in (58..).step_by(2).zip(VERSION_DESCRIPTORS) {
        put(&mut answer, place, &descriptor.to_be_bytes());
    }
    answer
}

/// The names of the unit: vendor, product and serial number together, and the one that is unique in the world.
fn designators(identity: &Identity) -> Vec<u8> {
    let text = [&identity.vendor.0[..], &identity.product.0, identity.serial.as_bytes()].concat();
    // ASCII (2), T10 vendor ID based (1).
    let mut list = designator(2, 1, &text);
    if let Some(wwn) = identity.wwn {
        // Binary (1), NAA (3).
        list.extend(designator(1, 3, &wwn.to_be_bytes()));
    }
    list
}

fn designator(code_set: u8, kind: u8, value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(value.len()).unwrap_or(u8::MAX);
    [&[code_set, kind, 0, length], value].concat()
}

fn block_limits(unit: &Unit) -> Vec<u8> {
    let geometry = unit.geometry();
    let blocks = |bytes: u32| (bytes / geometry.block_size).to_be_bytes();
    let mut page = vec![0; 60];
    // WRITE SAME of no blocks is not supported (WSNZ).
    put(&mut page, 0, &[1]);
    let granularity = geometry.physical_block_size.max(4096) / geometry.block_size;
    put(&mut page, 2, &u16::try_from(granularity).unwrap_or(0).to_be_bytes());
    put(&mut page, 4, &blocks(MAX_TRANSFER));
    if !geometry.read_only {
        put(&mut page, 16, &MAX_UNMAP_BLOCKS.to_be_bytes());
        put(&mut page, 20, &MAX_UNMAP_DESCRIPTORS.to_be_bytes());
        put(&mut page, 24, &granularity.to_be_bytes());
        put(&mut page, 32, &u64::from(MAX_UNMAP_BLOCKS).to_be_bytes());
    }
    page
}

fn block_device_characteristics() -> Vec<u8> {
    let mut page = vec![0; 60];
    // It does not rotate.
    put(&mut page, 0, &1_u16.to_be_bytes());
    page
}

fn block_provisioning(unit: &Unit) -> Vec<u8> {
    if unit.geometry().read_only {
        return vec![0; 4];
    }
    // UNMAP, WRITE SAME(16) and (10) unmap (LBPU, LBPWS, LBPWS10), unmapped blocks read as zeroes (LBPRZ); thin.
    vec![0, 0xe4, 2, 0]
}
