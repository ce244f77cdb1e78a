//! Requests as bytes, without a ring.

use proptest::prelude::*;

use super::*;

const ALL: Negotiated = Negotiated { flush: true, discard: true, write_zeroes: true };
const SECTORS: u64 = 64;

fn executor(negotiated: Negotiated) -> Executor {
    let disk = Disk::scratch(SECTORS * SECTOR_SIZE).unwrap();
    Executor::new(disk, *b"twenty-byte-serial!!", negotiated)
}

fn header(kind: u32, sector: u64) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &[0; 4], &sector.to_le_bytes()].concat()
}

fn range(sector: u64, sectors: u32, flags: u32) -> Vec<u8> {
    [&sector.to_le_bytes()[..], &sectors.to_le_bytes(), &flags.to_le_bytes()].concat()
}

fn run(executor: &mut Executor, request: &[u8], output_length: u64) -> Result<Vec<u8>, Status> {
    let mut output = Vec::new();
    let length = request.len() as u64;
    executor.execute(&mut &request[..], length, &mut output, output_length).map(|()| output)
}

fn write(executor: &mut Executor, sector: u64, data: &[u8]) -> Result<Vec<u8>, Status> {
    run(executor, &[header(kind::OUT, sector), data.to_vec()].concat(), 0)
}

#[test]
fn transfers_longer_than_the_buffer_come_back_as_written() {
    let sectors = 3 * BUFFER_SIZE as u64 / SECTOR_SIZE;
    let disk = Disk::scratch((sectors + 2) * SECTOR_SIZE).unwrap();
    let mut executor = Executor::new(disk, [0; ID_SIZE], ALL);
    let data: Vec<u8> = (0..=250).cycle().take(usize::try_from(sectors * SECTOR_SIZE).unwrap()).collect();
    write(&mut executor, 1, &data).unwrap();
    let back = run(&mut executor, &header(kind::IN, 0), (sectors + 2) * SECTOR_SIZE).unwrap();
    assert!(back == [&[0; 512][..], &data, &[0; 512]].concat());
}

#[test]
fn transfers_have_to_be_whole_sectors_on_the_disk() {
    let mut executor = executor(ALL);
    let last = SECTORS - 1;
    for (sector, length, expected) in [
        (last, 512, Ok(())),
        (SECTORS, 0, Ok(())),
        (last, 1024, Err(Status::Error)),
        (SECTORS, 512, Err(Status::Error)),
        (u64::MAX, 512, Err(Status::Error)),
        (u64::MAX - 1, 512, Err(Status::Error)),
        (u64::MAX / SECTOR_SIZE + 1, 512, Err(Status::Error)),
        (0, 511, Err(Status::Error)),
        (0, 513, Err(Status::Error)),
        (0, MAX_DATA + SECTOR_SIZE, Err(Status::Error)),
    ] {
        assert_eq!(
            run(&mut executor, &header(kind::IN, sector), length).map(drop),
            expected,
            "{sector} {length}"
        );
        if let Ok(length @ ..=1024) = usize::try_from(length) {
            assert_eq!(
                write(&mut executor, sector, &vec![1; length]).map(drop),
                expected,
                "{sector} {length}"
            );
        }
    }
}

#[test]
fn a_short_header_is_an_error_and_an_unknown_type_unsupported() {
    let mut executor = executor(ALL);
    for length in 0..16 {
        assert_eq!(run(&mut executor, &header(kind::IN, 0)[..length], 512), Err(Status::Error));
    }
    // 2 and 3 were SCSI's; 10 is lifetime; 14 is secure erase; 15 and up belong to zones.
    for kind in [2, 3, 5, 7, 9, 10, 12, 14, 15, 16, 26, 1 << 31, u32::MAX] {
        assert_eq!(run(&mut executor, &header(kind, 0), 512), Err(Status::Unsupported), "{kind}");
    }
}

