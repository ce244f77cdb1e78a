//! Does the guest's kernel find what there is?

use crate::error::Error;
use crate::machine::Machine;
use crate::monitor::Transport;

/// The kinds that every guest has, by their number in the virtio specification, and the kernel's drivers for them.
const DRIVERS: [(u16, &str); 5] =
    [(1, "virtio_net"), (2, "virtio_blk"), (3, "virtio_console"), (4, "virtio_rng"), (5, "virtio_balloon")];

/// ACKNOWLEDGE, DRIVER, DRIVER_OK and FEATURES_OK, and neither DEVICE_NEEDS_RESET nor FAILED (virtio 1.3, 2.1).
const HEALTHY: u8 = 0x0f;

/// What the kernel says on a machine of this kind, and that it means nothing: a part of the line, and why.
const HARMLESS: [(&str, &str); 4] = [
    ("PCI: Fatal: No config space access function found", "a machine without PCI"),
    ("PCI: System does not support PCI", "a machine without PCI"),
    ("clocksource: Long readout interval", "the emulated machine around was busy"),
    ("hrtimer: interrupt took", "the emulated machine around was busy"),
];

/// A virtio device as the guest's kernel sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GuestDevice {
    /// The number of its kind.
    pub(crate) id: u16,
    /// The device status.
    pub(crate) status: u8,
    /// The driver, or nothing.
    pub(crate) driver: String,
    /// The bus's name for where it is plugged.
    pub(crate) place: String,
    /// What was negotiated.
    pub(crate) features: u128,
}

/// The guest's virtio devices, in its own order.
///
/// # Errors
/// It does not tell, or not in a form that can be read.
pub(crate) fn devices(machine: &mut Machine<'_>) -> Result<Vec<GuestDevice>, Error> {
    let answer = machine.ask("devices")?;
    let read: Option<Vec<_>> = answer.lines.iter().map(|line| parse(line)).collect();
    read.ok_or_else(|| machine.failed(&format!("the guest's devices cannot be read: {:?}", answer.lines)))
}

/// `virtio0 id=0x0002 status=0x0000000f driver=virtio_blk place=LNRO0005:00 features=0010…`, lowest bit first.
fn parse(line: &str) -> Option<GuestDevice> {
    let mut members =
        line.split(' ').skip(1).filter_map(|member| member.split_once('=')).map(|(_, value)| value);
    let mut hexadecimal = || u32::from_str_radix(members.next()?.strip_prefix("0x")?, 16).ok();
    let id = u16::try_from(hexadecimal()?).ok()?;
    let status = u8::try_from(hexadecimal()?).ok()?;
    let (driver, place) = (members.next()?.to_owned(), members.next()?.to_owned());
    let digits: String = members.next()?.chars().rev().collect();
    Some(GuestDevice { id, status, driver, place, features: u128::from_str_radix(&digits, 2).ok()? })
}

pub(super) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    let mut findings = Vec::new();
    let found = devices(machine)?;
    for (id, driver) in DRIVERS {
        match found.iter().filter(|device| device.id == id).collect::<Vec<_>>()[..] {
            [device] => findings.extend(unfit(device, driver, machine.plan().monitor.transport())),
            ref several => findings.push(format!("{} devices of kind {id} instead of one", several.len())),
        }
    }
    let kernel = machine.ask("kernel")?.lines;
    for expected in [format!("processors {}", machine.plan().cpus), "clock kvm-clock".to_owned()] {
        let what = expected.split(' ').next().unwrap_or_default();
        if !kernel.contains(&expected) {
            let real = kernel.iter().find(|line| line.starts_with(what));
            findings.push(format!("the guest has '{real:?}' instead of '{expected}'"));
        }
    }
    let warnings = kernel.iter().filter_map(|line| line.strip_prefix("warning "));
    let serious = warnings.filter(|line| !HARMLESS.iter().any(|(text, _)| line.contains(text)));
    findings.extend(serious.map(|line| format!("the kernel warns: {line}")));
    machine.verdict(findings)?;
    let places: Vec<_> =
        found.iter().map(|device| format!("{} at {}", device.driver, device.place)).collect();
    Ok(places.join(", "))
}

fn unfit(device: &GuestDevice, driver: &str, transport: Transport) -> Vec<String> {
    let mut findings = Vec::new();
    if device.driver != driver {
        findings.push(format!("device {}: driver '{}' instead of {driver}", device.id, device.driver));
    }
    if device.status != HEALTHY {
        findings.push(format!("{driver}: device status {:#x} instead of {HEALTHY:#x}", device.status));
    }
    // The ACPI name of a virtio-mmio device, or a PCI address.
    let by_mmio = device.place.starts_with("LNRO0005:");
    if by_mmio != (transport == Transport::Mmio) {
        findings.push(format!("{driver}: found at {} on the wrong bus", device.place));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_read_from_the_guests_line() {
        let line = "virtio0 id=0x0002 status=0x0000000f driver=virtio_blk place=LNRO0005:00 features=0110001";
        let device = parse(line).unwrap();
        assert_eq!((device.id, device.status, device.features), (2, 15, 0b100_0110));
        assert_eq!((&*device.driver, &*device.place), ("virtio_blk", "LNRO0005:00"));
        assert_eq!(parse("virtio0 id=2"), None);
        assert!(unfit(&device, "virtio_blk", Transport::Mmio).is_empty());
    }

    #[test]
    fn an_unfit_device_is_described() {
        let line = "virtio0 id=0x0004 status=0x00000083 driver= place=0000:00:01.0 features=0";
        let findings = unfit(&parse(line).unwrap(), "virtio_rng", Transport::Mmio);
        assert_eq!(
            findings,
            [
                "device 4: driver '' instead of virtio_rng",
                "virtio_rng: device status 0x83 instead of 0xf",
                "virtio_rng: found at 0000:00:01.0 on the wrong bus",
            ]
        );
    }
}
