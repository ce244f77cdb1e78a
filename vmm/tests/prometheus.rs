//! The real Prometheus scrapes a running machine, and has the numbers that QMP tells.
//!
//! Needs Prometheus 2 and its promtool: those that `RINGSCOPE_TEST_PROMETHEUS` and `RINGSCOPE_TEST_PROMTOOL` name, or
//! those in the path.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use qapi_schema::machine::requests::Stop;
use qapi_schema::statistics::requests::QueryStatistics;
use qapi_schema::statistics::{StatisticsFilter, StatisticsObject, StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::StatsValue;
use serde_json::Value;
use support::{Program, QmpClient};
use virtio_core::driver::skipped;

/// Far longer than Prometheus takes to start and to scrape.
const PATIENCE: Duration = Duration::from_secs(120);
const STEP: Duration = Duration::from_millis(50);

/// The program that the variable names, or `name`; says so if it cannot be run.
fn tool(variable: &str, name: &str) -> Option<String> {
    let program = env::var(variable).unwrap_or_else(|_| name.to_owned());
    let found = Command::new(&program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !found.is_ok_and(|status| status.success()) {
        skipped(format_args!("{program} cannot be run (apt-get install prometheus, or set {variable})"));
        return None;
    }
    Some(program)
}

/// A machine that serves metrics on a free port, and the address.
fn machine() -> (Program, String) {
    let program = Program::start(&["--name", "shop \"1\"", "--metrics", "tcp:127.0.0.1:0"]);
    let place = program.start_message().lines().find_map(|line| line.strip_prefix("metrics: tcp:"));
    let address = place.unwrap().to_owned();
    (program, address)
}

/// The body of the answer to a GET.
fn get(address: &str, path: &str, accept: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\nAccept: {accept}\r\n\r\n").ok()?;
    let mut response = String::new();
    stream.read_to_string(&mut response).ok()?;
    let (head, body) = response.split_once("\r\n\r\n")?;
    head.contains(" 200 OK").then(|| body.to_owned())
}

/// A Prometheus, ended with the test.
struct Prometheus {
    child: Child,
    address: String,
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Prometheus {
    /// One that scrapes `target` several times a second; its files are in `folder`.
    fn start(program: &str, folder: &Path, target: &str) -> Self {
        let configuration = folder.join("prometheus.yml");
        let text = format!(
            "global:\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\nscrape_configs:\n  - job_name: ringscope\n    \
             static_configs:\n      - targets: ['{target}']\n"
        );
        fs::write(&configuration, text).unwrap();
        // It says nowhere which port it took, so that one that is free has to be found first.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let child = Command::new(program)
            .arg(format!("--config.file={}", configuration.display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.join("log")).unwrap())
            .spawn()
            .unwrap();
        Self { child, address }
    }

    /// The samples that a query finds now: labels and value.
    fn query(&self, query: &str) -> Option<Vec<(Value, f64)>> {
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let body = get(&self.address, &format!("/api/v1/query?query={encoded}"), "*/*")?;
        let mut answer: Value = serde_json::from_str(&body).ok()?;
        assert_eq!(answer["status"], "success", "{query}: {answer}");
        let Value::Array(samples) = answer["data"]["result"].take() else { return None };
        let value = |sample: &Value| sample["value"][1].as_str().unwrap().parse().unwrap();
        Some(samples.into_iter().map(|sample| (sample["metric"].clone(), value(&sample))).collect())
    }

    /// Asks until the answer is as it should be.
    fn wait(&self, query: &str, expected: impl Fn(&[(Value, f64)]) -> bool) -> Vec<(Value, f64)> {
        let start = Instant::now();
        loop {
            let samples = self.query(query);
            match samples {
                Some(samples) if expected(&samples) => return samples,
                other => assert!(start.elapsed() < PATIENCE, "{query}: {other:?}"),
            }
            thread::sleep(STEP);
        }
    }
}

/// What both sides count, as far as the accelerator and the devices of this machine do.
const COMPARED: [(StatisticsProvider, StatisticsTarget, &str, &str); 4] = [
    (StatisticsProvider::Kvm, StatisticsTarget::Vcpu, "exits", "ringscope_kvm_vcpu_exits_total"),
    (
        StatisticsProvider::Kvm,
        StatisticsTarget::Vcpu,
        "halt_wait_hist",
        "ringscope_kvm_vcpu_halt_wait_hist_seconds_bucket{le=\"+Inf\"}",
    ),
    (
        StatisticsProvider::Virtio,
        StatisticsTarget::Queue,
        "requests",
        "ringscope_virtio_queue_requests_total",
    ),
    (
        StatisticsProvider::Virtio,
        StatisticsTarget::Queue,
        "kick-to-pop",
        "ringscope_virtio_queue_kick_to_pop_seconds_bucket{le=\"+Inf\"}",
    ),
];

/// By path and number of queue: a value, or the number of all events of a histogram.
type Values = BTreeMap<(String, String), f64>;

/// What QMP tells of a statistic.
fn told(qmp: &mut QmpClient, provider: StatisticsProvider, target: StatisticsTarget, name: &str) -> Values {
    let filter = StatisticsFilter {
        targets: Some(vec![target]),
        providers: Some(vec![provider]),
        paths: None,
        names: Some(vec![name.to_owned()]),
    };
    let report = qmp.call(&QueryStatistics(filter));
    let value = |value: &StatsValue| match value {
        StatsValue::Scalar(value) => *value as f64,
        StatsValue::List(buckets) => buckets.iter().sum::<u64>() as f64,
        StatsValue::Boolean(_) => panic!("{name} is no number"),
    };
    let place = |object: &StatisticsObject| {
        (object.path.clone().unwrap(), object.queue.map(|queue| queue.to_string()).unwrap_or_default())
    };
    report.objects.iter().map(|object| (place(object), value(&object.statistics[0].value))).collect()
}

/// What Prometheus has of it.
fn scraped(samples: &[(Value, f64)]) -> Values {
    let text = |labels: &Value, label: &str| labels[label].as_str().map(str::to_owned);
    let place = |labels: &Value| {
        let path = text(labels, "vcpu").or_else(|| text(labels, "device")).unwrap();
        (path, text(labels, "queue").unwrap_or_default())
    };
    samples.iter().map(|(labels, value)| (place(labels), *value)).collect()
}

#[test]
fn prometheus_has_the_numbers_that_qmp_tells() {
    let Some(prometheus) = tool("RINGSCOPE_TEST_PROMETHEUS", "prometheus") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (program, address) = machine();
    let prometheus = Prometheus::start(&prometheus, folder.path(), &address);
    prometheus.wait("up", |samples| samples.len() == 1 && samples[0].1 == 1.0);
    let up = prometheus.wait("ringscope_provider_up", |samples| !samples.is_empty());
    assert!(up.iter().all(|(labels, up)| labels["machine"] == "shop \"1\"" && *up == 1.0), "{up:?}");

    let mut qmp = program.qmp();
    let known: Vec<_> = COMPARED
        .into_iter()
        .filter(|(provider, target, name, _)| !told(&mut qmp, *provider, *target, name).is_empty())
        .collect();
    for (.., series) in &known {
        prometheus.wait(series, |samples| samples.iter().any(|(_, value)| *value > 0.0));
    }
    // Nothing must count any more when the two are compared.
    qmp.call(&Stop);
    for (provider, target, name, series) in &known {
        let told = told(&mut qmp, *provider, *target, name);
        println!("{series} has to be {told:?}");
        prometheus.wait(series, |samples| scraped(samples) == told);
    }
    if known.is_empty() {
        skipped("nothing is counted with this accelerator");
    }
}

#[test]
fn promtool_finds_nothing_to_complain_about() {
    let Some(promtool) = tool("RINGSCOPE_TEST_PROMTOOL", "promtool") else { return };
    let (_program, address) = machine();
    let text = get(&address, "/metrics", "text/plain").unwrap();
    assert!(text.contains("ringscope_provider_up"), "{text}");
    let mut check = Command::new(promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    check.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = check.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));
}
