//! A disk of either kind, and the test as its driver.

use qapi_schema::block::BlockDeviceIoStatus;
use qapi_schema::block::requests::QueryBlock;
use serde_json::{Value, json};
use storage::faults::Faults;
use storage::{ErrorPolicy, Image, PolicyChoice};
use virtio_block::{Block, BlockSettings};
use virtio_core::driver::Buffer;

use crate::driven::{DATA, Driven};

/// What every request has room for: its header, its data, and its answer, one behind the other.
const SLOT: u64 = 0x1000;
const HEADER: u64 = 0;
const ANSWER: u64 = 0x200;
const CONTENT: u64 = 0x400;
const SECTOR: u32 = 512;

/// On which kind of device a disk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Block,
    Scsi,
}

/// Both of them.
pub(crate) const KINDS: [Kind; 2] = [Kind::Block, Kind::Scsi];

/// What the driver wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Read,
    Write,
    Flush,
}

use Wanted::{Flush, Read, Write};

/// What a request came back with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    /// `VIRTIO_BLK_S_IOERR`
    InputOutput,
    /// Sense key, code and qualifier.
    Sense(u8, u8, u8),
}

/// A machine with one disk.
pub(crate) struct Disk {
    pub(crate) driven: Driven,
    kind: Kind,
    /// Which disk of a SCSI host is meant: `disk0` is target 0.
    pub(crate) target: u8,
    /// Where requests are, in the order in which they were made, by the number that the ring has for each.
    slots: Vec<(u16, Wanted, u64)>,
    next: u64,
    /// Failures that are no fault's.
    errors_before: u64,
}

impl Disk {
    /// A disk over this file; `options` say what becomes of errors.
    pub(crate) fn new(kind: Kind, path: &str, options: &str) -> Self {
        let driven = match kind {
            // On a packed ring; the hosts' rings are split.
            Kind::Block => Driven::new("disk0", &[&format!("blk,id=disk0,packed=on,path={path},{options}")]),
            Kind::Scsi => {
                let disk = format!("scsi-hd,id=disk0,path={path},{options}");
                Driven::new("scsi0", &["scsi,id=scsi0", &disk])
            }
        };
        Self::of(kind, driven)
    }

    /// Two disks on a SCSI host, over these files.
    pub(crate) fn pair(paths: [&str; 2], options: &str) -> Self {
        let [first, second] = [0, 1].map(|number| {
            format!("scsi-hd,id=disk{number},target={number},path={},{options}", paths[number])
        });
        let mut disk = Self::of(Kind::Scsi, Driven::new("scsi0", &["scsi,id=scsi0", &first, &second]));
        disk.target = 1;
        disk.greet();
        disk
    }

    /// A disk that threads work on, over this image with these faults.
    pub(crate) fn faulty(image: &Image, faults: &Faults, read: &str, write: &str) -> Self {
        let policy = ErrorPolicy {
            read: PolicyChoice::for_reads(read).unwrap(),
            write: PolicyChoice::for_writes(write).unwrap(),
        };
        let settings = BlockSettings { policy, ..BlockSettings::default() };
        let device = Block::new(image.with_faults(faults), &settings);
        Self::of(Kind::Block, Driven::with_device("disk0", Box::new(device)))
    }

    fn of(kind: Kind, driven: Driven) -> Self {
        let mut new = Self { driven, kind, target: 0, slots: Vec::new(), next: 0, errors_before: 0 };
        new.greet();
        new
    }

    /// The first command to a SCSI disk is told that the disk is new.
    fn greet(&mut self) {
        if self.kind == Kind::Scsi {
            let slot = self.slot();
            self.store_command(slot, [0; 10]);
            self.driven.submit(2, &Self::frame(Kind::Scsi, slot));
            assert_eq!(self.outcome(slot), Answer::Sense(6, 0x29, 0));
            self.errors_before += 1;
        }
    }

    /// The driver comes anew, to a machine that runs.
    pub(crate) fn restart(&mut self) {
        self.slots.clear();
        self.driven.start();
        self.errors_before = 0;
        self.greet();
    }

    fn queue(&self) -> u16 {
        match self.kind {
            Kind::Block => 0,
            Kind::Scsi => 2,
        }
    }

    fn slot(&mut self) -> u64 {
        let slot = DATA + self.next * SLOT;
        self.next = (self.next + 1) % 256;
        slot
    }

    /// Where a request's header and its answer are.
    fn frame(kind: Kind, slot: u64) -> [Buffer; 2] {
        let (header, answer) = match kind {
            Kind::Block => (16, 1),
            Kind::Scsi => (51, 108),
        };
        [Buffer::readable(slot + HEADER, header), Buffer::writable(slot + ANSWER, answer)]
    }

    fn store_command(&self, slot: u64, cdb: [u8; 10]) {
        let mut request = [0; 51];
        (request[0], request[1]) = (1, self.target);
        request[19..29].copy_from_slice(&cdb);
        self.driven.inside.store(slot + HEADER, &request);
    }

    /// Offers a request for one sector, and kicks.
    pub(crate) fn offer(&mut self, wanted: Wanted, sector: u32) {
        self.offer_all(wanted, [sector]);
    }

