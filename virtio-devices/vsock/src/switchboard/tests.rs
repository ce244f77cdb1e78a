//! Packets as no driver would send them, and what stays true nevertheless.

use super::*;
use crate::connection::BUFFER_SIZE;
use proptest::prelude::*;
use std::io::Write;
use tempfile::TempDir;

const GUEST: u64 = 3;

struct Host {
    switchboard: Switchboard,
    /// Accepts nobody; its backlog does.
    _service: UnixListener,
    directory: TempDir,
}

fn host() -> Host {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("v");
    let listener = UnixListener::bind(&path).unwrap();
    listener.set_nonblocking(true).unwrap();
    let service = UnixListener::bind(directory.path().join("v_5")).unwrap();
    let switchboard = Switchboard::new(GuestCid::FIRST, &path, listener, Arc::default()).unwrap();
    Host { switchboard, _service: service, directory }
}

/// Drains what there is for the guest; the operations.
fn drain(switchboard: &mut Switchboard) -> Vec<u16> {
    let mut data = vec![0; 4096];
    std::iter::from_fn(|| switchboard.next(&mut data)).map(|(header, _)| header.operation).collect()
}

#[test]
fn events_are_told_apart() {
    let key = Key { host: 7, guest: ANY_PORT };
    for token in [Token::Listener, Token::Greeting(0), Token::Greeting(9), Token::Connection(key)] {
        assert_eq!(Token::from_number(token.number()), token);
    }
}

#[test]
fn silent_programs_make_room_and_answers_are_limited() {
    let mut host = host();
    let path = host.directory.path().join("v");
    let mut silent: Vec<_> = (0..MAX_GREETINGS + 5)
        .map(|_| {
            let stream = UnixStream::connect(&path).unwrap();
            host.switchboard.look();
            stream
        })
        .collect();
    assert_eq!(host.switchboard.greetings.len(), MAX_GREETINGS);
    assert_eq!(silent[0].read(&mut [0]).unwrap(), 0, "the first one was sent away");
    silent[MAX_GREETINGS].write_all(b"CONNECT 9\n").unwrap();
    host.switchboard.look();
    assert_eq!(host.switchboard.connections.len(), 1);
    assert_eq!(drain(&mut host.switchboard), [1]);
    while host.switchboard.can_take() {
        let unknown = Header {
            source_cid: GUEST,
            destination_cid: HOST_CID,
            kind: STREAM,
            operation: 5,
            ..Header::default()
        };
        assert!(!host.switchboard.take(&unknown, &mut std::io::empty()));
    }
    assert_eq!(drain(&mut host.switchboard).len(), MAX_RESETS);
    assert!(host.switchboard.can_take());
}

/// Packets that are nearly right more often than not: few ports, all operations, some garbage.
fn packet() -> impl Strategy<Value = (Header, usize)> {
    let ports = prop_oneof![Just(5_u32), Just(6), Just(ANY_PORT), any::<u32>()];
    let cids = (
        prop_oneof![9 => Just(GUEST), 1 => any::<u64>()],
        prop_oneof![9 => Just(HOST_CID), 1 => any::<u64>()],
    );
    let counts = (0..5_u32, prop_oneof![0..1000_u32, any::<u32>()], any::<u32>(), 0..100_000_usize);
    (cids, 0..8_u32, ports, prop_oneof![9 => Just(STREAM), 1 => any::<u16>()], 0..9_u16, counts).prop_map(
        |((source_cid, destination_cid), source_port, destination_port, kind, operation, counts)| {
            let (flags, room, forwarded, length) = counts;
            let length = u32::try_from(length).unwrap();
            let header = Header {
                source_cid,
                destination_cid,
                source_port,
                destination_port,
                length,
                kind,
                operation,
                flags,
                room,
                forwarded,
            };
            (header, usize::try_from(length).unwrap())
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn no_packets_make_the_host_grow(packets in prop::collection::vec((packet(), any::<bool>()), 1..60)) {
        let Host { mut switchboard, _service, directory: _directory } = host();
        for ((header, length), drains) in packets {
            if switchboard.can_take() {
                let data = vec![1; length];
                switchboard.take(&header, &mut data.as_slice());
            }
            if drains {
                switchboard.look();
                drain(&mut switchboard);
            }
            prop_assert!(switchboard.connections.len() <= 8 && switchboard.resets.len() <= MAX_RESETS);
            prop_assert_eq!(switchboard.turns.len(), switchboard.waiting.len());
            for connection in switchboard.connections.values() {
                prop_assert!(connection.kept() <= usize::try_from(BUFFER_SIZE).unwrap());
            }
        }
        drain(&mut switchboard);
        prop_assert!(switchboard.turns.is_empty(), "whoever has nothing to say has no turn");
    }
}
