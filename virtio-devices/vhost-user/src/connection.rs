//! How a back end is met: what it has, what of it is made use of.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use vhost::vhost_user::message::VhostUserProtocolFeatures;
use virtio_core::feature_map::VERSION_1;
use virtio_core::roles::vhost::VhostBackEnd;

use crate::error::VhostUserError;
use crate::features::{PROTOCOL_FEATURES, WANTED};
use crate::messages::Messages;
use crate::requests::Requests;
use crate::socket::Socket;

/// How long a back end may take for one thing that it is told: to be met, to be given all rings, to stop them. One that takes
/// longer is given up; a vCPU may be waiting.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// A back end that was met.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) messages: Messages,
    /// The device's features that it has.
    pub(crate) features: u64,
    /// The protocol's features that were agreed on.
    pub(crate) protocol: VhostUserProtocolFeatures,
    /// How many queues it has, if it says so.
    pub(crate) queue_count: Option<u64>,
    /// The configuration space as it stood then, if it is the back end's.
    pub(crate) configuration: Option<Vec<u8>>,
    /// What it wants of us.
    pub(crate) requests: Option<Requests>,
}

impl Connection {
    /// Meets whoever listens at `path`.
    pub(crate) fn open(path: &Path) -> Result<Self, VhostUserError> {
        let mut messages = Messages::new(Socket::connect(path)?);
        messages.begin(PATIENCE);
        let features = messages.features()?;
        if u128::from(features) & VERSION_1 == 0 {
            return Err(VhostUserError::NotModern);
        }
        let protocol = agree(&mut messages, features)?;
        messages.set_owner()?;
        let has = |feature| protocol.contains(feature);
        let count = has(VhostUserProtocolFeatures::MQ).then(|| messages.queue_count()).transpose()?;
        let requests = if has(VhostUserProtocolFeatures::BACKEND_REQ) {
            let (ours, theirs) =
                UnixStream::pair().map_err(VhostUserError::host("make a pair of sockets"))?;
            messages.set_request_socket(&theirs)?;
            Some(Requests::new(ours)?)
        } else {
            None
        };
        let configuration =
            has(VhostUserProtocolFeatures::CONFIG).then(|| messages.configuration()).transpose()?;
        Ok(Self { messages, features, protocol, queue_count: count, configuration, requests })
    }

    /// Whether this was agreed on.
    pub(crate) fn has(&self, feature: VhostUserProtocolFeatures) -> bool {
        self.protocol.contains(feature)
    }

    /// Whether it has as many queues as the device.
    pub(crate) fn check_queues(&self, wanted: usize) -> Result<(), VhostUserError> {
        match self.queue_count {
            Some(has) if usize::try_from(has).is_ok_and(|has| has < wanted) => {
                Err(VhostUserError::TooFewQueues { has, wanted })
            }
            _ => Ok(()),
        }
    }

    /// What monitors are told of it: it is back end number `connections` at this socket.
    pub(crate) fn shown(&self, socket: String, connections: u64) -> VhostBackEnd {
        VhostBackEnd {
            socket,
            connected: true,
            connections,
            features: self.features,
            protocol_features: self.protocol.bits(),
            maximum_queues: self.queue_count,
            ..VhostBackEnd::default()
        }
    }

    /// Rings are off until they are put on.
    pub(crate) fn enables_queues(&self) -> bool {
        self.features & PROTOCOL_FEATURES != 0
    }
}

/// Agrees on features of the protocol; on none if the back end cannot even talk about them.
fn agree(messages: &mut Messages, features: u64) -> Result<VhostUserProtocolFeatures, VhostUserError> {
    if features & PROTOCOL_FEATURES == 0 {
        return Ok(VhostUserProtocolFeatures::empty());
    }
    let offered = VhostUserProtocolFeatures::from_bits_truncate(messages.protocol_features()?);
    let agreed = offered & WANTED;
    messages.set_protocol_features(agreed)?;
    Ok(agreed)
}
