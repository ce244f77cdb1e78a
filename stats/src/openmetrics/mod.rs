//! The statistics as text for Prometheus and whatever else reads OpenMetrics.
//!
//! [`write()`] is a pure function of a registry: names, units, types and help come from the descriptors (`name`), each
//! sort of statistic becomes a metric family with a sample an object (`family`), and `text` prints both formats. A
//! statistic that is called as a histogram is, with `-sum` behind it, is that histogram's sum.
//! Read [`Format`] first, then `family`.
//!
//! The formats are those of <https://github.com/prometheus/OpenMetrics> 1.0 and of Prometheus' documentation of
//! its exposition formats, 0.0.4.

mod bucket;
mod family;
mod name;
mod number;
mod text;

use qapi_schema::statistics::{StatisticsFilter, StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::StatsType;

use crate::{Descriptor, Registry};
use family::{Families, Sample, Seen};
use name::Names;
use text::{Labels, Text};

/// The two forms of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// The text that Prometheus had before, 0.0.4: for those that do not ask for OpenMetrics.
    Text,
}

impl Format {
    /// What HTTP calls it.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
        }
    }
}

/// Everything that `registry` has, of the machine called `machine`. A source that cannot be read takes only its
/// provider's further objects with it, and the sample of that provider in `ringscope_provider_up` is 0.
pub fn write(registry: &Registry, machine: Option<&str>, format: Format) -> String {
    let mut text = Text::new(format);
    let mut names = Names::default();
    let mut providers = Vec::new();
    for &provider in StatisticsProvider::ALL {
        let (seen, up) = read(registry, provider, machine);
        if !seen.is_empty() || !up {
            providers.push((provider, up));
        }
        for sort in seen.chunk_by(|one, other| one.target == other.target) {
            if let Some(first) = sort.first() {
                write_sort(provider, first.target, sort, &mut names, &mut text);
            }
        }
    }
    write_providers(&providers, machine, &mut names, &mut text);
    text.finish()
}

/// The objects of a provider, and whether all of them could be read.
fn read(registry: &Registry, provider: StatisticsProvider, machine: Option<&str>) -> (Vec<Seen>, bool) {
    let filter =
        StatisticsFilter { targets: None, providers: Some(vec![provider]), paths: None, names: None };
    let mut seen = Vec::new();
    let outcome = registry.visit(&filter, |view| seen.push(Seen::new(view, machine)));
    (seen, outcome.is_ok())
}

fn write_sort(
    provider: StatisticsProvider,
    target: StatisticsTarget,
    objects: &[Seen],
    names: &mut Names,
    text: &mut Text,
) {
    let families = Families::of(objects);
    for (number, descriptor) in families.all() {
        let name = names.claim(provider.as_str(), target.as_str(), descriptor);
        text.family(&name, descriptor.kind, &help(provider, target, descriptor));
        for sample in families.samples(number) {
            text.samples(&name, descriptor, &sample);
        }
    }
}

/// Leads back to the statistic's name in other interfaces, which the metric's name may not be able to hold.
fn help(provider: StatisticsProvider, target: StatisticsTarget, descriptor: &Descriptor) -> String {
    let origin =
        format!("{} statistic {} of provider {}", target.as_str(), descriptor.name, provider.as_str());
    match &descriptor.description {
        Some(description) => format!("{description} ({origin})"),
        None => origin,
    }
}

fn write_providers(
    providers: &[(StatisticsProvider, bool)],
    machine: Option<&str>,
    names: &mut Names,
    text: &mut Text,
) {
    let descriptor = Descriptor::instant("up", "Whether all statistics of the provider could be read");
    let name = names.claim("provider", "provider", &descriptor);
    text.family(&name, StatsType::Instant, descriptor.description.as_deref().unwrap_or_default());
    for (provider, up) in providers {
        let labels = Labels::new(machine).with("provider", provider.as_str());
        text.samples(&name, &descriptor, &Sample { labels: &labels, values: &[u64::from(*up)], sum: None });
    }
}

#[cfg(test)]
mod tests;
