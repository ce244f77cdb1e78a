//! The guest as a freestanding x86-64 image: entry, interrupts, and the platform that is the machine itself.
//!
//! The machine enters at `_start` in 64-bit mode, paging on, the first 4 GiB mapped to themselves, interrupts off, on the
//! first vCPU. The others wait for a start-up interrupt that never comes: there is no work for them.
//!
//! Nothing of the precompiled `core` is linked in: it may hold SSE instructions, which a host that emulates the guest
//! does not know. So whatever could panic fails to link, and the few functions that the compiler calls by itself stand
//! in `memory`.

#![allow(unsafe_code, reason = "on bare metal, memory, ports and interrupts are what there is")]

mod interrupts;
mod memory;
mod platform;

use core::arch::global_asm;

use crate::layout::STACK_TOP;
use crate::workload::Workload;
use platform::Machine;

global_asm!(
    ".section .text.start, \"ax\"",
    ".globl _start",
    "_start:",
    "mov esp, {stack}",
    "jmp {main}",
    stack = const STACK_TOP,
    main = sym main,
);

extern "C" fn main() -> ! {
    interrupts::set_up();
    let mut machine = Machine;
    let mut workload = Workload::start(&mut machine);
    interrupts::arm_timer();
    loop {
        let wake = interrupts::wait();
        workload.wake(&mut machine, wake);
        if wake.tick {
            // Armed after the work: a host that takes long for a round still gets its rest.
            interrupts::arm_timer();
        }
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        // SAFETY: stops this vCPU, touching no memory.
        unsafe { core::arch::asm!("cli", "hlt", options(nomem, nostack)) }
    }
}
