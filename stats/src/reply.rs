//! The replies to the queries of the monitors, written as the values are read.

use std::time::Duration;

use qapi_schema::runtime::{Error, Reply};
use qapi_schema::statistics::requests::QueryStatisticsSchemas;
use qapi_schema::statistics::{
    StatisticDescription, StatisticsFilter, StatisticsProvider, StatisticsSchema, StatisticsTarget,
};
use qapi_schema::stats::{
    StatsFilter, StatsFilterBranch, StatsProvider, StatsRequest, StatsSchema, StatsSchemaValue, StatsTarget,
    StatsUnit,
};
use rustix::time::{ClockId, clock_gettime};

use crate::descriptors::BETWEEN;
use crate::registry::read;
use crate::wanted::Paths;
use crate::{Descriptor, Descriptors, Object, Registry, Statistic, View};

/// The most requests in one filter of `query-stats`.
const MAX_REQUESTS: usize = 64;

/// Nanoseconds of the host's monotonic clock.
pub fn now() -> u64 {
    let time = Duration::try_from(clock_gettime(ClockId::Monotonic)).unwrap_or_default();
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl Registry {
    /// Writes the reply to `query-statistics`, a `StatisticsReport`: everything in its natural order.
    ///
    /// # Errors
    /// A source's; what has been written is to be dropped.
    pub fn write_statistics(&self, filter: &StatisticsFilter, reply: &mut Reply) -> Result<(), Error> {
        reply.write_raw("{\"time\": ");
        reply.write_number(now());
        reply.write_raw(", \"objects\": [");
        let mut separator = "";
        self.visit(filter, |view| {
            reply.write_raw(separator);
            separator = ", ";
            write_object(view, reply);
        })?;
        reply.write_raw("]}");
        Ok(())
    }

    /// Answers `query-statistics-schemas`.
    ///
    /// # Errors
    /// A table cannot be read.
    pub fn schemas(&self, arguments: &QueryStatisticsSchemas) -> Result<Vec<StatisticsSchema>, Error> {
        let mut schemas = Vec::new();
        self.visit_schemas(|provider, target, descriptors| {
            if wants(arguments.providers.as_deref(), provider) && wants(arguments.targets.as_deref(), target)
            {
                let statistics = descriptors.iter().copied().map(description).collect();
                schemas.push(StatisticsSchema { provider, target, statistics });
            }
        })?;
        Ok(schemas)
    }

    /// Writes the reply to `query-stats`, a list of `StatsResult`. Without `providers` in the filter every provider
    /// is asked for everything; with it, each request for a provider is answered by results of its own.
    ///
    /// Clients know the reply backwards: the last result and the last statistic come first. The buckets of a
    /// histogram stay in their natural order.
    ///
    /// # Errors
    /// The filter has too many requests, or a source's; what has been written is to be dropped.
    pub fn write_stats(&self, filter: &StatsFilter, reply: &mut Reply) -> Result<(), Error> {
        let requests = filter.providers.as_deref();
        check_number(requests)?;
        let target = own_target(filter.tag());
        let paths = match &filter.branch {
            StatsFilterBranch::Vcpu(vcpus) => Paths::new(vcpus.vcpus.as_deref()),
            StatsFilterBranch::Vm => Paths::new(None),
        };
        let entries = self.entries();
        let mut separator = "[";
        let mut answer = |provider: StatisticsProvider, names: Option<&[String]>| {
            let chosen = entries.iter().rev().filter(|entry| {
                let object = &entry.object;
                object.provider == provider && object.target == target && paths.has(object.path.as_deref())
            });
            read(chosen, names, |view| {
                reply.write_raw(separator);
                separator = ", ";
                write_result(view, reply);
            })
        };
        for &provider in StatsProvider::ALL.iter().rev() {
            match requests {
                None => answer(own_provider(provider), None)?,
                Some(requests) => {
                    for StatsRequest { names, .. } in
                        requests.iter().rev().filter(|each| each.provider == provider)
                    {
                        answer(own_provider(provider), names.as_deref())?;
                    }
                }
            }
        }
        reply.write_raw(if separator == "[" { "[]" } else { "]" });
        Ok(())
    }

    /// Answers `query-stats-schemas`, for one provider or for all, in the same backward order.
    ///
    /// # Errors
    /// A table cannot be read.
    pub fn stats_schemas(&self, only: Option<StatsProvider>) -> Result<Vec<StatsSchema>, Error> {
        let mut schemas = Vec::new();
        self.visit_schemas(|provider, target, descriptors| {
            let known = StatsProvider::ALL.iter().find(|known| own_provider(**known) == provider).copied();
            let target = StatsTarget::ALL.iter().find(|known| own_target(**known) == target).copied();
            if let (Some(provider), Some(target)) = (known, target)
                && only.is_none_or(|only| only == provider)
            {
                let stats = descriptors.iter().rev().copied().map(schema_value).collect();
                schemas.push(StatsSchema { provider, target, stats });
            }
        })?;
        schemas.reverse();
        Ok(schemas)
    }
}

fn wants<T: PartialEq>(list: Option<&[T]>, item: T) -> bool {
    list.is_none_or(|list| list.contains(&item))
}

/// Writes a `StatisticsObject`.
fn write_object(view: View<'_>, reply: &mut Reply) {
    let Object { provider, target, path, queue, name } = view.object;
    reply.write_raw("{\"provider\": \"");
    reply.write_raw(provider.as_str());
    reply.write_raw("\", \"target\": \"");
    reply.write_raw(target.as_str());
    reply.write_raw("\", ");
    write_text("\"path\": ", path.as_deref(), reply);
    if let Some(queue) = queue {
        reply.write_raw("\"queue\": ");
        reply.write_number((*queue).into());
        reply.write_raw(", ");
    }
    write_text("\"name\": ", name.as_deref(), reply);
    reply.write_raw("\"statistics\": ");
    write_list(view.statistics(), view.descriptors, reply);
    reply.write_raw("}");
}

/// Writes a `StatsResult`.
fn write_result(view: View<'_>, reply: &mut Reply) {
    reply.write_raw("{\"provider\": \"");
    reply.write_raw(view.object.provider.as_str());
    reply.write_raw("\", ");
    write_text("\"qom-path\": ", view.object.path.as_deref(), reply);
    reply.write_raw("\"stats\": ");
    write_list(view.statistics().rev(), view.descriptors, reply);
    reply.write_raw("}");
}

fn write_text(key: &str, text: Option<&str>, reply: &mut Reply) {
    if let Some(text) = text {
        reply.write_raw(key);
        // A text is always JSON.
        let _ = reply.write(text);
        reply.write_raw(", ");
    }
}

/// Writes a list of `Stats`, which is not empty.
fn write_list<'a>(
    mut statistics: impl Iterator<Item = Statistic<'a>>,
    descriptors: &Descriptors,
    reply: &mut Reply,
) {
    reply.write_raw("[");
    if let Some(first) = statistics.next() {
        let opening = descriptors.opening(first.index);
        reply.write_raw(opening.strip_prefix(BETWEEN).unwrap_or(opening));
        write_value(first, reply);
    }
    for statistic in statistics {
        reply.write_raw(descriptors.opening(statistic.index));
        write_value(statistic, reply);
    }
    reply.write_raw("}]");
}

