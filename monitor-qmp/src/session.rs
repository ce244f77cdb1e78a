//! One client's conversation: what was negotiated, and the commands of the monitor itself.

use std::sync::{Arc, OnceLock};

use qapi_schema::control::requests::{HumanMonitorCommand, QmpCapabilities};
use qapi_schema::control::{CommandInfo, ControlCommands, QMPCapability, VersionInfo};
use qapi_schema::runtime::{Error, ErrorClass};

use crate::client::{Client, Handler};
use crate::server::Shared;
use crate::terms::Access;

/// What a client has negotiated; it lasts as long as its connection.
pub(crate) struct Session<H: Handler + ?Sized> {
    pub(crate) server: Arc<Shared<H>>,
    /// What the machine has for this client.
    pub(crate) per_client: H::PerClient,
    /// What the client may do.
    pub(crate) access: Access,
    negotiated: OnceLock<Negotiated>,
}

/// The capabilities that the client has switched on.
#[derive(Clone, Copy, Debug)]
struct Negotiated {
    oob: bool,
}

impl<H: Handler + ?Sized> Session<H> {
    /// A session that has to be negotiated yet.
    pub(crate) fn new(server: Arc<Shared<H>>, client: Client, access: Access) -> Self {
        let per_client = server.machine.connect(client);
        Self { server, per_client, access, negotiated: OnceLock::new() }
    }

    /// Whether commands are accepted and events are sent.
    pub(crate) fn is_open(&self) -> bool {
        self.negotiated.get().is_some()
    }

    /// Whether `exec-oob` is accepted.
    pub(crate) fn oob(&self) -> bool {
        self.negotiated.get().is_some_and(|negotiated| negotiated.oob)
    }
}

impl<H: Handler + ?Sized> ControlCommands for Session<H> {
    fn qmp_capabilities(&self, arguments: QmpCapabilities) -> Result<(), Error> {
        let oob = arguments.enable.unwrap_or_default().contains(&QMPCapability::Oob);
        self.negotiated.set(Negotiated { oob }).map_err(|_| {
            let text = "Capabilities negotiation is already complete, command ignored";
            Error::new(ErrorClass::CommandNotFound, text)
        })
    }

    fn query_version(&self) -> Result<VersionInfo, Error> {
        Ok(self.server.version.clone())
    }

    fn query_commands(&self) -> Result<Vec<CommandInfo>, Error> {
        let names = self.server.commands.names(self.access);
        Ok(names.map(|name| CommandInfo { name: name.to_owned() }).collect())
    }

    fn human_monitor_command(&self, arguments: HumanMonitorCommand) -> Result<String, Error> {
        self.server.human.execute(&arguments.command_line, arguments.cpu_index)
    }
}
