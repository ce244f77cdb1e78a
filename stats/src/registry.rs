//! The providers of a machine, and the two queries over them.

use std::sync::Arc;

use qapi_schema::runtime::Error;
use qapi_schema::stats::{
    StatsFilter, StatsFilterBranch, StatsProvider, StatsRequest, StatsResult, StatsSchema, StatsSchemaValue,
    StatsTarget,
};

use crate::Selection;

/// The most requests in one filter.
const MAX_REQUESTS: usize = 64;

/// A source of statistics. Everything is returned in its natural order: the first object first, and within an
/// object the order of its own description. [`Registry`] brings replies into the order of the wire.
pub trait Provider: Send + Sync {
    /// The name under which requests ask for it.
    fn name(&self) -> StatsProvider;

    /// The targets that it has statistics of, in the order in which they are described.
    fn targets(&self) -> &[StatsTarget];

    /// Describes the statistics of `target`; `None` while there is no object to read a description from.
    ///
    /// # Errors
    /// The description cannot be read.
    fn schema(&self, target: StatsTarget) -> Result<Option<Vec<StatsSchemaValue>>, Error>;

    /// The selected values of every selected object of `target`, one entry an object. Entries without a value
    /// are dropped by the caller.
    ///
    /// # Errors
    /// An object's values cannot be read; the whole query fails then.
    fn values(&self, target: StatsTarget, selection: &Selection<'_>) -> Result<Vec<StatsResult>, Error>;
}

/// The providers, in the order of their registration. Queries may run at the same time.
#[derive(Default)]
pub struct Registry {
    providers: Vec<Arc<dyn Provider>>,
}

impl Registry {
    /// A registry without providers: every query answers an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a provider behind the others.
    pub fn register(&mut self, provider: Arc<dyn Provider>) {
        self.providers.push(provider);
    }

    /// Answers `query-stats`. Without `providers` in the filter every provider is asked for everything;
    /// with it, each request for a provider is answered by results of its own.
    ///
    /// Clients know the reply backwards: the last result and the last statistic come first. The buckets of a
    /// histogram stay in their natural order.
    ///
    /// # Errors
    /// The filter has too many requests, or a provider's error; what others have answered is dropped.
    pub fn query_stats(&self, filter: &StatsFilter) -> Result<Vec<StatsResult>, Error> {
        check_number(filter.providers.as_deref())?;
        let target = filter.tag();
        let paths = match &filter.branch {
            StatsFilterBranch::Vcpu(vcpus) => vcpus.vcpus.as_deref(),
            StatsFilterBranch::Vm => None,
        };
        let mut results = Vec::new();
        for provider in self.providers.iter().filter(|provider| provider.targets().contains(&target)) {
            for names in requests_for(provider.name(), filter.providers.as_deref()) {
                results.extend(provider.values(target, &Selection::new(names, paths))?);
            }
        }
        results.retain(|result| !result.stats.is_empty());
        results.reverse();
        for result in &mut results {
            result.stats.reverse();
        }
        Ok(results)
    }

    /// Answers `query-stats-schemas`, for one provider or for all, in the same backward order.
    ///
    /// # Errors
    /// A description cannot be read.
    pub fn query_stats_schemas(&self, only: Option<StatsProvider>) -> Result<Vec<StatsSchema>, Error> {
        let mut schemas = Vec::new();
        for provider in &self.providers {
            let name = provider.name();
            if only.is_some_and(|only| only != name) {
                continue;
            }
            for &target in provider.targets() {
                if let Some(mut stats) = provider.schema(target)? {
                    stats.reverse();
                    schemas.push(StatsSchema { provider: name, target, stats });
                }
            }
        }
        schemas.reverse();
        Ok(schemas)
    }
}

/// The name filters of the requests that concern `provider`, in their order.
fn requests_for(provider: StatsProvider, requests: Option<&[StatsRequest]>) -> Vec<Option<&[String]>> {
    let Some(requests) = requests else { return vec![None] };
    let mine = requests.iter().filter(|request| request.provider == provider);
    mine.map(|request| request.names.as_deref()).collect()
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
#[path = "registry_tests.rs"]
mod tests;
