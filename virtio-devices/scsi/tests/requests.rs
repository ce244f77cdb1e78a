//! Commands through real rings, as a driver sends them.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod common;

use common::{Answer, DATA, Host, REQUESTS, bytes, pattern};
use proptest::prelude::*;
use virtio_core::RingForm;
use virtio_core::driver::Buffer;

/// The first unit of the first target.
const UNIT: [u8; 4] = [1, 0, 0, 0];

fn good(residual: u32, written: u32) -> Answer {
    Answer { response: 0, status: 0, residual, sense: None, written }
}

#[test]
fn what_was_written_is_read_back() {
    for rings in RingForm::BOTH {
        let mut host = Host::with_disk(rings);
        let data = pattern(8 * 512);
        assert_eq!(host.write(UNIT, "2a 00 00 00 00 03 00 00 08 00", &data), good(0, 0));
        for read in [
            "08 00 00 03 08 00",
            "28 00 00 00 00 03 00 00 08 00",
            "a8 00 00 00 00 03 00 00 00 08 00 00",
            "88 00 00 00 00 00 00 00 00 03 00 00 00 08 00 00",
        ] {
            assert_eq!(host.read(UNIT, read, 8 * 512), data, "{read}");
        }
        assert_eq!(
            host.read(UNIT, "28 00 00 00 00 02 00 00 02 00", 1024),
            [&[0; 512], &data[..512]].concat()
        );
        assert_eq!(host.command(UNIT, "35 00 00 00 00 00 00 00 00 00", &[]), good(0, 0));
    }
}

#[test]
fn data_may_lie_in_many_buffers_of_any_length() {
    for rings in RingForm::BOTH {
        let mut host = Host::with_disk(rings);
        let data = pattern(1024);
        let scattered = |make: fn(u64, u32) -> Buffer| {
            [make(DATA, 1), make(DATA + 1, 510), make(DATA + 511, 512), make(DATA + 1023, 1)]
        };
        host.driver.store(DATA, &data);
        assert_eq!(
            host.command(UNIT, "2a 00 00 00 00 04 00 00 02 00", &scattered(Buffer::readable)),
            good(0, 0)
        );
        host.driver.store(DATA, &[0; 1024]);
        let read = host.command(UNIT, "28 00 00 00 00 04 00 00 02 00", &scattered(Buffer::writable));
        assert_eq!(read, good(0, 1024));
        assert_eq!(host.driver.load(DATA, 1024), data);
    }
}

#[test]
fn the_driver_learns_of_room_that_was_not_used_and_of_room_that_is_missing() {
    let mut host = Host::with_disk(RingForm::Split);
    let input = |length| [Buffer::writable(DATA, length)];
    assert_eq!(host.command(UNIT, "28 00 00 00 00 00 00 00 01 00", &input(2048)), good(1536, 512));
    assert_eq!(host.command(UNIT, "12 00 00 00 ff 00", &input(255)), good(255 - 96, 96));
    assert_eq!(host.command(UNIT, "12 00 00 00 08 00", &input(255)), good(247, 8));
    let overrun = Answer { response: 1, ..good(0, 0) };
    assert_eq!(host.command(UNIT, "28 00 00 00 00 00 00 00 02 00", &input(1023)), overrun);
    assert_eq!(host.command(UNIT, "12 00 00 00 60 00", &input(95)), overrun);
    assert_eq!(host.write(UNIT, "2a 00 00 00 00 00 00 00 02 00", &[1; 512]), overrun);
    assert_eq!(host.read(UNIT, "28 00 00 00 00 00 00 00 01 00", 512), [0; 512], "nothing was written");
    let both = [Buffer::readable(DATA, 512), Buffer::writable(DATA, 512)];
    assert_eq!(host.command(UNIT, "28 00 00 00 00 00 00 00 01 00", &both).response, 9);
}

#[test]
fn a_refusal_comes_with_sense_data_and_counts_as_an_error() {
    for rings in RingForm::BOTH {
        let mut host = Host::with_disk(rings);
        let refused = |sense| Answer { status: 2, sense: Some(sense), ..good(512, 0) };
        let input = [Buffer::writable(DATA, 512)];
        let errors = |host: &mut Host| host.driver.view().counters(REQUESTS).unwrap().errors.get();
        let before = errors(&mut host);
        assert_eq!(host.command(UNIT, "28 00 00 00 08 00 00 00 01 00", &input), refused((5, 0x21, 0)));
        assert_eq!(host.command(UNIT, "16 00 00 00 00 00", &input), refused((5, 0x20, 0)));
        assert_eq!(errors(&mut host) - before, 2);
    }
}

