//! How the guest finds its devices.

use std::fmt;
use std::str::FromStr;

/// The transport of every device of a machine, as chosen with `--transport`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TransportKind {
    /// Windows of registers (virtio-mmio).
    Mmio,
    /// Functions of a PCI bus (virtio-pci). The usual one: each queue has an interrupt of its own (MSI-X), for which the guest
    /// reads and acknowledges no register, and Linux does more with it (`bench/FIGURES.md`).
    #[default]
    Pci,
}

/// No transport has this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownTransport;

impl TransportKind {
    /// Every kind, in the order in which help shows them.
    pub const ALL: [Self; 2] = [Self::Mmio, Self::Pci];

    /// As on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mmio => "mmio",
            Self::Pci => "pci",
        }
    }
}

impl fmt::Display for TransportKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for TransportKind {
    type Err = UnknownTransport;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownTransport)
    }
}
