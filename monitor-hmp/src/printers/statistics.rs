//! `info statistics`: one block an object, one line a statistic. What is zero is only counted, unless it was asked for
//! by name.

use std::fmt::{self, Display};

use qapi_schema::statistics::{
    StatisticDescription, StatisticsObject, StatisticsProvider, StatisticsSchema, StatisticsTarget,
};
use qapi_schema::stats::{Stats, StatsType, StatsValue};

use super::buckets::Buckets;
use super::quantity::Quantity;

/// The name of the statistic that holds the exact sum of what is in the histogram called `name`.
pub(crate) fn sum_of(name: &str) -> String {
    format!("{name}-sum")
}

/// The statistics of `objects` with what `schemas` say about them. With `names`, no others are shown.
pub(crate) fn objects(
    objects: &[StatisticsObject],
    schemas: &[StatisticsSchema],
    names: Option<&[String]>,
) -> impl Display {
    fmt::from_fn(move |f| {
        if objects.is_empty() {
            return writeln!(f, "No statistics");
        }
        for object in objects {
            let meanings = schemas
                .iter()
                .find(|schema| schema.provider == object.provider && schema.target == object.target)
                .map(|schema| schema.statistics.as_slice());
            one_object(f, object, meanings.unwrap_or_default(), names)?;
        }
        Ok(())
    })
}

fn one_object(
    f: &mut fmt::Formatter<'_>,
    object: &StatisticsObject,
    meanings: &[StatisticDescription],
    names: Option<&[String]>,
) -> fmt::Result {
    writeln!(f, "{}", heading(object))?;
    let mut zeros = 0;
    for statistic in &object.statistics {
        if names.is_some_and(|names| !names.contains(&statistic.name))
            || is_shown_with_histogram(statistic, object)
        {
            continue;
        }
        if names.is_none() && is_zero(&statistic.value) {
            zeros += 1;
            continue;
        }
        let meaning = meanings.iter().find(|meaning| meaning.name == statistic.name);
        writeln!(f, "  {:<28} {}", statistic.name, value(statistic, object, meaning))?;
    }
    if zeros > 0 {
        writeln!(f, "  ({zeros} more are zero)")?;
    }
    Ok(())
}

/// What the object is, and who counts if that does not go without saying.
fn heading(object: &StatisticsObject) -> String {
    let mut text = object.target.as_str().to_owned();
    if let Some(queue) = object.queue {
        text += &format!(" {queue} of");
    }
    for name in [&object.path, &object.name].into_iter().flatten() {
        text += &format!(" {name}");
    }
    let by_kernel = object.provider == StatisticsProvider::Kvm;
    let twofold = matches!(object.target, StatisticsTarget::Machine | StatisticsTarget::Vcpu);
    if by_kernel || twofold {
        text += if by_kernel { " (counted by the kernel)" } else { " (counted by the program)" };
    }
    text
}

/// Sums are shown as means, beside their histograms.
fn is_shown_with_histogram(statistic: &Stats, object: &StatisticsObject) -> bool {
    let mut others = object.statistics.iter().map(|other| &other.name);
    statistic.name.strip_suffix("-sum").is_some_and(|name| others.any(|other| other == name))
}

fn is_zero(value: &StatsValue) -> bool {
    match value {
        StatsValue::Scalar(number) => *number == 0,
        StatsValue::Boolean(holds) => !holds,
        StatsValue::List(values) => values.iter().all(|value| *value == 0),
    }
}

fn value(statistic: &Stats, object: &StatisticsObject, meaning: Option<&StatisticDescription>) -> String {
    let quantity = meaning.map(Quantity::of).unwrap_or_default();
    match &statistic.value {
        StatsValue::Boolean(holds) => (if *holds { "yes" } else { "no" }).to_owned(),
        StatsValue::Scalar(number) => quantity.text(*number),
        StatsValue::List(counts) => {
            let sum = object.statistics.iter().find(|other| other.name == sum_of(&statistic.name));
            let sum = sum.and_then(|sum| match sum.value {
                StatsValue::Scalar(sum) => Some(sum),
                _ => None,
            });
            let width = match meaning {
                Some(StatisticDescription { type_: StatsType::LinearHistogram, bucket_size, .. }) => {
                    *bucket_size
                }
                _ => None,
            };
            Buckets { counts, width, sum, quantity }.text()
        }
    }
}
