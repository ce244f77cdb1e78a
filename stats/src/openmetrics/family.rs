//! Families of metrics: what was read object by object, seen statistic by statistic.

use std::sync::Arc;

use qapi_schema::statistics::StatisticsTarget;

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
}

struct Table<'a> {
    table: &'a Arc<Descriptors>,
    /// For each family the place of its statistic in the table.
    places: Vec<Option<usize>>,
}

impl<'a> Families<'a> {
    pub(super) fn of(objects: &'a [Seen]) -> Self {
        let mut families = Self { objects: Vec::new(), tables: Vec::new(), descriptors: Vec::new() };
        let mut labels = std::collections::HashSet::new();
        for object in objects {
            // A second object that cannot be told from the first would make both useless.
            if labels.insert(&object.labels) {
                let table = families.table(&object.descriptors);
                families.objects.push((object, table));
            }
        }
        families
    }

    /// The number of families.
    pub(super) fn len(&self) -> usize {
        self.descriptors.len()
    }

    /// What the values of the family mean.
    pub(super) fn descriptor(&self, family: usize) -> Option<&'a Descriptor> {
        self.descriptors.get(family).copied()
    }

    /// The objects that have the family's statistic, and its values.
    pub(super) fn samples(&self, family: usize) -> impl Iterator<Item = (&'a Labels, &'a [u64])> {
        self.objects.iter().filter_map(move |(object, table)| {
            let place = self.tables.get(*table)?.places.get(family).copied().flatten()?;
            Some((&object.labels, object.values.get(object.descriptors.range(place))?))
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

/// The number of buckets may differ.
fn means_the_same(one: &Descriptor, other: &Descriptor) -> bool {
    let Descriptor { name, kind, unit, base, exponent, bucket_size, length: _, description: _ } = one;
    (name, kind, unit, base, exponent, bucket_size)
        == (&other.name, &other.kind, &other.unit, &other.base, &other.exponent, &other.bucket_size)
}
