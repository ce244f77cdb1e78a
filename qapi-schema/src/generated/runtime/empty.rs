// Written by `cargo xtask codegen`; change nothing here.

use std::fmt;

/// An object without members: what a command returns that returns nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Empty;

/// A text is none of an enum's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownValue;

impl fmt::Display for UnknownValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not one of the values")
    }
}

impl std::error::Error for UnknownValue {}
