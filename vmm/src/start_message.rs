//! What the program says when it starts: what it runs on, what it has, and where to look at it.

use std::fmt::Write as _;

use crate::command_line::{Settings, version};
use crate::devices;
use crate::machine::Machine;
use crate::metrics::Metrics;
use crate::monitors::{MonitorKind, Monitors};
use crate::serial::SerialPlace;
use crate::size;

/// The message; it ends with an empty line.
pub fn start_message(
    settings: &Settings,
    machine: &Machine,
    monitors: &Monitors,
    metrics: &Metrics,
) -> String {
    let mut text = version();
    let name = machine.name().map(|name| format!("'{name}', ")).unwrap_or_default();
    let cpus = if settings.cpus == 1 { "1 vCPU".to_owned() } else { format!("{} vCPUs", settings.cpus) };
    let _ = writeln!(text, "machine: {name}{cpus}, {} of memory", size::print(settings.memory));
    let _ = writeln!(text, "accelerator: {}", machine.accelerator_reason());
    let mut others = machine.objects().devices().iter();
    for device in &settings.devices {
        let path = match devices::on_bus(device) {
            Ok(Some(new)) => path_on_bus(machine, new.id.as_deref()),
            Ok(None) | Err(_) => others.next().map(|device| device.path.clone()),
        };
        let _ = writeln!(text, "device: {} ({device})", path.as_deref().unwrap_or("without an id"));
    }
    if settings.serial != SerialPlace::None {
        let _ = writeln!(text, "serial port: {}", settings.serial);
    }
    for (kind, place) in monitors.places() {
        let kind = match kind {
            MonitorKind::Qmp => "QMP",
            MonitorKind::Human => "human monitor",
        };
        let _ = writeln!(text, "{kind}: {place}");
    }
    for place in metrics.places() {
        let _ = writeln!(text, "metrics: {place}");
    }
    if settings.paused {
        text.push_str("paused: the command cont starts the guest\n");
    }
    text.push('\n');
    text
}

/// The path of what is on another's bus. Without an id it is not to be told from others of its kind.
fn path_on_bus(machine: &Machine, id: Option<&str>) -> Option<String> {
    let id = id?;
    let found = machine.objects().on_buses().find(|(_, device)| device.id.as_deref() == Some(id));
    found.map(|(_, device)| device.path)
}
