use super::*;
use crate::accelerator::Choice;
use crate::command_line::Settings;
use crate::devices::NewDevice;
use crate::transport::TransportKind;
use virtio_core::{Activation, Device, DeviceError, DeviceKind, DevicePlace, RingForm, Workers};

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

/// A device that nobody drives; it tells where it was put.
struct Placed(std::sync::mpsc::Sender<DevicePlace>);

impl Device for Placed {
    fn kind(&self) -> &'static DeviceKind {
        crate::devices::kind(4).unwrap()
    }

    fn attached(&mut self, place: DevicePlace) {
        self.0.send(place).unwrap();
    }

    fn features(&self) -> u128 {
        0
    }

    fn queue_sizes(&self) -> &[u16] {
        &[8]
    }

    fn start(&mut self, _: Activation) -> Result<Workers, DeviceError> {
        unreachable!("no driver comes")
    }
}

#[test]
fn a_device_knows_its_place_and_can_stop_the_machine() {
    let (sender, places) = std::sync::mpsc::channel();
    let device =
        NewDevice { id: Some("b".to_owned()), rings: RingForm::Split, device: Box::new(Placed(sender)) };
    let settings = Settings { transport: TransportKind::Pci, paused: true, ..settings() };
    let machine = Machine::with_devices(&settings, vec![device], Arc::new(Events::new())).unwrap();
    let place = places.recv().unwrap();
    assert_eq!((place.id(), place.path()), (Some("b"), "/machine/peripheral/b/virtio-backend"));
    machine.resume().unwrap();
    place.stop_machine();
    assert_eq!(machine.run_state(), RunState::Running, "a device never waits for the machine");
    machine.serve_request();
    assert_eq!(machine.run_state(), RunState::IoError);
    machine.resume().unwrap();
    assert_eq!(machine.run_state(), RunState::Running);

    // Whoever has it go on after the device has asked means that stop, whatever comes first.
    let (stop, go_on) = (|| machine.pause(), || machine.resume().unwrap());
    let orders: [&[&dyn Fn()]; 3] =
        [&[&go_on], &[&stop, &go_on], &[&stop, &|| machine.serve_request(), &go_on]];
    for (number, order) in orders.into_iter().enumerate() {
        place.stop_machine();
        order.iter().for_each(|step| step());
        machine.serve_request();
        assert_eq!(machine.run_state(), RunState::Running, "order {number}");
    }
    // What it asks for later is another.
    place.stop_machine();
    machine.serve_request();
    assert_eq!(machine.run_state(), RunState::IoError);
}

/// Has the guest want this.
fn want(machine: &Machine, event: GuestEvent) {
    machine.requests().ask(event);
    machine.serve_request();
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
    assert!(!machine.objects().device("/machine/peripheral/a/virtio-backend").unwrap().status().running);
    machine.end();
}

#[test]
fn a_reset_begins_anew_even_after_a_crash() {
    let machine = machine();
    let rng = || machine.objects().device("/machine/peripheral/a/virtio-backend").unwrap();
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
