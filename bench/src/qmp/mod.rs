//! What QMP commands cost, beside QEMU: latency, and what the server computes for a request. Both servers are asked in
//! turn, so that whatever else happens on the host disturbs both alike.

mod client;
mod server;

use std::error::Error;
use std::io;
use std::time::{Duration, Instant};

use client::Client;
use server::{CLIENTS, Server};

/// How often both servers take turns, and with a request that takes QEMU seconds.
const ROUNDS: usize = 20;
const LARGE_ROUNDS: usize = 3;
/// Requests a turn, and of commands that take QEMU long.
const REQUESTS: usize = 25;
const SLOW_REQUESTS: usize = 3;
/// Requests that are sent at once where they are pipelined.
const PIPELINE: usize = 64;
/// The size of a large request, in bytes.
const LARGE: usize = 256 << 10;

/// What is asked for, one after the other on one connection.
const COMMANDS: [(&str, &str); 8] = [
    ("query-version", ""),
    ("query-status", ""),
    ("query-commands", ""),
    ("query-qmp-schema", ""),
    ("x-query-virtio", ""),
    ("x-query-virtio-status", r#""path": "/machine/peripheral/disk0/virtio-backend""#),
    ("x-query-virtio-queue-status", r#""path": "/machine/peripheral/disk0/virtio-backend", "queue": 0"#),
    ("human-monitor-command", r#""command-line": "info status""#),
];

/// One way to load a server.
struct Load {
    name: String,
    connections: usize,
    /// What is sent on each connection at once.
    requests: Vec<u8>,
    /// How many requests that is.
    count: usize,
    /// How often, a turn.
    times: usize,
    rounds: usize,
}

/// What a request costs one server.
struct Cost {
    /// From sending to the last reply, divided by what was sent at once.
    latencies: Vec<Duration>,
    cpu_time: Duration,
    requests: usize,
}

pub(crate) fn run() {
    if let Err(error) = measure() {
        eprintln!("error: {error}");
    }
}

fn measure() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let mut servers = vec![Server::ringscope(directory.path())?];
    match Server::qemu(directory.path()) {
        Ok(server) => servers.push(server),
        Err(error) => println!("without QEMU: {error}"),
    }
    let before: Vec<_> = servers.iter().map(Server::resident).collect();
    let mut clients = Vec::new();
    for server in &servers {
        let connect = |number| Client::connect(&server.socket(number));
        clients.push((0..CLIENTS).map(connect).collect::<Result<Vec<_>, _>>()?);
    }
    println!("{:38} {:>34} {:>34} {:>16}", "", "ringscope", "QEMU", "ringscope/QEMU");
    let three = format!("{:>10} {:>10} {:>12}", "p50 us", "p99 us", "CPU us/req");
    println!("{:38} {three} {three} {:>8} {:>7}", "", "p50", "CPU");
    for load in loads() {
        let mut costs: Vec<_> = servers.iter().map(|_| Cost::default()).collect();
        // The first round warms up.
        for round in 0..=load.rounds {
            for ((server, clients), cost) in servers.iter().zip(&mut clients).zip(&mut costs) {
                let turn = load.turn(server, clients)?;
                if round > 0 {
                    cost.add(turn);
                }
            }
        }
        print(&load.name, &mut costs);
    }
    for (server, before) in servers.iter().zip(before) {
        let after = server.resident();
        println!(
            "resident memory of {}: {before} KiB without clients, {after} KiB after all this",
            server.name
        );
    }
    Ok(())
}

fn loads() -> Vec<Load> {
    let load = |name: &str, connections, requests: Vec<u8>, count| {
        let times = if name == "query-qmp-schema" { SLOW_REQUESTS } else { REQUESTS };
        Load { name: name.to_owned(), connections, requests, count, times, rounds: ROUNDS }
    };
    let request = |command: &str, arguments: &str| {
        format!("{{\"execute\": \"{command}\", \"arguments\": {{{arguments}}}}}\n").into_bytes()
    };
    let mut loads: Vec<_> = COMMANDS
        .iter()
        .map(|(command, arguments)| load(command, 1, request(command, arguments), 1))
        .collect();
    let status = request("query-status", "");
    loads.push(load("query-status, 64 pipelined", 1, status.repeat(PIPELINE), PIPELINE));
    for connections in [8, CLIENTS] {
        loads.push(load(&format!("query-status, {connections} connections"), connections, status.clone(), 1));
    }
    let large = request("query-status", &format!("\"x\": \"{}\"", "x".repeat(LARGE)));
    loads.push(Load { times: 1, rounds: LARGE_ROUNDS, ..load("a refused request of 256 KiB", 1, large, 1) });
    loads
}

impl Load {
    fn turn(&self, server: &Server, clients: &mut [Client]) -> io::Result<Cost> {
        let mut cost = Cost::default();
        let before = server.cpu_time();
        for _ in 0..self.times {
            let start = Instant::now();
            for client in clients.iter_mut().take(self.connections) {
                client.send(&self.requests)?;
            }
            for client in clients.iter_mut().take(self.connections) {
                (0..self.count).try_for_each(|_| client.read_line())?;
            }
            let at_once = self.connections * self.count;
            cost.latencies.push(start.elapsed() / u32::try_from(at_once).unwrap_or(u32::MAX));
            cost.requests += at_once;
        }
        cost.cpu_time = server.cpu_time().saturating_sub(before);
        Ok(cost)
    }
}

impl Default for Cost {
    fn default() -> Self {
        Self { latencies: Vec::new(), cpu_time: Duration::ZERO, requests: 0 }
    }
}

impl Cost {
    fn add(&mut self, turn: Self) {
        self.latencies.extend(turn.latencies);
        self.cpu_time += turn.cpu_time;
        self.requests += turn.requests;
    }

    /// Median, 99th percentile and CPU time a request, in microseconds.
    fn figures(&mut self) -> [f64; 3] {
        self.latencies.sort_unstable();
        let at = |percent: usize| self.latencies.get(self.latencies.len() * percent / 100);
        let microseconds =
            |latency: Option<&Duration>| latency.map_or(f64::NAN, |time| time.as_secs_f64() * 1e6);
        let requests = f64::from(u32::try_from(self.requests).unwrap_or(u32::MAX));
        [microseconds(at(50)), microseconds(at(99)), self.cpu_time.as_secs_f64() * 1e6 / requests]
    }
}

fn print(name: &str, costs: &mut [Cost]) {
    let figures: Vec<_> = costs.iter_mut().map(Cost::figures).collect();
    let mut line = format!("{name:38}");
    for [half, most, cpu] in &figures {
        line += &format!(" {half:>10.1} {most:>10.1} {cpu:>12.1}");
    }
    if let [[ours, _, our_cpu], [theirs, _, their_cpu]] = figures[..] {
        line += &format!(" {:>7.1}% {:>6.1}%", ours / theirs * 100.0, our_cpu / their_cpu * 100.0);
    }
    println!("{line}");
}
