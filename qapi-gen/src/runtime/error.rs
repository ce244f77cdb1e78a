use std::fmt;

/// The class of an error on the wire: the only part of it that a client may rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// Everything that has no class of its own.
    GenericError,
    /// The command does not exist, is disabled, or is not available in this mode.
    CommandNotFound,
    /// The device exists and is not active.
    DeviceNotActive,
    /// There is no such device or object.
    DeviceNotFound,
    /// KVM lacks a capability that the command needs.
    KvmMissingCap,
}

impl ErrorClass {
    /// Every class.
    pub const ALL: [Self; 5] = [
        ErrorClass::GenericError,
        ErrorClass::CommandNotFound,
        ErrorClass::DeviceNotActive,
        ErrorClass::DeviceNotFound,
        ErrorClass::KvmMissingCap,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            ErrorClass::GenericError => "GenericError",
            ErrorClass::CommandNotFound => "CommandNotFound",
            ErrorClass::DeviceNotActive => "DeviceNotActive",
            ErrorClass::DeviceNotFound => "DeviceNotFound",
            ErrorClass::KvmMissingCap => "KVMMissingCap",
        }
    }
}

/// A command's failure: class and text, as a client gets them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The class that clients decide by.
    pub class: ErrorClass,
    /// The text for people.
    pub description: String,
}

impl Error {
    /// An error of any class.
    pub fn new(class: ErrorClass, description: impl Into<String>) -> Self {
        Self { class, description: description.into() }
    }

    /// An error of class `GenericError`.
    pub fn generic(description: impl Into<String>) -> Self {
        Self::new(ErrorClass::GenericError, description)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.description)
    }
}

impl std::error::Error for Error {}
