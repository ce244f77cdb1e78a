//! One statistics file as a source.

use std::cell::Cell;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, OnceLock};

use qapi_schema::runtime::Error;

use super::Tables;
use super::error::{KvmStatsError, Part};
use super::table::{Table, read_part};
use crate::{Descriptors, Source};

thread_local! {
    /// The data of a file, as the kernel hands it out.
    static DATA: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A statistics file of a virtual machine or a vCPU.
pub(super) struct StatisticsFile<F> {
    file: F,
    tables: Arc<Tables>,
    table: OnceLock<Arc<Table>>,
}

impl<F: FileExt> StatisticsFile<F> {
    /// A source over `file`; nothing is read yet.
    pub(super) fn new(file: F, tables: Arc<Tables>) -> Self {
        Self { file, tables, table: OnceLock::new() }
    }

    /// The table, read if that has not succeeded yet.
    fn table(&self) -> Result<&Arc<Table>, KvmStatsError> {
        if let Some(table) = self.table.get() {
            return Ok(table);
        }
        let table = self.tables.share(Table::read(&self.file)?);
        Ok(self.table.get_or_init(|| table))
    }

    fn read_values(&self, values: &mut [u64]) -> Result<(), KvmStatsError> {
        let table = self.table()?;
        let mut data = DATA.take();
        data.resize(table.data_length, 0);
        let read = read_part(&self.file, &mut data, table.data_offset, Part::Data);
        if read.is_ok() {
            table.values(&data, values);
        }
        DATA.set(data);
        read
    }
}

impl<F: FileExt + Send + Sync> Source for StatisticsFile<F> {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&self.table()?.descriptors)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        Ok(self.read_values(values)?)
    }
}
