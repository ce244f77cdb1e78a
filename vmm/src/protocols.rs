//! What is spoken with clients: QMP, the human monitor, and the page for Prometheus, over this machine.

use std::sync::Arc;

use monitor_hmp::{Register, RegistersError, Terminal};
use monitor_qmp::{Client, Events, Handler, HumanMonitor, Server, Terms};
use qapi_schema::control::{VersionInfo, VersionTriple};
use qapi_schema::runtime::{Command, Error};
use qapi_schema::{
    balloon, block, char, inspect, machine, net, qom, rate_limits, statistics_push, virtio, virtio_debug,
};

use crate::accelerator::{AcceleratorError, VcpuRegister};
use crate::commands;
use crate::machine::Machine;
use crate::metrics;
use crate::monitors::{MonitorKind, Serve};
use crate::statistics::MonitorCounters;
use crate::subscriptions::Subscriber;
use crate::terminal;

/// The level of QEMU's protocol that is spoken.
const PROTOCOL: VersionTriple = VersionTriple { major: 10, minor: 0, micro: 0 };

/// Both monitors of a machine.
pub struct Protocols {
    machine: Arc<Machine>,
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
        Self { machine: Arc::clone(machine), qmp: Arc::new(qmp), human }
    }

    /// What serves the clients of a monitor of this kind, and counts what they do at its address. QMP is spoken on `terms`.
    pub fn serve(&self, kind: MonitorKind, address: &str, terms: Terms) -> Serve {
        let counters = MonitorCounters::new(self.machine.statistics(), address);
        let (qmp, human) = (Arc::clone(&self.qmp), Arc::clone(&self.human));
        Arc::new(move |client| {
            let _present = counters.client();
            let (reader, writer) = (counters.reader(client.reader), counters.writer(client.writer));
            let terminal = if client.is_stdio { terminal::of_standard_streams() } else { Terminal::Unknown };
            match kind {
                MonitorKind::Qmp => {
                    qmp.serve_on_terms(reader, writer, client.hang_up, Arc::clone(&counters) as _, terms);
                }
                MonitorKind::Human => human.serve(&terminal, reader, writer, &*counters),
            }
        })
    }
}

/// Writes the statistics of `machine` for Prometheus.
pub fn metrics(machine: &Machine) -> metrics::Write {
    let registry = machine.statistics().clone();
    let name = machine.name().map(str::to_owned);
    Arc::new(move |format| stats::openmetrics::write(&registry, name.as_deref(), format))
}

/// Every command of the machine.
fn commands() -> Vec<Command<Machine>> {
    [
        machine::commands().as_slice(),
        net::commands().as_slice(),
        block::commands().as_slice(),
        rate_limits::commands().as_slice(),
        balloon::commands().as_slice(),
        char::commands().as_slice(),
        qom::commands().as_slice(),
        inspect::commands().as_slice(),
        virtio_debug::commands().as_slice(),
        virtio::commands().as_slice(),
        commands::stats::commands().as_slice(),
        commands::device::commands().as_slice(),
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

    fn registers(&self, cpu: i64) -> Result<Vec<Register>, RegistersError> {
        let registers = self.accelerator().registers(vcpu_index(cpu)?).map_err(registers_error)?;
        let register = |VcpuRegister { name, value, bits }| Register { name, value, bits };
        Ok(registers.into_iter().map(register).collect())
    }

    fn translate(&self, cpu: i64, address: u64) -> Result<Option<u64>, RegistersError> {
        self.accelerator().translate(vcpu_index(cpu)?, address).map_err(registers_error)
    }
}

fn vcpu_index(cpu: i64) -> Result<u8, RegistersError> {
    u8::try_from(cpu).map_err(|_| RegistersError::NoSuchVcpu)
}

fn registers_error(error: AcceleratorError) -> RegistersError {
    match error {
        AcceleratorError::VcpuRuns(_) => RegistersError::Running,
        AcceleratorError::NoRegisters => RegistersError::Absent,
        AcceleratorError::NoSuchVcpu(_) => RegistersError::NoSuchVcpu,
        other => RegistersError::Host(other.to_string()),
    }
}
