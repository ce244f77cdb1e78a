//! Starting vCPU threads and learning their host thread IDs.

use std::io;
use std::sync::mpsc;
use std::thread::{Builder, JoinHandle};

use super::{AcceleratorError, Vcpu};

/// A vCPU's thread.
pub(super) struct VcpuThread {
    pub(super) vcpu: Vcpu,
    pub(super) handle: JoinHandle<()>,
}

/// Runs `work` on a new thread named after vCPU `index`.
pub(super) fn spawn(index: u8, work: impl FnOnce() + Send + 'static) -> Result<VcpuThread, AcceleratorError> {
    let (sender, receiver) = mpsc::channel();
    let run = move || {
        // Nobody listens if `spawn` failed, and then nobody needs the answer.
        let _ = sender.send(thread_id());
        work();
    };
    let handle = Builder::new().name(format!("vcpu{index}")).spawn(run);
    let handle = handle.map_err(AcceleratorError::host("start a vCPU thread"))?;
    let thread_id = receiver.recv().map_err(|_| io::Error::other("the thread ended at once"));
    let thread_id = thread_id.map_err(AcceleratorError::host("start a vCPU thread"))?;
    Ok(VcpuThread { vcpu: Vcpu { index, thread_id }, handle })
}

fn thread_id() -> i32 {
    rustix::thread::gettid().as_raw_nonzero().get()
}
