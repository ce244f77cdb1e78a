//! `info stats`.

use std::fmt::{self, Display};

use qapi_schema::stats::{
    Stats, StatsResult, StatsSchema, StatsSchemaValue, StatsTarget, StatsType, StatsUnit, StatsValue,
};

/// The statistics in `results` with what `schemas` say about them; the provider stands above unless it was asked for.
pub(crate) fn results(
    results: &[StatsResult],
    target: StatsTarget,
    schemas: &[StatsSchema],
    with_provider: bool,
) -> impl Display {
    fmt::from_fn(move |f| {
        for result in results {
            if with_provider {
                writeln!(f, "provider: {}", result.provider)?;
            }
            let schema =
                schemas.iter().find(|schema| schema.provider == result.provider && schema.target == target);
            let Some(schema) = schema else {
                writeln!(f, "failed to find schema list for {}", result.provider)?;
                continue;
            };
            for statistic in &result.stats {
                match schema.stats.iter().find(|meaning| meaning.name == statistic.name) {
                    Some(meaning) => writeln!(f, "    {}", one(statistic, meaning))?,
                    None => writeln!(f, "failed to find schema entry for {}", statistic.name)?,
                }
            }
        }
        Ok(())
    })
}

/// `NAME (TYPE, UNIT, bucket size=N): VALUE`
fn one(statistic: &Stats, meaning: &StatsSchemaValue) -> impl Display {
    fmt::from_fn(move |f| {
        write!(f, "{} ({}", statistic.name, meaning.type_)?;
        if meaning.unit.is_some() || meaning.exponent != 0 {
            write!(f, ", {}", unit(meaning))?;
        }
        if let (StatsType::LinearHistogram, Some(size)) = (meaning.type_, meaning.bucket_size) {
            write!(f, ", bucket size={size}")?;
        }
        write!(f, "): ")?;
        match &statistic.value {
            StatsValue::Scalar(number) => write!(f, "{number}"),
            StatsValue::Boolean(holds) => write!(f, "{}", if *holds { "yes" } else { "no" }),
            StatsValue::List(buckets) => {
                buckets.iter().zip(1_usize..).try_for_each(|(count, number)| write!(f, "[{number}]={count} "))
            }
        }
    })
}

/// The unit in which the number is to be read, `ns` or `KiB` where there is a prefix for the power.
fn unit(meaning: &StatsSchemaValue) -> String {
    let symbol = match meaning.unit {
        Some(StatsUnit::Seconds) => Some("s"),
        Some(StatsUnit::Bytes) => Some("B"),
        _ => None,
    };
    let prefix = match meaning.base {
        Some(10) => decimal_prefix(meaning.exponent),
        Some(2) => binary_prefix(meaning.exponent),
        _ => None,
    };
    let name = meaning.unit.map(StatsUnit::as_str);
    match (symbol, prefix) {
        (Some(symbol), Some(prefix)) => format!("{prefix}{symbol}"),
        _ if meaning.exponent != 0 => {
            let name = name.map(|name| format!(" {name}")).unwrap_or_default();
            format!("* {}^{}{name}", meaning.base.unwrap_or(0), meaning.exponent)
        }
        _ => symbol.or(name).unwrap_or_default().to_owned(),
    }
}

/// The prefix for a power of ten.
fn decimal_prefix(exponent: i16) -> Option<&'static str> {
    const PREFIXES: [&str; 13] = ["a", "f", "p", "n", "u", "m", "", "K", "M", "G", "T", "P", "E"];
    prefix(&PREFIXES, exponent.checked_add(18)?, 3)
}

/// The prefix for a power of two.
fn binary_prefix(exponent: i16) -> Option<&'static str> {
    const PREFIXES: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    prefix(&PREFIXES, exponent, 10)
}

fn prefix(prefixes: &[&'static str], exponent: i16, step: i16) -> Option<&'static str> {
    let index = usize::try_from(exponent / step).ok().filter(|_| exponent % step == 0)?;
    prefixes.get(index).copied()
}
