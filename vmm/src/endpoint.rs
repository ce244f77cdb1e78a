//! Where a monitor can be reached: `unix:PATH`, `tcp:HOST:PORT` or `stdio`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where a socket is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketAddress {
    /// A unix socket at this path.
    Unix(PathBuf),
    /// A TCP socket at this `HOST:PORT`; port 0 takes any that is free.
    Tcp(String),
}

/// Where a monitor is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// At a socket.
    Socket(SocketAddress),
    /// The program's standard input and output.
    Stdio,
}

impl SocketAddress {
    /// What an address looks like, for help and for error messages.
    pub const FORMS: &'static str = "unix:PATH or tcp:HOST:PORT";
}

impl Endpoint {
    /// What an endpoint looks like, for help and for error messages.
    pub const FORMS: &'static str = "unix:PATH, tcp:HOST:PORT or stdio";

    /// A unix socket at `path`.
    pub fn unix(path: impl Into<PathBuf>) -> Self {
        Self::Socket(SocketAddress::Unix(path.into()))
    }
}

/// The text is no address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address is {}", SocketAddress::FORMS)]
pub struct NotAnAddress;

/// The text is no endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an endpoint is {}", Endpoint::FORMS)]
pub struct NotAnEndpoint;

impl FromStr for SocketAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("unix", path)) if !path.is_empty() => Ok(Self::Unix(path.into())),
            Some(("tcp", address)) if is_host_and_port(address) => Ok(Self::Tcp(address.to_owned())),
            _ => Err(NotAnAddress),
        }
    }
}

impl FromStr for Endpoint {
    type Err = NotAnEndpoint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "stdio" => Ok(Self::Stdio),
            socket => socket.parse().map(Self::Socket).map_err(|NotAnAddress| NotAnEndpoint),
        }
    }
}

fn is_host_and_port(address: &str) -> bool {
    address.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

impl fmt::Display for SocketAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(formatter, "unix:{}", path.display()),
            Self::Tcp(address) => write!(formatter, "tcp:{address}"),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(socket) => socket.fmt(formatter),
            Self::Stdio => formatter.write_str("stdio"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_three_forms_and_prints_them_again() {
        for text in ["unix:/run/a:b", "unix:relative", "tcp:localhost:4444", "tcp:[::1]:0", "stdio"] {
            assert_eq!(text.parse::<Endpoint>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn standard_input_and_output_are_no_socket() {
        assert_eq!("stdio".parse::<SocketAddress>(), Err(NotAnAddress));
    }

    #[test]
    fn refuses_everything_else() {
        for text in
            ["", "unix", "unix:", "tcp:", "tcp:4444", "tcp::4444", "tcp:host:65536", "Stdio", "/run/a"]
        {
            assert_eq!(text.parse::<Endpoint>(), Err(NotAnEndpoint), "{text}");
            assert_eq!(text.parse::<SocketAddress>(), Err(NotAnAddress), "{text}");
        }
    }
}
