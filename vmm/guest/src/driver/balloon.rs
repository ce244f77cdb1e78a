//! Balloons (virtio 1.3 section 5.5): gives a few pages away and takes them back.

use super::{Broken, Context, Patience};
use crate::platform::Platform;
use crate::queue::{Buffer, Completion, Queue};

pub(super) const ID: u32 = 5;

/// Pages that go in and out of the balloon.
const PAGES: u32 = 8;
const PAGE: u64 = 0x1000;
/// Rounds between two requests.
const ROUNDS: u32 = 4;
/// Configuration field `actual`: how many pages the balloon holds.
const ACTUAL: u64 = 4;

/// Offsets in the device's memory: the list of pages in two parts, and the pages.
const LISTS: [u64; 2] = [0, 0x100];
const POOL: u64 = PAGE;

/// Of every request.
const HEAD: u16 = 0;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Empty,
    Inflating,
    Full,
    Deflating,
}

pub(crate) struct Balloon {
    inflate: Queue,
    deflate: Queue,
    step: Step,
    patience: Patience,
    round: u32,
    cycles: u64,
}

impl Balloon {
    pub(super) fn start<P: Platform>(context: &mut Context<'_, P>) -> Result<Self, Broken> {
        let transport = context.transport;
        let features = transport.negotiate(context.platform, 0)?;
        let inflate = transport.queue(context.platform, features, 0)?;
        let deflate = transport.queue(context.platform, features, 1)?;
        transport.driver_ok(context.platform);
        let memory = transport.buffers();
        let first_page = u32::try_from((memory + POOL) / PAGE).unwrap_or(0);
        for number in 0..PAGES {
            context.platform.store_u32(list_entry(memory, number), first_page + number);
        }
        Ok(Self { inflate, deflate, step: Step::Empty, patience: Patience::default(), round: 0, cycles: 0 })
    }

    pub(super) fn tick<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        self.round = self.round.wrapping_add(1);
        let (queue, next) = match self.step {
            Step::Empty => (&mut self.inflate, Step::Inflating),
            Step::Full => (&mut self.deflate, Step::Deflating),
            Step::Inflating | Step::Deflating => {
                self.patience.round(context);
                return Ok(());
            }
        };
        if self.round.is_multiple_of(ROUNDS) {
            let lists =
                LISTS.map(|offset| Buffer::readable(context.transport.buffers() + offset, PAGES / 2 * 4));
            queue.offer(context.platform, HEAD, &lists);
            queue.publish(context.platform);
            self.step = next;
        }
        Ok(())
    }

    pub(super) fn complete<P: Platform>(&mut self, context: &mut Context<'_, P>) -> Result<(), Broken> {
        while let Some(completion) = self.inflate.take(context.platform)? {
            self.arrive(context, completion, Step::Inflating, PAGES)?;
            self.step = Step::Full;
        }
        while let Some(completion) = self.deflate.take(context.platform)? {
            self.arrive(context, completion, Step::Deflating, 0)?;
            self.step = Step::Empty;
            self.cycles += 1;
        }
        Ok(())
    }

    /// The device is done with step `step`; the balloon holds `actual` pages now.
    fn arrive<P: Platform>(
        &mut self,
        context: &mut Context<'_, P>,
        completion: Completion,
        step: Step,
        actual: u32,
    ) -> Result<(), Broken> {
        if self.step != step || completion.head != HEAD {
            return Err(Broken::UsedElement);
        }
        self.patience.reset();
        context.transport.write_configuration(context.platform, ACTUAL, actual);
        Ok(())
    }

    pub(super) fn report<P>(&self, context: &mut Context<'_, P>) {
        let message = context.message().number(u64::from(PAGES)).text(" pages given and taken back ");
        message.number(self.cycles).text(" times\n");
    }
}

/// Where entry `number` of the page list stands.
fn list_entry(memory: u64, number: u32) -> u64 {
    let [first, second] = LISTS;
    let half = PAGES / 2;
    match number.checked_sub(half) {
        None => memory + first + u64::from(number) * 4,
        Some(number) => memory + second + u64::from(number) * 4,
    }
}
