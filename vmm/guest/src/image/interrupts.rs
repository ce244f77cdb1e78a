//! Interrupts: the local APIC's timer, and the I/O APIC's pins for the device windows.
//!
//! Interrupts are off while the guest works and on only while it halts, so the handlers run there and nowhere else.

use core::arch::{asm, global_asm};
use core::ptr::{addr_of, addr_of_mut};

use super::platform::{write_controller, write_port};
use crate::layout::{FIRST_LINE, FIRST_VECTOR, WINDOW_COUNT};
use crate::platform::Wake;

/// One vector a window, and one for the timer, whose bit in `pending` follows the windows' bits.
const VECTORS: u8 = WINDOW_COUNT + 1;
const TIMER_BIT: u32 = WINDOW_COUNT as u32;
/// Distance between the handlers of two vectors.
const HANDLER_SIZE: u64 = 16;

const LOCAL_APIC: u64 = 0xfee0_0000;
const SPURIOUS: u64 = LOCAL_APIC + 0xf0;
const LOCAL_TIMER: u64 = LOCAL_APIC + 0x320;
const TIMER_COUNT: u64 = LOCAL_APIC + 0x380;
const TIMER_DIVIDE: u64 = LOCAL_APIC + 0x3e0;
const DIVIDE_BY_ONE: u32 = 0b1011;
/// KVM's local APIC timer counts nanoseconds: 100 ms.
const ROUND: u32 = 100_000_000;

const IO_APIC_SELECT: u64 = 0xfec0_0000;
const IO_APIC_WINDOW: u64 = 0xfec0_0010;

/// Of the descriptor table that the machine has left in memory: where Linux's boot protocol has the code segment.
const CODE_SELECTOR: u64 = 0x10;
const INTERRUPT_GATE: u64 = 0x8e00;
/// Of the descriptor table: 16 bytes a gate.
const TABLE_LIMIT: u16 = (FIRST_VECTOR as u16 + VECTORS as u16) * 16 - 1;

global_asm!(
    ".section .text.handlers, \"ax\"",
    ".balign 16",
    "handlers:",
    ".set bit, 0",
    ".rept {vectors}",
    ".balign 16",
    "push bit",
    "jmp 3f",
    ".set bit, bit + 1",
    ".endr",
    "3:",
    "push rax",
    "mov eax, [rsp + 8]",
    "bts dword ptr [rip + {pending}], eax",
    // End of interrupt.
    "mov eax, 0xfee000b0",
    "mov dword ptr [rax], 0",
    "pop rax",
    "add rsp, 8",
    "iretq",
    vectors = const VECTORS,
    pending = sym PENDING,
);

unsafe extern "C" {
    #[link_name = "handlers"]
    static HANDLERS: u8;
}

/// What the handlers have seen: bit `n` for window `n`, then the timer.
static mut PENDING: u32 = 0;

#[repr(C, align(16))]
struct Gates([[u64; 2]; FIRST_VECTOR as usize + VECTORS as usize]);

/// The interrupt descriptor table.
static mut GATES: Gates = Gates([[0; 2]; FIRST_VECTOR as usize + VECTORS as usize]);

#[repr(C, packed)]
struct TableRegister {
    limit: u16,
    base: u64,
}

/// Makes the timer's and every window's interrupt arrive, once they are let in.
pub(super) fn set_up() {
    load_gates();
    // The legacy controllers are wired to the same lines, and their vectors would hit the exceptions': mask them all.
    write_port(0x21, 0xff);
    write_port(0xa1, 0xff);
    write_controller(SPURIOUS, 0x1ff);
    write_controller(TIMER_DIVIDE, DIVIDE_BY_ONE);
    write_controller(LOCAL_TIMER, u32::from(FIRST_VECTOR + WINDOW_COUNT));
    for window in 0..WINDOW_COUNT {
        // Redirection entry: edge triggered, fixed delivery to APIC 0. The high half is zero from reset.
        let entry = 0x10 + 2 * u32::from(FIRST_LINE + window);
        write_controller(IO_APIC_SELECT, entry);
        write_controller(IO_APIC_WINDOW, u32::from(FIRST_VECTOR + window));
    }
}

fn load_gates() {
    let handlers = addr_of!(HANDLERS) as u64;
    let gates = addr_of_mut!(GATES);
    for number in 0..VECTORS {
        let address = handlers + u64::from(number) * HANDLER_SIZE;
        let low =
            address & 0xffff | CODE_SELECTOR << 16 | INTERRUPT_GATE << 32 | (address >> 16 & 0xffff) << 48;
        // SAFETY: the place is inside the table, and only this vCPU uses it, with interrupts off.
        unsafe {
            let gate = gates.cast::<[u64; 2]>().add(usize::from(FIRST_VECTOR + number));
            gate.write([low, address >> 32]);
        }
    }
    let register = TableRegister { limit: TABLE_LIMIT, base: gates as u64 };
    // SAFETY: the table lives for ever and every gate of a vector that can come is set.
    unsafe { asm!("lidt [{}]", in(reg) &register, options(readonly, nostack, preserves_flags)) }
}

/// Halts until an interrupt comes, and says which came.
pub(super) fn wait() -> Wake {
    let pending = addr_of_mut!(PENDING);
    // SAFETY: handlers keep every register, and run between `sti` and `cli` only; so nobody else touches PENDING below.
    let bits = unsafe {
        asm!("sti", "hlt", "cli");
        let bits = pending.read_volatile();
        pending.write_volatile(0);
        bits
    };
    Wake { windows: bits & !(1 << TIMER_BIT), tick: bits & 1 << TIMER_BIT != 0 }
}

/// Lets the timer's interrupt come in 100 ms, once.
pub(super) fn arm_timer() {
    write_controller(TIMER_COUNT, ROUND);
}
