//! `cargo xtask bench`: runs the benchmarks of the crate `bench`, optimised.

use crate::workspace;

/// Measures `subject` and prints the numbers.
///
/// # Errors
/// It cannot be built, or there is no such subject.
pub(crate) fn run(subject: &str) -> Result<(), String> {
    workspace::run(
        workspace::root(),
        &[],
        &["cargo", "run", "--quiet", "--release", "--package", "bench", "--", subject],
    )
}
