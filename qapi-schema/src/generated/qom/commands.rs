// Written by `cargo xtask codegen` from `qapi-schema/schema/qom.json`; change nothing here.

//! Commands, from the server's side, of `qom.json`.

use serde_json::{Map, Value};
use super::super::runtime::{Command, Error, Reply, decode};
use super::requests;

use super::{ObjectPropertyInfo, ObjectTypeInfo};

/// The commands of `qom.json`.
pub trait QomCommands {
    /// Lists the properties of an object, its children among them.
    ///
    /// Returns: the properties
    ///
    /// # Errors
    ///
    /// - DeviceNotFound if there is no such object
    /// - GenericError if several objects have paths that end so
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "qom-list", "arguments": { "path": "/machine/unattached" } }
    /// <- { "return": [ { "name": "type", "type": "string" },
    ///                  { "name": "device[0]", "type": "child<x86_64-cpu>" } ] }
    /// ```
    fn qom_list(&self, arguments: requests::QomList) -> Result<Vec<ObjectPropertyInfo>, Error>;

    /// Reads a property of an object.
    ///
    /// Returns: its value, of the type that `qom-list` tells; for a child its path
    ///
    /// # Errors
    ///
    /// - DeviceNotFound if there is no such object
    /// - GenericError if several objects have paths that end so, or if the object has no such property
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "qom-get", "arguments": { "path": "/machine/unattached/device[0]", "property": "core-id" } }
    /// <- { "return": 0 }
    /// ```
    fn qom_get(&self, arguments: requests::QomGet) -> Result<Value, Error>;

    /// Lists the types of objects that a machine can have.
    ///
    /// Returns: the types; an empty list if there is no type of that name
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "qom-list-types", "arguments": { "implements": "virtio-rng-device" } }
    /// <- { "return": [ { "name": "virtio-rng-device", "parent": "virtio-device" } ] }
    /// ```
    ///
    /// # Errors
    ///
    /// The command failed.
    fn qom_list_types(&self, arguments: requests::QomListTypes) -> Result<Vec<ObjectTypeInfo>, Error>;

    /// Lists the properties that a device of a type has.  What can be chosen for it on the command line is told with its meaning.
    ///
    /// Returns: the properties
    ///
    /// # Errors
    ///
    /// - DeviceNotFound if there is no such type
    /// - GenericError if it is no type of devices, or an abstract one
    ///
    /// Since: 0.1
    ///
    /// ```text
    /// -> { "execute": "device-list-properties", "arguments": { "typename": "virtio-rng-device" } }
    /// <- { "return": [ { "name": "realized", "type": "bool" }, ... ] }
    /// ```
    fn device_list_properties(&self, arguments: requests::DeviceListProperties) -> Result<Vec<ObjectPropertyInfo>, Error>;
}

/// The table of the commands of `qom.json`.
pub fn commands<H: QomCommands + ?Sized>() -> Vec<Command<H>> {
    Vec::from([
        Command {
            name: "qom-list",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_qom_list::<H>,
        },
        Command {
            name: "qom-get",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_qom_get::<H>,
        },
        Command {
            name: "qom-list-types",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_qom_list_types::<H>,
        },
        Command {
            name: "device-list-properties",
            allow_oob: false,
            allow_preconfig: false,
            success_response: true,
            features: &["read-only"],
            call: call_device_list_properties::<H>,
        },
    ])
}

fn call_qom_list<H: QomCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.qom_list(decode::arguments(arguments)?)?)
}

fn call_qom_get<H: QomCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.qom_get(decode::arguments(arguments)?)?)
}

fn call_qom_list_types<H: QomCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.qom_list_types(decode::arguments(arguments)?)?)
}

fn call_device_list_properties<H: QomCommands + ?Sized>(
    handler: &H,
    arguments: Map<String, Value>,
    reply: &mut Reply,
) -> Result<(), Error> {
    reply.write(&handler.device_list_properties(decode::arguments(arguments)?)?)
}
