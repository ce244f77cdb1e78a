//! Block devices (virtio 1.3 section 5.2): writes sectors, reads them back and compares.
//!
//! A disk may hold something that matters to somebody. Before the first write every sector of the working area is read;
//! unless all of them are zero or written by this guest before, the disk is only read.

use super::{Broken, Context, Patience, worth_saying};
use crate::platform::Platform;
use crate::queue::{Buffer, Queue};

pub(super) const ID: u32 = 2;

const READ_ONLY: u32 = 5;
const FLUSH: u32 = 9;

const REQUEST_READ: u32 = 0;
const REQUEST_WRITE: u32 = 1;
const REQUEST_FLUSH: u32 = 4;
const REQUEST_IDENTITY: u32 = 8;

const IDENTITY_LENGTH: u32 = 20;
const SECTOR: u32 = 512;
const SECTOR_WORDS: u64 = 64;

/// Sectors at the start of the disk that the guest works on.
const WORKING_AREA: u32 = 32;
/// The first word of every sector that this guest writes.
const MARK: u64 = u64::from_le_bytes(*b"ringscop");
/// Distance between the following words of a sector: any odd number far from 0.
const STRIDE: u64 = 0x9e37_79b9_7f4a_7c15;
/// Rounds between two flushes.
const FLUSH_ROUNDS: u32 = 16;

/// Requests in flight at most. Lane 0 uses direct chains, lane 1 indirect ones.
const LANES: usize = 2;
const LANE_DESCRIPTORS: u16 = 4;
const LANE_MEMORY: u64 = 0x1000;

/// Offsets in a lane's memory.
const HEADER: u64 = 0;
const STATUS: u64 = 0x10;
const TABLE: u64 = 0x40;
const WRITE_DATA: u64 = 0x200;
const READ_DATA: u64 = 0x400;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Rest,
    Identify,
    Survey,
    Write,
    ReadBack,
    Read,
    Flush,
}

struct Lane {
    step: Step,
    sector: u32,
    /// The second word of the sector: which write this is.
    tag: u64,
    patience: Patience,
}

pub(crate) struct Block {
    queue: Queue,
    lanes: [Lane; LANES],
    /// Sectors in the working area.
    sectors: u32,
    /// Next sector to look at before anything is written.
    survey: u32,
    /// Sectors whose look has not come back yet.
    unknown: u32,
    /// Whether the disk may be written.
    writable: bool,
    can_flush: bool,
    next: u32,
    round: u32,
    good: u32,
    different: u32,
    failed: u32,
}

impl Block {
    pub(super) fn start<P: Platform>(context: &mut Context<'_, P>) -> Result<Self, Broken> {
        let transport = context.transport;
        let features = transport.negotiate(context.platform, 1 << READ_ONLY | 1 << FLUSH)?;
        let queue = transport.queue(context.platform, features, 0)?;
        let capacity = [4, 0].map(|offset| u64::from(transport.configuration(context.platform, offset)));
        let capacity = capacity.into_iter().fold(0, |high, low| high << 32 | low);
        let sectors = u32::try_from(capacity).unwrap_or(u32::MAX).min(WORKING_AREA);
        let writable = !features.has(READ_ONLY);
        let [first, second] = [Step::Identify, Step::Rest].map(|step| Lane {
            step,
            sector: 0,
            tag: 0,
            patience: Patience::default(),
        });
        transport.driver_ok(context.platform);
        context.message().number(capacity).text(if writable {
            " sectors\n"
        } else {
            " sectors, read only\n"
        });
        let mut block = Self {
            queue,
            lanes: [first, second],
            sectors,
            survey: 0,
            unknown: sectors,
            writable,
            can_flush: features.has(FLUSH),
            next: 0,
            round: 0,
            good: 0,
            different: 0,
            failed: 0,
        };
        let area = context.transport.buffers();
        block.request(context, 0, area, REQUEST_IDENTITY);
        block.queue.publish(context.platform);
        Ok(block)
    }

