//! The MADT (section 5.2.12): processors and interrupt controllers.
//!
//! There is no interrupt source override: each line of an ISA device is edge triggered and arrives at the I/O APIC's pin of
//! the same number, the interval timer's (line 0) too, as KVM wires it. Nor does the table speak of 8259 controllers
//! (`PCAT_COMPAT`): nobody is to use them.

use acpi_tables::Aml;
use acpi_tables::madt::{EnabledStatus, IoApic, ProcessorLocalApic};
use acpi_tables::sdt::Sdt;

use super::{OEM, OEM_REVISION, OEM_TABLE};
use crate::addresses::{IO_APIC, LOCAL_APIC};

const REVISION: u8 = 6;
/// Header, address of the local APICs, flags.
const FIXED_SIZE: u32 = 44;
const ADDRESS_OFFSET: usize = 36;
const ENABLED: u32 = 1;
/// The I/O APIC's own ID is its after reset.
const IO_APIC_ID: u8 = 0;
/// APIC IDs and processor UIDs up to here fit the older structures; 255 means every processor.
const MOST_SHORT_ID: u32 = 254;
/// Of a processor's two pins for interrupts, the one for those that cannot be masked.
const NMI_PIN: u8 = 1;

/// The table for processors whose APIC IDs and UIDs are 0, 1, and so on.
pub(super) fn madt(vcpus: u32) -> Sdt {
    let mut table = Sdt::new(*b"APIC", FIXED_SIZE, REVISION, OEM, OEM_TABLE, OEM_REVISION);
    table.write_u32(ADDRESS_OFFSET, LOCAL_APIC);
    let mut structures = Vec::new();
    for id in 0..vcpus {
        match u8::try_from(id) {
            Ok(short) if id <= MOST_SHORT_ID => {
                ProcessorLocalApic::new(short, short, EnabledStatus::Enabled).to_aml_bytes(&mut structures);
            }
            _ => structures.extend(local_x2apic(id)),
        }
    }
    IoApic::new(IO_APIC_ID, IO_APIC, 0).to_aml_bytes(&mut structures);
    structures.extend(LOCAL_APIC_NMI);
    if vcpus > MOST_SHORT_ID + 1 {
        structures.extend(LOCAL_X2APIC_NMI);
    }
    table.append_slice(&structures);
    table
}

/// Processor Local x2APIC (section 5.2.12.12).
fn local_x2apic(id: u32) -> impl Iterator<Item = u8> {
    [[9, 16, 0, 0], id.to_le_bytes(), ENABLED.to_le_bytes(), id.to_le_bytes()].into_iter().flatten()
}

/// Local APIC NMI (section 5.2.12.7): the pin of every processor, with polarity and trigger as the bus has them.
const LOCAL_APIC_NMI: [u8; 6] = [4, 6, 0xff, 0, 0, NMI_PIN];
/// Local x2APIC NMI (section 5.2.12.13).
const LOCAL_X2APIC_NMI: [u8; 12] = [10, 12, 0, 0, 0xff, 0xff, 0xff, 0xff, NMI_PIN, 0, 0, 0];
