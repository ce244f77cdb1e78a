//! The DSDT (section 5.2.11.1): the name space of devices that cannot be found by looking.

use acpi_tables::Aml;
use acpi_tables::aml::{
    Device, EISAName, IO, Interrupt, Memory32Fixed, Method, Name, Notify, Package, Path, ResourceTemplate,
    Scope,
};
use acpi_tables::sdt::Sdt;

use super::{OEM, OEM_REVISION, OEM_TABLE, pci};
use crate::addresses::{
    INTERRUPT_LINES, POWER_BUTTON_INTERRUPT, SERIAL_INTERRUPT, SERIAL_PORTS, SLEEP_TYPE_S5,
};
use crate::error::PlatformError;
use crate::platform::{AddressRange, MmioDevice, Platform};

const REVISION: u8 = 2;
const HEADER_SIZE: u32 = 36;
/// Where all devices are.
const SYSTEM_BUS: &str = "\\_SB_";
/// "The button was pressed" (table 5.156).
const BUTTON_PRESSED: u8 = 0x80;
/// As many device names as three hexadecimal digits give.
const MOST_DEVICES: u64 = 0x1000;

/// The table.
pub(super) fn dsdt(platform: &Platform) -> Result<Sdt, PlatformError> {
    let mut devices = Vec::new();
    processors(&mut devices, platform.vcpus)?;
    power_button(&mut devices);
    if platform.serial {
        serial_port(&mut devices);
    }
    virtio_mmio(&mut devices, &platform.mmio_devices)?;
    if let Some(host) = &platform.pci {
        pci::host_bridge(&mut devices, host)?;
    }
    let mut code = Scope::raw(SYSTEM_BUS.into(), devices);
    // For switching off: what goes into the sleep type field of the sleep control register (section 7.4.2).
    Name::new("_S5_".into(), &Package::new(vec![&SLEEP_TYPE_S5])).to_aml_bytes(&mut code);
    let mut table = Sdt::new(*b"DSDT", HEADER_SIZE, REVISION, OEM, OEM_TABLE, OEM_REVISION);
    table.append_slice(&code);
    Ok(table)
}

/// One device a processor (section 8.4), found in the MADT by its `_UID`.
fn processors(devices: &mut Vec<u8>, vcpus: u32) -> Result<(), PlatformError> {
    let number = u64::from(vcpus);
    if !(1..=MOST_DEVICES).contains(&number) {
        return Err(PlatformError::Field {
            what: "number of vCPUs",
            value: number,
            accepted: "from 1 to 4096 (0x1000)",
        });
    }
    for id in 0..vcpus {
        let hid = Name::new("_HID".into(), &"ACPI0007");
        let uid = Name::new("_UID".into(), &id);
        device(devices, numbered('C', id), vec![&hid, &uid]);
    }
    Ok(())
}

/// The button, and the generic event device (section 5.6.9) that reports when it is pressed. It has this one event, so its
/// method need not look which it was.
fn power_button(devices: &mut Vec<u8>) {
    let hid = Name::new("_HID".into(), &EISAName::new("PNP0C0C"));
    device(devices, "PWRB".into(), vec![&hid]);

    let hid = Name::new("_HID".into(), &"ACPI0013");
    let uid = Name::new("_UID".into(), &acpi_tables::aml::ZERO);
    let interrupt = edge_interrupt(POWER_BUTTON_INTERRUPT.into());
    let resources = Name::new("_CRS".into(), &ResourceTemplate::new(vec![&interrupt]));
    let button = Path::new("\\_SB_.PWRB");
    let pressed = Notify::new(&button, &BUTTON_PRESSED);
    let event = Method::new("_EVT".into(), 1, true, vec![&pressed]);
    device(devices, "GED_".into(), vec![&hid, &uid, &resources, &event]);
}

/// COM1, a 16550 (`PNP0501`).
fn serial_port(devices: &mut Vec<u8>) {
    const PORTS: u8 = 8;
    let hid = Name::new("_HID".into(), &EISAName::new("PNP0501"));
    let uid = Name::new("_UID".into(), &acpi_tables::aml::ZERO);
    let ports = IO::new(SERIAL_PORTS, SERIAL_PORTS, 1, PORTS);
    let interrupt = edge_interrupt(SERIAL_INTERRUPT.into());
    let resources = Name::new("_CRS".into(), &ResourceTemplate::new(vec![&ports, &interrupt]));
    device(devices, "COM1".into(), vec![&hid, &uid, &resources]);
}

/// virtio-mmio devices under the name that Linux' driver knows.
fn virtio_mmio(devices: &mut Vec<u8>, mmio_devices: &[MmioDevice]) -> Result<(), PlatformError> {
    for (index, mmio) in (0..).zip(mmio_devices) {
        let (start, size) = low_range("registers of a virtio-mmio device", mmio.registers)?;
        let hid = Name::new("_HID".into(), &"LNRO0005");
        let uid = Name::new("_UID".into(), &index);
        let registers = Memory32Fixed::new(true, start, size);
        let interrupt = edge_interrupt(line(mmio.interrupt)?);
        let resources = Name::new("_CRS".into(), &ResourceTemplate::new(vec![&registers, &interrupt]));
        device(devices, numbered('V', index), vec![&hid, &uid, &resources]);
    }
    Ok(())
}

/// Appends a device.
pub(super) fn device(devices: &mut Vec<u8>, name: Path, children: Vec<&dyn Aml>) {
    Device::new(name, children).to_aml_bytes(devices);
}

/// A name for the `index`-th device of a kind.
fn numbered(kind: char, index: u32) -> Path {
    Path::new(&format!("{kind}{index:03X}"))
}

/// An interrupt line of one device, edge triggered, active high.
fn edge_interrupt(line: u32) -> Interrupt {
    let (consumer, edge_triggered, active_low, shared) = (true, true, false, false);
    Interrupt::new(consumer, edge_triggered, active_low, shared, line)
}

/// An interrupt line that the I/O APIC has.
pub(super) fn line(line: u32) -> Result<u32, PlatformError> {
    if line < INTERRUPT_LINES {
        return Ok(line);
    }
    Err(PlatformError::Field {
        what: "an interrupt line",
        value: line.into(),
        accepted: "from 0 to 23 (0x17)",
    })
}

/// Start and size of a range that must lie below 4 GiB.
pub(super) fn low_range(what: &'static str, range: AddressRange) -> Result<(u32, u32), PlatformError> {
    let last = range.size.checked_sub(1).and_then(|more| range.start.checked_add(more));
    match (u32::try_from(range.start), u32::try_from(range.size), last.map(u32::try_from)) {
        (Ok(start), Ok(size), Some(Ok(_))) => Ok((start, size)),
        _ => {
            let accepted = "at least one byte, all below 4 GiB";
            Err(PlatformError::Field { what, value: range.start, accepted })
        }
    }
}
