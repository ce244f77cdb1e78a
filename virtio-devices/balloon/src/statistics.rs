//! What the guest tells of its memory (virtio 1.3, 5.5.6.3), and what monitors are shown of it and of the device.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::time::{SystemTime, UNIX_EPOCH};

use qapi_schema::balloon::GuestMemoryStatistics;
use qapi_schema::runtime::Error;
use qapi_schema::stats::StatsUnit;
use stats::{Descriptor, Descriptors, Source};

use crate::pages::PAGE_SIZE;
use crate::state::BalloonState;

/// How many statistics the specification and Linux know.
const COUNT: usize = 16;
/// Bytes of one on the queue: a tag of 16 bits, a value of 64.
pub(crate) const ENTRY_SIZE: usize = 10;
/// Entries of one buffer that are looked at; drivers send each once.
const MAX_ENTRIES: usize = 64;
/// The value of what the guest has not told.
const UNKNOWN: u64 = u64::MAX;

/// Their names, by tag.
pub(crate) static NAMES: [&str; COUNT] = [
    "swap-in",
    "swap-out",
    "major-faults",
    "minor-faults",
    "free-memory",
    "total-memory",
    "available-memory",
    "disk-caches",
    "huge-page-allocations",
    "huge-page-failures",
    "out-of-memory-kills",
    "allocation-stalls",
    "background-scans",
    "direct-scans",
    "background-reclaims",
    "direct-reclaims",
];

/// What the guest has told last.
#[derive(Debug)]
pub(crate) struct GuestStatistics {
    values: [AtomicU64; COUNT],
    /// Seconds since 1970; 0 if the guest has told nothing.
    updated: AtomicU64,
}

impl Default for GuestStatistics {
    fn default() -> Self {
        Self { values: [const { AtomicU64::new(UNKNOWN) }; COUNT], updated: AtomicU64::new(0) }
    }
}

impl GuestStatistics {
    /// Takes what stands in a buffer of the statistics queue. Tags that nobody knows are passed over.
    pub(crate) fn take(&self, buffer: &[u8]) {
        let (entries, _) = buffer.as_chunks::<ENTRY_SIZE>();
        for entry in entries {
            let (tag, value) = parse(entry);
            if let Some(place) = self.values.get(usize::from(tag)) {
                place.store(value, Relaxed);
            }
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        self.updated.store(now, Relaxed);
    }

    /// Forgets everything: another driver has come.
    pub(crate) fn clear(&self) {
        self.values.iter().for_each(|value| value.store(UNKNOWN, Relaxed));
        self.updated.store(0, Relaxed);
    }

    /// What the guest has told, if it has told something.
    pub(crate) fn told(&self) -> Option<GuestMemoryStatistics> {
        let last_update = Some(self.updated.load(Relaxed)).filter(|time| *time != 0)?;
        let [
            swap_in,
            swap_out,
            major_faults,
            minor_faults,
            free_memory,
            total_memory,
            available_memory,
            disk_caches,
            huge_page_allocations,
            huge_page_failures,
            out_of_memory_kills,
            allocation_stalls,
            background_scans,
            direct_scans,
            background_reclaims,
            direct_reclaims,
        ] = self.values.each_ref().map(told);
        Some(GuestMemoryStatistics {
            last_update,
            swap_in,
            swap_out,
            major_faults,
            minor_faults,
            free_memory,
            total_memory,
            available_memory,
            disk_caches,
            huge_page_allocations,
            huge_page_failures,
            out_of_memory_kills,
            allocation_stalls,
            background_scans,
            direct_scans,
            background_reclaims,
            direct_reclaims,
        })
    }
}

/// One of the values, if the guest has told it.
fn told(value: &AtomicU64) -> Option<u64> {
    Some(value.load(Relaxed)).filter(|value| *value != UNKNOWN)
}

/// Bytes of a buffer that are looked at.
pub(crate) const MAX_BUFFER: usize = MAX_ENTRIES * ENTRY_SIZE;

/// The tag and the value of an entry.
pub(crate) fn parse(entry: &[u8; ENTRY_SIZE]) -> (u16, u64) {
    let [t0, t1, value @ ..] = *entry;
    (u16::from_le_bytes([t0, t1]), u64::from_le_bytes(value))
}

/// What monitors find among the statistics: the device's own numbers, then the guest's.
impl Source for BalloonState {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&DESCRIPTORS)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        let own = [
            u64::from(self.requested_pages()) * PAGE_SIZE,
            u64::from(self.given_up_pages()) * PAGE_SIZE,
            self.released.get(),
            self.reported.get(),
        ];
        let of_guest = self.statistics.values.iter().map(|value| told(value).unwrap_or(0));
        values.iter_mut().zip(own.into_iter().chain(of_guest)).for_each(|(place, value)| *place = value);
        Ok(())
    }
}

