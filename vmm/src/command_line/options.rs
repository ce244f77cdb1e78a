//! The options: for each its name, what it takes, what it means and what it does.

use std::path::PathBuf;
use std::str::FromStr;

use builtin_guest::layout::LEAST_MEMORY;
use virtio_core::options::parse_size;

use super::error::Unfit;
use super::{Invocation, Settings};
use crate::accelerator::Choice;
use crate::endpoint::SocketAddress;
use crate::memory::{HUGE_PAGE, HugePages, MOST_MEMORY, PAGE};
use crate::monitors::{MonitorAddress, MonitorKind};
use crate::serial::SerialPlace;
use crate::size;
use crate::transport::TransportKind;
use crate::uuid::Uuid;

/// One option.
#[derive(Clone, Copy)]
pub(super) struct OptionRow {
    /// Without dashes.
    pub(super) name: &'static str,
    /// The letter behind one dash.
    pub(super) short: Option<char>,
    /// What follows it and what it does.
    pub(super) takes: Takes,
    /// It may be given several times.
    pub(super) repeatable: bool,
    /// For the help: a sentence without its end.
    pub(super) meaning: &'static str,
}

type ApplyValue = fn(&mut Settings, &str) -> Result<(), Unfit>;

/// What follows an option.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    /// Nothing: a switch.
    Nothing(fn(&mut Settings)),
    /// A value.
    Value {
        /// Its name in the help.
        placeholder: &'static str,
        /// What would do, for error messages.
        accepts: fn() -> String,
        /// Reads it.
        apply: ApplyValue,
    },
    /// Nothing, and the program answers instead of running a machine.
    Question(fn() -> Invocation),
}

const fn value(
    name: &'static str,
    placeholder: &'static str,
    meaning: &'static str,
    accepts: fn() -> String,
    apply: ApplyValue,
) -> OptionRow {
    let takes = Takes::Value { placeholder, accepts, apply };
    OptionRow { name, short: None, takes, repeatable: false, meaning }
}

const fn repeatable(row: OptionRow) -> OptionRow {
    OptionRow { repeatable: true, ..row }
}

