//! The PCI host bridge: its windows, the wiring of its interrupt pins, and who is in charge of PCI Express.

use acpi_tables::aml::{
    AddressSpace, AddressSpaceCacheable, Arg, CreateDWordField, EISAName, Equal, If, Memory32Fixed, Method,
    Name, Or, Package, PackageBuilder, Path, ResourceTemplate, Return, Uuid, ZERO,
};
use acpi_tables::{Aml, AmlSink};

use super::namespace::{device, line, low_range};
use crate::error::PlatformError;
use crate::platform::{AddressRange, PciHost};

/// Device numbers of a bus.
const DEVICES: u32 = 32;
/// In an address of `_PRT`: every function of the device (section 6.2.13).
const ALL_FUNCTIONS: u32 = 0xffff;

/// Appends the bridge, and what keeps its configuration space from being taken for something else: Linux uses that only
/// where a motherboard device claims it (PCI Firmware Specification 3.3, section 4.1.2).
pub(super) fn host_bridge(devices: &mut Vec<u8>, host: &PciHost) -> Result<(), PlatformError> {
    let (start, size) = low_range("the configuration space of PCI", host.configuration_space())?;
    let hid = Name::new("_HID".into(), &EISAName::new("PNP0C02"));
    let uid = Name::new("_UID".into(), &ZERO);
    let claimed = Memory32Fixed::new(true, start, size);
    let resources = Name::new("_CRS".into(), &ResourceTemplate::new(vec![&claimed]));
    device(devices, "ECAM".into(), vec![&hid, &uid, &resources]);

    let hid = Name::new("_HID".into(), &EISAName::new("PNP0A08"));
    let cid = Name::new("_CID".into(), &EISAName::new("PNP0A03"));
    let uid = Name::new("_UID".into(), &ZERO);
    let segment = Name::new("_SEG".into(), &ZERO);
    let base_bus = Name::new("_BBN".into(), &ZERO);
    let resources = windows(host)?;
    let routing = interrupt_routing(host)?;
    let control = OperatingSystemControl;
    let children: Vec<&dyn Aml> = vec![&hid, &cid, &uid, &segment, &base_bus, &resources, &routing, &control];
    device(devices, "PCI0".into(), children);
    Ok(())
}

/// Buses and memory that the bridge passes on (`_CRS`).
fn windows(host: &PciHost) -> Result<Name, PlatformError> {
    let buses = AddressSpace::new_bus_number(0u16, host.last_bus.into());
    let (start, size) = low_range("the memory window of PCI", host.window)?;
    let low =
        AddressSpace::new_memory(AddressSpaceCacheable::NotCacheable, true, start, start + (size - 1), None);
    let high = host.high_window.map(high_window).transpose()?;
    let mut resources: Vec<&dyn Aml> = vec![&buses, &low];
    resources.extend(high.iter().map(|window| window as &dyn Aml));
    Ok(Name::new("_CRS".into(), &ResourceTemplate::new(resources)))
}

fn high_window(range: AddressRange) -> Result<AddressSpace<u64>, PlatformError> {
    let last = range.size.checked_sub(1).and_then(|more| range.start.checked_add(more));
    let last = last.ok_or(PlatformError::Field {
        what: "the 64-bit memory window of PCI",
        value: range.start,
        accepted: "at least one byte, all below 2^64",
    })?;
    Ok(AddressSpace::new_memory(AddressSpaceCacheable::NotCacheable, true, range.start, last, None))
}

/// To which line each pin of each device is wired (`_PRT`): a package of device, pin, no further link, and line.
fn interrupt_routing(host: &PciHost) -> Result<Name, PlatformError> {
    let mut table = PackageBuilder::new();
    for device in 0..DEVICES {
        for (pin, place) in (0u8..).zip(0..host.interrupts.len()) {
            let turned = (usize::try_from(device).unwrap_or(0) + place) % host.interrupts.len();
            let line = line(host.interrupts.get(turned).copied().unwrap_or(u32::MAX))?;
            let address = device << 16 | ALL_FUNCTIONS;
            table.add_element(&Package::new(vec![&address, &pin, &ZERO, &line]));
        }
    }
    Ok(Name::new("_PRT".into(), &table))
}

/// `_OSC` (PCI Firmware Specification 3.3, section 4.5.1): the operating system gets all control that it asks for, since
/// nobody else wants it. Without this method Linux leaves features of PCI Express alone.
struct OperatingSystemControl;

/// In the first word of the answer: the question was about something else than PCI.
const UNRECOGNIZED_UUID: u8 = 1 << 2;

impl Aml for OperatingSystemControl {
    fn to_aml_bytes(&self, sink: &mut dyn AmlSink) {
        let (question, words) = (Arg(0), Arg(3));
        let pci = Uuid::new("33DB4D5B-1FF7-401C-9657-7441C03DD766");
        let status = Path::new("CDW1");
        let answer = Return::new(&words);
        let about_pci = Equal::new(&question, &pci);
        let granted = If::new(&about_pci, vec![&answer]);
        let field = CreateDWordField::new(&status, &words, &ZERO);
        let refused = Or::new(&status, &status, &UNRECOGNIZED_UUID);
        Method::new("_OSC".into(), 4, true, vec![&granted, &field, &refused, &answer]).to_aml_bytes(sink);
    }
}