#[test]
fn what_was_not_negotiated_is_unsupported() {
    let mut executor = executor(Negotiated { flush: false, discard: false, write_zeroes: false });
    for kind in [kind::DISCARD, kind::WRITE_ZEROES] {
        let request = [header(kind, 0), range(0, 1, 0)].concat();
        assert_eq!(run(&mut executor, &request, 0), Err(Status::Unsupported));
    }
}

#[test]
fn the_identification_fits_the_buffer_it_is_given() {
    let mut executor = executor(ALL);
    for (length, expected) in
        [(64, &b"twenty-byte-serial!!"[..]), (20, b"twenty-byte-serial!!"), (6, b"twenty"), (0, b"")]
    {
        assert_eq!(run(&mut executor, &header(kind::GET_ID, 0), length).unwrap(), expected);
    }
}

#[test]
fn ranges_are_zeroed_and_nothing_else() {
    let mut executor = executor(ALL);
    for flags in [0, UNMAP] {
        write(&mut executor, 0, &[0xaa; 64 * 512]).unwrap();
        let request = [header(kind::WRITE_ZEROES, 0), range(1, 2, flags), range(63, 1, flags)].concat();
        run(&mut executor, &request, 0).unwrap();
        let back = run(&mut executor, &header(kind::IN, 0), SECTORS * SECTOR_SIZE).unwrap();
        let zeroed: Vec<usize> = (0..64)
            .filter(|sector| back[sector * 512..(sector + 1) * 512].iter().all(|&byte| byte == 0))
            .collect();
        assert_eq!(zeroed, [1, 2, 63]);
    }
}

#[test]
fn ranges_outside_the_rules_are_refused() {
    let mut executor = executor(ALL);
    for kind in [kind::DISCARD, kind::WRITE_ZEROES] {
        let refused = |executor: &mut Executor, ranges: &[Vec<u8>]| {
            run(executor, &[header(kind, 0), ranges.concat()].concat(), 0).unwrap_err()
        };
        assert_eq!(refused(&mut executor, &[]), Status::Error);
        assert_eq!(refused(&mut executor, &[range(0, 1, 0)[..15].to_vec()]), Status::Error);
        assert_eq!(refused(&mut executor, &vec![range(0, 1, 0); 17]), Status::Error);
        assert_eq!(refused(&mut executor, &[range(SECTORS - 1, 2, 0)]), Status::Error);
        assert_eq!(refused(&mut executor, &[range(u64::MAX, 1, 0)]), Status::Error);
        assert_eq!(refused(&mut executor, &[range(0, u32::MAX, 0)]), Status::Error);
        assert_eq!(refused(&mut executor, &[range(0, 1, 2)]), Status::Unsupported);
    }
    let discard_with_unmap = [header(kind::DISCARD, 0), range(0, 1, UNMAP)].concat();
    assert_eq!(run(&mut executor, &discard_with_unmap, 0), Err(Status::Unsupported));
    assert!(
        run(&mut executor, &[header(kind::DISCARD, 0), vec![range(0, 1, 0); 16].concat()].concat(), 0)
            .is_ok()
    );
}

#[test]
fn a_read_only_disk_is_read_and_not_written() {
    let image = tempfile::NamedTempFile::new().unwrap();
    image.as_file().set_len(1024).unwrap();
    let mut executor = Executor::new(Disk::open(image.path(), true).unwrap(), [0; ID_SIZE], ALL);
    assert_eq!(write(&mut executor, 0, &[1; 512]), Err(Status::Error));
    assert_eq!(run(&mut executor, &header(kind::IN, 0), 1024).unwrap(), [0; 1024]);
}

#[test]
fn an_image_that_has_shrunk_is_an_error() {
    let image = tempfile::NamedTempFile::new().unwrap();
    image.as_file().set_len(4096).unwrap();
    let mut executor = Executor::new(Disk::open(image.path(), true).unwrap(), [0; ID_SIZE], ALL);
    image.as_file().set_len(512).unwrap();
    assert_eq!(run(&mut executor, &header(kind::IN, 0), 1024), Err(Status::Error));
}

