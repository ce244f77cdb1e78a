//! qom.json: the machine as a tree of objects.

use qapi_schema::qom::requests::{DeviceListProperties, QomGet, QomList, QomListTypes};
use qapi_schema::qom::{ObjectPropertyInfo, ObjectTypeInfo, QomCommands};
use qapi_schema::runtime::{Error, ErrorClass};
use serde_json::Value;

use crate::machine::Machine;
use crate::qom::{Found, Property, Type, device_properties, find, objects, types};

impl QomCommands for Machine {
    fn qom_list(&self, arguments: QomList) -> Result<Vec<ObjectPropertyInfo>, Error> {
        let objects = objects(self);
        match find(&objects, &arguments.path) {
            Found::One(object) => Ok(object.properties(&objects).into_iter().map(Property::info).collect()),
            Found::Several => Err(Error::generic(format!("Path '{}' is ambiguous", arguments.path))),
            Found::Nothing => Err(not_found(&arguments.path)),
        }
    }

    fn qom_get(&self, arguments: QomGet) -> Result<Value, Error> {
        let QomGet { path, property } = arguments;
        let objects = objects(self);
        let Found::One(object) = find(&objects, &path) else { return Err(not_found(&path)) };
        let value =
            object.properties(&objects).into_iter().find(|own| own.name == property).map(|own| own.value);
        value.ok_or_else(|| Error::generic(format!("Property '{}.{property}' not found", object.type_name())))
    }

    fn qom_list_types(&self, arguments: QomListTypes) -> Result<Vec<ObjectTypeInfo>, Error> {
        let all = types();
        let abstract_too = arguments.abstract_.unwrap_or(false);
        let is_wanted = |one: &&Type| {
            (abstract_too || !one.is_abstract)
                && arguments.implements.as_deref().is_none_or(|wanted| one.implements(wanted, &all))
        };
        let info = |one: &Type| ObjectTypeInfo {
            name: one.name.clone(),
            abstract_: one.is_abstract.then_some(true),
            parent: one.parent.map(str::to_owned),
        };
        Ok(all.iter().filter(is_wanted).map(info).collect())
    }

    fn device_list_properties(
        &self,
        arguments: DeviceListProperties,
    ) -> Result<Vec<ObjectPropertyInfo>, Error> {
        let typename = arguments.typename;
        if !types().iter().any(|one| one.name == typename) {
            return Err(not_found(&typename));
        }
        device_properties(&typename)
            .ok_or_else(|| Error::generic("Parameter 'typename' expects a non-abstract device type"))
    }
}

fn not_found(name: &str) -> Error {
    Error::new(ErrorClass::DeviceNotFound, format!("Device '{name}' not found"))
}
