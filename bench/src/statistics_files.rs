//! A machine's statistics, and the files they come from: of a machine under KVM, or files of the same layout.
#![expect(clippy::panic, reason = "a benchmark that cannot go on has to end")]

use std::error::Error;
use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use monitor_qmp::Events;
use qapi_schema::statistics::{StatisticsFilter, StatisticsProvider, StatisticsTarget};
use stats::{Kvm, Object, Registry};
use vmm::accelerator::Choice;
use vmm::command_line::Settings;
use vmm::machine::Machine;
use vmm::object_tree::vcpu_path;

/// How long a vCPU may take to leave the guest a few times.
const PATIENCE: Duration = Duration::from_secs(10);

/// A statistics file: where its numbers are.
pub(crate) struct StatisticsFile {
    file: File,
    offset: u64,
    length: usize,
}

impl StatisticsFile {
    /// Looks into the header, as the kernel documents it, and at the last descriptor, whose values come last.
    fn new(file: File) -> Self {
        let mut header = [0; 24];
        read(&file, &mut header, 0);
        let word = |bytes: &[u8], place: usize| {
            let word = bytes.get(place..).and_then(<[u8]>::first_chunk).copied();
            u32::from_ne_bytes(word.unwrap_or_default())
        };
        let (name_size, count, descriptors) = (word(&header, 4), word(&header, 8), word(&header, 16));
        let mut last = [0; 16];
        read(&file, &mut last, (descriptors + (count - 1) * (16 + name_size)).into());
        let [.., size_low, size_high] = *last.first_chunk::<8>().unwrap_or(&[0; 8]);
        let values = u16::from_ne_bytes([size_low, size_high]);
        let length = usize::try_from(word(&last, 8)).unwrap_or_default() + usize::from(values) * 8;
        Self { file, offset: word(&header, 20).into(), length }
    }

    /// The least that a query has to do for this file: reads the numbers and appends each to `text`.
    pub(crate) fn write_numbers(&self, data: &mut Vec<u8>, text: &mut Vec<u8>) {
        data.resize(self.length, 0);
        read(&self.file, data, self.offset);
        let mut digits = itoa::Buffer::new();
        for number in data.as_chunks().0 {
            text.extend_from_slice(digits.format(u64::from_ne_bytes(*number)).as_bytes());
            text.push(b' ');
        }
    }
}

fn read(file: &File, data: &mut [u8], offset: u64) {
    file.read_exact_at(data, offset).unwrap_or_else(|error| panic!("a statistics file ends early: {error}"));
}

/// Statistics of a paused machine.
pub(crate) struct Statistics {
    /// What they are of, for people.
    pub(crate) what: String,
    /// What answers the queries.
    pub(crate) registry: Registry,
    /// One a vCPU.
    pub(crate) files: Vec<StatisticsFile>,
    machine: Option<Arc<Machine>>,
}

impl Statistics {
    /// Of a machine with this many vCPUs.
    pub(crate) fn new(cpus: u8) -> Self {
        match Self::of_a_machine(cpus) {
            Ok(Some(statistics)) => statistics,
            Ok(None) => Self::stand_in(cpus, "this kernel has no binary statistics"),
            Err(error) => Self::stand_in(cpus, &error.to_string()),
        }
    }

    fn of_a_machine(cpus: u8) -> Result<Option<Self>, Box<dyn Error>> {
        let settings = Settings { accelerator: Choice::Kvm, cpus, ..Settings::default() };
        let machine = Arc::new(Machine::new(&settings, Arc::new(Events::new()))?);
        let Some(files) = machine.accelerator().statistics()? else { return Ok(None) };
        machine.start()?;
        wait_for_counts(machine.statistics());
        machine.pause();
        Ok(Some(Self {
            what: format!("a paused machine under KVM, vCPUs: {cpus}"),
            registry: machine.statistics().clone(),
            files: files.vcpus.into_iter().map(StatisticsFile::new).collect(),
            machine: Some(machine),
        }))
    }

    /// Files on disk, laid out as those of a vCPU.
    fn stand_in(cpus: u8, reason: &str) -> Self {
        let kvm = Kvm::new(|line| eprintln!("{line}"));
        let registry = Registry::new();
        let open = |index| {
            let file = made_file().unwrap_or_else(|error| panic!("cannot write a statistics file: {error}"));
            let copy = file.try_clone().unwrap_or_else(|error| panic!("no descriptor left: {error}"));
            let vcpu = Object::new(StatisticsProvider::Kvm, StatisticsTarget::Vcpu).path(vcpu_path(index));
            registry.add(vcpu, kvm.source(copy.into())).keep();
            StatisticsFile::new(file)
        };
        let files = (0..cpus).map(open).collect();
        let what = format!("FILES ON DISK in place of a machine, because {reason}; vCPUs: {cpus}");
        Self { what, registry, files, machine: None }
    }

    /// The machine, if there is one.
    pub(crate) fn machine(&self) -> Option<&Arc<Machine>> {
        self.machine.as_ref()
    }
}

impl Drop for Statistics {
    fn drop(&mut self) {
        if let Some(machine) = &self.machine {
            machine.end();
        }
    }
}

/// Returns when a vCPU has counted something, or soon: numbers that are not all 0 take longer to write. The built-in
/// guest starts only one.
fn wait_for_counts(registry: &Registry) {
    let targets = Some(vec![StatisticsTarget::Vcpu]);
    let vcpus = StatisticsFilter { targets, providers: None, paths: None, names: None };
    let start = Instant::now();
    let mut counted = false;
    while !counted && start.elapsed() < PATIENCE {
        thread::yield_now();
        let read = registry.visit(&vcpus, |view| counted |= view.values.iter().any(|value| *value > 1));
        if let Err(error) = read {
            panic!("statistics cannot be read: {error}");
        }
    }
}

/// 47 counts and three histograms of 32 buckets, what Linux 6.1 has for a vCPU on x86.
fn made_file() -> std::io::Result<File> {
    const NAME_SIZE: u32 = 48;
    let sizes: Vec<u16> = (0..50).map(|index| if (7..10).contains(&index) { 32 } else { 1 }).collect();
    let count = 50;
    let descriptors = 24 + NAME_SIZE;
    let mut bytes = Vec::new();
    let data = descriptors + count * (16 + NAME_SIZE);
    bytes.extend(
        [0, NAME_SIZE, count, 24, descriptors, data].iter().flat_map(|word: &u32| word.to_ne_bytes()),
    );
    bytes.extend([0; 48]);
    let mut offset = 0_u32;
    for (index, size) in sizes.iter().enumerate() {
        let kind: u32 = if *size == 1 { 0 } else { 4 };
        bytes.extend(kind.to_ne_bytes());
        bytes.extend(0_i16.to_ne_bytes());
        bytes.extend(size.to_ne_bytes());
        bytes.extend(offset.to_ne_bytes());
        bytes.extend(0_u32.to_ne_bytes());
        let mut name = format!("made_up_statistic_{index}").into_bytes();
        name.resize(48, 0);
        bytes.extend(name);
        offset += u32::from(*size) * 8;
    }
    bytes.extend((0..u64::from(offset / 8)).flat_map(|value| (value * 37 % 5000).to_ne_bytes()));
    let mut file = tempfile::tempfile()?;
    file.write_all(&bytes)?;
    Ok(file)
}
