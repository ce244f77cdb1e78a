//! The connection to the server, and the schema that goes with it.

use std::time::Duration;

use qmp_client::{Address, Client, Settings};
use serde_json::Value;

use crate::error::CtlError;
use crate::global::{Global, SchemaChoice};
use crate::schema::Schema;

/// How this project's servers call themselves.
const OUR_NAME: &str = "Ringscope ";

/// The server's commands, and the connection that was made to find them out, if there is one.
pub(crate) fn schema(global: &Global) -> Result<(Schema, Option<Client>), CtlError> {
    let Some(address) = &global.server else {
        return match global.schema {
            SchemaChoice::Server => Err(CtlError::NoServer),
            SchemaChoice::Auto | SchemaChoice::BuiltIn => Ok((built_in()?, None)),
        };
    };
    if global.schema == SchemaChoice::BuiltIn {
        return Ok((built_in()?, None));
    }
    let mut client = connect(address, global.timeout)?;
    if global.schema == SchemaChoice::Auto && is_ours(&client) {
        return Ok((built_in()?, Some(client)));
    }
    let reply = client.execute_value("query-qmp-schema", Value::Null)?;
    let schema = Schema::from_reply(reply).map_err(CtlError::Schema)?;
    Ok((schema, Some(client)))
}

/// A connection to the server at `address`, whose answers may take `timeout`.
pub(crate) fn connect(address: &Address, timeout: Duration) -> Result<Client, CtlError> {
    let settings = Settings { connect_timeout: timeout, answer_timeout: timeout, ..Settings::default() };
    Ok(Client::connect(address, settings)?)
}

fn built_in() -> Result<Schema, CtlError> {
    Schema::built_in().map_err(CtlError::Schema)
}

/// Another version of ours may have other commands.
fn is_ours(client: &Client) -> bool {
    client.version().package.strip_prefix(OUR_NAME) == Some(env!("CARGO_PKG_VERSION"))
}
