//! What stands behind `--qmp` and `--hmp`: where a monitor is, who may come there, and on which terms.

use monitor_qmp::{Access, Terms};
use qapi_schema::runtime::Style;
use virtio_core::DeviceOptions;
use virtio_core::options::OptionsError;

use super::MonitorKind;
use super::peers::Peers;
use crate::endpoint::{Endpoint, NotAnEndpoint, SocketAddress};

/// The mode of a socket's file when nothing else is asked for: only our own user may connect.
pub(super) const OWNER_ONLY: u32 = 0o600;

/// One monitor, as asked for: `ENDPOINT[,key=value]...`. A comma in the endpoint is doubled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitorAddress {
    /// Where it is.
    pub endpoint: Endpoint,
    /// The permission bits of a unix socket's file.
    pub mode: u32,
    /// Whose programs may connect to a unix socket, among those that its file lets in.
    pub peers: Peers,
    /// How QMP's clients are served.
    pub terms: Terms,
}

/// The text is no address of a monitor: the predicate of a sentence about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MonitorAddressError {
    /// What stands before the first comma.
    #[error("is no endpoint")]
    Endpoint(#[from] NotAnEndpoint),
    /// What stands behind it.
    #[error("has a mistake behind its endpoint: {0}")]
    Options(#[from] OptionsError),
    /// An option that means nothing here.
    #[error("has the option '{0}', which is for unix sockets")]
    NotUnix(&'static str),
}

/// An endpoint without options.
impl From<Endpoint> for MonitorAddress {
    fn from(endpoint: Endpoint) -> Self {
        Self { endpoint, mode: OWNER_ONLY, peers: Peers::default(), terms: Terms::default() }
    }
}

impl MonitorAddress {
    /// What an address of a monitor of this kind looks like, for help and for error messages.
    pub fn forms(kind: MonitorKind) -> String {
        let forms = Endpoint::FORMS;
        let sockets = "and behind a unix socket mode=OCTAL, user=UID[:UID]..., group=GID[:GID]...";
        match kind {
            MonitorKind::Qmp => format!("{forms}, then access=read|all, pretty=on|off, {sockets}"),
            MonitorKind::Human => format!("{forms}, {sockets}"),
        }
    }

    /// Reads the address of a monitor of this kind.
    ///
    /// # Errors
    /// The endpoint is none, or an option is unknown here or has a value that it cannot have.
    pub fn parse(kind: MonitorKind, text: &str) -> Result<Self, MonitorAddressError> {
        let (endpoint, options) = split(text);
        let endpoint: Endpoint = endpoint.parse()?;
        let mut options = DeviceOptions::parse(options)?;
        let is_unix = matches!(endpoint, Endpoint::Socket(SocketAddress::Unix(_)));
        let mode = options.take_parsed("mode", "three octal digits, such as 660", permissions)?;
        let users = options.take_parsed("user", "numbers with ':' between them", numbers)?;
        let groups = options.take_parsed("group", "numbers with ':' between them", numbers)?;
        let given = [("mode", mode.is_some()), ("user", users.is_some()), ("group", groups.is_some())];
        if let Some((option, _)) = given.into_iter().find(|(_, given)| *given && !is_unix) {
            return Err(MonitorAddressError::NotUnix(option));
        }
        let terms = match kind {
            MonitorKind::Qmp => terms(&mut options)?,
            MonitorKind::Human => Terms::default(),
        };
        options.finish()?;
        Ok(Self { endpoint, mode: mode.unwrap_or(OWNER_ONLY), peers: Peers::new(users, groups), terms })
    }
}

fn terms(options: &mut DeviceOptions) -> Result<Terms, OptionsError> {
    let access = options.take_parsed("access", "read or all", |value| match value {
        "read" => Some(Access::ReadOnly),
        "all" => Some(Access::Everything),
        _ => None,
    })?;
    let style = if options.take_bool("pretty")?.unwrap_or(false) { Style::Pretty } else { Style::Line };
    Ok(Terms { access: access.unwrap_or_default(), style })
}

/// What stands before the first single comma, doubled ones read as one, and what stands behind it.
fn split(text: &str) -> (String, &str) {
    let mut endpoint = String::new();
    let mut rest = text;
    loop {
        let Some((part, behind)) = rest.split_once(',') else {
            endpoint.push_str(rest);
            return (endpoint, "");
        };
        endpoint.push_str(part);
        match behind.strip_prefix(',') {
            Some(behind) => {
                endpoint.push(',');
                rest = behind;
            }
            None => return (endpoint, behind),
        }
    }
}

fn permissions(text: &str) -> Option<u32> {
    let digits = text.len() == 3 || (text.len() == 4 && text.starts_with('0'));
    u32::from_str_radix(text, 8).ok().filter(|_| digits && text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn numbers(text: &str) -> Option<Vec<u32>> {
    text.split(':').map(|number| number.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn qmp(text: &str) -> Result<MonitorAddress, String> {
        MonitorAddress::parse(MonitorKind::Qmp, text).map_err(|error| error.to_string())
    }

    #[test]
    fn an_endpoint_alone_is_for_our_own_user_and_for_everything() {
        for text in ["unix:/run/q", "tcp:localhost:4444", "stdio"] {
            assert_eq!(qmp(text), Ok(text.parse::<Endpoint>().unwrap().into()));
        }
    }

    #[test]
    fn options_stand_behind_the_endpoint() {
        let read = qmp("unix:/run/a,,b,access=read,pretty=on,mode=0660,user=0:1000,group=4").unwrap();
        let expected = MonitorAddress {
            endpoint: Endpoint::unix("/run/a,b"),
            mode: 0o660,
            peers: Peers::new(Some(vec![0, 1000]), Some(vec![4])),
            terms: Terms { access: Access::ReadOnly, style: Style::Pretty },
        };
        assert_eq!(read, expected);
        assert_eq!(qmp("tcp:[::1]:0,access=all,pretty=off"), qmp("tcp:[::1]:0"));
    }

    #[test]
    fn mistakes_are_named() {
        let mistakes = [
            "nowhere",
            "unix:,mode=600",
            "stdio,mode=600",
            "tcp:localhost:1,user=0",
            "unix:/q,mode=9",
            "unix:/q,mode=+77",
            "unix:/q,mode=rw",
            "unix:/q,user=root",
            "unix:/q,user=",
            "unix:/q,access=write",
            "unix:/q,pretty",
            "unix:/q,colour=red",
        ];
        let told = mistakes.map(|text| qmp(text).unwrap_err());
        insta::assert_snapshot!(told.join("\n"), @r###"
        is no endpoint
        is no endpoint
        has the option 'mode', which is for unix sockets
        has the option 'user', which is for unix sockets
        has a mistake behind its endpoint: option 'mode' is '9'; accepted is three octal digits, such as 660
        has a mistake behind its endpoint: option 'mode' is '+77'; accepted is three octal digits, such as 660
        has a mistake behind its endpoint: option 'mode' is 'rw'; accepted is three octal digits, such as 660
        has a mistake behind its endpoint: option 'user' is 'root'; accepted is numbers with ':' between them
        has a mistake behind its endpoint: option 'user' is ''; accepted is numbers with ':' between them
        has a mistake behind its endpoint: option 'access' is 'write'; accepted is read or all
        has a mistake behind its endpoint: 'pretty' is not of the form key=value
        has a mistake behind its endpoint: unknown option 'colour'; accepted are access, group, mode, pretty, user
        "###);
        let human = MonitorAddress::parse(MonitorKind::Human, "unix:/q,access=read").unwrap_err();
        insta::assert_snapshot!(human, @"has a mistake behind its endpoint: unknown option 'access'; accepted are group, mode, user");
    }
}
