//! Reading a command line: its words, its integer expressions, the format of a dump.

pub(crate) mod expression;
pub(crate) mod format;
pub(crate) mod words;
