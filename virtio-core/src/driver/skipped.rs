//! Tests that cannot run on this host say so.

use std::fmt::Display;
use std::io::Write;

/// Says loudly that the test that calls this, or a part of it, is left out, and why. It goes past the test harness,
/// which shows nothing of what a test prints that passes.
pub fn skipped(reason: impl Display) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Where standard error is closed nobody wants to know.
    let _ = writeln!(std::io::stderr(), "SKIPPED {test}: {reason}");
}