    /// Offers a request for each of these sectors, and then kicks.
    pub(crate) fn offer_all(&mut self, wanted: Wanted, sectors: impl IntoIterator<Item = u32>) {
        sectors.into_iter().for_each(|sector| self.place(wanted, sector));
        self.driven.driver.kick_queue(self.queue());
    }

    /// A write's bytes all say which sector it is.
    fn place(&mut self, wanted: Wanted, sector: u32) {
        let slot = self.slot();
        let [s0, s1, s2, s3] = sector.to_be_bytes();
        match self.kind {
            Kind::Block => {
                let number: u32 = match wanted {
                    Read => 0,
                    Write => 1,
                    Flush => 4,
                };
                let header = [&number.to_le_bytes()[..], &[0; 4], &u64::from(sector).to_le_bytes()].concat();
                self.driven.inside.store(slot + HEADER, &header);
            }
            Kind::Scsi => self.store_command(
                slot,
                match wanted {
                    Read => [0x28, 0, s0, s1, s2, s3, 0, 0, 1, 0],
                    Write => [0x2a, 0, s0, s1, s2, s3, 0, 0, 1, 0],
                    Flush => [0x35, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                },
            ),
        }
        let content = if wanted == Write { [s3; SECTOR as usize] } else { [0xee; SECTOR as usize] };
        self.driven.inside.store(slot + CONTENT, &content);
        self.driven.inside.store(slot + ANSWER, &[0xee; 108]);
        let [header, answer] = Self::frame(self.kind, slot);
        let data = Buffer { address: slot + CONTENT, length: SECTOR, writable: wanted == Read };
        let buffers = match (wanted, self.kind) {
            (Flush, _) => vec![header, answer],
            // Answers stand behind the data of a block device, and in front of a SCSI host's.
            (Read, Kind::Scsi) => vec![header, answer, data],
            (Write, _) | (Read, Kind::Block) => vec![header, data, answer],
        };
        let head = self.driven.place(self.queue(), &buffers);
        self.slots.push((head, wanted, slot));
    }

    /// Waits for a request; what it came back with.
    pub(crate) fn answer(&mut self) -> Answer {
        let (head, written) = self.driven.answer(self.queue());
        let position = self.slots.iter().position(|(each, ..)| *each == head).unwrap();
        let (_, wanted, slot) = self.slots.remove(position);
        let answer = self.outcome(slot);
        // The driver may look at what was read and at nothing that a failed read has left.
        let read = if (wanted, answer) == (Read, Answer::Done) { SECTOR } else { 0 };
        let expected = match self.kind {
            Kind::Block if wanted == Read && answer != Answer::Done => 0,
            Kind::Block => read + 1,
            Kind::Scsi => read + 108,
        };
        assert_eq!(written, expected, "{wanted:?}: {answer:?}");
        answer
    }

    fn outcome(&self, slot: u64) -> Answer {
        let bytes = self.driven.inside.load(slot + ANSWER, 108);
        match (self.kind, bytes[0]) {
            (_, 0) => Answer::Done,
            (Kind::Block, 1) => Answer::InputOutput,
            (Kind::Block, other) => panic!("status {other}"),
            (Kind::Scsi, _) => {
                assert_eq!((bytes[10], bytes[11]), (2, 0), "CHECK CONDITION, and the host is well");
                Answer::Sense(bytes[14] & 0xf, bytes[24], bytes[25])
            }
        }
    }

    /// A request from its beginning to its end.
    pub(crate) fn request(&mut self, wanted: Wanted, sector: u32) -> Answer {
        self.offer(wanted, sector);
        self.answer()
    }

    /// Whether all that was offered is still under way.
    pub(crate) fn nothing_is_answered(&mut self) -> bool {
        self.driven.try_answer(self.queue()).is_none()
    }

    /// What a request comes back with if it fails.
    pub(crate) fn failure(&self, sense: (u8, u8, u8)) -> Answer {
        match self.kind {
            Kind::Block => Answer::InputOutput,
            Kind::Scsi => Answer::Sense(sense.0, sense.1, sense.2),
        }
    }

    /// The next event is about an error of this disk, with all that it says.
    pub(crate) fn expect_error(
        &mut self,
        operation: &str,
        action: &str,
        nospace: Option<bool>,
        reason: &str,
    ) {
        let id = format!("disk{}", self.target);
        let mut data = json!({
            "qom-path": format!("/machine/peripheral/{id}"),
            "device": id,
            "operation": operation,
            "action": action,
            "reason": reason,
        });
        if let Some(nospace) = nospace {
            data["nospace"] = Value::Bool(nospace);
        }
        assert_eq!(self.driven.event("BLOCK_IO_ERROR"), data);
    }

    /// Whether clients are told that this disk is why the machine does not go on; nothing if it never is.
    pub(crate) fn io_status(&mut self) -> Option<&'static str> {
        let id = format!("disk{}", self.target);
        let disks = self.driven.client.call(&QueryBlock);
        let disk = disks.into_iter().find(|disk| disk.device == id).unwrap();
        disk.io_status.map(BlockDeviceIoStatus::as_str)
    }

    /// Nothing is under way, nothing was lost or answered twice, and so many requests count as failed.
    pub(crate) fn assert_settled(&mut self, failed: u64) {
        assert!(self.slots.is_empty(), "the test waits for all that it has offered");
        self.driven.assert_settled(&[]);
        assert_eq!(self.driven.counted(["errors"]), [self.errors_before + failed]);
    }
}
