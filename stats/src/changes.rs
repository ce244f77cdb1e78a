//! What has changed since somebody looked last.

use std::collections::HashMap;

use qapi_schema::runtime::Error;
use qapi_schema::statistics::{StatisticsFilter, StatisticsObject};
use qapi_schema::stats::{Stats, StatsUnit, StatsValue};

use crate::{Object, Registry, Statistic, View};

/// What somebody who follows the statistics knows of them.
#[derive(Default)]
pub struct Changes {
    known: HashMap<u64, Known>,
    /// Counts the looks.
    look: u64,
}

struct Known {
    object: Object,
    values: Vec<u64>,
    /// In which look it was there last.
    look: u64,
}

impl Changes {
    /// Nothing is known yet: everything has changed.
    pub fn new() -> Self {
        Self::default()
    }

    /// What has changed of what `filter` wants, in the registry's order; an object that is gone comes last and without
    /// statistics. Objects that would make it more than `most_values` values are left out until there is room.
    ///
    /// If a source cannot be read, this ends with the objects before it; what comes behind it is told another time.
    pub fn take(
        &mut self,
        registry: &Registry,
        filter: &StatisticsFilter,
        most_values: usize,
    ) -> Vec<StatisticsObject> {
        self.look += 1;
        let mut changed = Vec::new();
        let mut room = most_values;
        let outcome = registry.visit(filter, |view| {
            if let Some(left) = room.checked_sub(value_count(view)) {
                room = left;
                changed.extend(self.compare(view));
            }
        });
        if outcome.is_ok() {
            let look = self.look;
            let gone = self.known.extract_if(|_, known| known.look != look);
            changed.extend(gone.map(|(_, known)| told(&known.object, Vec::new())));
        }
        changed
    }

    /// The object with what is new about it.
    fn compare(&mut self, view: View<'_>) -> Option<StatisticsObject> {
        let Some(known) = self.known.get_mut(&view.id) else {
            let known = Known { object: view.object.clone(), values: view.values.to_vec(), look: self.look };
            self.known.insert(view.id, known);
            return Some(told(view.object, view.statistics().map(stats).collect()));
        };
        known.look = self.look;
        let same = |each: &Statistic<'_>| {
            known.values.get(view.descriptors.range(each.index)).is_some_and(|values| values == each.values)
        };
        let changed: Vec<_> = view.statistics().filter(|each| !same(each)).map(stats).collect();
        known.values.clear();
        known.values.extend_from_slice(view.values);
        (!changed.is_empty()).then(|| told(view.object, changed))
    }
}

impl Registry {
    /// How many values `filter` wants of what there is now.
    ///
    /// # Errors
    /// A source's.
    pub fn count_values(&self, filter: &StatisticsFilter) -> Result<usize, Error> {
        let mut count = 0;
        self.visit(filter, |view| count += value_count(view))?;
        Ok(count)
    }
}

fn value_count(view: View<'_>) -> usize {
    view.statistics().map(|statistic| statistic.values.len()).sum()
}

fn told(object: &Object, statistics: Vec<Stats>) -> StatisticsObject {
    let Object { provider, target, path, queue, name } = object.clone();
    StatisticsObject { provider, target, path, queue, name, statistics }
}

fn stats(statistic: Statistic<'_>) -> Stats {
    let value = match statistic.values {
        values if statistic.descriptor.unit == Some(StatsUnit::Boolean) => {
            StatsValue::Boolean(values.first().is_some_and(|value| *value != 0))
        }
        &[value] => StatsValue::Scalar(value),
        values => StatsValue::List(values.to_vec()),
    };
    Stats { name: statistic.descriptor.name.clone().into_owned(), value }
}

#[cfg(test)]
#[path = "changes_tests.rs"]
mod tests;
