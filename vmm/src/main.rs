//! The program `ringscope`.
fn main() {}