static DESCRIPTORS: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
    let bytes = |descriptor: Descriptor| descriptor.unit(StatsUnit::Bytes);
    let own = [
        bytes(Descriptor::instant("balloon-requested", "Memory that the guest is asked to give up.")),
        bytes(Descriptor::instant("balloon-given-up", "Memory that the guest says it has given up.")),
        bytes(Descriptor::cumulative("balloon-released", "Memory given up that has gone back to the host.")),
        bytes(Descriptor::cumulative(
            "free-pages-released",
            "Memory that the guest has reported as free and that has gone back to the host.",
        )),
    ];
    let amount = |name, what| bytes(Descriptor::instant(name, what));
    let moved = |name, what| bytes(Descriptor::cumulative(name, what));
    let count = Descriptor::cumulative;
    let of_guest = [
        moved("guest-swap-in", "Memory that the guest has read back from its swap; 0 if it does not say."),
        moved("guest-swap-out", "Memory that the guest has written to its swap; 0 if it does not say."),
        count("guest-major-faults", "Page faults of the guest that read from a disk; 0 if it does not say."),
        count("guest-minor-faults", "Page faults of the guest that read nothing; 0 if it does not say."),
        amount("guest-free-memory", "Memory that the guest uses for nothing; 0 if it does not say."),
        amount("guest-total-memory", "Memory that the guest has; 0 if it does not say."),
        amount(
            "guest-available-memory",
            "Memory that new programs in the guest could have without swapping; 0 if it does not say.",
        ),
        amount("guest-disk-caches", "Memory that the guest would get back at once; 0 if it does not say."),
        count("guest-huge-page-allocations", "Huge pages the guest has handed out; 0 if it does not say."),
        count("guest-huge-page-failures", "Huge pages it could not hand out; 0 if it does not say."),
        count("guest-out-of-memory-kills", "Programs ended for lack of memory; 0 if it does not say."),
        count("guest-allocation-stalls", "Allocations that had to wait; 0 if it does not say."),
        count("guest-background-scans", "Pages looked at in the background; 0 if it does not say."),
        count("guest-direct-scans", "Pages looked at while somebody waited; 0 if it does not say."),
        count("guest-background-reclaims", "Pages taken in the background; 0 if it does not say."),
        count("guest-direct-reclaims", "Pages taken while somebody waited; 0 if it does not say."),
    ];
    Descriptors::new(own.into_iter().chain(of_guest))
});

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(tag: u16, value: u64) -> Vec<u8> {
        [tag.to_le_bytes().as_slice(), &value.to_le_bytes()].concat()
    }

    #[test]
    fn nothing_is_known_before_the_guest_has_told_it() {
        let statistics = GuestStatistics::default();
        assert!(statistics.told().is_none());
        statistics.take(&[entry(4, 4096), entry(5, 1 << 30), entry(99, 7), vec![1, 0, 1]].concat());
        let told = statistics.told().unwrap();
        assert_eq!((told.free_memory, told.total_memory), (Some(4096), Some(1 << 30)));
        assert_eq!((told.swap_out, told.direct_reclaims), (None, None));
        assert!(told.last_update > 0);
        statistics.clear();
        assert!(statistics.told().is_none());
    }

    #[test]
    fn each_statistic_has_a_description() {
        let state = BalloonState::new(3, 0).unwrap();
        state.statistics.take(&entry(15, 5));
        let mut values = vec![0; DESCRIPTORS.value_count()];
        state.read(&mut values).unwrap();
        assert_eq!(values.len(), 4 + COUNT);
        assert_eq!((values[0], values[4], values.last()), (3 * 4096, 0, Some(&5)));
    }
}
