//! The provider `kvm`: the statistics files of a virtual machine and of its vCPUs.

mod descriptor;
mod error;
mod source;
mod table;

use std::fs::File;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, PoisonError};

pub use error::KvmStatsError;
use source::StatisticsFile;
use table::Table;

use crate::Source;

/// Makes sources of the files that `KVM_GET_STATS_FD` returns. The kernel fills a read without stopping the vCPU, and
/// no lock here is one that a vCPU thread takes.
#[derive(Clone)]
pub struct Kvm(Arc<Tables>);

impl Kvm {
    /// `log` is told, in one line and once for each table, what the kernel counts that is not known here.
    pub fn new(log: fn(&str)) -> Self {
        Self(Arc::new(Tables { known: Mutex::default(), log }))
    }

    /// A source of the statistics file of a virtual machine or a vCPU. Its table is read when it is first needed.
    pub fn source(&self, statistics: OwnedFd) -> Arc<dyn Source> {
        Arc::new(StatisticsFile::new(File::from(statistics), Arc::clone(&self.0)))
    }
}

/// The tables that files were found to have. Those of vCPUs are the same, and are kept once.
struct Tables {
    known: Mutex<Vec<Arc<Table>>>,
    log: fn(&str),
}

impl Tables {
    /// The table that equals `table`, which may be new.
    fn share(&self, table: Table) -> Arc<Table> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.iter().find(|known| ***known == table) {
            return Arc::clone(known);
        }
        if let Some(line) = table.unknown() {
            (self.log)(&line);
        }
        let table = Arc::new(table);
        known.push(Arc::clone(&table));
        table
    }
}

#[cfg(test)]
#[path = "kvm/tests.rs"]
mod tests;