    pub(super) fn tick<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        self.round = self.round.wrapping_add(1);
        for number in 0..LANES {
            let Some(lane) = self.lanes.get_mut(number) else { continue };
            if lane.step != Step::Rest {
                lane.patience.round(context);
            }
            self.begin(context, number);
        }
        self.queue.publish(context.platform);
        Ok(())
    }

    pub(super) fn complete<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        while let Some(completion) = self.queue.take(context.platform)? {
            let number = usize::from(completion.head / LANE_DESCRIPTORS);
            let lane = self.lanes.get_mut(number).ok_or(Broken::UsedElement)?;
            if lane.step == Step::Rest || !completion.head.is_multiple_of(LANE_DESCRIPTORS) {
                return Err(Broken::UsedElement);
            }
            lane.patience.reset();
            self.finish(context, number);
        }
        self.queue.publish(context.platform);
        Ok(())
    }

    /// Starts what lane `number` has to do next, if it is at rest.
    fn begin<P: Platform>(&mut self, context: &mut Context<'_, P>, number: usize) {
        let (sectors, next, round) = (self.sectors, self.next, self.round);
        let surveying = self.writable && self.survey < sectors;
        let may_write = self.writable && self.unknown == 0;
        let flush = self.can_flush && number == 1 && round.is_multiple_of(FLUSH_ROUNDS);
        let Some(lane) = self.lanes.get_mut(number) else { return };
        let nothing_to_do = sectors == 0 || (self.writable && !surveying && !may_write);
        if lane.step != Step::Rest || nothing_to_do {
            return;
        }
        let kind = if surveying {
            (lane.step, lane.sector) = (Step::Survey, self.survey);
            self.survey += 1;
            REQUEST_READ
        } else if !may_write {
            (lane.step, lane.sector) = (Step::Read, next);
            REQUEST_READ
        } else if flush {
            lane.step = Step::Flush;
            REQUEST_FLUSH
        } else {
            (lane.step, lane.sector) = (Step::Write, next);
            lane.tag = u64::from(round) << 32 | u64::from(next);
            REQUEST_WRITE
        };
        if matches!(lane.step, Step::Write | Step::Read) {
            self.next = if next + 1 < sectors { next + 1 } else { 0 };
        }
        let area = lane_area(context, number);
        if kind == REQUEST_WRITE {
            fill(context.platform, area + WRITE_DATA, lane.tag);
        }
        self.request(context, number, area, kind);
    }

    /// Makes a request of lane `number` available: header, data in two parts, status (section 5.2.6).
    fn request<P: Platform>(&mut self, context: &mut Context<'_, P>, number: usize, area: u64, kind: u32) {
        let Some(lane) = self.lanes.get(number) else { return };
        let platform = &mut *context.platform;
        platform.store_u32(area + HEADER, kind);
        platform.store_u32(area + HEADER + 4, 0);
        platform.store_u64(area + HEADER + 8, if kind == REQUEST_FLUSH { 0 } else { u64::from(lane.sector) });
        platform.store_u8(area + STATUS, 0xff);
        let header = Buffer::readable(area + HEADER, 16);
        let status = Buffer::writable(area + STATUS, 1);
        let (head, table) = if number == 0 { (0, None) } else { (LANE_DESCRIPTORS, Some(area + TABLE)) };
        match kind {
            REQUEST_FLUSH => self.offer(platform, head, table, &[header, status]),
            REQUEST_IDENTITY => {
                let identity = Buffer::writable(area + READ_DATA, IDENTITY_LENGTH);
                self.offer(platform, head, table, &[header, identity, status]);
            }
            REQUEST_WRITE => {
                let parts = halves(area + WRITE_DATA, Buffer::readable);
                self.offer(platform, head, table, &[header, parts[0], parts[1], status]);
            }
            _ => {
                let parts = halves(area + READ_DATA, Buffer::writable);
                self.offer(platform, head, table, &[header, parts[0], parts[1], status]);
            }
        }
    }

    fn offer<P: Platform>(&mut self, platform: &mut P, head: u16, table: Option<u64>, buffers: &[Buffer]) {
        match table {
            Some(table) => self.queue.offer_indirect(platform, head, table, buffers),
            None => self.queue.offer(platform, head, buffers),
        }
    }

    /// Looks at what came back to lane `number`.
    fn finish<P: Platform>(&mut self, context: &mut Context<'_, P>, number: usize) {
        let area = lane_area(context, number);
        let Some(lane) = self.lanes.get_mut(number) else { return };
        let (step, sector, tag) = (lane.step, lane.sector, lane.tag);
        lane.step = Step::Rest;
        let status = context.platform.load_u8(area + STATUS);
        if status != 0 {
            if step == Step::Survey {
                // What cannot be read must not be written.
                self.writable = false;
            }
            return self.fail(context, step, sector, status);
        }
        match step {
            Step::Identify => {
                say_identity(context, area);
                self.begin(context, 1);
                self.begin(context, number);
            }
            Step::Survey => {
                self.unknown = self.unknown.saturating_sub(1);
                if self.writable && !is_ours(context.platform, area + READ_DATA, sector) {
                    self.writable = false;
                    let message = context.message().text("sector ").number(u64::from(sector));
                    message.text(" holds something: reading only\n");
                }
                self.begin(context, number);
            }
            Step::Write => {
                lane.step = Step::ReadBack;
                self.request(context, number, area, REQUEST_READ);
            }
            Step::ReadBack => match difference(context.platform, area + READ_DATA, tag) {
                None => self.good = self.good.wrapping_add(1),
                Some(byte) => {
                    self.different = self.different.wrapping_add(1);
                    if worth_saying(self.different) {
                        let message = context.message().text("sector ").number(u64::from(sector));
                        message.text(" differs from what was written, at byte ").number(byte).text("\n");
                    }
                }
            },
            Step::Read => self.good = self.good.wrapping_add(1),
            Step::Flush | Step::Rest => {}
        }
    }

    fn fail<P>(&mut self, context: &mut Context<'_, P>, step: Step, sector: u32, status: u8) {
        self.failed = self.failed.wrapping_add(1);
        if worth_saying(self.failed) {
            let message = context.message();
            match step {
                Step::Identify => message.text("telling its identity"),
                Step::Flush => message.text("flushing"),
                Step::Write => message.text("writing sector ").number(u64::from(sector)),
                Step::Rest | Step::Survey | Step::Read | Step::ReadBack => {
                    message.text("reading sector ").number(u64::from(sector))
                }
            };
            message.text(" failed with status ").number(u64::from(status)).text("\n");
        }
    }

    pub(super) fn report<P>(&self, context: &mut Context<'_, P>) {
        let message = context.message().number(u64::from(self.good));
        message.text(if self.writable { " blocks written, read back and equal" } else { " blocks read" });
        if self.different > 0 {
            message.text(", ").number(u64::from(self.different)).text(" read back different");
        }
        if self.failed > 0 {
            message.text(", ").number(u64::from(self.failed)).text(" requests failed");
        }
        message.text("\n");
    }
}

