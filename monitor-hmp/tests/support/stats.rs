use qapi_schema::runtime::Error;
use qapi_schema::stats::requests::QueryStatsSchemas;
use qapi_schema::stats::{
    Stats, StatsCommands, StatsFilter, StatsFilterBranch, StatsProvider, StatsResult, StatsSchema,
    StatsSchemaValue, StatsTarget, StatsType, StatsUnit, StatsValue,
};

use super::TestMachine;

/// One statistic, its value and its meaning: unit, base, exponent.
type Row = (&'static str, StatsType, Option<StatsUnit>, Option<i8>, i16, StatsValue);

fn rows() -> Vec<Row> {
    use StatsType::*;
    use StatsUnit::*;
    use StatsValue::{Boolean as Flag, List, Scalar};
    vec![
        ("exits", Cumulative, None, None, 0, Scalar(u64::MAX)),
        ("halt_wait_ns", Cumulative, Some(Seconds), Some(10), -9, Scalar(1)),
        ("halt_wait_hist", Log2Histogram, Some(Seconds), Some(10), -9, List(vec![0, 3, 1])),
        ("sizes", LinearHistogram, Some(Bytes), Some(2), 10, List(vec![7])),
        ("guest_mode", Instant, Some(Boolean), None, 0, Flag(true)),
        ("blocking", Instant, Some(Boolean), None, 0, Flag(false)),
        ("pages", Peak, Some(Bytes), None, 0, Scalar(2)),
        ("ticks", Peak, Some(Cycles), Some(10), 3, Scalar(2)),
        ("odd", Peak, None, Some(2), 4, Scalar(2)),
        ("odd_seconds", Peak, Some(Seconds), Some(10), -8, Scalar(2)),
        ("far_seconds", Peak, Some(Seconds), Some(10), -21, Scalar(2)),
    ]
}

fn meaning((name, type_, unit, base, exponent, _): Row) -> StatsSchemaValue {
    let bucket_size = (type_ == StatsType::LinearHistogram).then_some(512);
    StatsSchemaValue { name: name.to_owned(), type_, unit, base, exponent, bucket_size }
}

impl StatsCommands for TestMachine {
    fn query_stats(&self, arguments: StatsFilter) -> Result<Vec<StatsResult>, Error> {
        let qom_path = match arguments.branch {
            StatsFilterBranch::Vm => {
                return Err(Error::generic("KVM stats: ioctl failed: Bad file descriptor"));
            }
            StatsFilterBranch::Vcpu(filter) => filter.vcpus.and_then(|mut paths| paths.pop()),
        };
        let requests = arguments.providers.unwrap_or_default();
        let wanted = |name: &str| {
            requests
                .iter()
                .all(|request| request.names.as_ref().is_none_or(|names| names.iter().any(|one| one == name)))
        };
        let stats: Vec<Stats> = rows()
            .into_iter()
            .filter(|row| wanted(row.0))
            .map(|row| Stats { name: row.0.to_owned(), value: row.5 })
            .collect();
        let result = StatsResult { provider: StatsProvider::Kvm, qom_path, stats };
        Ok(Some(result).filter(|result| !result.stats.is_empty()).into_iter().collect())
    }

    fn query_stats_schemas(&self, _arguments: QueryStatsSchemas) -> Result<Vec<StatsSchema>, Error> {
        let stats = rows().into_iter().map(meaning).collect();
        Ok(vec![StatsSchema { provider: StatsProvider::Kvm, target: StatsTarget::Vcpu, stats }])
    }
}
