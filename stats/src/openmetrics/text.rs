//! The lines of both formats.

use std::fmt::Write as _;

use qapi_schema::statistics::StatisticsTarget;
use qapi_schema::stats::{StatsType, StatsUnit};

use super::Format;
use super::bucket::largest;
use super::family::Sample;
use super::name::FamilyName;
use super::number::{Canonical, scaled};
use crate::{Descriptor, Object};

/// The text so far.
pub(super) struct Text {
    format: Format,
    text: String,
}

/// What tells the samples of a family apart, as it is written: `queue="0",device="…"`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Labels(String);

impl Labels {
    /// The label of the machine, if it has a name.
    pub(super) fn new(machine: Option<&str>) -> Self {
        let none = Self(String::new());
        match machine {
            Some(machine) => none.with("machine", machine),
            None => none,
        }
    }

    /// The labels of an object of this machine.
    pub(super) fn of(object: &Object, machine: Option<&str>) -> Self {
        let mut labels = Self::new(machine);
        if let Some(path) = &object.path {
            let label = match object.target {
                StatisticsTarget::Vcpu => "vcpu",
                StatisticsTarget::Device | StatisticsTarget::Queue => "device",
                _ => "path",
            };
            labels = labels.with(label, path);
        }
        if let Some(queue) = object.queue {
            labels = labels.with("queue", &queue.to_string());
        }
        match (&object.name, object.target) {
            (Some(name), StatisticsTarget::Monitor) => labels.with("monitor", name),
            (Some(name), _) => labels.with("name", name),
            (None, _) => labels,
        }
    }

    /// One label more.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        let _ = write!(self.0, "{name}=\"");
        escape(value, true, &mut self.0);
        self.0.push('"');
        self
    }
}

impl Text {
    pub(super) fn new(format: Format) -> Self {
        Self { format, text: String::new() }
    }

    /// The lines before the samples of a family.
    pub(super) fn family(&mut self, name: &FamilyName, kind: StatsType, help: &str) {
        let type_name = match kind {
            StatsType::Cumulative => "counter",
            StatsType::Instant | StatsType::Peak => "gauge",
            StatsType::LinearHistogram | StatsType::Log2Histogram => "histogram",
        };
        let FamilyName { name, unit } = name;
        // The older format has no families: its counters are called like their samples.
        let suffix = if self.format == Format::Text && type_name == "counter" { "_total" } else { "" };
        let _ = writeln!(self.text, "# TYPE {name}{suffix} {type_name}");
        if let (Format::OpenMetrics, Some(unit)) = (self.format, unit) {
            let _ = writeln!(self.text, "# UNIT {name} {unit}");
        }
        let _ = write!(self.text, "# HELP {name}{suffix} ");
        escape(help, self.format == Format::OpenMetrics, &mut self.text);
        self.text.push('\n');
    }

    /// The samples of one object.
    pub(super) fn samples(&mut self, name: &FamilyName, descriptor: &Descriptor, sample: &Sample<'_>) {
        let name = &name.name;
        let suffix = if descriptor.kind == StatsType::Cumulative { "_total" } else { "" };
        match (descriptor.kind, sample.values) {
            (_, []) => {}
            (StatsType::LinearHistogram | StatsType::Log2Histogram, buckets) => {
                self.histogram(name, descriptor, sample.labels, buckets, sample.sum);
            }
            (_, [value]) => {
                self.sample_name(name, suffix, sample.labels, None);
                self.value(descriptor, *value);
            }
            (_, values) => {
                for (index, value) in values.iter().enumerate() {
                    self.sample_name(name, suffix, sample.labels, Some(("index", &index.to_string())));
                    self.value(descriptor, *value);
                }
            }
        }
    }

    /// The text, complete.
    pub(super) fn finish(mut self) -> String {
        if self.format == Format::OpenMetrics {
            self.text.push_str("# EOF\n");
        }
        self.text
    }

    /// The buckets, and the sum of what they have counted, where somebody keeps it. Without it OpenMetrics forbids the
    /// count, which is that of the last bucket anyway; the older format wants it.
    fn histogram(
        &mut self,
        name: &str,
        descriptor: &Descriptor,
        labels: &Labels,
        buckets: &[u64],
        sum: Option<u64>,
    ) {
        let mut count = 0u64;
        let mut limit = -1.0;
        let bounded = buckets.len().saturating_sub(1);
        for (index, bucket) in buckets.iter().enumerate() {
            count = count.saturating_add(*bucket);
            let Some(largest) = largest(descriptor, index).filter(|_| index < bounded) else { continue };
            let end = scaled(largest, descriptor);
            // Limits must grow, whatever the scale makes of them.
            if end > limit && end.is_finite() {
                limit = end;
                self.sample_name(name, "_bucket", labels, Some(("le", &Canonical(end).to_string())));
                let _ = writeln!(self.text, "{count}");
            }
        }
        self.sample_name(name, "_bucket", labels, Some(("le", "+Inf")));
        let _ = writeln!(self.text, "{count}");
        if sum.is_some() || self.format == Format::Text {
            self.sample_name(name, "_count", labels, None);
            let _ = writeln!(self.text, "{count}");
        }
        if let Some(sum) = sum {
            self.sample_name(name, "_sum", labels, None);
            self.value(descriptor, sum);
        }
    }

    /// A value in its unit, and the end of the line.
    fn value(&mut self, descriptor: &Descriptor, value: u64) {
        let _ = match (descriptor.unit, descriptor.exponent) {
            (Some(StatsUnit::Boolean), _) => writeln!(self.text, "{}", u64::from(value != 0)),
            (_, 0) => writeln!(self.text, "{value}"),
            _ => writeln!(self.text, "{}", Canonical(scaled(value, descriptor))),
        };
    }

    /// Everything of a sample's line before the value.
    fn sample_name(&mut self, name: &str, suffix: &str, labels: &Labels, label: Option<(&str, &str)>) {
        let text = &mut self.text;
        let _ = write!(text, "{name}{suffix}");
        let Labels(labels) = labels;
        let _ = match (label, labels.as_str()) {
            (None, "") => Ok(()),
            (None, labels) => write!(text, "{{{labels}}}"),
            (Some((name, value)), "") => write!(text, "{{{name}=\"{value}\"}}"),
            (Some((name, value)), labels) => write!(text, "{{{labels},{name}=\"{value}\"}}"),
        };
        text.push(' ');
    }
}

/// Writes text so that it stays on its line and between its quotes. Control characters mean nothing to people, and
/// NUL ends the text for some readers.
fn escape(value: &str, quotes: bool, text: &mut String) {
    for character in value.chars() {
        match character {
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '"' if quotes => text.push_str("\\\""),
            control if control.is_control() => text.push(char::REPLACEMENT_CHARACTER),
            other => text.push(other),
        }
    }
}
