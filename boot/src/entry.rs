//! How the kernel is entered.

use crate::cpu_state::InitialState;

/// Where and how the kernel is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// By the PVH protocol: 32-bit protected mode.
    Pvh {
        /// The first instruction.
        start_address: u64,
        /// The start information (`hvm_start_info`).
        start_info: u64,
    },
    /// By the 64-bit Linux boot protocol.
    LongMode {
        /// The first instruction.
        start_address: u64,
        /// The zero page (`boot_params`).
        zero_page: u64,
    },
}

impl Entry {
    /// The registers of the first vCPU at its first instruction.
    pub const fn initial_state(self) -> InitialState {
        match self {
            Self::Pvh { start_address, start_info } => InitialState::pvh(start_address, start_info),
            Self::LongMode { start_address, zero_page } => InitialState::long_mode(start_address, zero_page),
        }
    }
}
