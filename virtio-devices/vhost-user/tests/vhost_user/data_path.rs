//! Requests that a back end serves, on both transports, and what drivers and machines do besides.

use std::sync::atomic::Ordering;

use vhost::vhost_user::message::FrontendReq;
use virtio_core::RingForm;
use virtio_core::driver::{Buffer, DriverQueue, PciDriver, PciInterrupts, Registers, offset};

use crate::support::daemon::Daemon;
use crate::support::puppet::{Puppet, Script};
use crate::support::{Attached, DATA, Place, RING, attach, build, shared_memory, wait_until};

fn fill<R: Registers>(attached: &mut Attached<R>, index: u16, queue: &mut DriverQueue) -> Vec<u8> {
    attached.driver.store(DATA, &[0; 8]);
    assert_eq!(attached.driver.submit(index, queue, &[Buffer::writable(DATA, 8)]), 8);
    attached.driver.load(DATA, 8)
}

#[test]
fn a_back_end_serves_requests_on_either_transport() {
    let place = Place::new();
    for interrupts in [None, Some(PciInterrupts::Messages), Some(PciInterrupts::Line)] {
        let _daemon = Daemon::listen(&place.socket, 0xab);
        match interrupts {
            None => serves(attach(&place.socket, "", RingForm::Split)),
            Some(interrupts) => {
                let device = build(&place.socket, "").unwrap();
                serves(Attached::new(PciDriver::new(device, &shared_memory(), RingForm::Split, interrupts)));
            }
        }
    }
}

fn serves<R: Registers>(mut attached: Attached<R>) {
    let mut queues = attached.driver.start(u128::MAX, RING);
    assert_eq!(queues.len(), 2, "as many as the back end has");
    // More often than a ring has entries.
    for _ in 0..20 {
        assert_eq!(fill(&mut attached, 0, &mut queues[0]), [0xab; 8]);
        assert_eq!(fill(&mut attached, 1, &mut queues[1]), [0xab; 8]);
    }
}

#[test]
fn a_paused_machine_s_back_end_rests_and_then_goes_on_where_it_was() {
    let place = Place::new();
    let daemon = Daemon::listen(&place.socket, 0x11);
    let mut attached = attach(&place.socket, "", RingForm::Split);
    let mut queues = attached.driver.start(u128::MAX, RING);
    for round in 0..3 {
        fill(&mut attached, 0, &mut queues[0]);
        attached.driver.transport().pause();
        assert!(!attached.back_end().running);
        daemon.wishes.kicked.store(false, Ordering::SeqCst);
        let head = queues[0].chain(&[Buffer::writable(DATA, 8)]);
        queues[0].publish();
        attached.driver.kick(0);
        assert!(queues[0].used().is_empty(), "round {round}");
        assert!(!daemon.wishes.kicked.load(Ordering::SeqCst), "nobody has taken the kick");
        attached.driver.transport().resume();
        assert_eq!(attached.driver.wait_used(&mut queues[0]), [(head, 8)]);
    }
}

#[test]
fn a_device_that_is_reset_begins_anew() {
    let place = Place::new();
    let _daemon = Daemon::listen(&place.socket, 0x22);
    let mut attached = attach(&place.socket, "", RingForm::Split);
    for round in 0..3 {
        // At another place: a back end that went on with the old ring would find nothing there.
        let mut queues = attached.driver.start(u128::MAX, RING + round * 0x1_0000);
        attached.wait_running();
        assert_eq!(attached.back_end().queues.len(), 2);
        assert_eq!(fill(&mut attached, 0, &mut queues[0]), [0x22; 8]);
        attached.driver.transport().reset();
        assert!(!attached.back_end().running);
        assert_eq!(attached.back_end().acknowledged_features, 0);
    }
    assert_eq!(attached.back_end().connections, 1);
}

#[test]
fn a_queue_is_reset_by_itself() {
    let place = Place::new();
    let _daemon = Daemon::listen(&place.socket, 0x33);
    let mut attached = attach(&place.socket, "", RingForm::Split);
    let mut queues = attached.driver.start(u128::MAX, RING);
    fill(&mut attached, 1, &mut queues[1]);
    attached.driver.write(offset::QUEUE_SELECT, 1);
    attached.driver.write(offset::QUEUE_RESET, 1);
    assert_eq!(attached.back_end().queues.iter().map(|queue| queue.index).collect::<Vec<_>>(), [0]);
    assert_eq!(fill(&mut attached, 0, &mut queues[0]), [0x33; 8], "the other one goes on");
    let mut anew = attached.driver.set_up_queue(1, 8, RING + 0x2_0000);
    assert_eq!(fill(&mut attached, 1, &mut anew), [0x33; 8]);
    assert_eq!(fill(&mut attached, 0, &mut queues[0]), [0x33; 8]);
}

#[test]
fn the_configuration_space_is_the_back_end_s() {
    let place = Place::new();
    let daemon = Daemon::listen(&place.socket, 0x44);
    let mut attached = attach(&place.socket, "", RingForm::Split);
    attached.driver.start(u128::MAX, RING);
    let mut space = [0xff; 16];
    attached.driver.read_configuration(0, &mut space);
    assert_eq!(space, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 0, 0, 0]);
    attached.driver.write_configuration(0, &[77]);
    assert_eq!(daemon.wishes.configuration.load(Ordering::SeqCst), 77);
    attached.driver.write_configuration(1, &[99]);
    attached.driver.write_configuration(12, &[99]);
    attached.driver.read_configuration(0, &mut space[..2]);
    assert_eq!(space[..2], [77, 1], "it keeps what cannot be written");
}

#[test]
fn the_driver_hears_of_changes_of_the_configuration_space() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, Script::default());
    let mut attached = attach(&place.socket, "", RingForm::Split);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    let requests = puppet.file(FrontendReq::SET_BACKEND_REQ_FD);
    let say_changed = || {
        let before = puppet.heard().len();
        rustix::io::write(&requests, &[2_u32, 1, 0].map(u32::to_le_bytes).concat()).unwrap();
        wait_until(|| puppet.heard().len() > before);
    };
    say_changed();
    puppet.change(|script| script.configuration = 0x77);
    say_changed();
    assert_eq!(attached.driver.wait_interrupt(), 2);
    let mut space = [0; 2];
    attached.driver.read_configuration(0, &mut space);
    assert_eq!(space, [0x77; 2]);
    assert_eq!(
        attached.driver.view().status().configuration_generation,
        1,
        "the first time nothing had changed"
    );
}