#[test]
fn blocks_are_given_up_zeroed_and_compared() {
    let mut host = Host::with_disk(RingForm::Split);
    assert_eq!(host.write(UNIT, "2a 00 00 00 00 00 00 00 20 00", &[0xaa; 32 * 512]), good(0, 0));
    // UNMAP of blocks 8 to 15; WRITE SAME of block 1, and of zeroes without data in block 2.
    let list = bytes("00 16 00 10 00 00 00 00 00 00 00 00 00 00 00 08 00 00 00 08 00 00 00 00");
    assert_eq!(host.write(UNIT, "42 00 00 00 00 00 00 00 18 00", &list), good(0, 0));
    assert_eq!(host.write(UNIT, "41 00 00 00 00 01 00 00 01 00", &[0x55; 512]), good(0, 0));
    assert_eq!(host.command(UNIT, "93 01 00 00 00 00 00 00 00 02 00 00 00 01 00 00", &[]), good(0, 0));
    let disk = host.read(UNIT, "28 00 00 00 00 00 00 00 20 00", 32 * 512);
    let firsts: Vec<u8> = disk.chunks(512).map(|block| block[0]).collect();
    assert!(disk.chunks(512).all(|block| block.iter().all(|byte| *byte == block[0])));
    let mut expected = [0xaa; 32];
    expected[8..16].fill(0);
    expected[1..3].copy_from_slice(&[0x55, 0]);
    assert_eq!(firsts, expected);

    assert_eq!(host.write(UNIT, "2f 02 00 00 00 03 00 00 02 00", &[0xaa; 1024]), good(0, 0));
    let mut other = [0xaa; 1024];
    other[1000] = 1;
    assert_eq!(host.write(UNIT, "2f 02 00 00 00 03 00 00 02 00", &other).sense, Some((0xe, 0x1d, 0)));
    assert_eq!(host.write(UNIT, "2f 06 00 00 00 03 00 00 05 00", &[0xaa; 512]).sense, None);
    assert_eq!(host.write(UNIT, "2f 06 00 00 00 03 00 00 06 00", &[0xaa; 512]).sense, Some((0xe, 0x1d, 0)));
    assert_eq!(host.command(UNIT, "2f 00 00 00 00 00 00 08 00 00", &[]), good(0, 0));
}

#[test]
fn targets_and_units_are_found_by_their_address() {
    let mut host = Host::with_disk(RingForm::Packed);
    host.plug("disk1", "size=1M,target=0,lun=258").unwrap();
    host.plug("disk2", "size=1M,target=5,lun=3").unwrap();
    let nobody = Answer { response: 3, ..good(0, 0) };
    assert_eq!(host.command([1, 4, 0, 0], "00", &[]), nobody);
    assert_eq!(
        host.command([1, 4, 0xc1, 1], "00", &[]),
        nobody,
        "a target without units has no well known one"
    );
    assert_eq!(host.command([2, 0, 0, 0], "00", &[]), nobody);
    let list = |host: &mut Host, lun| {
        let list = host.read(lun, "a0 00 00 00 00 00 00 00 00 40 00 00", 64);
        list[8..].chunks(8).map(|lun| format!("{:02x?}", &lun[..4])).collect::<Vec<_>>().join(" ")
    };
    insta::assert_snapshot!(list(&mut host, UNIT), @"[00, 00, 00, 00] [41, 02, 00, 00]");
    insta::assert_snapshot!(list(&mut host, [1, 0, 0xc1, 1]), @"[00, 00, 00, 00] [41, 02, 00, 00]");
    insta::assert_snapshot!(list(&mut host, [1, 5, 0, 0]), @"[00, 03, 00, 00]");
    insta::assert_snapshot!(list(&mut host, [0xc1, 1, 0, 0]), @"[01, 00, 00, 00] [01, 00, 41, 02] [01, 05, 00, 03]");
    // Unit 0 of target 5 is not there, but the target is.
    assert_eq!(host.read([1, 5, 0, 0], "12 00 00 00 24 00", 36)[0], 0x7f);
    assert_eq!(host.command([1, 5, 0, 0], "00", &[]).sense, Some((5, 0x25, 0)));
    assert_eq!(host.read([1, 5, 0xc1, 1], "12 00 00 00 24 00", 36)[0], 0x1e);
    assert_eq!(host.command([1, 0, 0x41, 2], "00", &[]).sense, Some((6, 0x29, 0)));
    assert_eq!(host.command([1, 0, 0x41, 2], "00", &[]), good(0, 0));
    assert_eq!(host.command(UNIT, "00", &[]).sense, Some((6, 0x3f, 0x0e)), "a neighbour has come");
}

