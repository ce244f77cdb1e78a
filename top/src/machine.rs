//! One machine as it is known here.

use std::collections::HashMap;
use std::time::Duration;

use qapi_schema::statistics::{StatisticsReport, StatisticsSchema, StatisticsTarget};

use crate::statistics::{Object, Statistics, Subject};

/// What can be said of the connection to a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// It has not answered yet.
    Connecting,
    /// It answers.
    Up,
    /// It does not answer.
    Gone {
        /// Why.
        reason: String,
        /// When it is tried again.
        retry: Duration,
    },
}

/// What a server tells when it is connected to.
#[derive(Clone, Debug, Default)]
pub struct Introduction {
    /// The machine's name, if it has one.
    pub name: Option<String>,
    /// What its statistics mean.
    pub schemas: Vec<StatisticsSchema>,
}

/// What a server tells every time.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The run state, as QMP calls it.
    pub state: String,
    /// The paths of the vCPUs, in order.
    pub vcpus: Vec<String>,
    /// What the statistics mean, if that has changed.
    pub schemas: Option<Vec<StatisticsSchema>>,
    /// The statistics.
    pub report: StatisticsReport,
}

/// One machine.
#[derive(Clone, Debug)]
pub struct Machine {
    address: String,
    name: Option<String>,
    /// The connection.
    pub link: Link,
    state: String,
    vcpus: Vec<String>,
    vcpu_numbers: HashMap<String, usize>,
    /// Its statistics; of a machine that is gone, none.
    pub statistics: Statistics,
    samples: u64,
}

impl Machine {
    /// The machine whose server has this address.
    pub fn new(address: &str) -> Self {
        Self {
            address: printable(address),
            name: None,
            link: Link::Connecting,
            state: String::new(),
            vcpus: Vec::new(),
            vcpu_numbers: HashMap::new(),
            statistics: Statistics::default(),
            samples: 0,
        }
    }

    /// It has been connected to: nothing that was known of an earlier life holds.
    pub fn introduce(&mut self, introduction: Introduction) {
        self.name = introduction.name.map(|name| printable(&name));
        self.statistics = Statistics::new(&introduction.schemas);
        self.samples = 0;
    }

    /// Its next sample.
    pub fn take(&mut self, sample: &Sample) {
        self.link = Link::Up;
        self.state = printable(&sample.state);
        if self.vcpus != sample.vcpus {
            self.vcpus.clone_from(&sample.vcpus);
            self.vcpu_numbers = sample.vcpus.iter().cloned().zip(0..).collect();
        }
        if let Some(schemas) = &sample.schemas {
            self.statistics.describe(schemas);
        }
        self.statistics.take(&sample.report);
        self.samples += 1;
    }

    /// It does not answer.
    pub fn lose(&mut self, reason: &str, retry: Duration) {
        let reason = printable(reason);
        // Where it is said, the address is said beside it.
        let reason = reason.strip_prefix(&format!("{}: ", self.address)).unwrap_or(&reason).to_owned();
        self.link = Link::Gone { reason, retry };
        self.statistics = Statistics::default();
        self.vcpus.clear();
        self.vcpu_numbers.clear();
        self.samples = 0;
    }

    /// How many samples were taken since it was connected to.
    pub fn samples(&self) -> u64 {
        self.samples
    }

    /// Its name, or else its address.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.address)
    }

    /// Where its server is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The state of machine and connection in a word.
    pub fn state(&self) -> &str {
        match self.link {
            Link::Connecting => "connecting",
            Link::Up => &self.state,
            Link::Gone { .. } => "gone",
        }
    }

    /// The paths of its vCPUs, in order.
    pub fn vcpus(&self) -> &[String] {
        &self.vcpus
    }

    /// Its objects of one sort.
    pub fn objects(&self, target: StatisticsTarget) -> impl Iterator<Item = &Object> {
        self.statistics.objects().iter().filter(move |object| object.subject.target == target)
    }

    /// What people call `subject`.
    pub fn label(&self, subject: &Subject) -> String {
        let path = subject.path.as_deref();
        let short = || path.map(short_path).or(subject.name.as_deref()).unwrap_or("?");
        let label = match (subject.target, subject.queue) {
            (StatisticsTarget::Machine, _) => "machine".to_owned(),
            (StatisticsTarget::Process, _) => "process".to_owned(),
            (StatisticsTarget::Vcpu, _) => match path.and_then(|path| self.vcpu_numbers.get(path)) {
                Some(number) => format!("vCPU {number}"),
                None => short().to_owned(),
            },
            (_, Some(queue)) => format!("{} queue {queue}", short()),
            _ => short().to_owned(),
        };
        printable(&label)
    }
}

/// A path without what all paths of devices, or all of those on a PCI bus, have in common.
fn short_path(path: &str) -> &str {
    let path = path.strip_suffix("/virtio-backend").unwrap_or(path);
    ["/machine/peripheral/", "/machine/"].iter().find_map(|prefix| path.strip_prefix(prefix)).unwrap_or(path)
}

/// A server's text without what would move a terminal's cursor.
fn printable(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '?' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use qapi_schema::statistics::StatisticsProvider;

    use super::*;

    #[test]
    fn labels_are_short_and_harmless() {
        let machine = Machine::new("unix:/run/\x1b[2Jqmp");
        assert_eq!(machine.title(), "unix:/run/?[2Jqmp");
        let label = |target, path: &str, queue| {
            let provider = StatisticsProvider::Virtio;
            machine.label(&Subject { target, provider, path: Some(path.to_owned()), queue, name: None })
        };
        assert_eq!(label(StatisticsTarget::Device, "/machine/peripheral/disk0", None), "disk0");
        let function = "/machine/peripheral/net0/virtio-backend";
        assert_eq!(label(StatisticsTarget::Queue, function, Some(1)), "net0 queue 1");
        assert_eq!(
            label(StatisticsTarget::Device, "/machine/peripheral-anon/device[0]", None),
            "peripheral-anon/device[0]"
        );
        assert_eq!(label(StatisticsTarget::Vcpu, "/elsewhere\n", None), "/elsewhere?");
    }
}