fn lane_area<P>(context: &Context<'_, P>, number: usize) -> u64 {
    context.transport.buffers() + number as u64 * LANE_MEMORY
}

/// A sector at `address` as two buffers, so that there is a chain to look at.
fn halves(address: u64, buffer: fn(u64, u32) -> Buffer) -> [Buffer; 2] {
    let half = SECTOR / 2;
    [buffer(address, half), buffer(address + u64::from(half), half)]
}

fn fill<P: Platform>(platform: &mut P, address: u64, tag: u64) {
    platform.store_u64(address, MARK);
    let mut value = tag;
    for word in 1..SECTOR_WORDS {
        platform.store_u64(address + word * 8, value);
        value = value.wrapping_add(STRIDE);
    }
}

/// The first byte at which the sector at `address` is not what [`fill`] makes of `tag`.
fn difference<P: Platform>(platform: &mut P, address: u64, tag: u64) -> Option<u64> {
    if platform.load_u64(address) != MARK {
        return Some(0);
    }
    let mut value = tag;
    for word in 1..SECTOR_WORDS {
        if platform.load_u64(address + word * 8) != value {
            return Some(word * 8);
        }
        value = value.wrapping_add(STRIDE);
    }
    None
}

/// Whether sector number `sector`, read to `address`, is zero or was written by [`fill`].
fn is_ours<P: Platform>(platform: &mut P, address: u64, sector: u32) -> bool {
    let first = platform.load_u64(address);
    let tag = platform.load_u64(address + 8);
    if first == MARK {
        return tag & u64::from(u32::MAX) == u64::from(sector);
    }
    (0..SECTOR_WORDS).all(|word| platform.load_u64(address + word * 8) == 0)
}

fn say_identity<P: Platform>(context: &mut Context<'_, P>, area: u64) {
    context.message().text("calls itself '");
    for offset in 0..u64::from(IDENTITY_LENGTH) {
        match context.platform.load_u8(area + READ_DATA + offset) {
            0 => break,
            byte if byte.is_ascii_graphic() => context.log.byte(byte),
            _ => context.log.byte(b'?'),
        };
    }
    context.log.text("'\n");
}