#[test]
fn a_driver_may_choose_the_sizes_of_cdb_and_sense_data() {
    let mut host = Host::with_disk(RingForm::Split);
    // 10 bytes of CDB and 14 of sense data: READ(10) of a block that is not there.
    host.driver.write_configuration(24, &10_u32.to_le_bytes());
    host.driver.write_configuration(20, &14_u32.to_le_bytes());
    host.store_request(DATA, UNIT, 1, &bytes("28 00 00 00 08 00 00 00 01 00"));
    let buffers = [
        Buffer::readable(DATA, 29),
        Buffer::writable(DATA + 0x1000, 26),
        Buffer::writable(DATA + 0x2000, 512),
    ];
    assert_eq!(host.driver.submit(REQUESTS, &mut host.queues[2], &buffers), 26);
    let answer = host.driver.load(DATA + 0x1000, 26);
    assert_eq!(answer[..4], [14, 0, 0, 0]);
    assert_eq!((answer[14], answer[24], answer[25]), (5, 0x21, 0));
}

#[test]
fn a_chain_without_room_for_an_answer_breaks_the_device() {
    for rings in RingForm::BOTH {
        let mut host = Host::with_disk(rings);
        let queue = &mut host.queues[usize::from(REQUESTS)];
        queue.chain(&[Buffer::readable(DATA, 51), Buffer::writable(DATA, 107)]);
        queue.publish();
        host.driver.kick(REQUESTS);
        let failure = loop {
            if let Some(failure) = host.driver.view().status().failure {
                break failure;
            }
            host.driver.wait_interrupt();
        };
        let text = failure.to_string();
        assert!(text.ends_with("has 107 bytes for the answer of 108 bytes"), "{text}");
    }
}

#[test]
fn every_request_queue_serves_every_unit() {
    for rings in RingForm::BOTH {
        let mut host = Host::new(rings, 3);
        host.plug("disk0", "size=1M").unwrap();
        for queue in REQUESTS..REQUESTS + 3 {
            let at = DATA + 0x1_0000 * u64::from(queue);
            host.store_request(at, UNIT, queue.into(), &bytes("12 00 00 00 24 00"));
            let buffers = [
                Buffer::readable(at, 51),
                Buffer::writable(at + 0x1000, 108),
                Buffer::writable(at + 0x2000, 36),
            ];
            let written = host.driver.submit(queue, &mut host.queues[usize::from(queue)], &buffers);
            assert_eq!((written, host.driver.load(at + 0x2008, 8)), (144, b"RNGSCOPE".to_vec()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any bytes for a request are answered, and the device goes on.
    #[test]
    fn any_request_is_answered(
        requests in prop::collection::vec(
            (prop::array::uniform4(prop_oneof![Just(0_u8), Just(1), any::<u8>()]),
             prop::collection::vec(any::<u8>(), 16),
             prop_oneof![Just(0_u32), 1..4096_u32],
             any::<bool>()),
            1..8),
        packed in any::<bool>(),
    ) {
        let mut host = Host::with_disk(if packed { RingForm::Packed } else { RingForm::Split });
        for (lun, cdb, length, output) in requests {
            let cdb: Vec<String> = cdb.iter().map(|byte| format!("{byte:02x}")).collect();
            let data = if output { Buffer::readable(DATA, length) } else { Buffer::writable(DATA, length) };
            let data = if length == 0 { vec![] } else { vec![data] };
            let answer = host.command(lun, &cdb.join(" "), &data);
            prop_assert!(answer.residual <= length && answer.written <= length);
        }
        let answer = host.command(UNIT, "12 00 00 00 24 00", &[Buffer::writable(DATA, 36)]);
        prop_assert_eq!(answer, good(0, 36));
    }
}
