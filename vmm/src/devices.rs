//! The device kinds of this program: the one place outside of their own crates that names them.

use std::fmt::Write as _;

use virtio_core::options::{OptionHelp, OptionsError};
use virtio_core::roles::BusDeviceType;
use virtio_core::{Device, DeviceDetails, DeviceError, DeviceKind, DeviceOptions, DeviceType, RingForm};
use virtio_vhost_user::KnownKind;

use crate::paragraph::paragraph;

/// Every kind that `--device` accepts.
static DEVICE_TYPES: &[&DeviceType] = &[
    &virtio_block::DEVICE_TYPE,
    &virtio_net::DEVICE_TYPE,
    &virtio_console::DEVICE_TYPE,
    &virtio_rng::DEVICE_TYPE,
    &virtio_balloon::DEVICE_TYPE,
    &virtio_vsock::DEVICE_TYPE,
    &virtio_scsi::DEVICE_TYPE,
];

/// Every kind that `--device` accepts.
pub fn types() -> &'static [&'static DeviceType] {
    DEVICE_TYPES
}

/// What `--device` and `device_add` accept besides: devices that go onto the bus of one of those.
static BUS_DEVICE_TYPES: &[&BusDeviceType] =
    &[&virtio_scsi::DISK_TYPE, &virtio_console::CONSOLE_TYPE, &virtio_console::PORT_TYPE];

/// Every device that goes onto the bus of another.
pub fn bus_types() -> &'static [&'static BusDeviceType] {
    BUS_DEVICE_TYPES
}

/// Every kind that monitors can name and decode. Not each of them can be had with `--device`.
pub fn kinds() -> impl Iterator<Item = &'static DeviceKind> {
    known_kinds().map(|(kind, _)| kind)
}

/// The same, with what monitors know of it beyond its feature bits.
fn known_kinds() -> impl Iterator<Item = KnownKind> {
    let others = virtio_kinds::device_kinds().map(|kind| (kind, &DeviceDetails::NONE));
    DEVICE_TYPES.iter().map(|device_type| (device_type.kind, device_type.details)).chain(others)
}

/// The kind that has this number in the specification (virtio 1.3, section 5).
pub fn kind(id: u32) -> Option<&'static DeviceKind> {
    kinds().find(|kind| kind.id == id)
}

/// What a machine gets that asks for no device: one of each, so that the first run has something to show.
const DEMONSTRATION: [&str; 5] =
    ["blk,id=disk0", "net,id=net0", CONSOLE, "rng,id=rng0", "balloon,id=balloon0"];
/// The one of them that prints.
const CONSOLE: &str = "console,id=console0";

/// The devices of a machine that asks for none. The guest's messages go to the file `log`, or to standard output.
pub fn demonstration(log: Option<&str>) -> Vec<String> {
    DEMONSTRATION.map(|device| with_log(device, log)).into()
}

fn with_log(device: &str, log: Option<&str>) -> String {
    match log {
        // A comma in a value is doubled.
        Some(log) if device == CONSOLE => format!("{device},output=file:{}", log.replace(',', ",,")),
        _ => device.to_owned(),
    }
}

/// A device before it is attached.
pub struct NewDevice {
    /// The id it was given.
    pub id: Option<String>,
    /// The rings that its transport is to offer.
    pub rings: RingForm,
    /// The device itself.
    pub device: Box<dyn Device>,
}

/// A device before it is put on another's bus.
#[derive(Debug)]
pub struct NewOnBus {
    /// What it is.
    pub device_type: &'static BusDeviceType,
    /// The id it was given.
    pub id: Option<String>,
    /// The bus that it asks for.
    pub bus: Option<String>,
    /// Its own options, not yet looked at.
    pub options: DeviceOptions,
}

/// A `--device` that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum NewDeviceError {
    /// No such kind.
    #[error("there is no device kind '{kind}'; accepted are {}", names())]
    Kind {
        /// As written.
        kind: String,
    },
    /// Options that do not fit.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// The device's own reason.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

/// Makes the device that `KIND[,key=value]...` describes. `id` and `packed` are understood here, for every
/// kind.
///
/// # Errors
/// The kind or an option is unknown, or the device cannot be made.
pub fn build(text: &str) -> Result<NewDevice, NewDeviceError> {
    let (kind, options) = text.split_once(',').unwrap_or((text, ""));
    let build = builder(kind).ok_or_else(|| NewDeviceError::Kind { kind: kind.to_owned() })?;
    let mut options = DeviceOptions::parse(options)?;
    let id = options.take("id");
    let rings = match options.take_bool("packed")? {
        Some(true) => RingForm::Packed,
        Some(false) | None => RingForm::Split,
    };
    let device = build(&mut options)?;
    options.finish()?;
    Ok(NewDevice { id, rings, device })
}

/// What goes onto another's bus, if that is what `KIND[,key=value]...` describes.
///
/// # Errors
/// What stands behind the kind are no options.
pub fn on_bus(text: &str) -> Result<Option<NewOnBus>, OptionsError> {
    let (kind, options) = text.split_once(',').unwrap_or((text, ""));
    let Some(device_type) = bus_device_type(kind) else { return Ok(None) };
    Ok(Some(new_on_bus(device_type, DeviceOptions::parse(options)?)))
}

/// The same from options that have been taken apart.
pub fn new_on_bus(device_type: &'static BusDeviceType, mut options: DeviceOptions) -> NewOnBus {
    NewOnBus { device_type, id: options.take("id"), bus: options.take("bus"), options }
}

