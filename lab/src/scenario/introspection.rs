//! Does every query answer, for every device and queue of a guest at work?

use std::collections::BTreeSet;

use qapi_schema::block::requests::{QueryBlock, QueryBlockstats};
use qapi_schema::inspect::requests::{QueryVirtio, QueryVirtioChains};
use qapi_schema::machine::requests::QueryIothreads;
use qapi_schema::rate_limits::requests::QueryRateLimits;
use qapi_schema::runtime::Request;
use qapi_schema::statistics::requests::{QueryStatistics, QueryStatisticsSchemas};
use qapi_schema::statistics::{StatisticsFilter, StatisticsProvider};
use qapi_schema::statistics_push::StatisticsSubscriptionRequest;
use qapi_schema::statistics_push::requests::{
    QueryStatisticsSubscriptions, SubscribeStatistics, UnsubscribeStatistics,
};
use qapi_schema::stats::requests::{QueryStats, QueryStatsSchemas};
use qapi_schema::stats::{StatsFilter, StatsFilterBranch, StatsTarget};
use qapi_schema::virtio::requests::{
    XQueryVirtio, XQueryVirtioQueueElement, XQueryVirtioQueueStatus, XQueryVirtioStatus,
    XQueryVirtioVhostQueueStatus,
};
use qapi_schema::virtio_debug::requests::{
    XDebugQueryVirtio, XDebugVirtioQueueElement, XDebugVirtioQueueStatus, XDebugVirtioStatus,
};
use qmp_client::ClientError;

use crate::error::Error;
use crate::machine::Machine;

/// What the guest does meanwhile.
const AT_WORK: &str = "block 8";

/// What is asked, and what came back.
struct Round<'machine, 'host> {
    machine: &'machine mut Machine<'host>,
    asked: BTreeSet<&'static str>,
    answers: u32,
    findings: Vec<String>,
}

pub(super) fn run(machine: &mut Machine<'_>) -> Result<String, Error> {
    machine.post(AT_WORK)?;
    let mut round = Round { machine, asked: BTreeSet::new(), answers: 0, findings: Vec::new() };
    let listed = round.ask(&XQueryVirtio)?.unwrap_or_default();
    let first = round.ask(&XDebugQueryVirtio)?.map(|list| list.len());
    let own = round.ask(&QueryVirtio { path: None })?.map(|list| list.len());
    for (command, count) in [(XDebugQueryVirtio::NAME, first), (QueryVirtio::NAME, own)] {
        if count.is_some_and(|count| count != listed.len()) {
            round
                .findings
                .push(format!("{command} lists {count:?} devices, x-query-virtio {}", listed.len()));
        }
    }
    for info in &listed {
        round.device(&info.path)?;
    }
    round.statistics()?;
    round.behind_devices()?;
    round.forgotten();
    let Round { asked, answers, findings, .. } = round;
    let work = machine.answer(AT_WORK)?;
    machine.verdict(findings)?;
    if !work.ok {
        return Err(machine.failed("the guest's work failed meanwhile"));
    }
    Ok(format!("{} commands, {answers} answers, and the guest's work went on", asked.len()))
}

