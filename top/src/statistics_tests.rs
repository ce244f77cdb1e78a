//! What two reports after each other say.

use proptest::prelude::*;
use qapi_schema::stats::Stats;

use super::*;

const SECOND: u64 = 1_000_000_000;

fn description(name: &str, type_: StatsType, length: u16) -> StatisticDescription {
    StatisticDescription {
        name: name.to_owned(),
        type_,
        unit: None,
        base: None,
        exponent: 0,
        bucket_size: None,
        length,
        description: None,
    }
}

fn statistics() -> Statistics {
    Statistics::new(&[statistics_schema()])
}

fn statistics_schema() -> StatisticsSchema {
    StatisticsSchema {
        provider: StatisticsProvider::Kvm,
        target: StatisticsTarget::Vcpu,
        statistics: vec![
            description("exits", StatsType::Cumulative, 1),
            description("pages", StatsType::Instant, 1),
            description("peak", StatsType::Peak, 1),
            description("wait", StatsType::Log2Histogram, 3),
        ],
    }
}

/// A report at `time` of vCPUs with these statistics.
fn report(time: u64, vcpus: &[(&str, &[(&str, StatsValue)])]) -> StatisticsReport {
    let object = |(path, values): &(&str, &[(&str, StatsValue)])| StatisticsObject {
        provider: StatisticsProvider::Kvm,
        target: StatisticsTarget::Vcpu,
        path: Some((*path).to_owned()),
        queue: None,
        name: None,
        statistics: values
            .iter()
            .map(|(name, value)| Stats { name: (*name).to_owned(), value: value.clone() })
            .collect(),
    };
    StatisticsReport { time, objects: vcpus.iter().map(object).collect() }
}

fn exits(time: u64, count: u64) -> StatisticsReport {
    report(time, &[("a", &[("exits", StatsValue::Scalar(count))])])
}

/// The rate of the first statistic of the last vCPU.
fn rate(statistics: &Statistics) -> Option<f64> {
    statistics.objects().last().unwrap().readings[0].rate
}

#[test]
fn the_first_report_has_no_rates_and_later_ones_have_those_of_the_time_between() {
    let mut statistics = statistics();
    statistics.take(&exits(5 * SECOND, 1000));
    assert_eq!(rate(&statistics), None);
    statistics.take(&exits(6 * SECOND, 1100));
    assert_eq!(rate(&statistics), Some(100.0));
    statistics.take(&exits(6 * SECOND + SECOND / 2, 1100));
    assert_eq!(rate(&statistics), Some(0.0));
    // Reports were missed.
    statistics.take(&exits(10 * SECOND + SECOND / 2, 1500));
    assert_eq!(rate(&statistics), Some(100.0));
}

#[test]
fn a_counter_may_go_past_its_end() {
    let mut statistics = statistics();
    statistics.take(&exits(0, u64::MAX - 9));
    statistics.take(&exits(SECOND, 20));
    assert_eq!(rate(&statistics), Some(30.0));
}

#[test]
fn a_counter_that_began_anew_has_no_rate_until_it_goes_on() {
    let mut statistics = statistics();
    statistics.take(&exits(0, 1000));
    statistics.take(&exits(SECOND, 20));
    assert_eq!(rate(&statistics), None);
    statistics.take(&exits(2 * SECOND, 21));
    assert_eq!(rate(&statistics), Some(1.0));
}

#[test]
fn a_clock_that_stands_still_or_goes_back_gives_no_rate() {
    let mut statistics = statistics();
    statistics.take(&exits(SECOND, 1));
    statistics.take(&exits(SECOND, 2));
    assert_eq!(rate(&statistics), None);
    statistics.take(&exits(0, 3));
    assert_eq!(rate(&statistics), None);
    statistics.take(&exits(SECOND, 4));
    assert_eq!(rate(&statistics), Some(1.0));
}

