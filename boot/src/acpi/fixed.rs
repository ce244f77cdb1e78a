//! The FADT (section 5.2.9): that the machine is hardware-reduced, and its registers for sleep and reset.

use acpi_tables::fadt::{FADT, FADTBuilder, Flags};
use acpi_tables::gas::{AccessSize, AddressSpace, GAS};

use super::{OEM, OEM_REVISION, OEM_TABLE};
use crate::addresses::{RESET_PORT, RESET_VALUE, SLEEP_CONTROL_PORT, SLEEP_STATUS_PORT};

/// There is no VGA, whose memory a kernel would use otherwise (`IAPC_BOOT_ARCH`, section 5.2.9.3).
const NO_VGA: u16 = 1 << 2;
/// There is no CMOS clock: the time of day comes from kvmclock.
const NO_CMOS_CLOCK: u16 = 1 << 5;

/// The table. That bit 1 of the boot flags is clear says that there is no 8042 keyboard controller to be probed; that one
/// takes the command for a reset nevertheless.
pub(super) fn fadt(dsdt: u64) -> FADT {
    let mut table = FADTBuilder::new(OEM, OEM_TABLE, OEM_REVISION)
        .dsdt_64(dsdt)
        .flag(Flags::HwReducedAcpi)
        .flag(Flags::Wbinvd)
        .flag(Flags::ResetRegSup)
        // Set, these two mean that the buttons are devices of the name space, if there are any.
        .flag(Flags::PwrButton)
        .flag(Flags::SlpButton);
    table.iapc_boot_arch = (NO_VGA | NO_CMOS_CLOCK).into();
    table.sleep_control_reg = port(SLEEP_CONTROL_PORT);
    table.sleep_status_reg = port(SLEEP_STATUS_PORT);
    table.reset_reg = port(RESET_PORT);
    table.reset_value = RESET_VALUE;
    table.finalize()
}

fn port(port: u16) -> GAS {
    GAS::new(AddressSpace::SystemIo, 8, 0, AccessSize::ByteAccess, port.into())
}
