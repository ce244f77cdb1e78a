//! Commands as bytes, and what becomes of them.

use std::fmt::Write;

use proptest::prelude::*;

use super::command::{CDB_SIZE, Cdb, Command, Transfer};
use super::identity::{Ascii, Identity};
use super::unit::{Geometry, Operation, Plan, Unit};
use super::*;

const BLOCKS: u64 = 2048;

fn identity() -> Identity {
    Identity {
        vendor: Ascii::new("VENDOR").unwrap(),
        product: Ascii::new("PRODUCT").unwrap(),
        serial: "S3R1AL".to_owned(),
        wwn: Some(0x5000_0000_0000_0abc),
    }
}

fn unit_of(block_size: u32, bytes: u64, read_only: bool) -> Unit {
    let unit = Unit::new(identity(), Geometry { block_size, physical_block_size: 4096, read_only }, bytes);
    while unit.take_attention(&Cdb::new(&[])).is_some() {}
    unit
}

fn unit() -> Unit {
    unit_of(512, BLOCKS * 512, false)
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    let lines =
        bytes.chunks(16).map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>());
    lines.map(|line| format!("    {}\n", line.join(" "))).collect()
}

/// What becomes of a command, for people.
fn outcome(unit: &Unit, cdb: &str, parameters: &str) -> String {
    let cdb = Cdb::new(&bytes(cdb));
    let planned = Command::parse(&cdb).and_then(|command| {
        Ok((command.transfer(unit.geometry().block_size), unit.plan(&command, &bytes(parameters))?))
    });
    match planned {
        Ok((Transfer::In(most), Plan::Answer(data))) => {
            let allowed = data.get(..usize::try_from(most).unwrap()).unwrap_or(&data);
            format!("{} of {} bytes\n{}", allowed.len(), data.len(), hex(allowed))
        }
        Ok((_, Plan::Answer(data))) => {
            assert!(data.is_empty());
            "done\n".to_owned()
        }
        Ok((transfer, Plan::Storage(operation))) => format!("{transfer:?} {operation:?}\n"),
        Err(sense) => {
            let (code, qualifier) = sense.code;
            format!("{:?} {code:02x}/{qualifier:02x}\n{}", sense.key, hex(&sense.fixed()))
        }
    }
}

/// Each line is a CDB, and behind a bar the parameters.
fn table(unit: &Unit, commands: &str) -> String {
    let mut text = String::new();
    for line in commands.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (cdb, parameters) = line.split_once('|').unwrap_or((line, ""));
        let _ = write!(text, "{line}\n  {}", outcome(unit, cdb, parameters));
    }
    text
}

#[test]
fn who_a_disk_is() {
    insta::assert_snapshot!(table(
        &unit(),
        "12 00 00 00 60 00
        12 00 00 00 24 00
        12 01 00 00 ff 00
        12 01 80 00 ff 00
        12 01 83 00 ff 00
        12 01 b0 00 ff 00
        12 01 b1 00 ff 00
        12 01 b2 00 ff 00
        12 01 b9 00 ff 00
        12 00 80 00 ff 00
        12 02 00 00 ff 00"
    ));
}

#[test]
fn a_disk_that_cannot_be_written_says_so() {
    insta::assert_snapshot!(table(
        &unit_of(4096, 1 << 30, true),
        "12 01 b0 00 ff 00
        12 01 b2 00 ff 00
        25 00 00 00 00 00 00 00 00 00
        9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00
        1a 08 3f 00 ff 00
        2a 00 00 00 00 00 00 00 01 00
        42 00 00 00 00 00 00 00 18 00 | 00 16 00 10 00 00 00 00  00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00
        41 00 00 00 00 00 00 00 01 00
        28 00 00 00 00 01 00 00 02 00"
    ));
}

