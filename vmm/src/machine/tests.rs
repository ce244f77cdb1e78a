use super::*;
use crate::accelerator::Choice;
use crate::command_line::Settings;

fn settings() -> Settings {
    Settings {
        accelerator: Choice::None,
        memory: 16 << 20,
        devices: vec!["rng,id=a".to_owned()],
        ..Settings::default()
    }
}

fn machine() -> Arc<Machine> {
    machine_of(settings())
}

fn machine_of(settings: Settings) -> Arc<Machine> {
    let machine = Arc::new(Machine::new(&settings, Arc::new(Events::new())).unwrap());
    machine.start().unwrap();
    machine
}

/// Has the guest want this.
fn want(machine: &Machine, event: GuestEvent) {
    machine.guest_request().ask(event);
    machine.serve_guest();
}

#[test]
fn a_guest_that_ends_ends_the_machine_and_says_so() {
    for (machine, event, cause) in [
        (machine(), GuestEvent::PowerOff, ShutdownCause::GuestShutdown),
        (
            machine_of(Settings { no_reboot: true, ..settings() }),
            GuestEvent::Reset,
            ShutdownCause::GuestReset,
        ),
    ] {
        assert_eq!(machine.shutdown_request().cause(), None);
        want(&machine, event);
        machine.request_shutdown(ShutdownCause::HostSignal);
        assert_eq!(machine.shutdown_request().cause(), Some(cause), "the first cause counts");
        machine.end();
        assert_eq!(machine.run_state(), RunState::Shutdown);
    }
}

#[test]
fn a_guest_that_crashes_is_kept_for_people_to_look_at() {
    let machine = machine();
    want(&machine, GuestEvent::Crash("of this test".to_owned()));
    assert_eq!(machine.run_state(), RunState::InternalError);
    assert!(machine.resume().is_err());
    assert_eq!(machine.shutdown_request().cause(), None);
    assert!(!machine.objects().device("/machine/peripheral/a").unwrap().status().running);
    machine.end();
}

#[test]
fn a_reset_begins_anew_even_after_a_crash() {
    let machine = machine();
    let rng = || machine.objects().device("/machine/peripheral/a").unwrap();
    let wait_for_driver = || {
        while rng().queue(0).unwrap().indices.used == 0 {
            std::thread::yield_now();
        }
    };
    wait_for_driver();
    want(&machine, GuestEvent::Crash("of this test".to_owned()));
    machine.reset(ShutdownCause::HostQmpSystemReset).unwrap();
    assert_eq!(machine.run_state(), RunState::Prelaunch);
    assert_eq!(rng().status().status, 0, "no driver has come yet");
    machine.resume().unwrap();
    wait_for_driver();
    want(&machine, GuestEvent::Reset);
    assert_eq!(machine.run_state(), RunState::Running, "what runs, runs on");
    wait_for_driver();
    machine.end();
    machine.reset(ShutdownCause::HostQmpSystemReset).unwrap();
    assert_eq!(machine.run_state(), RunState::Shutdown, "the end is the end");
}
