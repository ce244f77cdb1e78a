//! What a machine gets where its command line says nothing, so that the first run needs no arguments.

use std::io;

use crate::command_line::Settings;
use crate::devices::DEMONSTRATION;
use crate::endpoint::Endpoint;
use crate::monitors::PrivateDirectory;
use crate::serial::SerialOutput;

/// The one device of the demonstration that prints.
const CONSOLE: &str = "console,";

/// Completes the settings. `has_terminal`: standard input is a terminal that is ours. What they name in the
/// directory is there for as long as the directory is kept.
///
/// # Errors
/// The directory cannot be made.
pub fn complete(settings: &mut Settings, has_terminal: bool) -> io::Result<Option<PrivateDirectory>> {
    let wants_socket = settings.qmp.is_empty() && settings.hmp.is_empty();
    if settings.hmp.is_empty() && has_terminal && !uses_stdio(settings) {
        settings.hmp.push(Endpoint::Stdio);
    }
    let wants_devices = settings.devices.is_empty();
    let wants_log = wants_devices && uses_stdio(settings);
    let directory = if wants_socket || wants_log { Some(PrivateDirectory::create()?) } else { None };
    if let (true, Some(directory)) = (wants_socket, &directory) {
        settings.qmp.push(Endpoint::Unix(directory.path().join("qmp")));
    }
    if wants_devices {
        settings.devices = DEMONSTRATION.map(str::to_owned).into();
    }
    if let (true, Some(directory)) = (wants_log, &directory) {
        let log = directory.path().join("console.log");
        divert_console(&mut settings.devices, &log.display().to_string());
    }
    Ok(directory)
}

fn uses_stdio(settings: &Settings) -> bool {
    let mut endpoints = settings.qmp.iter().chain(&settings.hmp);
    endpoints.any(|endpoint| *endpoint == Endpoint::Stdio) || settings.serial == SerialOutput::Stdio
}

/// The guest's messages must not come in between a monitor and its client.
fn divert_console(devices: &mut [String], log: &str) {
    for device in devices.iter_mut().filter(|device| device.starts_with(CONSOLE)) {
        // A comma in a value is doubled.
        device.push_str(&format!(",output=file:{}", log.replace(',', ",,")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(settings: Settings, has_terminal: bool) -> (Settings, Option<PrivateDirectory>) {
        let mut settings = settings;
        let directory = complete(&mut settings, has_terminal).unwrap();
        (settings, directory)
    }

    #[test]
    fn without_arguments_there_are_a_socket_and_the_demonstration() {
        let (settings, directory) = completed(Settings::default(), false);
        assert_eq!(settings.qmp, [Endpoint::Unix(directory.unwrap().path().join("qmp"))]);
        assert_eq!(settings.hmp, []);
        assert_eq!(settings.devices, DEMONSTRATION);
    }

    #[test]
    fn a_terminal_gets_the_human_monitor_and_the_guest_prints_elsewhere() {
        let (settings, directory) = completed(Settings::default(), true);
        assert_eq!(settings.hmp, [Endpoint::Stdio]);
        let log = directory.unwrap().path().join("console.log");
        let console = format!("console,id=console0,output=file:{}", log.display());
        assert!(settings.devices.contains(&console), "{:?}", settings.devices);
    }

    #[test]
    fn what_is_given_is_left_alone() {
        let given =
            Settings { devices: vec!["rng".to_owned()], qmp: vec![Endpoint::Stdio], ..Settings::default() };
        let (settings, directory) = completed(given.clone(), true);
        assert_eq!(settings, given);
        assert!(directory.is_none());
    }

    #[test]
    fn a_monitor_somewhere_else_leaves_the_terminal_to_the_human_monitor() {
        let given = Settings { qmp: vec![Endpoint::Unix("/run/qmp".into())], ..Settings::default() };
        let (settings, _directory) = completed(given.clone(), true);
        assert_eq!((settings.qmp, settings.hmp), (given.qmp, vec![Endpoint::Stdio]));
    }

    #[test]
    fn a_comma_in_the_name_of_the_log_is_not_a_further_option() {
        let mut devices = vec!["rng".to_owned(), "console,id=a".to_owned()];
        divert_console(&mut devices, "/run/a,b");
        assert_eq!(devices, ["rng", "console,id=a,output=file:/run/a,,b"]);
    }
}
