//! The vCPU threads of a machine: starting, pausing, ending.

use std::io;
use std::mem;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{Builder, JoinHandle};

use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_setaffinity};

use super::gate::Gate;
use super::{AcceleratorError, Vcpu};
use crate::bus::lock;

/// Of a vCPU's thread, in bytes: what a device does when its registers are accessed needs little.
const STACK_SIZE: usize = 256 << 10;

/// A vCPU's thread.
struct VcpuThread {
    vcpu: Vcpu,
    handle: JoinHandle<()>,
}

/// The threads, and the gate they pass. What gets a thread out of a long piece of work is the accelerator's affair, so it
/// comes in as `interrupt`, called with each thread.
pub(super) struct VcpuThreads {
    gate: Arc<Gate>,
    threads: Mutex<Vec<VcpuThread>>,
}

impl VcpuThreads {
    /// No threads, and a closed gate.
    pub(super) fn new() -> Self {
        Self { gate: Arc::new(Gate::new()), threads: Mutex::default() }
    }

    /// Runs `work` on a new thread named after vCPU `index`, on any or on one of the host's CPUs only.
    pub(super) fn spawn(
        &self,
        index: u8,
        host_cpu: Option<u16>,
        work: impl FnOnce(&Gate) + Send + 'static,
    ) -> Result<(), AcceleratorError> {
        let (sender, receiver) = mpsc::channel();
        let gate = Arc::clone(&self.gate);
        let run = move || {
            // Nobody listens if `spawn` failed, and then nobody needs the answer.
            let _ = sender.send(rustix::thread::gettid());
            work(&gate);
        };
        let builder = Builder::new().name(format!("vcpu {index}")).stack_size(STACK_SIZE);
        let handle = builder.spawn(run);
        let handle = handle.map_err(AcceleratorError::host("start a vCPU thread"))?;
        let thread_id = receiver.recv().map_err(|_| io::Error::other("the thread ended at once"));
        let thread_id = thread_id.map_err(AcceleratorError::host("start a vCPU thread"))?;
        let vcpu = Vcpu { index, thread_id: thread_id.as_raw_nonzero().get() };
        lock(&self.threads).push(VcpuThread { vcpu, handle });
        host_cpu.map_or(Ok(()), |cpu| pin(thread_id, index, cpu))
    }

    /// By index.
    pub(super) fn vcpus(&self) -> Vec<Vcpu> {
        lock(&self.threads).iter().map(|thread| thread.vcpu).collect()
    }

    /// Returns when no thread does anything for the guest any more.
    pub(super) fn pause(&self, interrupt: impl Fn(&JoinHandle<()>)) {
        self.gate.close();
        lock(&self.threads).iter().for_each(|thread| interrupt(&thread.handle));
        self.gate.wait_until_idle();
    }

    /// Brings back the threads of vCPUs that the guest has ended. To be called while they are paused.
    pub(super) fn begin_anew(&self) {
        self.gate.begin_anew();
    }

    /// Lets the threads go on.
    pub(super) fn resume(&self) {
        self.gate.open();
    }

    /// Ends and joins the threads.
    pub(super) fn shutdown(&self, interrupt: impl Fn(&JoinHandle<()>)) {
        self.gate.end();
        let threads = mem::take(&mut *lock(&self.threads));
        for thread in threads {
            interrupt(&thread.handle);
            // A panic of the thread has been reported by the panic hook; there is nothing to add.
            let _ = thread.handle.join();
        }
    }
}

fn pin(thread: Pid, vcpu: u8, cpu: u16) -> Result<(), AcceleratorError> {
    let mut cpus = CpuSet::new();
    cpus.set(cpu.into());
    sched_setaffinity(Some(thread), &cpus).map_err(|error| AcceleratorError::HostCpu {
        vcpu,
        cpu,
        source: error.into(),
    })
}
