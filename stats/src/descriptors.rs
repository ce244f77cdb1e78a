//! The table of what an object's statistics mean.

use std::ops::Range;
use std::sync::Arc;

use qapi_schema::runtime::{Reply, Style};

use crate::Descriptor;

/// The statistics of a sort of object, in order, with what reading and writing them again and again needs. Two
/// objects with the same table share it, so that its address tells whether something learned about it still holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Descriptors {
    descriptors: Vec<Descriptor>,
    /// Where the values of each begin among those of an object, and behind the last one their number.
    starts: Vec<usize>,
    /// `{"name": NAME, "value": ` of each.
    openings: Vec<String>,
    /// The statistics by name.
    by_name: Vec<usize>,
}

impl Descriptors {
    /// The table of these statistics.
    pub fn new(descriptors: impl IntoIterator<Item = Descriptor>) -> Arc<Self> {
        let descriptors: Vec<_> = descriptors.into_iter().collect();
        let mut starts = vec![0];
        let mut end = 0;
        for descriptor in &descriptors {
            end += usize::from(descriptor.length);
            starts.push(end);
        }
        let openings = descriptors.iter().map(opening).collect();
        let mut by_name: Vec<_> = (0..descriptors.len()).collect();
        by_name.sort_by_key(|&index| descriptors.get(index).map(|descriptor| &descriptor.name));
        Arc::new(Self { descriptors, starts, openings, by_name })
    }

    /// The statistics in order.
    pub fn as_slice(&self) -> &[Descriptor] {
        &self.descriptors
    }

    /// How many values all statistics have together.
    pub fn value_count(&self) -> usize {
        self.starts.last().copied().unwrap_or_default()
    }

    /// Where the values of the statistic `index` lie among those of an object; empty for one that there is not.
    pub fn range(&self, index: usize) -> Range<usize> {
        match self.starts.get(index..) {
            Some(&[start, end, ..]) => start..end,
            _ => 0..0,
        }
    }

    /// Numbers of the statistics called `name`.
    pub(crate) fn called<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        let name_of = |index: &usize| self.descriptors.get(*index).map(|descriptor| &*descriptor.name);
        let first = self.by_name.partition_point(|index| name_of(index) < Some(name));
        let rest = self.by_name.get(first..).unwrap_or_default();
        rest.iter().take_while(move |index| name_of(index) == Some(name)).copied()
    }

    /// How the statistic `index` begins in a reply.
    pub(crate) fn opening(&self, index: usize) -> &str {
        self.openings.get(index).map_or("", String::as_str)
    }
}

fn opening(descriptor: &Descriptor) -> String {
    let mut json = Reply::new(Style::Line);
    json.write_raw("{\"name\": ");
    // A text is always JSON.
    let _ = json.write(&*descriptor.name);
    json.write_raw(", \"value\": ");
    String::from_utf8(json.into_bytes()).unwrap_or_default()
}
