//! The vCPU threads of a machine: starting, pausing, ending.

use std::io;
use std::mem;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{Builder, JoinHandle};

use super::gate::Gate;
use super::{AcceleratorError, Vcpu};
use crate::bus::lock;

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

    /// Runs `work` on a new thread named after vCPU `index`.
    pub(super) fn spawn(
        &self,
        index: u8,
        work: impl FnOnce(&Gate) + Send + 'static,
    ) -> Result<(), AcceleratorError> {
        let (sender, receiver) = mpsc::channel();
        let gate = Arc::clone(&self.gate);
        let run = move || {
            // Nobody listens if `spawn` failed, and then nobody needs the answer.
            let _ = sender.send(rustix::thread::gettid().as_raw_nonzero().get());
            work(&gate);
        };
        let handle = Builder::new().name(format!("vcpu{index}")).spawn(run);
        let handle = handle.map_err(AcceleratorError::host("start a vCPU thread"))?;
        let thread_id = receiver.recv().map_err(|_| io::Error::other("the thread ended at once"));
        let thread_id = thread_id.map_err(AcceleratorError::host("start a vCPU thread"))?;
        lock(&self.threads).push(VcpuThread { vcpu: Vcpu { index, thread_id }, handle });
        Ok(())
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
