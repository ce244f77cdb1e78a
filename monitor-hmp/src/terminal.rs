//! What a conversation is shown on.

use std::fmt;

/// What is at the other end of a conversation.
pub enum Terminal {
    /// A terminal of which nothing is known, such as at the other end of a socket: lines are edited there as QEMU has
    /// them edited, byte for byte, in 80 columns and without colours.
    Unknown,
    /// A terminal of this host, in raw mode.
    Known(KnownTerminal),
    /// A terminal of this host that shows what is typed by itself, line by line, and cannot do more (`TERM=dumb`).
    Dumb,
    /// No terminal, but a pipe or a file: what comes in are lines, and what goes out can be put into a pager. A line
    /// is repeated behind the prompt before its answer.
    Absent,
}

/// What is known of a terminal.
pub struct KnownTerminal {
    /// How many columns it has at the moment, if it tells.
    pub columns: Box<dyn Fn() -> Option<usize> + Send>,
    /// Whether the person wants colours.
    pub colours: bool,
}

impl fmt::Debug for Terminal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => formatter.write_str("Unknown"),
            Self::Known(known) => write!(formatter, "Known {{ columns: {:?} }}", (known.columns)()),
            Self::Dumb => formatter.write_str("Dumb"),
            Self::Absent => formatter.write_str("Absent"),
        }
    }
}

impl KnownTerminal {
    /// The number of columns that can be used, if it is known: a terminal that tells of none does not know itself.
    pub(crate) fn width(&self) -> Option<usize> {
        (self.columns)().filter(|columns| *columns > 0)
    }
}
