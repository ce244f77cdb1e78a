//! What a disk has done: each channel counts for itself, and whoever asks adds up. None of it is a lock.

use arc_swap::ArcSwap;
use qapi_schema::block::BlockDeviceStats;
use stats::Counter;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use crate::request::Operation;

/// What requests are counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// A read.
    Read,
    /// A write, of zeroes too.
    Write,
    /// A flush.
    Flush,
    /// Storage given back.
    Unmap,
}

impl RequestKind {
    fn of(operation: Operation) -> Self {
        match operation {
            Operation::Read { .. } => Self::Read,
            Operation::Write { .. } | Operation::WriteZeroes { may_unmap: false, .. } => Self::Write,
            Operation::Flush => Self::Flush,
            Operation::Discard { .. } | Operation::WriteZeroes { may_unmap: true, .. } => Self::Unmap,
        }
    }
}

/// What one channel, or all that are closed, have done. Only the channel's thread writes, on cache lines of its own; but
/// requests that break the rules may be counted by several threads.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Account {
    /// When nothing had been done.
    opened: Instant,
    kinds: [Tally; 4],
    /// The end of the last byte of the disk that was written.
    highest: Counter,
    /// When something was done last, in nanoseconds since it was opened; 0 if nothing was.
    last: Counter,
}

/// Requests of a kind.
#[derive(Debug, Default)]
struct Tally {
    done: Counter,
    bytes: Counter,
    /// In nanoseconds.
    time: Counter,
    failed: Counter,
    invalid: Counter,
}

impl Account {
    fn new(opened: Instant) -> Self {
        Self { opened, kinds: Default::default(), highest: Counter::default(), last: Counter::default() }
    }

    /// Nanoseconds since the disk was made.
    pub(crate) fn now(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// A request that moved so many bytes has come to its end.
    pub(crate) fn ended(
        &self,
        operation: Operation,
        bytes: u64,
        (begun, now): (u64, u64),
        result: &io::Result<()>,
    ) {
        let kind = RequestKind::of(operation);
        let tally = self.tally(kind);
        if result.is_err() {
            return tally.failed.add(1);
        }
        tally.done.add(1);
        tally.bytes.add(bytes);
        tally.time.add(now.saturating_sub(begun));
        raise(&self.last, now);
        if let Operation::Write { offset } | Operation::WriteZeroes { offset, .. } = operation {
            raise(&self.highest, offset.saturating_add(bytes));
        }
    }

    /// A request of the guest that breaks the rules.
    pub(crate) fn refused(&self, kind: RequestKind) {
        self.tally(kind).invalid.add_shared(1);
    }

    fn tally(&self, kind: RequestKind) -> &Tally {
        let [read, write, flush, unmap] = &self.kinds;
        match kind {
            RequestKind::Read => read,
            RequestKind::Write => write,
            RequestKind::Flush => flush,
            RequestKind::Unmap => unmap,
        }
    }

    /// Adds what `other` has.
    fn add(&self, other: &Self) {
        for (own, other) in self.kinds.iter().zip(&other.kinds) {
            own.done.add(other.done.get());
            own.bytes.add(other.bytes.get());
            own.time.add(other.time.get());
            own.failed.add(other.failed.get());
            own.invalid.add(other.invalid.get());
        }
        raise(&self.highest, other.highest.get());
        raise(&self.last, other.last.get());
    }
}

/// Makes the counter at least so much.
fn raise(counter: &Counter, value: u64) {
    counter.add(value.saturating_sub(counter.get()));
}

/// All accounts of an image.
#[derive(Debug)]
pub(crate) struct Accounts {
    opened: Instant,
    /// Replaced as a whole, so that a channel that is between the open and the closed ones is in neither or both for nobody.
    channels: ArcSwap<Channels>,
    /// Requests of nobody's channel that broke the rules.
    refused: Account,
}

#[derive(Debug)]
struct Channels {
    open: Vec<Arc<Account>>,
    /// What those that are no more have done.
    closed: Arc<Account>,
}

impl Accounts {
    pub(crate) fn new() -> Self {
        let opened = Instant::now();
        let channels = Channels { open: Vec::new(), closed: Arc::new(Account::new(opened)) };
        Self { opened, channels: ArcSwap::from_pointee(channels), refused: Account::new(opened) }
    }