/// What a driver may do to a disk, or try.
#[derive(Clone, Debug)]
enum Action {
    Write { sector: u64, sectors: usize, byte: u8 },
    Zero { sector: u64, sectors: u32, unmap: bool },
    Discard { sector: u64, sectors: u32 },
}

fn action() -> impl Strategy<Value = Action> {
    let (sector, sectors) = (0..SECTORS + 2, 0..20_u32);
    prop_oneof![
        (sector.clone(), 0..20_usize, 1_u8..).prop_map(|(sector, sectors, byte)| Action::Write {
            sector,
            sectors,
            byte
        }),
        (sector.clone(), sectors.clone(), any::<bool>()).prop_map(|(sector, sectors, unmap)| Action::Zero {
            sector,
            sectors,
            unmap
        }),
        (sector, sectors).prop_map(|(sector, sectors)| Action::Discard { sector, sectors }),
    ]
}

/// Does the action; the sectors that it concerns and what they hold afterwards, if that is defined.
fn act(executor: &mut Executor, action: &Action) -> (Result<(), Status>, u64, u64, Option<u8>) {
    let ranges = |kind, sector, sectors, flags| [header(kind, 0), range(sector, sectors, flags)].concat();
    let (request, sector, sectors, byte) = match *action {
        Action::Write { sector, sectors, byte } => {
            let data = vec![byte; sectors * 512];
            ([header(kind::OUT, sector), data].concat(), sector, sectors as u64, Some(byte))
        }
        Action::Zero { sector, sectors, unmap } => (
            ranges(kind::WRITE_ZEROES, sector, sectors, u32::from(unmap)),
            sector,
            u64::from(sectors),
            Some(0),
        ),
        Action::Discard { sector, sectors } => {
            (ranges(kind::DISCARD, sector, sectors, 0), sector, u64::from(sectors), None)
        }
    };
    (run(executor, &request, 0).map(drop), sector, sectors, byte)
}

proptest! {
    /// After any sequence of actions every sector holds what the last action on it left there.
    #[test]
    fn a_disk_holds_what_was_done_to_it(actions in prop::collection::vec(action(), 1..20)) {
        let mut executor = executor(ALL);
        let mut model = vec![Some(0); 64];
        for action in &actions {
            let (result, sector, sectors, byte) = act(&mut executor, action);
            let fits = sector + sectors <= SECTORS;
            prop_assert_eq!(result.is_ok(), fits, "{:?}", action);
            if fits {
                let first = usize::try_from(sector).unwrap();
                model[first..first + usize::try_from(sectors).unwrap()].fill(byte);
            }
        }
        let disk = run(&mut executor, &header(kind::IN, 0), SECTORS * SECTOR_SIZE).unwrap();
        for (number, (sector, expected)) in disk.chunks(512).zip(model).enumerate() {
            let same = expected.is_none_or(|byte| sector.iter().all(|other| *other == byte));
            prop_assert!(same, "sector {} does not hold {:?}", number, expected);
        }
    }

    /// Any bytes for a request give an answer, and none that is longer than its room.
    #[test]
    fn any_bytes_are_answered(
        kind in prop_oneof![0..30_u32, any::<u32>()],
        sector in prop_oneof![0..SECTORS, any::<u64>()],
        rest in prop::collection::vec(any::<u8>(), 0..80),
        length in 0..40_usize,
        room in prop_oneof![0..2000_u64, any::<u64>()],
    ) {
        let mut request = [header(kind, sector), rest].concat();
        request.truncate(request.len().saturating_sub(length));
        if let Ok(answer) = run(&mut executor(ALL), &request, room) {
            prop_assert!(answer.len() as u64 <= room);
        }
    }
}
