//! MODE SENSE and MODE SELECT (SPC-4, 6.11 to 6.14): the caching page and the control page.

use std::sync::atomic::{AtomicBool, Ordering};

use super::bytes::{number, put};
use super::command::{Command, ModeForm, PageValues};
use super::sense::Sense;
use super::unit::Unit;

const CACHING: u8 = 0x08;
const CONTROL: u8 = 0x0a;
const ALL_PAGES: u8 = 0x3f;
const ALL_SUBPAGES: u8 = 0xff;
const PAGES: [u8; 2] = [CACHING, CONTROL];

/// The write cache is on (WCE), in byte 2 of the caching page: the only thing that can be changed.
const WRITE_CACHE: u8 = 4;

/// The medium is write protected (WP), in the header.
const WRITE_PROTECTED: u8 = 0x80;
/// DPO and FUA are understood (DPOFUA), in the header.
const FORCE_ACCESS: u8 = 0x10;

/// Bytes of a block descriptor.
const DESCRIPTOR_SIZE: u8 = 8;

/// What MODE SELECT can change.
#[derive(Debug)]
pub(crate) struct ModeSettings {
    write_cache: AtomicBool,
}

impl Default for ModeSettings {
    fn default() -> Self {
        Self { write_cache: AtomicBool::new(true) }
    }
}

impl ModeSettings {
    pub(crate) fn write_cache(&self) -> bool {
        self.write_cache.load(Ordering::Relaxed)
    }

    pub(crate) fn reset(&self) {
        self.write_cache.store(true, Ordering::Relaxed);
    }
}

/// Answers MODE SENSE.
///
/// # Errors
/// A page that there is not, or saved values.
pub(crate) fn sense(unit: &Unit, command: &Command) -> Result<Vec<u8>, Sense> {
    let &Command::ModeSense { form, page, subpage, values, descriptor, .. } = command else {
        return Err(Sense::TARGET_FAILURE);
    };
    if values == PageValues::Saved {
        return Err(Sense::SAVING_NOT_SUPPORTED);
    }
    let wanted: Vec<u8> = PAGES.into_iter().filter(|known| [*known, ALL_PAGES].contains(&page)).collect();
    if wanted.is_empty() {
        return Err(Sense::invalid_field(2));
    }
    // There are no subpages, but all pages with all their subpages can be asked for.
    if subpage != 0 && (page, subpage) != (ALL_PAGES, ALL_SUBPAGES) {
        return Err(Sense::invalid_field(3));
    }
    let pages: Vec<u8> = wanted.into_iter().flat_map(|page| page_bytes(unit, page, values)).collect();
    let descriptor = if descriptor { block_descriptor(unit).to_vec() } else { Vec::new() };
    let behind = descriptor.len() + pages.len();
    Ok([header(unit, form, behind, descriptor.len()), descriptor, pages].concat())
}

fn header(unit: &Unit, form: ModeForm, behind: usize, descriptor: usize) -> Vec<u8> {
    let protected = if unit.geometry().read_only { WRITE_PROTECTED } else { 0 };
    let specific = protected | FORCE_ACCESS;
    let descriptor = u8::try_from(descriptor).unwrap_or(0);
    // The length does not count itself.
    match form {
        ModeForm::Six => {
            vec![u8::try_from(behind + 3).unwrap_or(u8::MAX), 0, specific, descriptor]
        }
        ModeForm::Ten => {
            let [high, low] = u16::try_from(behind + 6).unwrap_or(u16::MAX).to_be_bytes();
            vec![high, low, 0, specific, 0, 0, 0, descriptor]
        }
    }
}

/// Number of blocks, all ones if that does not fit, and their bytes.
fn block_descriptor(unit: &Unit) -> [u8; DESCRIPTOR_SIZE as usize] {
    let mut descriptor = [0; DESCRIPTOR_SIZE as usize];
    // Four bytes, of which the first of the second half is reserved.
    put(&mut descriptor, 4, &unit.geometry().block_size.to_be_bytes());
    put(&mut descriptor, 0, &u32::try_from(unit.blocks()).unwrap_or(u32::MAX).to_be_bytes());
    descriptor
}

