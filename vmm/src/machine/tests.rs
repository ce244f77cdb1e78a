use super::*;
use crate::accelerator::Choice;
use crate::command_line::Settings;

fn machine() -> Arc<Machine> {
    let settings = Settings {
        accelerator: Choice::None,
        memory: 16 << 20,
        devices: vec!["rng,id=a".to_owned()],
        ..Settings::default()
    };
    let machine = Arc::new(Machine::new(&settings, Arc::new(Events::new())).unwrap());
    machine.start().unwrap();
    machine
}

#[test]
fn a_guest_that_ends_ends_the_machine_and_says_so() {
    for (event, cause) in
        [(GuestEvent::PowerOff, ShutdownCause::GuestShutdown), (GuestEvent::Reset, ShutdownCause::GuestReset)]
    {
        let machine = machine();
        assert_eq!(machine.shutdown_request().cause(), None);
        machine.guest_events()(event);
        machine.request_shutdown(ShutdownCause::HostSignal);
        assert_eq!(machine.shutdown_request().cause(), Some(cause), "the first cause counts");
        machine.end();
        assert_eq!(machine.run_state(), RunState::Shutdown);
    }
}

#[test]
fn a_guest_that_crashes_is_kept_for_people_to_look_at() {
    let machine = machine();
    machine.guest_events()(GuestEvent::Crash("of this test".to_owned()));
    // The machine stops on a thread of its own; the test would hang if it did not.
    while machine.run_state() == RunState::Running {
        thread::yield_now();
    }
    assert_eq!(machine.run_state(), RunState::InternalError);
    assert!(machine.resume().is_err());
    assert_eq!(machine.shutdown_request().cause(), None);
    assert!(!machine.objects().device("/machine/peripheral/a").unwrap().status().running);
    machine.end();
}

#[test]
fn a_machine_that_is_gone_hears_of_no_event() {
    let machine = machine();
    let events = machine.guest_events();
    machine.end();
    drop(machine);
    events(GuestEvent::PowerOff);
}
