use qapi_schema::runtime::Error;
use qapi_schema::statistics::requests::QueryStatisticsSchemas;
use qapi_schema::statistics::{
    StatisticDescription, StatisticsCommands, StatisticsFilter, StatisticsObject, StatisticsProvider,
    StatisticsReport, StatisticsSchema, StatisticsTarget,
};
use qapi_schema::stats::{Stats, StatsType, StatsUnit, StatsValue};

use super::{DISK, TestMachine};

/// One statistic: its value, type, unit, base and exponent.
type Row = (&'static str, StatsValue, StatsType, Option<StatsUnit>, Option<i8>, i16);

fn of_a_queue() -> Vec<Row> {
    use StatsType::{Cumulative, Log2Histogram};
    use StatsUnit::{Bytes, Seconds};
    use StatsValue::{List, Scalar};
    vec![
        ("requests", Scalar(40), Cumulative, None, None, 0),
        ("bytes-read", Scalar(163_840), Cumulative, Some(Bytes), None, 0),
        ("errors", Scalar(0), Cumulative, None, None, 0),
        ("queue-full", Scalar(0), Cumulative, None, None, 0),
        (
            "total",
            List(vec![0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 39, 0, 1, 0]),
            Log2Histogram,
            Some(Seconds),
            Some(10),
            -9,
        ),
        ("total-sum", Scalar(41_000), Cumulative, Some(Seconds), Some(10), -9),
        ("kick-to-pop", List(vec![0; 14]), Log2Histogram, Some(Seconds), Some(10), -9),
        ("kick-to-pop-sum", Scalar(0), Cumulative, Some(Seconds), Some(10), -9),
    ]
}

fn of_a_vcpu() -> Vec<Row> {
    use StatsType::{Instant, Peak};
    use StatsUnit::{Boolean, Cycles};
    use StatsValue::{Boolean as Flag, Scalar};
    vec![
        ("blocking", Flag(true), Instant, Some(Boolean), None, 0),
        ("ticks", Scalar(2), Peak, Some(Cycles), Some(10), 3),
    ]
}

fn of_a_monitor() -> Vec<Row> {
    vec![("clients", StatsValue::Scalar(1), StatsType::Instant, None, None, 0)]
}

type Object =
    (StatisticsProvider, StatisticsTarget, Option<&'static str>, Option<u16>, Option<&'static str>, Vec<Row>);

fn objects() -> Vec<Object> {
    use StatisticsProvider as Provider;
    use StatisticsTarget::{Monitor, Queue, Vcpu};
    let vcpu = Some("/machine/unattached/device[0]");
    vec![
        (Provider::Kvm, Vcpu, vcpu, None, None, of_a_vcpu()),
        (Provider::Virtio, Queue, Some(DISK), Some(0), None, of_a_queue()),
        (Provider::Vcpu, Vcpu, vcpu, None, None, of_a_monitor()),
        (Provider::Monitor, Monitor, None, None, Some("unix:/run/qmp"), of_a_monitor()),
    ]
}

impl StatisticsCommands for TestMachine {
    fn query_statistics(&self, filter: StatisticsFilter) -> Result<StatisticsReport, Error> {
        let wanted =
            |name: &str| filter.names.as_ref().is_none_or(|names| names.iter().any(|one| one == name));
        let objects = objects()
            .into_iter()
            .filter(|object| filter.targets.as_ref().is_none_or(|targets| targets.contains(&object.1)))
            .map(|(provider, target, path, queue, name, rows)| StatisticsObject {
                provider,
                target,
                path: path.map(str::to_owned),
                queue,
                name: name.map(str::to_owned),
                statistics: rows
                    .into_iter()
                    .filter(|row| wanted(row.0))
                    .map(|row| Stats { name: row.0.to_owned(), value: row.1 })
                    .collect(),
            })
            .filter(|object| !object.statistics.is_empty())
            .collect();
        Ok(StatisticsReport { time: 1, objects })
    }

    fn query_statistics_schemas(&self, _: QueryStatisticsSchemas) -> Result<Vec<StatisticsSchema>, Error> {
        let describe = |(name, value, type_, unit, base, exponent): Row| StatisticDescription {
            name: name.to_owned(),
            type_,
            unit,
            base,
            exponent,
            bucket_size: None,
            length: match value {
                StatsValue::List(values) => u16::try_from(values.len()).unwrap(),
                _ => 1,
            },
            description: None,
        };
        let schemas = objects().into_iter().map(|(provider, target, .., rows)| StatisticsSchema {
            provider,
            target,
            statistics: rows.into_iter().map(describe).collect(),
        });
        Ok(schemas.collect())
    }
}
