//! Families of metrics: what was read object by object, seen statistic by statistic.

use std::collections::HashSet;
use std::sync::Arc;

use qapi_schema::statistics::StatisticsTarget;
use qapi_schema::stats::StatsType;

use super::text::Labels;
use crate::{Descriptor, Descriptors, View};

/// An object as it was read.
pub(super) struct Seen {
    pub(super) target: StatisticsTarget,
    labels: Labels,
    descriptors: Arc<Descriptors>,
    values: Vec<u64>,
}

impl Seen {
    pub(super) fn new(view: View<'_>, machine: Option<&str>) -> Self {
        Self {
            target: view.object.target,
            labels: Labels::of(view.object, machine),
            descriptors: Arc::clone(view.descriptors),
            values: view.values.to_vec(),
        }
    }
}

/// The families of objects of one sort. Objects may have tables of their own (a disk counts what a network card does
/// not know); statistics that mean the same are one family.
pub(super) struct Families<'a> {
    objects: Vec<(&'a Seen, usize)>,
    tables: Vec<Table<'a>>,
    descriptors: Vec<&'a Descriptor>,
    /// For each family, if it is a histogram, the one with its sums.
    sums: Vec<Option<usize>>,
}

/// What an object has for a family.
pub(super) struct Sample<'a> {
    pub(super) labels: &'a Labels,
    pub(super) values: &'a [u64],
    /// The sum of what a histogram has counted, if somebody keeps it.
    pub(super) sum: Option<u64>,
}

struct Table<'a> {
    table: &'a Arc<Descriptors>,
    /// For each family the place of its statistic in the table.
    places: Vec<Option<usize>>,
}

impl<'a> Families<'a> {
    pub(super) fn of(objects: &'a [Seen]) -> Self {
        let mut families =
            Self { objects: Vec::new(), tables: Vec::new(), descriptors: Vec::new(), sums: Vec::new() };
        let mut labels = HashSet::new();
        for object in objects {
            // A second object that cannot be told from the first would make both useless.
            if labels.insert(&object.labels) {
                let table = families.table(&object.descriptors);
                families.objects.push((object, table));
            }
        }
        let sum = |family: &&Descriptor| families.descriptors.iter().position(|other| is_sum(other, family));
        families.sums = families.descriptors.iter().map(sum).collect();
        families
    }

    /// The families that stand for themselves, with what their values mean.
    pub(super) fn all(&self) -> impl Iterator<Item = (usize, &'a Descriptor)> {
        let part = |family: &usize| self.sums.contains(&Some(*family));
        self.descriptors.iter().copied().enumerate().filter(move |(family, _)| !part(family))
    }

    /// What the objects have that have something for the family.
    pub(super) fn samples(&self, family: usize) -> impl Iterator<Item = Sample<'a>> {
        let sum = self.sums.get(family).copied().flatten();
        self.objects.iter().filter_map(move |(object, table)| {
            let table = self.tables.get(*table)?;
            let sum = sum.and_then(|sum| table.values(sum, object)?.first().copied());
            Some(Sample { labels: &object.labels, values: table.values(family, object)?, sum })
        })
    }

    /// The number of the table, whose statistics have their families then.
    fn table(&mut self, table: &'a Arc<Descriptors>) -> usize {
        if let Some(known) = self.tables.iter().position(|known| Arc::ptr_eq(known.table, table)) {
            return known;
        }
        let mut places = vec![None; self.descriptors.len()];
        for (place, descriptor) in table.as_slice().iter().enumerate() {
            // Two statistics of one object are two families, however alike they are.
            let free = |(family, same): &(usize, &&Descriptor)| {
                means_the_same(same, descriptor) && places.get(*family).is_some_and(Option::is_none)
            };
            let family = self.descriptors.iter().enumerate().find(free).map(|(family, _)| family);
            match family.and_then(|family| places.get_mut(family)) {
                Some(free) => *free = Some(place),
                None => {
                    self.descriptors.push(descriptor);
                    places.push(Some(place));
                }
            }
        }
        self.tables.push(Table { table, places });
        self.tables.len() - 1
    }
}

impl<'a> Table<'a> {
    /// The values that an object with this table has for the family.
    fn values(&self, family: usize, object: &'a Seen) -> Option<&'a [u64]> {
        let place = self.places.get(family).copied().flatten()?;
        object.values.get(object.descriptors.range(place))
    }
}

/// Whether the first has the sums of what the second, a histogram, has counted: it is called as that is, with `-sum`.
fn is_sum(sum: &Descriptor, histogram: &Descriptor) -> bool {
    let scale = |of: &Descriptor| (of.unit, of.base, of.exponent);
    matches!(histogram.kind, StatsType::LinearHistogram | StatsType::Log2Histogram)
        && (sum.kind, sum.length, scale(sum)) == (StatsType::Cumulative, 1, scale(histogram))
        && sum.name.strip_suffix("-sum") == Some(&*histogram.name)
}

/// The number of buckets may differ.
fn means_the_same(one: &Descriptor, other: &Descriptor) -> bool {
    let Descriptor { name, kind, unit, base, exponent, bucket_size, length: _, description: _ } = one;
    (name, kind, unit, base, exponent, bucket_size)
        == (&other.name, &other.kind, &other.unit, &other.base, &other.exponent, &other.bucket_size)
}
