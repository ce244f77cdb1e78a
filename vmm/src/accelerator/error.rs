//! What can go wrong with an accelerator.

/// What went wrong, naming the thing and the reason.
#[derive(Debug, thiserror::Error)]
pub enum AcceleratorError {
    /// `--accel` with another word.
    #[error("unknown accelerator '{0}' (expected auto, kvm or none)")]
    UnknownChoice(String),
}
