//! What the monitor needs of a machine beyond its commands.

use thiserror::Error;

/// A look at what the guest sees.
pub trait GuestView {
    /// Copies guest memory from the physical address on into `data`: all of it, or nothing and `false` if a part
    /// is no memory. Devices are not read.
    fn read_physical(&self, address: u64, data: &mut [u8]) -> bool;

    /// The registers of the vCPU with this number.
    ///
    /// # Errors
    /// They cannot be read now, or never.
    fn registers(&self, cpu: i64) -> Result<Vec<Register>, RegistersError>;

    /// The physical address of a virtual one of the vCPU with this number; nothing if it is not mapped.
    ///
    /// # Errors
    /// The vCPU's registers cannot be read now, or never.
    fn translate(&self, cpu: i64, address: u64) -> Result<Option<u64>, RegistersError>;
}

/// A vCPU's register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Register {
    /// Its name in the processor's manual, in lower case.
    pub name: &'static str,
    /// What it holds.
    pub value: u64,
    /// How many bits it has: a multiple of four.
    pub bits: u8,
}

/// Why a vCPU's registers cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RegistersError {
    /// They change all the time.
    #[error("registers can be read while the machine is stopped; type \"stop\" first")]
    Running,
    /// There are none.
    #[error("this machine runs without KVM, and so without registers")]
    Absent,
    /// There is no such vCPU.
    #[error("invalid CPU index")]
    NoSuchVcpu,
    /// The host refused.
    #[error("the registers cannot be read: {0}")]
    Host(String),
}

/// A register by what people call it: also by its shorter names (`eax` of `rax`), and `pc`.
pub(crate) fn find<'r>(registers: &'r [Register], name: &str) -> Option<&'r Register> {
    let long = match name {
        "pc" => "rip".to_owned(),
        _ => name.strip_prefix('e').map_or_else(|| name.to_owned(), |rest| format!("r{rest}")),
    };
    registers
        .iter()
        .find(|register| register.name == name)
        .or_else(|| registers.iter().find(|register| register.name == long))
}
