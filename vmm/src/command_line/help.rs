//! The texts of `--help` and `--version`.

use std::fmt::Write as _;

use super::options::{OPTIONS, OptionRow, Takes};

use crate::paragraph::paragraph;

/// The column in which the meaning of an option starts.
const INDENT: usize = 10;

/// Name and version.
pub fn version() -> String {
    format!("Ringscope {}\n", env!("CARGO_PKG_VERSION"))
}

/// What the program is and every option.
pub fn help() -> String {
    let mut text = version();
    text.push_str(
        "A microVM whose virtio rings can be watched while they turn.\n\nUsage: ringscope [OPTION]...\n",
    );
    for row in &OPTIONS {
        let _ = write!(text, "\n  {}\n{}", heading(row), paragraph(&format!("{}.", row.meaning), INDENT));
    }
    text.push_str("\nSIZE is a number of bytes, or of K, M, G or T.\n");
    text
}

fn heading(row: &OptionRow) -> String {
    let short = row.short.map(|letter| format!("-{letter}, ")).unwrap_or_default();
    let value = match &row.takes {
        Takes::Value { placeholder, .. } => format!(" {placeholder}"),
        Takes::Nothing(_) | Takes::Question(_) => String::new(),
    };
    format!("{short}--{}{value}", row.name)
}