#[test]
fn vcpus_come_and_go() {
    let mut statistics = statistics();
    let values = |count| [("exits", StatsValue::Scalar(count))];
    statistics.take(&report(0, &[("a", &values(1)), ("b", &values(5))]));
    statistics.take(&report(SECOND, &[("b", &values(7)), ("c", &values(9))]));
    let rates: Vec<_> = statistics
        .objects()
        .iter()
        .map(|object| (object.subject.path.as_deref().unwrap(), object.readings[0].rate))
        .collect();
    assert_eq!(rates, [("b", Some(2.0)), ("c", None)]);
    statistics.take(&report(2 * SECOND, &[("a", &values(1)), ("c", &values(9))]));
    assert_eq!(statistics.objects()[0].readings[0].rate, None, "it was away, and may be another");
}

#[test]
fn what_goes_up_and_down_has_no_rate() {
    let mut statistics = statistics();
    for time in [0, SECOND] {
        let values = [
            ("pages", StatsValue::Scalar(7)),
            ("peak", StatsValue::Scalar(8)),
            ("new", StatsValue::Scalar(9)),
        ];
        statistics.take(&report(time, &[("a", &values)]));
    }
    let readings = &statistics.objects()[0].readings;
    assert!(readings.iter().all(|reading| reading.rate.is_none()), "not even one that nobody has described");
    assert_eq!(readings.iter().map(|reading| reading.total).collect::<Vec<_>>(), [7, 8, 9]);
}

#[test]
fn histograms_tell_of_the_latest_events() {
    let mut statistics = statistics();
    let wait = |buckets: &[u64]| [("wait", StatsValue::List(buckets.to_vec()))];
    statistics.take(&report(0, &[("a", &wait(&[1000, 0, 0, 0]))]));
    assert_eq!(statistics.objects()[0].readings[0].quantile(0.5), None);
    statistics.take(&report(SECOND, &[("a", &wait(&[1000, 0, 10, 0]))]));
    let reading = &statistics.objects()[0].readings[0];
    assert_eq!((reading.total, reading.rate, reading.quantile(0.5)), (1010, Some(10.0), Some(3.0)));
    statistics.take(&report(2 * SECOND, &[("a", &wait(&[1000, 0, 10]))]));
    assert_eq!(statistics.objects()[0].readings[0].rate, None, "not the same buckets");
}

#[test]
fn statistics_may_change_their_order() {
    let mut statistics = statistics();
    let (exits, pages) = (("exits", StatsValue::Scalar(1)), ("pages", StatsValue::Scalar(1)));
    statistics.take(&report(0, &[("a", &[exits.clone(), pages.clone()])]));
    statistics.take(&report(SECOND, &[("a", &[pages, exits])]));
    assert_eq!(statistics.objects()[0].readings[1].rate, Some(0.0));
}

#[test]
fn the_scale_comes_from_unit_base_and_exponent() {
    let scale = |unit, base, exponent| {
        let described =
            StatisticDescription { unit, base, exponent, ..description("x", StatsType::Cumulative, 1) };
        Meaning::of(&described).scale
    };
    assert_eq!(scale(None, None, 0), Scale::PLAIN);
    assert_eq!(scale(Some(StatsUnit::Seconds), Some(10), -9).amount(1500.0), "1.50us");
    assert_eq!(scale(Some(StatsUnit::Bytes), Some(2), 10).amount(1.0), "1.02kB");
}

proptest! {
    #[test]
    fn nothing_that_a_server_says_is_too_much(
        times in proptest::collection::vec(any::<u64>(), 4),
        counts in proptest::collection::vec(any::<u64>(), 4),
        exponent in any::<i16>(),
        base in any::<i8>(),
    ) {
        let mut schema = statistics_schema();
        for statistic in &mut schema.statistics {
            (statistic.base, statistic.exponent) = (Some(base), exponent);
        }
        let mut statistics = Statistics::new(&[schema]);
        for (&time, &count) in times.iter().zip(&counts) {
            let values = [("exits", StatsValue::Scalar(count)), ("wait", StatsValue::List(vec![count; 3]))];
            statistics.take(&report(time, &[("a", &values)]));
            for reading in &statistics.objects()[0].readings {
                let scale = reading.meaning.scale;
                let _ = (reading.quantile(0.99), scale.amount(1.0), reading.rate.map(|rate| scale.rate(rate)));
                prop_assert!(reading.rate.is_none_or(|rate| rate >= 0.0));
            }
        }
    }
}
