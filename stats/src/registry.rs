//! Everything that has statistics.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use qapi_schema::runtime::Error;
use qapi_schema::statistics::{StatisticsFilter, StatisticsProvider, StatisticsTarget};

use crate::scratch;
use crate::wanted::{Paths, choose};
use crate::{Descriptor, Descriptors, Object, Source, View};

/// Everything that has statistics: by provider, within it by target, within that in the order in which it was added.
/// Clones are the same registry.
#[derive(Clone, Default)]
pub struct Registry(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// Replaced as a whole, so that a query works on what there was when it began.
    entries: Mutex<Arc<Vec<Entry>>>,
    next_id: AtomicU64,
}

#[derive(Clone)]
pub(crate) struct Entry {
    id: u64,
    pub(crate) object: Arc<Object>,
    source: Arc<dyn Source>,
}

impl Entry {
    fn key(&self) -> (StatisticsProvider, StatisticsTarget) {
        (self.object.provider, self.object.target)
    }
}

/// Keeps an object in the registry: dropping it takes the object out.
#[must_use = "dropping it takes the object out of the registry"]
pub struct Registration {
    /// None if it is never to be taken out.
    registry: Option<Registry>,
    id: u64,
}

impl Registration {
    /// Leaves the object in the registry for good.
    pub fn keep(mut self) {
        self.registry = None;
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        if let Some(registry) = &self.registry {
            Arc::make_mut(&mut registry.lock()).retain(|entry| entry.id != self.id);
        }
    }
}

impl Registry {
    /// A registry of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an object behind the others of its sort, with what counts for it. Queries that run already do not see it.
    /// Adding and taking out are for the threads that put the machine together and serve monitors; a queue's or
    /// vCPU's thread only counts.
    pub fn add(&self, object: Object, source: Arc<dyn Source>) -> Registration {
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        let entry = Entry { id, object: Arc::new(object), source };
        let mut entries = self.lock();
        let entries = Arc::make_mut(&mut entries);
        let place = entries.partition_point(|other| other.key() <= entry.key());
        entries.insert(place, entry);
        Registration { registry: Some(self.clone()), id }
    }

    /// Reads what `filter` wants and shows it to `visitor`, object by object. An object is read only if something of
    /// it is wanted, and then once.
    ///
    /// # Errors
    /// A source's; the visitor has seen the objects before it.
    pub fn visit(&self, filter: &StatisticsFilter, visitor: impl FnMut(View<'_>)) -> Result<(), Error> {
        let paths = Paths::new(filter.paths.as_deref());
        let entries = self.entries();
        let chosen = entries.iter().filter(|entry| {
            let Object { provider, target, path, .. } = &*entry.object;
            filter.providers.as_ref().is_none_or(|providers| providers.contains(provider))
                && filter.targets.as_ref().is_none_or(|targets| targets.contains(target))
                && paths.has(path.as_deref())
        });
        read(chosen, filter.names.as_deref(), visitor)
    }

    /// Shows what the statistics of each sort of object mean of which there is one: those of the first, and behind them
    /// those that only others have.
    ///
    /// # Errors
    /// A table cannot be read.
    pub fn visit_schemas(
        &self,
        mut visitor: impl FnMut(StatisticsProvider, StatisticsTarget, &[&Descriptor]),
    ) -> Result<(), Error> {
        for sort in self.entries().chunk_by(|one, other| one.key() == other.key()) {
            let mut tables: Vec<&Arc<Descriptors>> = Vec::new();
            let mut meanings: Vec<&Descriptor> = Vec::new();
            for entry in sort {
                let table = entry.source.descriptors()?;
                if tables.iter().any(|known| Arc::ptr_eq(known, table)) {
                    continue;
                }
                tables.push(table);
                let is_new = |new: &&Descriptor| meanings.iter().all(|known| known.name != new.name);
                let new: Vec<_> = table.as_slice().iter().filter(is_new).collect();
                meanings.extend(new);
            }
            if let Some(first) = sort.first() {
                visitor(first.object.provider, first.object.target, &meanings);
            }
        }
        Ok(())
    }

    /// What there is now.
    pub(crate) fn entries(&self) -> Arc<Vec<Entry>> {
        Arc::clone(&self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Vec<Entry>>> {
        self.0.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads these objects and shows those of which something is wanted.
pub(crate) fn read<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    names: Option<&[String]>,
    mut visitor: impl FnMut(View<'_>),
) -> Result<(), Error> {
    scratch::with(|scratch| {
        let mut resolved: Option<&Arc<Descriptors>> = None;
        for Entry { id, object, source } in entries {
            let descriptors = source.descriptors()?;
            if resolved.is_none_or(|resolved| !Arc::ptr_eq(resolved, descriptors)) {
                choose(names, descriptors, scratch);
                resolved = Some(descriptors);
            }
            if scratch.wanted.is_empty() {
                continue;
            }
            scratch.values.resize(descriptors.value_count(), 0);
            source.read(&mut scratch.values)?;
            let (values, wanted) = (scratch.values.as_slice(), scratch.wanted.as_slice());
            visitor(View { id: *id, object, descriptors, values, wanted });
        }
        Ok(())
    })
}

#[cfg(test)]
#[path = "registry_tests.rs"]
mod tests;
