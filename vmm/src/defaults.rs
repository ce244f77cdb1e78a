//! What a machine gets where its command line says nothing, so that the first run needs no arguments.

use std::io;

use crate::command_line::Settings;
use crate::devices::demonstration;
use crate::endpoint::Endpoint;
use crate::monitors::PrivateDirectory;
use crate::serial::SerialPlace;

/// Completes the settings. `has_terminal`: standard input is a terminal that is ours. What they name in the
/// directory is there for as long as the directory is kept.
///
/// # Errors
/// The directory cannot be made.
pub fn complete(settings: &mut Settings, has_terminal: bool) -> io::Result<Option<PrivateDirectory>> {
    let wants_socket = settings.qmp.is_empty() && settings.hmp.is_empty();
    if settings.hmp.is_empty() && has_terminal && !uses_stdio(settings) {
        settings.hmp.push(Endpoint::Stdio.into());
    }
    let wants_devices = settings.devices.is_empty() && settings.kernel.is_none();
    let wants_log = wants_devices && uses_stdio(settings);
    let directory = if wants_socket || wants_log { Some(PrivateDirectory::create()?) } else { None };
    if let (true, Some(directory)) = (wants_socket, &directory) {
        settings.qmp.push(Endpoint::unix(directory.path().join("qmp")).into());
    }
    if wants_devices {
        // The guest's messages must not come in between a monitor and its client.
        let log =
            directory.as_ref().filter(|_| wants_log).map(|directory| directory.path().join("console.log"));
        settings.devices = demonstration(log.map(|log| log.display().to_string()).as_deref());
    }
    Ok(directory)
}

fn uses_stdio(settings: &Settings) -> bool {
    let mut addresses = settings.qmp.iter().chain(&settings.hmp);
    addresses.any(|address| address.endpoint == Endpoint::Stdio) || settings.serial == SerialPlace::Stdio
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
        assert_eq!(settings.qmp, [Endpoint::unix(directory.unwrap().path().join("qmp")).into()]);
        assert_eq!(settings.hmp, []);
        assert_eq!(settings.devices, demonstration(None));
    }

    #[test]
    fn a_terminal_gets_the_human_monitor_and_the_guest_prints_elsewhere() {
        let (settings, directory) = completed(Settings::default(), true);
        assert_eq!(settings.hmp, [Endpoint::Stdio.into()]);
        let log = directory.unwrap().path().join("console.log");
        let console = format!("console,id=console0,output=file:{}", log.display());
        assert!(settings.devices.contains(&console), "{:?}", settings.devices);
    }

    #[test]
    fn what_is_given_is_left_alone() {
        let given = Settings {
            devices: vec!["rng".to_owned()],
            qmp: vec![Endpoint::Stdio.into()],
            ..Settings::default()
        };
        let (settings, directory) = completed(given.clone(), true);
        assert_eq!(settings, given);
        assert!(directory.is_none());
    }

    #[test]
    fn a_monitor_somewhere_else_leaves_the_terminal_to_the_human_monitor() {
        let given = Settings { qmp: vec![Endpoint::unix("/run/qmp").into()], ..Settings::default() };
        let (settings, _directory) = completed(given.clone(), true);
        assert_eq!((settings.qmp, settings.hmp), (given.qmp, vec![Endpoint::Stdio.into()]));
    }
}