fn page_bytes(unit: &Unit, page: u8, values: PageValues) -> Vec<u8> {
    match page {
        CACHING => {
            let cache = match values {
                PageValues::Changeable | PageValues::Default | PageValues::Saved => true,
                PageValues::Current => unit.mode().write_cache(),
            };
            let mut bytes = vec![0; 20];
            put(&mut bytes, 0, &[CACHING, 18, if cache { WRITE_CACHE } else { 0 }]);
            bytes
        }
        _ => {
            let mut bytes = vec![0; 12];
            put(&mut bytes, 0, &[CONTROL, 10]);
            if values != PageValues::Changeable {
                // Commands may be done in any order (queue algorithm modifier 1).
                put(&mut bytes, 3, &[0x10]);
            }
            bytes
        }
    }
}

/// Does what MODE SELECT asks for, or nothing.
///
/// # Errors
/// A list that is cut off, or that wants to change what cannot be.
pub(crate) fn select(unit: &Unit, form: ModeForm, parameters: &[u8]) -> Result<(), Sense> {
    if parameters.is_empty() {
        return Ok(());
    }
    let (header, descriptor) = match form {
        ModeForm::Six => (4, number(parameters, 3, 1)),
        ModeForm::Ten => (8, number(parameters, 6, 2)),
    };
    if parameters.len() < header {
        return Err(Sense::PARAMETER_LIST_LENGTH);
    }
    let descriptor = usize::try_from(descriptor).unwrap_or(usize::MAX);
    if descriptor != 0 {
        check_descriptor(unit, header, descriptor, parameters)?;
    }
    let mut at = header + descriptor;
    let mut write_cache = unit.mode().write_cache();
    while let Some(rest) = parameters.get(at..).filter(|rest| !rest.is_empty()) {
        at += check_page(unit, at, rest, &mut write_cache)?;
    }
    unit.mode().write_cache.store(write_cache, Ordering::Relaxed);
    Ok(())
}

/// A block descriptor may say again how things are.
fn check_descriptor(unit: &Unit, header: usize, length: usize, parameters: &[u8]) -> Result<(), Sense> {
    let place = |at: usize| Sense::invalid_parameter(u16::try_from(at).unwrap_or(u16::MAX));
    if length != usize::from(DESCRIPTOR_SIZE) {
        return Err(place(header - 1));
    }
    if parameters.len() < header + length {
        return Err(Sense::PARAMETER_LIST_LENGTH);
    }
    let known = block_descriptor(unit);
    let count = number(parameters, header, 4);
    if count != 0 && count != number(&known, 0, 4) {
        return Err(place(header));
    }
    if number(parameters, header + 5, 3) != number(&known, 5, 3) {
        return Err(place(header + 5));
    }
    Ok(())
}

/// Checks the page at the beginning of `rest`, which stands at `at`, takes over what it changes, and returns its bytes.
fn check_page(unit: &Unit, at: usize, rest: &[u8], write_cache: &mut bool) -> Result<usize, Sense> {
    let place = |offset: usize| Sense::invalid_parameter(u16::try_from(at + offset).unwrap_or(u16::MAX));
    let page = rest.first().copied().unwrap_or(0);
    if !PAGES.contains(&page) {
        return Err(place(0));
    }
    let current = page_bytes(unit, page, PageValues::Current);
    let changeable = page_bytes(unit, page, PageValues::Changeable);
    let new = rest.get(..current.len()).ok_or(Sense::PARAMETER_LIST_LENGTH)?;
    let fixed = |((new, current), changeable): ((&u8, &u8), &u8)| (new ^ current) & !changeable != 0;
    // The first two bytes, page and length, are the same in the changeable values, and cannot be changed either.
    let header_differs = new.get(..2) != current.get(..2);
    let differs = new.iter().zip(&current).zip(&changeable).position(fixed);
    if let Some(offset) = differs.or(header_differs.then_some(1)) {
        return Err(place(offset));
    }
    if page == CACHING {
        *write_cache = new.get(2).is_some_and(|byte| byte & WRITE_CACHE != 0);
    }
    Ok(current.len())
}
