//! What feature bits depend on.

/// A feature bit that has no effect without another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The bit's number.
    pub bit: u8,
    /// The numbers of the bits of which it needs at least one.
    pub any_of: &'static [u8],
}