/// Every option, in the order of the help.
pub(super) static OPTIONS: [OptionRow; 20] = [
    value(
        "kernel",
        "FILE",
        "The kernel to boot: ELF (vmlinux) or bzImage (vmlinuz). Needs KVM. Without it: the built-in guest",
        || "the file of a kernel".to_owned(),
        |settings, text| path(&mut settings.kernel, text),
    ),
    value(
        "initrd",
        "FILE",
        "Its initial RAM disk",
        || "a file".to_owned(),
        |settings, text| path(&mut settings.initrd, text),
    ),
    value(
        "cmdline",
        "TEXT",
        "Its command line",
        || "any text".to_owned(),
        |settings, text| {
            settings.kernel_command_line = Some(text.to_owned());
            Ok(())
        },
    ),
    value("cpus", "N", "Number of vCPUs (1)", || "a number from 1 to 255".to_owned(), cpus),
    value(
        "cpu-affinity",
        "LIST",
        "The host's CPUs, such as 0-3,8, to which vCPUs are bound one by one, and round again if there are more vCPUs \
         (not bound)",
        || "numbers and ranges of the host's CPUs, such as 0-3,8".to_owned(),
        host_cpus,
    ),
    value(
        "memory",
        "SIZE[,hugepages=auto|on|off]",
        "Guest memory (256M), made of huge pages where the host has them, of nothing but those that it has set aside, or \
         of none",
        accepted_memory,
        memory,
    ),
    value("accel", "auto|kvm|none", "What runs the guest (auto)", accepted_accelerators, accelerator),
    value("name", "TEXT", "What the machine is called", || "any text but an empty one".to_owned(), name),
    value(
        "uuid",
        "UUID",
        "By which number the machine is known everywhere (zero)",
        || Uuid::FORM.to_owned(),
        uuid,
    ),
    OptionRow {
        name: "paused",
        short: Some('S'),
        takes: Takes::Nothing(|settings| settings.paused = true),
        repeatable: true,
        meaning: "Wait for the command cont before the guest's first instruction",
    },
    OptionRow {
        name: "no-reboot",
        short: None,
        takes: Takes::Nothing(|settings| settings.no_reboot = true),
        repeatable: true,
        meaning: "End when the guest wants to be started again, instead of doing that",
    },
    repeatable(value(
        "device",
        "KIND[,key=value]...",
        "Attach a device; '--device help' lists the kinds, and what a machine has without any",
        || "KIND[,key=value]..., where '--device help' lists the kinds".to_owned(),
        |settings, text| {
            settings.devices.push(text.to_owned());
            Ok(())
        },
    )),
    value(
        "transport",
        "mmio|pci",
        "How the guest finds the devices (pci)",
        || TransportKind::ALL.map(TransportKind::as_str).join(", "),
        transport,
    ),
    repeatable(value(
        "qmp",
        "unix:PATH|tcp:HOST:PORT|stdio[,key=value]...",
        "Serve QMP there. access=read: only commands that change nothing; pretty=on: laid out for people. For a unix \
         socket: mode=OCTAL, the bits of its file (600), and user=UID[:UID]..., group=GID[:GID]..., who may connect. \
         Without --qmp and --hmp: on a unix socket that the start message names",
        || MonitorAddress::forms(MonitorKind::Qmp),
        |settings, text| monitor(&mut settings.qmp, MonitorKind::Qmp, text),
    )),
    repeatable(value(
        "hmp",
        "unix:PATH|tcp:HOST:PORT|stdio[,key=value]...",
        "Serve the human monitor there; mode, user and group as with --qmp. Without --hmp: on the terminal, if standard \
         input is one",
        || MonitorAddress::forms(MonitorKind::Human),
        |settings, text| monitor(&mut settings.hmp, MonitorKind::Human, text),
    )),
    repeatable(value(
        "metrics",
        "unix:PATH|tcp:HOST:PORT",
        "Serve all statistics to Prometheus there, over HTTP under /metrics",
        || SocketAddress::FORMS.to_owned(),
        |settings, text| add(&mut settings.metrics, text, "is no address"),
    )),
    value(
        "serial",
        "stdio|unix:PATH|file:PATH|none",
        "What is at the other end of the guest's serial port (none): a kernel's console ttyS0. The built-in guest prints there \
         if it has no virtio console",
        || SerialPlace::FORMS.to_owned(),
        serial,
    ),
    value(
        "stage-clocks",
        "on|off",
        "Whether statistics tell how long each stage of a virtio request takes (on)",
        || "on, off".to_owned(),
        stage_clocks,
    ),
    OptionRow {
        name: "help",
        short: Some('h'),
        takes: Takes::Question(|| Invocation::Help),
        repeatable: true,
        meaning: "Print this and exit",
    },
    OptionRow {
        name: "version",
        short: Some('V'),
        takes: Takes::Question(|| Invocation::Version),
        repeatable: true,
        meaning: "Print name and version and exit",
    },
];

/// The options as they are written, for messages.
pub(super) fn names() -> String {
    let names: Vec<_> = OPTIONS.iter().map(|row| format!("--{}", row.name)).collect();
    names.join(", ")
}

fn path(setting: &mut Option<PathBuf>, text: &str) -> Result<(), Unfit> {
    if text.is_empty() {
        return Err(Unfit::new("is empty"));
    }
    *setting = Some(text.into());
    Ok(())
}

fn cpus(settings: &mut Settings, text: &str) -> Result<(), Unfit> {
    settings.cpus =
        text.parse().ok().filter(|count| *count > 0).ok_or(Unfit::new("is no number of vCPUs"))?;
    Ok(())
}

/// The highest number of a host's CPU that a thread can be bound to, in the C library's terms.
const LAST_HOST_CPU: u16 = 1023;

