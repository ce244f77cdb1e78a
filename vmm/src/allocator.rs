//! What the C library does with memory that nobody needs any more.
#![allow(unsafe_code, reason = "a call of the C library")]

/// Gives free memory back to the host. By itself glibc keeps free pages that lie below one that is in use: after a message
/// of many small values the program would stay as large as it was then.
pub(crate) fn give_memory_back() {
    #[cfg(target_env = "gnu")]
    {
        // SAFETY: takes no pointer, and may be called by any thread at any time.
        unsafe { libc::malloc_trim(0) };
    }
}
