//! Getting a vCPU's thread out of `KVM_RUN` without a race.
//!
//! A signal alone is not enough: it may arrive just before the thread enters `KVM_RUN`, which then would not return. So
//! its handler also sets `immediate_exit` in the vCPU's shared page, and `KVM_RUN` looks at that before it waits. The
//! thread clears it before it looks whether it may go on; a signal between the two is seen by that look.
#![allow(unsafe_code, reason = "a signal handler, and a byte shared with the kernel")]

use std::cell::Cell;
use std::ptr;
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::JoinHandle;

use kvm_ioctls::VcpuFd;
use libc::{c_int, c_void, siginfo_t};
use vmm_sys_util::errno;
use vmm_sys_util::signal::{Killable, SIGRTMIN, register_signal_handler};

use crate::accelerator::AcceleratorError;
use crate::bus::lock;

thread_local! {
    /// `immediate_exit` of the vCPU that this thread runs; null on every other thread. Constant initialisation, so that
    /// the handler's access never allocates.
    static IMMEDIATE_EXIT: Cell<*mut u8> = const { Cell::new(ptr::null_mut()) };
}

extern "C" fn handle(_: c_int, _: *mut siginfo_t, _: *mut c_void) {
    let immediate_exit = IMMEDIATE_EXIT.get();
    if !immediate_exit.is_null() {
        // SAFETY: `Registration` keeps the pointer valid for as long as it is not null, and it is this thread's own.
        unsafe { immediate_exit.write_volatile(1) };
    }
}

/// Installs the handler, once a process.
pub(super) fn install() -> Result<(), AcceleratorError> {
    static INSTALLED: OnceLock<Result<(), errno::Error>> = OnceLock::new();
    let installed = *INSTALLED.get_or_init(|| register_signal_handler(SIGRTMIN(), handle));
    installed.map_err(AcceleratorError::kvm("install the signal handler of vCPU threads"))
}

/// Makes `thread` leave `KVM_RUN`, or not enter it.
pub(super) fn interrupt(thread: &JoinHandle<()>) {
    // The only failure is a thread that has ended, which runs nothing.
    let _ = thread.kill(SIGRTMIN());
}

/// This thread's vCPU, ready to be interrupted.
pub(super) struct Registration {
    /// Keeps the shared page mapped.
    _vcpu: Arc<Mutex<VcpuFd>>,
}

impl Registration {
    pub(super) fn new(vcpu: &Arc<Mutex<VcpuFd>>) -> Self {
        IMMEDIATE_EXIT.set(&raw mut lock(vcpu).get_kvm_run().immediate_exit);
        Self { _vcpu: Arc::clone(vcpu) }
    }
}

impl Drop for Registration {
    /// Runs before the vCPU's shared page may be unmapped.
    fn drop(&mut self) {
        IMMEDIATE_EXIT.set(ptr::null_mut());
    }
}