#[test]
fn how_large_a_disk_is() {
    insta::assert_snapshot!(table(
        &unit(),
        "25 00 00 00 00 00 00 00 00 00
        9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00
        9e 10 00 00 00 00 00 00 00 00 00 00 00 0c 00 00
        9e 12 00 00 00 00 00 00 00 00 00 00 00 20 00 00"
    ));
    let huge = table(&unit_of(512, 1 << 50, false), "25 00 00 00 00 00 00 00 00 00");
    insta::assert_snapshot!(huge, @r"
    25 00 00 00 00 00 00 00 00 00
      8 of 8 bytes
        ff ff ff ff 00 00 02 00
    ");
}

#[test]
fn what_is_read_and_written() {
    insta::assert_snapshot!(table(
        &unit(),
        "08 00 00 01 02 00
        08 00 00 00 00 00
        0a 1f ff ff 01 00
        0a 00 07 ff 01 00
        28 00 00 00 07 f0 00 00 10 00
        28 00 00 00 07 f0 00 00 11 00
        28 00 00 00 08 00 00 00 00 00
        28 00 00 00 08 01 00 00 00 00
        28 20 00 00 00 00 00 00 01 00
        28 00 00 00 00 00 00 00 01 04
        2a 00 00 00 00 05 00 00 01 00
        2a 08 00 00 00 05 00 00 01 00
        a8 00 00 00 00 05 00 00 00 03 00 00
        aa 08 00 00 00 05 00 00 00 03 00 00
        88 00 00 00 00 00 00 00 00 05 00 00 00 03 00 00
        88 00 ff ff ff ff ff ff ff ff ff ff ff ff 00 00
        8a 08 00 00 00 00 00 00 00 05 00 00 00 03 00 00
        2f 00 00 00 00 05 00 00 03 00
        2f 02 00 00 00 05 00 00 03 00
        2f 06 00 00 00 05 00 00 03 00
        2f 04 00 00 00 05 00 00 03 00
        af 00 00 00 00 05 00 00 00 03 00 00
        8f 00 00 00 00 00 00 00 00 05 00 00 00 03 00 00
        35 00 00 00 00 00 00 00 00 00
        35 02 00 00 08 00 00 00 01 00
        91 00 00 00 00 00 00 00 00 05 00 00 00 03 00 00"
    ));
}

#[test]
fn one_command_transfers_no_more_than_it_may() {
    let large = unit_of(512, 1 << 40, false);
    insta::assert_snapshot!(table(
        &large,
        "a8 00 00 00 00 00 00 01 00 00 00 00
        a8 00 00 00 00 00 00 01 00 01 00 00
        88 00 00 00 00 00 00 00 00 00 00 01 00 01 00 00
        93 00 00 00 00 00 00 00 00 00 00 02 00 00 00 00
        93 00 00 00 00 00 00 00 00 00 00 02 00 01 00 00"
    ), @r###"
    a8 00 00 00 00 00 00 01 00 00 00 00
      In(33554432) Read { offset: 0, length: 33554432 }
    a8 00 00 00 00 00 00 01 00 01 00 00
      IllegalRequest 24/00
        70 00 05 00 00 00 00 0a 00 00 00 00 24 00 00 c0
        00 06
    88 00 00 00 00 00 00 00 00 00 00 01 00 01 00 00
      IllegalRequest 24/00
        70 00 05 00 00 00 00 0a 00 00 00 00 24 00 00 c0
        00 0a
    93 00 00 00 00 00 00 00 00 00 00 02 00 00 00 00
      Out(512) WriteZeroes { range: ByteRange { offset: 0, length: 67108864 }, unmap: false, stable: false }
    93 00 00 00 00 00 00 00 00 00 00 02 00 01 00 00
      IllegalRequest 24/00
        70 00 05 00 00 00 00 0a 00 00 00 00 24 00 00 c0
        00 0a
    "###);
}

#[test]
fn what_is_given_up() {
    insta::assert_snapshot!(table(
        &unit(),
        "42 00 00 00 00 00 00 00 28 00 | 00 26 00 20 00 00 00 00 \
            00 00 00 00 00 00 00 08 00 00 00 10 00 00 00 00  00 00 00 00 00 00 01 00 00 00 00 00 00 00 00 00
        42 00 00 00 00 00 00 00 18 00 | 00 16 00 10 00 00 00 00  00 00 00 00 00 00 07 ff 00 00 00 02 00 00 00 00
        42 00 00 00 00 00 00 00 18 00 | 00 16 00 10 00 00 00 00  00 00 00 00 00 00 00 00 00 02 00 01 00 00 00 00
        42 00 00 00 00 00 00 00 04 00 | 00 16 00 10
        42 00 00 00 00 00 00 00 08 00 | 00 06 00 00 00 00 00 00
        42 00 00 00 00 00 00 00 10 00 | 00 0e 00 08 00 00 00 00 00 00 00 00 00 00 00 08
        42 00 00 00 00 00 00 00 00 00
        42 01 00 00 00 00 00 00 18 00
        41 00 00 00 00 08 00 00 08 00 | 00 00
        41 08 00 00 00 08 00 00 08 00 | 00 00
        41 08 00 00 00 08 00 00 08 00 | 00 01
        41 00 00 00 00 08 00 00 00 00 | 00 00
        41 10 00 00 00 08 00 00 08 00 | 00 00
        93 09 00 00 00 00 00 00 00 08 00 00 00 08 00 00
        93 08 00 00 00 00 00 00 07 ff 00 00 00 02 00 00"
    ));
}

#[test]
fn what_can_be_set() {
    let unit = unit();
    insta::assert_snapshot!(table(
        &unit,
        "1a 00 08 00 ff 00
        1a 08 3f 00 ff 00
        1a 08 48 00 ff 00
        1a 08 c8 00 ff 00
        1a 08 3f ff ff 00
        1a 08 08 01 ff 00
        1a 08 1c 00 ff 00
        1a 00 08 00 04 00
        5a 00 3f 00 00 00 00 00 ff 00
        15 10 00 00 18 00 | 00 00 00 00 08 12 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        1a 08 08 00 ff 00
        1a 08 88 00 ff 00
        2a 00 00 00 00 05 00 00 01 00
        55 10 00 00 00 00 00 00 1c 00 | 00 00 00 00 00 00 00 00 08 12 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        2a 00 00 00 00 05 00 00 01 00
        15 10 00 00 18 00 | 00 00 00 00 08 12 05 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        15 10 00 00 18 00 | 00 00 00 00 08 11 04 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
        15 10 00 00 08 00 | 00 00 00 00 08 12 04 00
        15 10 00 00 0c 00 | 00 00 00 08 00 00 08 00 00 00 02 00
        15 10 00 00 0c 00 | 00 00 00 08 00 00 08 00 00 00 10 00
        15 10 00 00 06 00 | 00 00 00 00 1c 00
        15 10 00 00 02 00 | 00 00
        15 11 00 00 18 00
        15 00 00 00 18 00
        15 10 00 00 00 00"
    ));
}

#[test]
fn a_stopped_disk_has_to_be_started() {
    insta::assert_snapshot!(table(
        &unit(),
        "00 00 00 00 00 00
        1e 00 00 00 01 00
        1b 00 00 00 00 00
        00 00 00 00 00 00
        28 00 00 00 00 00 00 00 01 00
        25 00 00 00 00 00 00 00 00 00
        03 00 00 00 12 00
        12 00 00 00 05 00
        1b 00 00 00 01 00
        03 00 00 00 12 00
        28 00 00 00 00 00 00 00 01 00
        1b 00 00 00 02 00
        1b 00 00 00 11 00"
    ));
}

#[test]
fn what_is_not_claimed_is_refused() {
    // RESERVE, RELEASE, FORMAT UNIT, PERSISTENT RESERVE IN and OUT, LOG SENSE, COMPARE AND WRITE, VARIABLE LENGTH.
    for code in [0x16, 0x17, 0x04, 0x5e, 0x5f, 0x4d, 0x89, 0x7f, 0xff] {
        let refused = Command::parse(&Cdb::new(&[code])).unwrap_err();
        assert_eq!(refused, sense::Sense::INVALID_OPERATION_CODE, "{code:#x}");
    }
}

#[test]
fn news_come_before_everything_that_does_not_ask_for_them() {
    let unit = Unit::new(identity(), unit().geometry(), 1 << 20);
    let told = |cdb: &str| unit.take_attention(&Cdb::new(&bytes(cdb))).map(|sense| sense.code);
    for quiet in ["12 00 00 00 24 00", "a0 00 00 00 00 00 00 00 00 10 00 00", "03 00 00 00 12 00"] {
        assert_eq!(told(quiet), None);
    }
    assert_eq!(told("00 00 00 00 00 00"), Some((0x29, 0x00)));
    assert_eq!(told("00 00 00 00 00 00"), None);
    assert!(unit.resize(2 << 20));
    assert!(!unit.resize(2 << 20));
    insta::assert_snapshot!(table(&unit, "03 00 00 00 12 00\n03 01 00 00 12 00\n25 00 00 00 00 00 00 00 00 00"), @r###"
    03 00 00 00 12 00
      18 of 18 bytes
        70 00 06 00 00 00 00 0a 00 00 00 00 2a 09 00 00
        00 00
    03 01 00 00 12 00
      8 of 8 bytes
        72 00 00 00 00 00 00 00
    25 00 00 00 00 00 00 00 00 00
      8 of 8 bytes
        00 00 0f ff 00 00 02 00
    "###);
    unit.raise(Attention::LunsChanged);
    unit.reset(Attention::UnitReset);
    assert_eq!(told("00 00 00 00 00 00"), Some((0x29, 0x03)));
    assert_eq!(told("00 00 00 00 00 00"), None, "a reset wipes out what was to be told before");
}

#[test]
fn units_are_listed_by_their_target() {
    let list = |select, allocation| {
        let units = [0, 1, 300].map(|lun| {
            let [high, low] = luns::single_level(lun);
            [high, low, 0, 0, 0, 0, 0, 0]
        });
        luns::report(select, allocation, units.into_iter()).map(|list| hex(&list))
    };
    insta::assert_snapshot!(list(2, 16).unwrap(), @r###"
    00 00 00 20 00 00 00 00 00 00 00 00 00 00 00 00
    00 01 00 00 00 00 00 00 41 2c 00 00 00 00 00 00
    c1 01 00 00 00 00 00 00
    "###);
    insta::assert_snapshot!(list(1, 16).unwrap(), @"    00 00 00 08 00 00 00 00 c1 01 00 00 00 00 00 00");
    assert_eq!(list(0, 15).unwrap_err(), sense::Sense::invalid_field(6));
    assert_eq!(list(3, 16).unwrap_err(), sense::Sense::invalid_field(2));
    insta::assert_snapshot!(hex(&inquiry::of_no_unit(None).unwrap()), @r###"
    7f 00 06 12 1f 00 00 00 20 20 20 20 20 20 20 20
    20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20
    20 20 20 20
    "###);
}

/// The bytes that an operation touches.
fn touched(operation: &Operation) -> Vec<unit::ByteRange> {
    match operation {
        Operation::Read { offset, length }
        | Operation::Write { offset, length, .. }
        | Operation::Verify { offset, length, .. } => {
            vec![unit::ByteRange { offset: *offset, length: u64::from(*length) }]
        }
        Operation::Flush => Vec::new(),
        Operation::Unmap { ranges, .. } => ranges.clone(),
        Operation::WriteZeroes { range, .. } | Operation::WriteSame { range, .. } => vec![*range],
    }
}

proptest! {
    /// Whatever the driver sends, what the storage is asked for is on the disk, whole blocks, and no more than one command
    /// may ask for; and a disk that cannot be written is not.
    #[test]
    fn any_bytes_stay_on_the_disk(
        code in prop_oneof![
            prop::sample::select(command::NAMES.map(|(code, _)| u8::try_from(code).unwrap()).to_vec()),
            any::<u8>()
        ],
        rest in prop::array::uniform15(prop_oneof![Just(0_u8), Just(0), any::<u8>()]),
        parameters in prop::collection::vec(prop_oneof![Just(0_u8), any::<u8>()], 0..300),
        (block_size, read_only) in (prop::sample::select(vec![512_u32, 4096]), any::<bool>()),
    ) {
        let unit = unit_of(block_size, 1 << 20, read_only);
        let cdb: [u8; CDB_SIZE] = [&[code][..], &rest].concat().try_into().unwrap();
        let Ok(command) = Command::parse(&Cdb(cdb)) else { return Ok(()) };
        let Ok(Plan::Storage(operation)) = unit.plan(&command, &parameters) else { return Ok(()) };
        let writes = !matches!(
            operation,
            Operation::Read { .. } | Operation::Verify { .. } | Operation::Flush
        );
        prop_assert!(!(writes && read_only), "{:?}", operation);
        for range in touched(&operation) {
            prop_assert!(range.offset + range.length <= 1 << 20, "{:?}", range);
            prop_assert!(range.offset % u64::from(block_size) == 0 && range.length % u64::from(block_size) == 0);
        }
        if let (Operation::Read { length, .. }, Transfer::In(most)) = (&operation, command.transfer(block_size)) {
            prop_assert_eq!(u64::from(*length), most);
        }
    }
}
