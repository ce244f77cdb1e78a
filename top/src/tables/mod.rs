//! The tables: what is known of the machines, as text, the busiest first. They know nothing of terminals.

mod cell;
mod devices;
mod machines;
mod merge;
mod statistics;
mod vcpus;

use std::cmp::Ordering;

pub(crate) use devices::devices;
pub(crate) use machines::machines;
pub(crate) use statistics::statistics;
pub(crate) use vcpus::vcpus;

use crate::filter::Filter;
use crate::table::Row;

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// What moves fastest.
    #[default]
    Rate,
    /// What has moved most.
    Total,
    /// The first in the alphabet; objects in the machine's order.
    Name,
}

impl Sort {
    /// All, in the order in which a key goes through them.
    pub const ALL: [Self; 3] = [Self::Rate, Self::Total, Self::Name];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Total => "total",
            Self::Name => "name",
        }
    }

    /// The one after it.
    pub const fn next(self) -> Self {
        match self {
            Self::Rate => Self::Total,
            Self::Total => Self::Name,
            Self::Name => Self::Rate,
        }
    }
}

/// What is shown of what there is.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What comes first.
    pub sort: Sort,
    /// Which statistics.
    pub filter: Filter,
    /// Statistics that have never moved, too.
    pub idle: bool,
    /// Each object for itself instead of the sum over all of a sort.
    pub each: bool,
}

/// How much something has to do: what rows are sorted by.
#[derive(Clone, Copy, Debug, Default)]
struct Activity {
    rate: f64,
    total: f64,
}

impl Sort {
    /// Whether `left` comes before `right`; by name, they stay as they are.
    fn compare(self, left: Activity, right: Activity) -> Ordering {
        match self {
            Self::Rate => right.rate.total_cmp(&left.rate).then(right.total.total_cmp(&left.total)),
            Self::Total => right.total.total_cmp(&left.total),
            Self::Name => Ordering::Equal,
        }
    }
}

/// A row of an object, with the rows that belong to it.
struct Group {
    activity: Activity,
    rows: Vec<Row>,
}

/// The rows of `groups` in the order that `sort` wants.
fn sorted(mut groups: Vec<Group>, sort: Sort) -> Vec<Row> {
    groups.sort_by(|left, right| sort.compare(left.activity, right.activity));
    groups.into_iter().flat_map(|group| group.rows).collect()
}