/// Writes a `StatsValue`.
fn write_value(Statistic { descriptor, values, .. }: Statistic<'_>, reply: &mut Reply) {
    match values {
        _ if descriptor.unit == Some(StatsUnit::Boolean) => {
            let holds = values.first().is_some_and(|value| *value != 0);
            reply.write_raw(if holds { "true" } else { "false" });
        }
        [value] => reply.write_number(*value),
        [] => reply.write_raw("[]"),
        [first, rest @ ..] => {
            reply.write_raw("[");
            reply.write_number(*first);
            for value in rest {
                reply.write_raw(", ");
                reply.write_number(*value);
            }
            reply.write_raw("]");
        }
    }
}

fn description(descriptor: &Descriptor) -> StatisticDescription {
    StatisticDescription {
        name: descriptor.name.clone().into_owned(),
        type_: descriptor.kind,
        unit: descriptor.unit,
        base: descriptor.base,
        exponent: descriptor.exponent,
        bucket_size: descriptor.bucket_size,
        length: descriptor.length,
        description: descriptor.description.clone().map(Into::into),
    }
}

fn schema_value(descriptor: &Descriptor) -> StatsSchemaValue {
    StatsSchemaValue {
        name: descriptor.name.clone().into_owned(),
        type_: descriptor.kind,
        unit: descriptor.unit,
        base: descriptor.base,
        exponent: descriptor.exponent,
        bucket_size: descriptor.bucket_size,
    }
}

/// What the providers that QEMU knows are called here.
fn own_provider(provider: StatsProvider) -> StatisticsProvider {
    match provider {
        StatsProvider::Kvm => StatisticsProvider::Kvm,
    }
}

/// What the targets that QEMU knows are called here.
fn own_target(target: StatsTarget) -> StatisticsTarget {
    match target {
        StatsTarget::Vm => StatisticsTarget::Machine,
        StatsTarget::Vcpu => StatisticsTarget::Vcpu,
    }
}

/// Each request has an answer of its own, so that their number has to be bounded with the reply.
fn check_number(requests: Option<&[StatsRequest]>) -> Result<(), Error> {
    let number = requests.unwrap_or_default().len();
    if number <= MAX_REQUESTS {
        return Ok(());
    }
    Err(Error::generic(format!(
        "Parameter 'providers' has {number} requests, at most {MAX_REQUESTS} are accepted"
    )))
}

#[cfg(test)]
#[path = "reply_tests.rs"]
mod tests;
