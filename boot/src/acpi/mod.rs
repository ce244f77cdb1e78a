//! The ACPI tables, which describe to the kernel what it cannot find out by itself (ACPI 6.5; section numbers below are
//! its).
//!
//! The machine is "hardware-reduced" (section 4.1): there are no fixed power management registers and events, which
//! would need emulation, a level-triggered interrupt and traps at boot. Switching off, reset and the power button are
//! what this form offers: two registers and a generic event device. Linux then leaves the interval timer, the 8259
//! interrupt controllers and the CMOS clock alone, probes nothing of the kind at boot, and has no "timer interrupt not
//! connected" to fall back from. What it takes time from is the processor: kvmclock for the clock, the local APIC's timer
//! (with TSC deadline where KVM offers that) for events. For these to suffice, CPUID has to say that the local APIC's timer
//! always runs (leaf 6, EAX bit 2, which KVM supports on every host): else Linux wants a second timer to wake idle
//! processors, and does without high-resolution timers. And it has to offer kvmclock, from which Linux takes the frequency
//! of the time stamp counter: on a machine of this form it does not measure it by the interval timer.

mod fixed;
mod namespace;
mod pci;
mod processors;

use acpi_tables::Aml;
use acpi_tables::mcfg::MCFG;
use acpi_tables::rsdp::Rsdp;
use acpi_tables::xsdt::XSDT;
use vm_memory::GuestMemoryMmap;

use crate::addresses::{ACPI_TABLES, RESET_VECTOR};
use crate::error::{BootError, PlatformError};
use crate::load::write as write_memory;
use crate::platform::{PciHost, Platform};

/// Who made the tables: ours in all of them.
const OEM: [u8; 6] = *b"RINGSC";
const OEM_TABLE: [u8; 8] = *b"RINGSCOP";
const OEM_REVISION: u32 = 1;

/// Every table starts on a boundary of this, which the RSDP has to (section 5.2.5.1).
const ALIGNMENT: usize = 16;

/// Writes all tables and returns the address of the RSDP.
pub(crate) fn write(memory: &GuestMemoryMmap, platform: &Platform) -> Result<u64, BootError> {
    let bytes = tables(platform)?;
    write_memory(memory, "ACPI tables", ACPI_TABLES, &bytes)?;
    Ok(ACPI_TABLES)
}

/// All tables, one after the other, as they stand at [`ACPI_TABLES`].
pub(crate) fn tables(platform: &Platform) -> Result<Vec<u8>, PlatformError> {
    // The RSDP comes first and names the XSDT, which comes last: room for it is kept.
    let mut area = Area { bytes: vec![0; Rsdp::len()] };
    let dsdt = area.append(&namespace::dsdt(platform)?);
    let mut xsdt = XSDT::new(OEM, OEM_TABLE, OEM_REVISION);
    xsdt.add_entry(area.append(&fixed::fadt(dsdt)));
    xsdt.add_entry(area.append(&processors::madt(platform.vcpus)));
    if let Some(pci) = &platform.pci {
        xsdt.add_entry(area.append(&mcfg(pci)));
    }
    let mut rsdp = Vec::new();
    Rsdp::new(OEM, area.append(&xsdt)).to_aml_bytes(&mut rsdp);
    area.bytes.iter_mut().zip(rsdp).for_each(|(to, from)| *to = from);
    let (size, room) = (area.bytes.len() as u64, RESET_VECTOR - ACPI_TABLES);
    if size > room { Err(PlatformError::AcpiTables { size, room }) } else { Ok(area.bytes) }
}

/// Tables, one after the other.
struct Area {
    bytes: Vec<u8>,
}

impl Area {
    /// Appends a table and returns its address.
    fn append(&mut self, table: &dyn Aml) -> u64 {
        self.bytes.resize(self.bytes.len().next_multiple_of(ALIGNMENT), 0);
        let address = ACPI_TABLES + self.bytes.len() as u64;
        table.to_aml_bytes(&mut self.bytes);
        address
    }
}

/// Where PCI's configuration space is (PCI Firmware Specification 3.3, section 4.1.2).
fn mcfg(pci: &PciHost) -> MCFG {
    let mut table = MCFG::new(OEM, OEM_TABLE, OEM_REVISION);
    table.add_ecam(pci.ecam, 0, 0, pci.last_bus);
    table
}
