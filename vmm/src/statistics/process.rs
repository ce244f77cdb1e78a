//! The program as its host sees it, from `/proc/self`.

use std::fs::{self, File};
use std::io::{self, Read};
use std::sync::{Arc, LazyLock};

use qapi_schema::runtime::Error;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::StatsUnit;
use rustix::param::{clock_ticks_per_second, page_size};
use stats::{Descriptor, Descriptors, Object, Registry, Source};

const STATUS: &str = "/proc/self/stat";
const DESCRIPTOR_DIRECTORY: &str = "/proc/self/fd";
const NANOSECONDS: u64 = 1_000_000_000;

/// Adds this program.
pub(crate) fn add_process(registry: &Registry) {
    let object = Object::new(StatisticsProvider::Process, StatisticsTarget::Process);
    registry.add(object, Arc::new(ProcessSource)).keep();
}

struct ProcessSource;

impl Source for ProcessSource {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&DESCRIPTORS)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        let status = Status::read().map_err(|error| unreadable(STATUS, &error))?;
        let Status { user_ticks, system_ticks, threads, resident_pages } = status;
        let descriptors = count_descriptors().map_err(|error| unreadable(DESCRIPTOR_DIRECTORY, &error))?;
        let time = |ticks: u64| ticks.saturating_mul(NANOSECONDS / clock_ticks_per_second().max(1));
        let own = [
            time(user_ticks),
            time(system_ticks),
            resident_pages.saturating_mul(u64::try_from(page_size()).unwrap_or(u64::MAX)),
            threads,
            descriptors,
        ];
        values.iter_mut().zip(own).for_each(|(value, own)| *value = own);
        Ok(())
    }
}

/// Kernels since 6.2 tell the number as the size of the directory; older ones say zero there.
fn count_descriptors() -> io::Result<u64> {
    match fs::metadata(DESCRIPTOR_DIRECTORY)?.len() {
        0 => {
            // One of them reads the directory.
            let count = fs::read_dir(DESCRIPTOR_DIRECTORY)?.count().saturating_sub(1);
            Ok(u64::try_from(count).unwrap_or(u64::MAX))
        }
        count => Ok(count),
    }
}

fn unreadable(path: &str, error: &io::Error) -> Error {
    Error::generic(format!("Cannot read the statistics of the process: {path}: {error}"))
}

static DESCRIPTORS: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
    let time =
        |name, description| Descriptor::cumulative(name, description).unit(StatsUnit::Seconds).scale(10, -9);
    Descriptors::new([
        time(
            "user-time",
            "CPU time of the program and, under KVM, of the guest in it. The host counts in hundredths of a second.",
        ),
        time("system-time", "CPU time of the host's kernel on behalf of the program."),
        Descriptor::instant(
            "resident-memory",
            "The program's memory that is in the host's RAM, the guest's included.",
        )
        .unit(StatsUnit::Bytes),
        Descriptor::instant("threads", "Threads of the program."),
        Descriptor::instant("file-descriptors", "File descriptors that the program has open."),
    ])
});

/// What is of use in `/proc/self/stat` (proc_pid_stat(5)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Status {
    user_ticks: u64,
    system_ticks: u64,
    threads: u64,
    resident_pages: u64,
}

impl Status {
    /// The whole line takes less than 1024 bytes: some fifty numbers, and a name of at most 64 bytes.
    fn read() -> io::Result<Self> {
        let mut line = [0; 1024];
        let length = File::open(STATUS)?.read(&mut line)?;
        let line = str::from_utf8(line.get(..length).unwrap_or_default()).map_err(io::Error::other)?;
        Self::parse(line).ok_or_else(|| io::Error::other("it has another form"))
    }

    /// The second field is the program's name in parentheses, and may hold blanks and parentheses itself.
    fn parse(line: &str) -> Option<Self> {
        let (_, rest) = line.rsplit_once(')')?;
        // The first field behind the name is the third.
        let field = |number: usize| rest.split_ascii_whitespace().nth(number - 3)?.parse().ok();
        Some(Self {
            user_ticks: field(14)?,
            system_ticks: field(15)?,
            threads: field(20)?,
            resident_pages: field(24)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_from_behind_the_name() {
        let line = "4242 (a) b (c) S 1 4242 4242 0 -1 4194304 99 0 0 0 123 45 0 0 20 0 7 0 9 1000000 321 18446744073709551615 1\n";
        let expected = Status { user_ticks: 123, system_ticks: 45, threads: 7, resident_pages: 321 };
        assert_eq!(Status::parse(line), Some(expected));
        assert_eq!(Status::parse("4242 (a) S 1"), None);
        assert_eq!(Status::parse(""), None);
    }

    #[test]
    fn this_test_is_a_process_with_memory_threads_and_descriptors() {
        let mut values = [0; 5];
        ProcessSource.read(&mut values).unwrap();
        let [_, _, memory, threads, descriptors] = values;
        assert!(memory > 1 << 16 && threads >= 1 && descriptors >= 3, "{values:?}");
        assert_eq!(DESCRIPTORS.value_count(), values.len());
    }
}
