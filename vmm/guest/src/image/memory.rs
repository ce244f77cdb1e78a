//! The functions that the compiler expects to find for copies and fills.

use core::arch::asm;

/// Copies `length` bytes that do not overlap.
///
/// # Safety
/// As C's `memcpy`; called by compiled code only.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, length: usize) -> *mut u8 {
    // SAFETY: the caller names `length` readable and writable bytes; the direction flag is clear (System V ABI).
    unsafe {
        asm!("rep movsb", inout("rcx") length => _, inout("rdi") to => _, inout("rsi") from => _,
            options(nostack, preserves_flags));
    }
    to
}

/// Fills `length` bytes with the low byte of `value`.
///
/// # Safety
/// As C's `memset`; called by compiled code only.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, value: i32, length: usize) -> *mut u8 {
    // SAFETY: the caller names `length` writable bytes; the direction flag is clear (System V ABI).
    unsafe {
        asm!("rep stosb", inout("rcx") length => _, inout("rdi") to => _, in("eax") value,
            options(nostack, preserves_flags));
    }
    to
}
