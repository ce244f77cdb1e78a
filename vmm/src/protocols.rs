//! What is spoken with clients: QMP, the human monitor, and the page for Prometheus, over this machine.

use std::sync::Arc;

use monitor_qmp::{Client, Events, Handler, HumanMonitor, Server};
use qapi_schema::control::{VersionInfo, VersionTriple};
use qapi_schema::runtime::{Command, Error};
use qapi_schema::{inspect, machine, statistics_push, virtio, virtio_debug};

use crate::commands;
use crate::machine::Machine;
use crate::metrics;
use crate::monitors::{MonitorKind, Serve};
use crate::subscriptions::Subscriber;

/// The level of QEMU's protocol that is spoken.
const PROTOCOL: VersionTriple = VersionTriple { major: 10, minor: 0, micro: 0 };

/// Both monitors of a machine.
pub struct Protocols {
    qmp: Arc<Server<Machine>>,
    human: Arc<monitor_hmp::Monitor<Machine>>,
}

impl Protocols {
    /// The monitors of `machine`, whose events go to QMP's clients.
    pub fn new(machine: &Arc<Machine>, events: Arc<Events>) -> Self {
        let human = Arc::new(monitor_hmp::Monitor::new(Arc::clone(machine), version()));
        let in_qmp = Arc::new(HumanInQmp(Arc::clone(&human)));
        let qmp = Server::new(
            Arc::clone(machine),
            commands(),
            statistics_push::commands(),
            version(),
            in_qmp,
            events,
        );
        Self { qmp: Arc::new(qmp), human }
    }

    /// What serves a client of this kind.
    pub fn serve(&self, kind: MonitorKind) -> Serve {
        match kind {
            MonitorKind::Qmp => {
                let qmp = Arc::clone(&self.qmp);
                Arc::new(move |client| qmp.serve_with_hang_up(client.reader, client.writer, client.hang_up))
            }
            MonitorKind::Human => {
                let human = Arc::clone(&self.human);
                Arc::new(move |client| human.serve(client.reader, client.writer))
            }
        }
    }
}

/// Writes the statistics of `machine` for Prometheus.
pub fn metrics(machine: &Machine) -> metrics::Write {
    let registry = machine.statistics().clone();
    let name = machine.name().map(str::to_owned);
    Arc::new(move |format| stats::openmetrics::write(&registry, name.as_deref(), format))
}

/// Every command of the machine, in the schema's order.
fn commands() -> Vec<Command<Machine>> {
    [
        machine::commands().as_slice(),
        inspect::commands().as_slice(),
        virtio_debug::commands().as_slice(),
        virtio::commands().as_slice(),
        commands::stats::commands().as_slice(),
    ]
    .concat()
}

fn version() -> VersionInfo {
    VersionInfo { qemu: PROTOCOL, package: format!("Ringscope {}", env!("CARGO_PKG_VERSION")) }
}

/// The human monitor as the command `human-monitor-command` needs it.
struct HumanInQmp(Arc<monitor_hmp::Monitor<Machine>>);

impl HumanMonitor for HumanInQmp {
    fn execute(&self, command_line: &str, cpu_index: Option<i64>) -> Result<String, Error> {
        self.0.execute(command_line, cpu_index)
    }
}

impl Handler for Machine {
    type PerClient = Subscriber;

    fn connect(&self, client: Client) -> Subscriber {
        self.subscriptions().connect(client)
    }
}

impl monitor_hmp::GuestView for Machine {
    fn read_physical(&self, address: u64, data: &mut [u8]) -> bool {
        self.read_memory(address, data)
    }
}