    /// An account for a channel.
    pub(crate) fn open(&self) -> Arc<Account> {
        let account = Arc::new(Account::new(self.opened));
        self.channels.rcu(|channels| {
            let mut open = channels.open.clone();
            open.push(Arc::clone(&account));
            Channels { open, closed: Arc::clone(&channels.closed) }
        });
        account
    }

    /// The channel is no more; what it has done stays.
    pub(crate) fn close(&self, account: &Arc<Account>) {
        self.channels.rcu(|channels| {
            let open = channels.open.iter().filter(|known| !Arc::ptr_eq(known, account)).cloned().collect();
            let closed = Account::new(self.opened);
            closed.add(&channels.closed);
            closed.add(account);
            Channels { open, closed: Arc::new(closed) }
        });
    }

    /// A request that broke the rules, of nobody's channel.
    pub(crate) fn refused(&self, kind: RequestKind) {
        self.refused.refused(kind);
    }

    /// All of it, as clients see it.
    pub(crate) fn statistics(&self) -> BlockDeviceStats {
        let all = Account::new(self.opened);
        let channels = self.channels.load();
        let of_channels = channels.open.iter().chain([&channels.closed]).map(|account| &**account);
        of_channels.chain([&self.refused]).for_each(|one| all.add(one));
        describe(&all)
    }
}

fn describe(all: &Account) -> BlockDeviceStats {
    let [read, write, flush, unmap] = &all.kinds;
    let number = |counter: &Counter| i64::try_from(counter.get()).unwrap_or(i64::MAX);
    let idle = Some(all.last.get()).filter(|last| *last > 0).map(|last| all.now().saturating_sub(last));
    BlockDeviceStats {
        rd_bytes: number(&read.bytes),
        wr_bytes: number(&write.bytes),
        unmap_bytes: number(&unmap.bytes),
        rd_operations: number(&read.done),
        wr_operations: number(&write.done),
        flush_operations: number(&flush.done),
        unmap_operations: number(&unmap.done),
        rd_total_time_ns: number(&read.time),
        wr_total_time_ns: number(&write.time),
        flush_total_time_ns: number(&flush.time),
        unmap_total_time_ns: number(&unmap.time),
        wr_highest_offset: number(&all.highest),
        rd_merged: 0,
        wr_merged: 0,
        unmap_merged: 0,
        idle_time_ns: idle.map(|idle| i64::try_from(idle).unwrap_or(i64::MAX)),
        failed_rd_operations: number(&read.failed),
        failed_wr_operations: number(&write.failed),
        failed_flush_operations: number(&flush.failed),
        failed_unmap_operations: number(&unmap.failed),
        invalid_rd_operations: number(&read.invalid),
        invalid_wr_operations: number(&write.invalid),
        invalid_flush_operations: number(&flush.invalid),
        invalid_unmap_operations: number(&unmap.invalid),
        account_invalid: false,
        account_failed: false,
        timed_stats: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::SeqCst};
    use std::thread;

    /// A client that looks at any moment sees each request once, whichever thread of the disk's is just coming or going.
    #[test]
    fn nothing_is_lost_or_told_twice_while_channels_come_and_go() {
        const LOOKS: usize = 20_000;
        /// So many that one channel's are more than what is done while somebody looks.
        const REQUESTS: i64 = 200;
        let (accounts, ended) = (Accounts::new(), AtomicBool::new(false));
        let (begun, done, refused) = (AtomicI64::new(0), AtomicI64::new(0), AtomicI64::new(0));
        let work = || {
            while !ended.load(SeqCst) {
                let account = accounts.open();
                for _ in 0..REQUESTS {
                    begun.fetch_add(1, SeqCst);
                    account.ended(Operation::Read { offset: 0 }, 512, (0, 1), &Ok(()));
                    done.fetch_add(1, SeqCst);
                }
                accounts.close(&account);
                accounts.refused(RequestKind::Write);
                refused.fetch_add(1, SeqCst);
            }
        };
        let look = || {
            let least = done.load(SeqCst);
            let now = accounts.statistics().rd_operations;
            let most = begun.load(SeqCst);
            (least..=most).contains(&now)
        };
        let all_right = thread::scope(|scope| {
            scope.spawn(work);
            scope.spawn(work);
            let all_right = (0..LOOKS).all(|_| look());
            ended.store(true, SeqCst);
            all_right
        });
        assert!(all_right);
        let statistics = accounts.statistics();
        assert_eq!(statistics.rd_operations, done.into_inner());
        assert_eq!(statistics.invalid_wr_operations, refused.into_inner());
    }
}
