//! One statistics file: its table, read once, and a buffer for its data, used again for every query.

use std::os::unix::fs::FileExt;

use qapi_schema::stats::{Stats, StatsSchemaValue};

use super::descriptor::Descriptor;
use super::error::{KvmStatsError, Part};
use super::table::{Table, read_part};
use crate::Selection;

/// A statistics file of a virtual machine or a vCPU.
#[derive(Debug)]
pub(super) struct Source<F> {
    file: F,
    table: Option<Table>,
    data: Vec<u8>,
}

impl<F: FileExt> Source<F> {
    /// A source over `file`; nothing is read yet.
    pub(super) fn new(file: F) -> Self {
        Self { file, table: None, data: Vec::new() }
    }

    /// What the file has, in its order.
    pub(super) fn schema(&mut self) -> Result<Vec<StatsSchemaValue>, KvmStatsError> {
        let table = table(&self.file, &mut self.table)?;
        Ok(table.descriptors.iter().map(|descriptor| descriptor.schema.clone()).collect())
    }

    /// The selected values, in the file's order; the data is not read when nothing is selected.
    pub(super) fn values(&mut self, selection: &Selection<'_>) -> Result<Vec<Stats>, KvmStatsError> {
        let table = table(&self.file, &mut self.table)?;
        let mut wanted =
            table.descriptors.iter().filter(|descriptor| selection.wants(&descriptor.schema.name)).peekable();
        if wanted.peek().is_none() {
            return Ok(Vec::new());
        }
        self.data.resize(table.data_length, 0);
        read_part(&self.file, &mut self.data, table.data_offset, Part::Data)?;
        let data = &self.data;
        let stat = |descriptor: &Descriptor| Stats {
            name: descriptor.schema.name.clone(),
            value: descriptor.value(data),
        };
        Ok(wanted.map(stat).collect())
    }
}

/// The table, read if that has not succeeded yet.
fn table<'a>(file: &impl FileExt, table: &'a mut Option<Table>) -> Result<&'a Table, KvmStatsError> {
    match table {
        Some(table) => Ok(table),
        None => Ok(table.insert(Table::read(file)?)),
    }
}
