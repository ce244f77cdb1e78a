//! The table of what an object's statistics mean.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use qapi_schema::runtime::{Reply, Style};

use crate::Descriptor;

/// What ends one statistic of a reply before the next begins.
pub(crate) const BETWEEN: &str = "}, ";

/// The statistics of a sort of object, in order, with what reading and writing them again and again needs. Two
/// objects with the same table share it, so that its address tells whether something learned about it still holds.
#[derive(Debug, PartialEq, Eq)]
pub struct Descriptors {
    descriptors: Vec<Descriptor>,
    /// Where the values of each begin among those of an object, and behind the last one their number.
    starts: Vec<usize>,
    /// `}, {"name": NAME, "value": ` of each.
    openings: Vec<String>,
    /// The places of the statistics by name.
    by_name: HashMap<Cow<'static, str>, Vec<usize>>,
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
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for (index, descriptor) in descriptors.iter().enumerate() {
            by_name.entry(descriptor.name.clone()).or_default().push(index);
        }
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

    /// Places of the statistics called `name`.
    pub(crate) fn called(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The text of a reply between the value of another statistic and that of the statistic `index`.
    pub(crate) fn opening(&self, index: usize) -> &str {
        self.openings.get(index).map_or("", String::as_str)
    }
}

fn opening(descriptor: &Descriptor) -> String {
    let mut json = Reply::new(Style::Line);
    json.write_raw(BETWEEN);
    json.write_raw("{\"name\": ");
    // A text is always JSON.
    let _ = json.write(&*descriptor.name);
    json.write_raw(", \"value\": ");
    String::from_utf8(json.into_bytes()).unwrap_or_default()
}
