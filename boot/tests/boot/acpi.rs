//! The ACPI tables, found as a kernel finds them, and read by ACPICA's compiler.

use std::fs;
use std::path::Path;
use std::process::Command;

use boot::addresses::{ACPI_TABLES, PCI_ECAM, PCI_WINDOW, PCI_WINDOW_SIZE};
use boot::{AddressRange, MmioDevice, PciHost, Platform};
use virtio_core::driver::skipped;

use crate::support::{Elf, Guest, MIB, platform};

pub(crate) fn pci_host() -> PciHost {
    PciHost {
        ecam: PCI_ECAM,
        last_bus: 0,
        window: AddressRange { start: PCI_WINDOW, size: PCI_WINDOW_SIZE },
        high_window: None,
        interrupts: [16, 17, 18, 19],
    }
}

fn mmio_devices() -> Vec<MmioDevice> {
    let device = |index: u64| MmioDevice {
        registers: AddressRange { start: 0xd000_0000 + index * 0x1000, size: 0x1000 },
        interrupt: 5 + u32::try_from(index).unwrap(),
    };
    (0..2).map(device).collect()
}

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, byte| sum.wrapping_add(*byte))
}

/// A table, whole, with its checksum checked.
fn table(guest: &Guest, address: u64) -> Vec<u8> {
    assert_eq!(address % 16, 0);
    let length: u32 = guest.value(address + 4);
    let bytes = guest.bytes(address, length.into());
    assert_eq!(sum(&bytes), 0, "{}", String::from_utf8_lossy(&bytes[..4]));
    bytes
}

fn address_in(table: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(table[offset..offset + 8].try_into().unwrap())
}

/// All tables but RSDP and XSDT, by their signatures.
fn tables(platform: Platform) -> Vec<(String, Vec<u8>)> {
    let guest = Guest::new(platform);
    guest.load(&Elf::with_note().bytes()).unwrap();
    let rsdp = guest.bytes(ACPI_TABLES, 36);
    assert_eq!(&rsdp[..8], b"RSD PTR ");
    assert_eq!((sum(&rsdp[..20]), sum(&rsdp)), (0, 0));
    let xsdt = table(&guest, address_in(&rsdp, 24));
    assert_eq!(&xsdt[..4], b"XSDT");
    let mut tables: Vec<_> = xsdt[36..].chunks(8).map(|entry| table(&guest, address_in(entry, 0))).collect();
    let dsdt = address_in(&tables[0], 140);
    tables.push(table(&guest, dsdt));
    tables.into_iter().map(|table| (String::from_utf8(table[..4].to_vec()).unwrap(), table)).collect()
}

fn find(tables: &[(String, Vec<u8>)], signature: &str) -> Vec<u8> {
    tables.iter().find(|(name, _)| name == signature).unwrap().1.clone()
}

fn small_platform() -> Platform {
    Platform { mmio_devices: mmio_devices(), pci: Some(pci_host()), ..platform(32 * MIB) }
}

#[test]
fn the_kernel_finds_every_table() {
    let names = |platform| tables(platform).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(names(platform(32 * MIB)), ["FACP", "APIC", "DSDT"]);
    assert_eq!(names(small_platform()), ["FACP", "APIC", "MCFG", "DSDT"]);
}

/// Type, and for processors the ID and whether it is enabled, of every structure of the MADT.
fn processors(vcpus: u32) -> (Vec<(u32, u32)>, Vec<u8>) {
    let madt = find(&tables(Platform { vcpus, ..platform(32 * MIB) }), "APIC");
    let mut rest = &madt[44..];
    let mut processors = Vec::new();
    let mut others = Vec::new();
    while let &[kind, length, ..] = rest {
        let (structure, after) = rest.split_at(length.into());
        let number = |at: usize| u32::from_le_bytes(structure[at..at + 4].try_into().unwrap());
        match kind {
            0 => processors.push((structure[3].into(), number(4))),
            9 => processors.push((number(4), number(8))),
            _ => others.push(kind),
        }
        rest = after;
    }
    assert!(rest.is_empty());
    (processors, others)
}

#[test]
fn every_vcpu_is_an_enabled_processor() {
    for (vcpus, others) in [(1, vec![1, 4]), (255, vec![1, 4]), (256, vec![1, 4, 10]), (300, vec![1, 4, 10])]
    {
        let expected = (0..vcpus).map(|id| (id, 1)).collect::<Vec<_>>();
        assert_eq!(processors(vcpus), (expected, others), "{vcpus} vCPUs");
    }
}

#[test]
fn what_cannot_be_described_is_refused() {
    let with = |change: fn(&mut Platform)| {
        let mut platform = small_platform();
        change(&mut platform);
        Guest::new(platform).load(&Elf::with_note().bytes()).unwrap_err().to_string()
    };
    let texts = [
        with(|platform| platform.vcpus = 0),
        with(|platform| platform.vcpus = 5000),
        with(|platform| platform.vcpus = 4096),
        with(|platform| platform.mmio_devices[0].registers.start = 0xffff_ffff),
        with(|platform| platform.mmio_devices[0].registers.size = 0),
        with(|platform| platform.mmio_devices[1].interrupt = 24),
        with(|platform| platform.pci.as_mut().unwrap().window.size = 1 << 32),
        with(|platform| platform.pci.as_mut().unwrap().ecam = u64::MAX),
        with(|platform| platform.pci.as_mut().unwrap().interrupts[3] = 99),
        with(|platform| {
            platform.pci.as_mut().unwrap().high_window = Some(AddressRange { start: u64::MAX, size: 2 });
        }),
    ];
    insta::assert_snapshot!(texts.join("\n"));
}

/// Disassembles a table and compiles it again; returns the source without its comments.
fn through_iasl(folder: &Path, signature: &str, table: &[u8]) -> String {
    let file = folder.join(format!("{signature}.dat"));
    fs::write(&file, table).unwrap();
    let iasl = |arguments: &[&str]| {
        let output = Command::new("iasl").current_dir(folder).args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(output.status.success(), "{signature}: {text}");
        text
    };
    iasl(&["-d", file.to_str().unwrap()]);
    let source = format!("{signature}.dsl");
    let said = iasl(&["-we", &source]);
    assert!(said.contains("0 Errors, 0 Warnings, 0 Remarks"), "{signature}: {said}");
    let source = fs::read_to_string(folder.join(source)).unwrap();
    let start = source.find("DefinitionBlock").unwrap_or(0);
    source[start..].to_owned()
}

/// The source without the wiring of PCI devices other than 0 and 1, which goes on in the same way.
fn without_repetition(source: &str) -> String {
    let (before, rest) = source
        .split_once("\n                Package (0x04)\n                {\n                    0x0002FFFF")
        .unwrap();
    let (_, after) = rest.split_once("            })\n            Method (_OSC").unwrap();
    format!("{before}\n                ...\n            }})\n            Method (_OSC{after}")
}

#[test]
fn acpica_takes_every_table() {
    if Command::new("iasl").arg("-v").output().is_err() {
        skipped("iasl is not installed; Debian has it in acpica-tools");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let large = Platform {
        vcpus: 300,
        pci: Some(PciHost {
            last_bus: 255,
            high_window: Some(AddressRange { start: 1 << 36, size: 1 << 36 }),
            ..pci_host()
        }),
        ..small_platform()
    };
    for (signature, table) in tables(large) {
        through_iasl(folder.path(), &signature, &table);
    }
    for (signature, table) in tables(small_platform()) {
        let source = through_iasl(folder.path(), &signature, &table);
        if signature == "DSDT" {
            insta::assert_snapshot!("dsdt", without_repetition(&source));
        }
    }
}
