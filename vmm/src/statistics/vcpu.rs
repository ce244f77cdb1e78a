//! vCPUs: why they leave the guest.

use std::sync::{Arc, LazyLock};

use qapi_schema::runtime::Error;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};
use qapi_schema::stats::StatsUnit;
use stats::{Descriptor, Descriptors, Object, Registry, Source};

use crate::accelerator::{ExitReason, VcpuExits};
use crate::object_tree::vcpu_path;

/// Adds the vCPUs, for as long as the machine exists.
pub(crate) fn add_vcpus(registry: &Registry, vcpus: &[Arc<VcpuExits>]) {
    for (exits, index) in vcpus.iter().zip(0..) {
        let object = Object::new(StatisticsProvider::Vcpu, StatisticsTarget::Vcpu).path(vcpu_path(index));
        registry.add(object, Arc::new(VcpuSource(Arc::clone(exits)))).keep();
    }
}

struct VcpuSource(Arc<VcpuExits>);

impl Source for VcpuSource {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&DESCRIPTORS)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        let (counts, times) = values.split_at_mut(ExitReason::ALL.len().min(values.len()));
        for ((reason, count), time) in ExitReason::ALL.into_iter().zip(counts).zip(times) {
            let exits = self.0.of(reason);
            (*count, *time) = (exits.count.get(), exits.time.get());
        }
        Ok(())
    }
}

/// First the counts of all reasons, then their times.
static DESCRIPTORS: LazyLock<Arc<Descriptors>> = LazyLock::new(|| {
    let counts = ExitReason::ALL.map(count);
    let times = ExitReason::ALL.map(|reason| time(reason).unit(StatsUnit::Seconds).scale(10, -9));
    Descriptors::new(counts.into_iter().chain(times))
});

fn count(reason: ExitReason) -> Descriptor {
    let (name, description) = match reason {
        ExitReason::MmioRead => ("mmio-read-exits", "Reads of device space."),
        ExitReason::MmioWrite => {
            ("mmio-write-exits", "Writes to device space, without the kicks that the kernel makes events of.")
        }
        ExitReason::PortRead => ("port-read-exits", "Reads of I/O ports."),
        ExitReason::PortWrite => ("port-write-exits", "Writes to I/O ports."),
        ExitReason::Halt => {
            ("halt-exits", "Waits for an interrupt that the program knows of. Under KVM the kernel waits.")
        }
        ExitReason::Interrupted => (
            "interrupted-exits",
            "Times that the thread left the guest because somebody wanted its attention.",
        ),
        ExitReason::Shutdown => ("shutdown-exits", "Times that the guest ended or asked for its end."),
        ExitReason::Other => ("other-exits", "Exits for any other reason."),
    };
    Descriptor::cumulative(name, description)
}

fn time(reason: ExitReason) -> Descriptor {
    let (name, description) = match reason {
        ExitReason::MmioRead => ("mmio-read-time", "Time spent on reads of device space."),
        ExitReason::MmioWrite => ("mmio-write-time", "Time spent on writes to device space."),
        ExitReason::PortRead => ("port-read-time", "Time spent on reads of I/O ports."),
        ExitReason::PortWrite => ("port-write-time", "Time spent on writes to I/O ports."),
        ExitReason::Halt => {
            ("halt-time", "Time spent waiting for an interrupt, where the kernel does not wait.")
        }
        ExitReason::Interrupted => {
            ("interrupted-time", "Time spent on finding out who wanted the thread's attention.")
        }
        ExitReason::Shutdown => ("shutdown-time", "Time spent on ending the guest."),
        ExitReason::Other => ("other-time", "Time spent on exits for any other reason."),
    };
    Descriptor::cumulative(name, description)
}
