//! QEMU's statistics in the words of this project's own commands.

use std::time::Instant;

use qapi_schema::statistics::{
    StatisticDescription, StatisticsObject, StatisticsProvider, StatisticsReport, StatisticsSchema,
    StatisticsTarget,
};
use qapi_schema::stats::requests::{QueryStats, QueryStatsSchemas};
use qapi_schema::stats::{
    Stats, StatsFilter, StatsFilterBranch, StatsProvider, StatsRequest, StatsSchema, StatsSchemaValue,
    StatsTarget, StatsVCPUFilter, StatsValue,
};
use qmp_client::{Client, ClientError};

/// QEMU does not tell when it read its statistics: the time here must do.
pub(super) struct Clock(Instant);

impl Clock {
    /// Begins at zero.
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    fn nanoseconds(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// What the statistics of KVM mean. Others have providers that the schema does not have.
pub(super) fn schemas(client: &mut Client) -> Result<Vec<StatisticsSchema>, ClientError> {
    let schemas = client.execute(&QueryStatsSchemas { provider: Some(StatsProvider::Kvm) })?;
    Ok(schemas.into_iter().map(schema).collect())
}

/// All statistics of KVM.
pub(super) fn report(client: &mut Client, clock: &Clock) -> Result<StatisticsReport, ClientError> {
    let providers = || Some(vec![StatsRequest { provider: StatsProvider::Kvm, names: None }]);
    let branches = [StatsFilterBranch::Vm, StatsFilterBranch::Vcpu(StatsVCPUFilter { vcpus: None })];
    let mut objects = Vec::new();
    for branch in branches {
        let target = own_target(branch.tag());
        let results = client.execute(&QueryStats(StatsFilter { providers: providers(), branch }))?;
        // The last vCPU and the last statistic come first.
        objects.extend(results.into_iter().rev().map(|result| StatisticsObject {
            provider: StatisticsProvider::Kvm,
            target,
            path: result.qom_path,
            queue: None,
            name: None,
            statistics: result.stats.into_iter().rev().map(natural).collect(),
        }));
    }
    Ok(StatisticsReport { time: clock.nanoseconds(), objects })
}

/// QEMU tells the last bucket of a histogram first.
fn natural(mut statistic: Stats) -> Stats {
    if let StatsValue::List(buckets) = &mut statistic.value {
        buckets.reverse();
    }
    statistic
}

fn own_target(target: StatsTarget) -> StatisticsTarget {
    match target {
        StatsTarget::Vm => StatisticsTarget::Machine,
        StatsTarget::Vcpu => StatisticsTarget::Vcpu,
    }
}

fn schema(schema: StatsSchema) -> StatisticsSchema {
    let describe = |value: StatsSchemaValue| StatisticDescription {
        name: value.name,
        type_: value.type_,
        unit: value.unit,
        base: value.base,
        exponent: value.exponent,
        bucket_size: value.bucket_size,
        // QEMU does not tell; nothing here depends on it.
        length: 1,
        description: None,
    };
    StatisticsSchema {
        provider: StatisticsProvider::Kvm,
        target: own_target(schema.target),
        statistics: schema.stats.into_iter().rev().map(describe).collect(),
    }
}
