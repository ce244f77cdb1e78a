//! Where a server listens.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a QMP server listens: `unix:PATH` or `tcp:HOST:PORT`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// A unix socket at this path.
    Unix(PathBuf),
    /// A TCP socket at this `HOST:PORT`.
    Tcp(String),
}

/// The text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no address of a QMP server; accepted is unix:PATH or tcp:HOST:PORT")]
pub struct NotAnAddress(String);

impl FromStr for Address {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("unix", path)) if !path.is_empty() => Ok(Self::Unix(path.into())),
            Some(("tcp", address)) if is_host_and_port(address) => Ok(Self::Tcp(address.to_owned())),
            _ => Err(NotAnAddress(text.to_owned())),
        }
    }
}

fn is_host_and_port(address: &str) -> bool {
    address.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(formatter, "unix:{}", path.display()),
            Self::Tcp(address) => write!(formatter, "tcp:{address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_forms_and_prints_them_again() {
        for text in ["unix:/run/a:b", "unix:relative", "tcp:localhost:4444", "tcp:[::1]:1"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in
            ["", "unix", "unix:", "tcp:", "tcp:4444", "tcp::4444", "tcp:host:65536", "stdio", "/run/a"]
        {
            assert_eq!(text.parse::<Address>(), Err(NotAnAddress(text.to_owned())));
        }
    }
}