/// What goes onto another's bus under this name.
pub fn bus_device_type(name: &str) -> Option<&'static BusDeviceType> {
    BUS_DEVICE_TYPES.iter().copied().find(|known| known.name == name)
}

/// Whether there is a kind of this name that has a place of its own.
pub fn is_kind(name: &str) -> bool {
    DEVICE_TYPES.iter().any(|known| known.name == name || known.aliases.contains(&name))
}

/// What makes the devices that this word stands for.
fn builder(word: &str) -> Option<Builder> {
    if word == virtio_vhost_user::NAME {
        return Some(|options| virtio_vhost_user::build(options, known_kinds()));
    }
    let known = DEVICE_TYPES.iter().find(|known| known.name == word || known.aliases.contains(&word));
    known.map(|known| known.build)
}

/// As [`DeviceType::build`].
type Builder = fn(&mut DeviceOptions) -> Result<Box<dyn Device>, DeviceError>;

/// The kinds with their options, for people.
pub fn help() -> String {
    let mut text = "Device kinds, for --device KIND[,key=value]...\n".to_owned();
    text += &paragraph(
        "Every kind also takes id=NAME, and packed=on|off (whether packed rings are offered; off by default).",
        0,
    );
    for kind in DEVICE_TYPES {
        write_kind(&mut text, &spellings(kind), kind.summary, kind.options);
    }
    write_kind(&mut text, virtio_vhost_user::NAME, virtio_vhost_user::SUMMARY, virtio_vhost_user::OPTIONS);
    let _ = writeln!(text, "\nDevices on the bus of another, which also take id=NAME and bus=ID:");
    for kind in BUS_DEVICE_TYPES {
        write_kind(&mut text, kind.name, kind.summary, kind.options);
    }
    let _ = writeln!(text, "\nWithout --device a machine has:");
    for device in DEMONSTRATION {
        let _ = writeln!(text, "  --device {device}");
    }
    text
}

fn write_kind(text: &mut String, name: &str, summary: &str, options: &[OptionHelp]) {
    let _ = write!(text, "\n  {name}\n{}", paragraph(summary, 6));
    for option in options {
        let _ = write!(text, "      {}={}\n{}", option.name, option.value, paragraph(option.meaning, 10));
    }
}

fn names() -> String {
    let on_buses = BUS_DEVICE_TYPES.iter().map(|kind| kind.name);
    let names = DEVICE_TYPES.iter().map(|kind| kind.name).chain([virtio_vhost_user::NAME]);
    names.chain(on_buses).collect::<Vec<_>>().join(", ")
}

fn spellings(kind: &DeviceType) -> String {
    match kind.aliases {
        [] => kind.name.to_owned(),
        aliases => format!("{} (or {})", kind.name, aliases.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str) -> String {
        build(text).err().unwrap().to_string()
    }

    #[test]
    fn the_demonstration_can_be_built() {
        let devices = DEMONSTRATION.map(|text| build(text).unwrap());
        assert_eq!(
            devices.map(|device| device.id.unwrap()),
            ["disk0", "net0", "console0", "rng0", "balloon0"]
        );
    }

    #[test]
    fn a_comma_in_the_name_of_the_log_is_not_a_further_option() {
        let devices = demonstration(Some("/run/a,b"));
        assert!(devices.contains(&"console,id=console0,output=file:/run/a,,b".to_owned()), "{devices:?}");
    }

    #[test]
    fn a_device_is_of_the_kind_that_its_type_says() {
        for device_type in DEVICE_TYPES {
            let device = match build(device_type.name) {
                Ok(new) => new.device,
                // Some need to know where they end.
                Err(NewDeviceError::Device(DeviceError::Options(OptionsError::Missing(_)))) => continue,
                Err(error) => panic!("{}: {error}", device_type.name),
            };
            assert_eq!(device.kind().id, device_type.kind.id);
            let fields = |details: &DeviceDetails| details.configuration.len();
            assert_eq!(fields(device.details()), fields(device_type.details), "{}", device_type.name);
            assert_eq!(kind(device.kind().id).unwrap().name, device.kind().name);
        }
    }

    #[test]
    fn help_names_every_kind_and_the_demonstration() {
        let help = help();
        assert!(DEVICE_TYPES.iter().all(|kind| help.contains(&format!("\n  {}", kind.name))), "{help}");
        assert!(DEMONSTRATION.iter().all(|device| help.contains(&format!("--device {device}\n"))), "{help}");
    }

    #[test]
    fn every_kind_has_its_own_name() {
        let mut spellings: Vec<_> =
            DEVICE_TYPES.iter().flat_map(|kind| kind.aliases.iter().chain([&kind.name])).collect();
        let all = spellings.len();
        spellings.sort_unstable();
        spellings.dedup();
        assert_eq!(spellings.len(), all);
    }

    #[test]
    fn mistakes_say_what_is_accepted() {
        insta::assert_snapshot!(mistake("floppy"), @"there is no device kind 'floppy'; accepted are blk, net, console, rng, balloon, vsock, scsi, vhost-user, scsi-hd, virtconsole, virtserialport");
        insta::assert_snapshot!(mistake("rng,id=a,colour=blue"), @"unknown option 'colour'; accepted are id, limit.NAME, packed");
        insta::assert_snapshot!(mistake("rng,id"), @"'id' is not of the form key=value");
    }
}