impl Round<'_, '_> {
    /// Asks; a refusal is a finding. Nothing if the monitor does not know the command.
    fn ask<R: Request>(&mut self, request: &R) -> Result<Option<R::Return>, Error> {
        if !self.machine.knows(R::NAME) {
            return Ok(None);
        }
        self.asked.insert(R::NAME);
        self.answers += 1;
        match self.machine.typed(request) {
            Ok(reply) => Ok(Some(reply)),
            Err(Error::Client { source: ClientError::Refused { description, .. }, .. }) => {
                self.findings.push(format!("{} is refused: {description}", R::NAME));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn device(&mut self, path: &str) -> Result<(), Error> {
        let path = path.to_owned();
        let status = self.ask(&XQueryVirtioStatus { path: path.clone() })?;
        self.ask(&XDebugVirtioStatus { path: path.clone() })?;
        let own = self.ask(&QueryVirtio { path: Some(path.clone()) })?;
        let queues =
            status.as_ref().and_then(|status| u16::try_from(status.num_vqs).ok()).unwrap_or_default();
        let has_back_end = status.is_some_and(|status| status.vhost_dev.is_some());
        if queues == 0 {
            self.findings.push(format!("{path} has no queues"));
        }
        if let Some(own) = own.as_deref().and_then(<[_]>::first)
            && own.queues.len() != usize::from(queues)
        {
            self.findings.push(format!("{path}: query-virtio shows {} queues of {queues}", own.queues.len()));
        }
        for queue in 0..queues {
            self.queue(&path, queue)?;
            let back_end = XQueryVirtioVhostQueueStatus { path: path.clone(), queue };
            if has_back_end {
                self.ask(&back_end)?;
            } else {
                self.refused(&back_end, "vhost")?;
            }
        }
        Ok(())
    }

    fn queue(&mut self, path: &str, queue: u16) -> Result<(), Error> {
        let path = path.to_owned();
        let status = self.ask(&XQueryVirtioQueueStatus { path: path.clone(), queue })?;
        self.ask(&XDebugVirtioQueueStatus { path: path.clone(), queue })?;
        // QEMU counts a look at an element that came back as a mistake of the driver, and gives the device up.
        if !self.machine.plan().monitor.is_ringscope() {
            self.asked.extend([XQueryVirtioQueueElement::NAME]);
            return Ok(());
        }
        let element = XQueryVirtioQueueElement { path: path.clone(), queue, index: None };
        let debug_element = XDebugVirtioQueueElement { path: path.clone(), queue, index: None };
        let chains = QueryVirtioChains { path, queue, slot: Some(0), count: Some(8), dump: Some(16) };
        if status.is_some_and(|status| status.vring_desc != 0) {
            self.ask(&element)?;
            self.ask(&debug_element)?;
            self.ask(&chains)?;
        } else {
            self.refused(&element, "Region caches not initialized")?;
            self.refused(&debug_element, "Region caches not initialized")?;
            self.refused(&chains, "queue")?;
        }
        Ok(())
    }

    /// Asks for what cannot be had: the refusal has to hold this word.
    fn refused<R: Request>(&mut self, request: &R, word: &str) -> Result<(), Error> {
        if !self.machine.knows(R::NAME) {
            return Ok(());
        }
        self.asked.insert(R::NAME);
        self.answers += 1;
        match self.machine.typed(request) {
            Err(Error::Client { source: ClientError::Refused { description, .. }, .. }) => {
                if !description.contains(word) {
                    self.findings.push(format!("{} is refused for another reason: {description}", R::NAME));
                }
                Ok(())
            }
            Ok(_) => {
                self.findings.push(format!("{} is not refused", R::NAME));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn statistics(&mut self) -> Result<(), Error> {
        self.ask(&QueryStatsSchemas { provider: None })?;
        self.ask(&QueryStatisticsSchemas { providers: None, targets: None })?;
        let everything = StatisticsFilter { targets: None, providers: None, paths: None, names: None };
        self.ask(&QueryStatistics(everything))?;
        self.subscription()?;
        for target in [StatsTarget::Vm, StatsTarget::Vcpu] {
            if let Some(branch) = StatsFilterBranch::empty(target) {
                self.ask(&QueryStats(StatsFilter { providers: None, branch }))?;
            }
        }
        Ok(())
    }

    /// Disks, threads and limits. QEMU's replies have more than our schema, which is about ours.
    fn behind_devices(&mut self) -> Result<(), Error> {
        if !self.machine.plan().monitor.is_ringscope() {
            return Ok(());
        }
        let disks = self.ask(&QueryBlock)?.map(|list| list.len());
        let accounts = self.ask(&QueryBlockstats { query_nodes: None })?.map(|list| list.len());
        let there = self.machine.plan().disks();
        if disks != Some(there) || accounts != disks {
            self.findings
                .push(format!("query-block lists {disks:?} disks of {there}, query-blockstats {accounts:?}"));
        }
        if self.ask(&QueryIothreads)?.is_some_and(|threads| threads.is_empty()) {
            self.findings.push("query-iothreads lists no thread of a guest at work".to_owned());
        }
        self.ask(&QueryRateLimits)?;
        Ok(())
    }

    /// Statistics that come by themselves.
    fn subscription(&mut self) -> Result<(), Error> {
        let wanted = StatisticsSubscriptionRequest {
            targets: None,
            providers: Some(vec![StatisticsProvider::Kvm]),
            paths: None,
            names: None,
            interval: 100,
        };
        let Some(made) = self.ask(&SubscribeStatistics(wanted))? else { return Ok(()) };
        for sequence in 0..2 {
            let event = self.machine.event("STATISTICS")?;
            let changed = event.data["objects"].as_array().map(Vec::len).unwrap_or_default();
            if event.data["sequence"] != sequence || changed == 0 {
                self.findings
                    .push(format!("event {sequence} of statistics has {changed} objects: {}", event.data));
            }
        }
        self.ask(&QueryStatisticsSubscriptions)?;
        self.ask(&UnsubscribeStatistics { subscription: made.subscription })?;
        Ok(())
    }

    /// Commands that our monitor has learnt have to be tried here.
    fn forgotten(&mut self) {
        if !self.machine.plan().monitor.is_ringscope() {
            return;
        }
        let about = ["virtio", "stats", "statistics", "query-block", "iothreads", "query-rate-limits"];
        let known =
            self.machine.commands().iter().filter(|name| about.iter().any(|word| name.contains(word)));
        let forgotten: Vec<_> = known.filter(|name| !self.asked.contains(name.as_str())).cloned().collect();
        if !forgotten.is_empty() {
            self.findings.push(format!("the lab does not try {}", forgotten.join(", ")));
        }
    }
}