fn host_cpus(settings: &mut Settings, text: &str) -> Result<(), Unfit> {
    let mut cpus = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let range = first.parse().ok().zip(last.parse().ok()).filter(|(first, last)| first <= last);
        let (first, last): (u16, u16) = range.ok_or(Unfit::new("is no list of CPUs"))?;
        if last > LAST_HOST_CPU {
            return Err(Unfit::new(format!("names CPU {last}, and the last can be {LAST_HOST_CPU}")));
        }
        cpus.extend(first..=last);
    }
    settings.host_cpus = cpus;
    Ok(())
}

fn accepted_memory() -> String {
    let (least, most) = (size::print(LEAST_MEMORY), size::print(MOST_MEMORY));
    let (page, huge_page) = (size::print(PAGE), size::print(HUGE_PAGE));
    format!(
        "a whole number of {page} pages ({huge_page} with hugepages=on) from {least} to {most}, such as 256M or \
         4G,hugepages=on"
    )
}

fn memory(settings: &mut Settings, text: &str) -> Result<(), Unfit> {
    let (size, huge_pages) = text.split_once(',').unwrap_or((text, "hugepages=auto"));
    let huge_pages = huge_pages.strip_prefix("hugepages=").and_then(|choice| choice.parse().ok());
    let huge_pages =
        huge_pages.ok_or(Unfit::new("has behind its size something else than hugepages=auto, on or off"))?;
    let bytes = parse_size(size).ok_or(Unfit::new("is no size"))?;
    if !(LEAST_MEMORY..=MOST_MEMORY).contains(&bytes) {
        return Err(Unfit::new(format!("is {bytes} bytes and out of range")));
    }
    let page = if huge_pages == HugePages::On { HUGE_PAGE } else { PAGE };
    if bytes % page != 0 {
        return Err(Unfit::new("is no whole number of pages"));
    }
    (settings.memory, settings.huge_pages) = (bytes, huge_pages);
    Ok(())
}

fn accepted_accelerators() -> String {
    Choice::ALL.map(Choice::as_str).join(", ")
}

fn accelerator(settings: &mut Settings, text: &str) -> Result<(), Unfit> {
    settings.accelerator = text.parse().map_err(|_| Unfit::new("is no accelerator"))?;
    Ok(())
}

fn name(settings: &mut Settings, text: &str) -> Result<(), Unfit> {
    if text.is_empty() {
        return Err(Unfit::new("is empty"));
    }
    settings.name = Some(text.to_owned());
    Ok(())
}

fn uuid(settings: &mut Settings, text: &str) -> Result<(), Unfit> {
    settings.uuid = Some(text.parse().map_err(|_| Unfit::new("is no UUID"))?);
    Ok(())
}

fn transport(settings: &mut Settings, text: &str) -> Result<(), Unfit> {
    settings.transport = text.parse().map_err(|_| Unfit::new("is no transport"))?;
    Ok(())
}

fn serial(settings: &mut Settings, text: &str) -> Result<(), Unfit> {
    settings.serial = text.parse().map_err(|_| Unfit::new("is no such place"))?;
    Ok(())
}

fn stage_clocks(settings: &mut Settings, text: &str) -> Result<(), Unfit> {
    settings.stage_clocks = match text {
        "on" => true,
        "off" => false,
        _ => return Err(Unfit::new("is neither on nor off")),
    };
    Ok(())
}

fn monitor(list: &mut Vec<MonitorAddress>, kind: MonitorKind, text: &str) -> Result<(), Unfit> {
    let address = MonitorAddress::parse(kind, text).map_err(Unfit::new)?;
    if list.iter().any(|other| other.endpoint == address.endpoint) {
        return Err(Unfit::new("is given twice"));
    }
    list.push(address);
    Ok(())
}

fn add<T: FromStr + PartialEq>(list: &mut Vec<T>, text: &str, unfit: &str) -> Result<(), Unfit> {
    let value = text.parse().map_err(|_| Unfit::new(unfit))?;
    if list.contains(&value) {
        return Err(Unfit::new("is given twice"));
    }
    list.push(value);
    Ok(())
}
