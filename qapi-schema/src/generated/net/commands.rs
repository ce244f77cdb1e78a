// Written by `cargo xtask codegen` from `qapi-schema/schema/net.json`; change nothing here.

//! Commands, from the server's side, of `net.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Empty, Error, Reply, decode};
use super::requests;

use super::{AnnounceParameters, RxFilterInfo};

/// The commands of `net.json`.
pub trait NetCommands {
    /// Pulls the cable of a network card, or plugs it in again.  The driver is told; while the cable is pulled, frames are lost
    /// in both directions.
    ///
    /// # Errors
    ///
    /// - DeviceNotFound: no network card has this id
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "set_link", "arguments": { "name": "net0", "up": true } }
    /// <- { "return": {} }
    /// ```
    fn set_link(&self, arguments: requests::SetLink) -> Result<(), Error>;

    /// Tells the networks where the guest's cards are, so that switches learn of it: sends RARP frames from each card's address,
    /// and has drivers that can do so announce themselves.  Cards whose driver does not run are left out.
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "announce-self",
    ///      "arguments": { "initial": 50, "max": 550, "rounds": 10, "step": 50, "interfaces": [ "net0" ] } }
    /// <- { "return": {} }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn announce_self(&self, arguments: AnnounceParameters) -> Result<(), Error>;

    /// Tells which frames network cards let pass.
    ///
    /// Returns: one entry a card
    ///
    /// # Errors
    ///
    /// - GenericError: nothing has this id, or what has it is no network card
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "query-rx-filter", "arguments": { "name": "net0" } }
    /// <- { "return": [ { "name": "net0", "promiscuous": true, "multicast": "normal", "unicast": "normal",
    ///      "vlan": "all", "broadcast-allowed": true, "multicast-overflow": false, "unicast-overflow": false,
    ///      "main-mac": "52:54:00:12:34:56", "vlan-table": [], "unicast-table": [], "multicast-table": [] } ] }
    /// ```
    fn query_rx_filter(&self, arguments: requests::QueryRxFilter) -> Result<Vec<RxFilterInfo>, Error>;
}

/// The table of the commands of `net.json`.
pub fn commands<H: NetCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "set_link",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_set_link::<H>,
        },
        Command {
            name: "announce-self",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &[],
            call: call_announce_self::<H>,
        },
        Command {
            name: "query-rx-filter",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_query_rx_filter::<H>,
        },
    ])
}

fn call_set_link<H: NetCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    handler.set_link(decode::arguments(arguments)?)?;
    reply.write(&Empty)
}

fn call_announce_self<H: NetCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    handler.announce_self(decode::arguments(arguments)?)?;
    reply.write(&Empty)
}

fn call_query_rx_filter<H: NetCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.query_rx_filter(decode::arguments(arguments)?)?)
}
