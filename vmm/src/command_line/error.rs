//! What is wrong with a command line: the option, the value, and what would be accepted.

/// A mistake on the command line.
#[derive(Debug, thiserror::Error)]
pub enum CommandLineError {
    /// An option that nobody knows.
    #[error("{option}: there is no such option; accepted are {}", super::options::names())]
    UnknownOption {
        /// As written.
        option: String,
    },
    /// An argument without an option.
    #[error("'{value}': an argument that belongs to no option; accepted are {}", super::options::names())]
    UnexpectedArgument {
        /// As written.
        value: String,
    },
    /// `--flag=value`.
    #[error("{option}: '{value}' is one value too many; accepted is {option} alone")]
    UnexpectedValue {
        /// As written.
        option: String,
        /// As written.
        value: String,
    },
    /// The command line ends where a value is due.
    #[error("--{option}: the value is missing; accepted is {accepted}")]
    MissingValue {
        /// Without dashes.
        option: &'static str,
        /// What would do.
        accepted: String,
    },
    /// A value that cannot be used.
    #[error("--{option}: '{value}' {reason}; accepted is {accepted}")]
    Value {
        /// Without dashes.
        option: &'static str,
        /// As written.
        value: String,
        /// What is wrong with it: the predicate of a sentence about it.
        reason: String,
        /// What would do.
        accepted: String,
    },
    /// A second value for what there is one of.
    #[error("--{option}: '{value}' is a second value; accepted is --{option} once")]
    Repeated {
        /// Without dashes.
        option: &'static str,
        /// As written.
        value: String,
    },
    /// The built-in guest takes nothing.
    #[error("--{option}: is for a kernel, and there is none; accepted is --{option} together with --kernel")]
    NoKernel {
        /// Without dashes.
        option: &'static str,
    },
    /// Standard input and output are in use.
    #[error("--{option}: 'stdio' is in use by another option; accepted is stdio once")]
    StdioTaken {
        /// Without dashes.
        option: &'static str,
    },
    /// What the argument reader refuses.
    #[error("the command line cannot be read: {0}")]
    Unreadable(lexopt::Error),
}

/// Why a value cannot be used: the predicate of a sentence about it.
pub(super) struct Unfit(String);

impl Unfit {
    pub(super) fn new(reason: impl ToString) -> Self {
        Self(reason.to_string())
    }

    pub(super) fn of(self, option: &'static str, value: String, accepts: fn() -> String) -> CommandLineError {
        CommandLineError::Value { option, value, reason: self.0, accepted: accepts() }
    }
}
