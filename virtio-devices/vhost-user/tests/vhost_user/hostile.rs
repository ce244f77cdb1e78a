//! Back ends that say what they should not.

use vhost::vhost_user::message::FrontendReq;
use virtio_core::RingForm;

use crate::support::puppet::{INFLIGHT_SHMFD, Mischief, PROTOCOL, Puppet, Script};
use crate::support::{Place, RING, attach, build, wait_until};

/// Everything that a back end is asked before it can be used.
const TO_BE_MET: [FrontendReq; 7] = [
    FrontendReq::GET_FEATURES,
    FrontendReq::GET_PROTOCOL_FEATURES,
    FrontendReq::SET_PROTOCOL_FEATURES,
    FrontendReq::SET_OWNER,
    FrontendReq::GET_QUEUE_NUM,
    FrontendReq::SET_BACKEND_REQ_FD,
    FrontendReq::GET_CONFIG,
];

/// And then for its work.
const TO_WORK: [FrontendReq; 11] = [
    FrontendReq::SET_FEATURES,
    FrontendReq::SET_MEM_TABLE,
    FrontendReq::GET_INFLIGHT_FD,
    FrontendReq::SET_INFLIGHT_FD,
    FrontendReq::SET_VRING_NUM,
    FrontendReq::SET_VRING_BASE,
    FrontendReq::SET_VRING_ADDR,
    FrontendReq::SET_VRING_CALL,
    FrontendReq::SET_VRING_ERR,
    FrontendReq::SET_VRING_KICK,
    FrontendReq::SET_VRING_ENABLE,
];

const MISCHIEFS: [Mischief; 8] = [
    Mischief::HangUp,
    Mischief::HalfAHeader,
    Mischief::OtherMessage,
    Mischief::NoReplyFlag,
    Mischief::TooLong,
    Mischief::Endless,
    Mischief::TooShort,
    Mischief::Refusal,
];

fn script(message: FrontendReq, mischief: Mischief) -> Script {
    Script {
        mischief: Some((message.into(), mischief)),
        protocol_features: PROTOCOL | INFLIGHT_SHMFD,
        ..Script::default()
    }
}

#[test]
fn a_back_end_that_cannot_even_be_met_is_no_device() {
    let place = Place::new();
    let mut mistakes = String::new();
    for message in TO_BE_MET {
        for mischief in MISCHIEFS {
            let _puppet = Puppet::listen(&place.socket, script(message, mischief));
            let outcome = build(&place.socket, "").err().unwrap_or_else(|| "taken".to_owned());
            mistakes += &format!("{message:?} {mischief:?}: {outcome}\n");
        }
    }
    insta::assert_snapshot!(mistakes);
}

#[test]
fn one_that_goes_wrong_later_is_given_up_and_sought_again() {
    let place = Place::new();
    for message in TO_WORK.into_iter().chain([FrontendReq::GET_VRING_BASE, FrontendReq::RESET_DEVICE]) {
        for mischief in MISCHIEFS {
            let puppet = Puppet::listen(&place.socket, script(message, mischief));
            let mut attached = attach(&place.socket, "", RingForm::Split);
            attached.driver.start(u128::MAX, RING);
            attached.driver.transport().pause();
            attached.driver.transport().reset();
            attached.driver.transport().resume();
            // It was given up somewhere on the way. With one that behaves everything works again.
            puppet.change(|script| script.mischief = None);
            attached.driver.start(u128::MAX, RING);
            attached.wait_running();
            assert!(attached.driver.view().status().failure.is_none(), "{message:?} {mischief:?}");
        }
    }
}

#[test]
fn words_that_nobody_has_asked_for_end_the_conversation() {
    let place = Place::new();
    let puppet = Puppet::listen(&place.socket, Script::default());
    let mut attached = attach(&place.socket, "", RingForm::Split);
    attached.driver.start(u128::MAX, RING);
    attached.wait_running();
    puppet.say(&[0; 400]);
    attached.wait_connections(2);
    attached.wait_running();
    wait_until(|| attached.around.told().len() == 2);
    assert_eq!(attached.around.told(), ["VHOST_USER_DISCONNECTED", "VHOST_USER_CONNECTED"]);
}

#[test]
fn old_back_ends_are_refused_with_the_reason() {
    let place = Place::new();
    let refusal = |script: Script, more: &str| {
        let _puppet = Puppet::listen(&place.socket, script);
        build(&place.socket, more).err().unwrap()
    };
    let old = Script { features: 1 << 30, ..Script::default() };
    insta::assert_snapshot!(refusal(old, ""), @"'SOCKET': the back end does not offer VIRTIO_F_VERSION_1");
    insta::assert_snapshot!(refusal(Script::default(), ",queues=2"), @"'SOCKET': the back end has 1 queues, and the device 2");
    let silent = Script { protocol_features: PROTOCOL & !1, ..Script::default() };
    insta::assert_snapshot!(refusal(silent, ""), @"option 'queues' is missing");
}
