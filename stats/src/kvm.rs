//! The provider `kvm`: the statistics files of a virtual machine and of its vCPUs.

mod descriptor;
mod error;
mod source;
mod table;

use std::fs::File;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, MutexGuard, PoisonError};

use qapi_schema::runtime::Error;
use qapi_schema::stats::{Stats, StatsProvider, StatsResult, StatsSchemaValue, StatsTarget};

pub use error::KvmStatsError;
use source::Source;

use crate::{Provider, Selection};

/// Reads the files that `KVM_GET_STATS_FD` returns. The kernel fills a read without stopping the vCPU, and no
/// lock here is one that a vCPU thread takes.
pub struct Kvm {
    vm: Mutex<Source<File>>,
    vcpus: Mutex<Vec<Vcpu>>,
}

struct Vcpu {
    path: String,
    source: Source<File>,
}

impl Kvm {
    /// The statistics of the virtual machine whose statistics file is `vm`, without vCPUs as yet.
    pub fn new(vm: OwnedFd) -> Self {
        Self { vm: Mutex::new(Source::new(File::from(vm))), vcpus: Mutex::default() }
    }

    /// Adds the vCPU at the object path `path`, whose statistics file is `statistics`. vCPUs are reported in
    /// the order in which they were added; a vCPU that is already there under this path is replaced.
    pub fn add_vcpu(&self, path: impl Into<String>, statistics: OwnedFd) {
        let vcpu = Vcpu { path: path.into(), source: Source::new(File::from(statistics)) };
        let mut vcpus = lock(&self.vcpus);
        match vcpus.iter_mut().find(|known| known.path == vcpu.path) {
            Some(known) => *known = vcpu,
            None => vcpus.push(vcpu),
        }
    }

    /// Forgets the vCPU at `path`, if it is there.
    pub fn remove_vcpu(&self, path: &str) {
        lock(&self.vcpus).retain(|vcpu| vcpu.path != path);
    }
}

impl Provider for Kvm {
    fn name(&self) -> StatsProvider {
        StatsProvider::Kvm
    }

    fn targets(&self) -> &[StatsTarget] {
        &[StatsTarget::Vm, StatsTarget::Vcpu]
    }

    fn schema(&self, target: StatsTarget) -> Result<Option<Vec<StatsSchemaValue>>, Error> {
        let schema = match target {
            StatsTarget::Vm => Some(lock(&self.vm).schema()?),
            StatsTarget::Vcpu => {
                lock(&self.vcpus).first_mut().map(|vcpu| vcpu.source.schema()).transpose()?
            }
        };
        Ok(schema)
    }

    fn values(&self, target: StatsTarget, selection: &Selection<'_>) -> Result<Vec<StatsResult>, Error> {
        let results = match target {
            StatsTarget::Vm => vec![result(None, lock(&self.vm).values(selection)?)],
            StatsTarget::Vcpu => lock(&self.vcpus)
                .iter_mut()
                .filter(|vcpu| selection.wants_object(&vcpu.path))
                .map(|vcpu| Ok(result(Some(vcpu.path.clone()), vcpu.source.values(selection)?)))
                .collect::<Result<_, KvmStatsError>>()?,
        };
        Ok(results)
    }
}

fn result(qom_path: Option<String>, stats: Vec<Stats>) -> StatsResult {
    StatsResult { provider: StatsProvider::Kvm, qom_path, stats }
}

/// A reader that panicked has left nothing half-changed: a source is only a cache and a buffer.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[path = "kvm/tests.rs"]
mod tests;
