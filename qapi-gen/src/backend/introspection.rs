//! The answer to `query-qmp-schema`: what a client can learn about commands, events and their types.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use crate::condition::Condition;
use crate::schema::{Branch, BuiltIn, EntityId, EntityKind, Feature, Object, Schema};

/// What goes into the answer.
#[derive(Clone, Debug)]
pub struct Options {
    /// Types keep their names instead of getting numbers, which carry no meaning.
    pub unmask: bool,
    /// The names that are defined; None takes every condition as satisfied.
    pub defined: Option<BTreeSet<String>>,
}

/// The entries, commands and events first, then the types in the order of first use.
pub fn introspection(schema: &Schema, options: &Options) -> Vec<Value> {
    let mut builder =
        Builder { schema, options, used: Vec::new(), is_used: BTreeSet::new(), masks: HashMap::new() };
    let mut entries = Vec::new();
    for (_, entity) in schema.in_modules() {
        if builder.is_there(entity.condition.as_ref()) {
            entries.extend(builder.operation(&entity.name, &entity.kind, &entity.features));
        }
    }
    let mut next = 0;
    while let Some(&id) = builder.used.get(next) {
        entries.push(builder.of(id));
        next += 1;
    }
    entries
}

struct Builder<'a> {
    schema: &'a Schema,
    options: &'a Options,
    used: Vec<EntityId>,
    is_used: BTreeSet<EntityId>,
    masks: HashMap<EntityId, String>,
}

impl Builder<'_> {
    fn is_there(&self, condition: Option<&Condition>) -> bool {
        match (&self.options.defined, condition) {
            (Some(defined), Some(condition)) => condition.holds(defined),
            _ => true,
        }
    }

    fn operation(&mut self, name: &str, kind: &EntityKind, features: &[Feature]) -> Option<Value> {
        let mut entry = Map::new();
        entry.insert("name".to_owned(), json!(name));
        match kind {
            EntityKind::Command(command) => {
                entry.insert("meta-type".to_owned(), json!("command"));
                entry.insert("arg-type".to_owned(), self.use_or_empty(command.arguments));
                entry.insert("ret-type".to_owned(), self.use_or_empty(command.returns));
                if command.allow_oob {
                    entry.insert("allow-oob".to_owned(), json!(true));
                }
            }
            EntityKind::Event(event) => {
                entry.insert("meta-type".to_owned(), json!("event"));
                entry.insert("arg-type".to_owned(), self.use_or_empty(event.arguments));
            }
            _ => return None,
        }
        self.add_features(&mut entry, features);
        Some(Value::Object(entry))
    }

    fn use_or_empty(&mut self, id: Option<EntityId>) -> Value {
        let id = id.or_else(|| self.schema.lookup("q_empty"));
        id.map_or(Value::Null, |id| json!(self.use_type(id)))
    }

    /// The name of a type that is referred to; from now on it belongs into the answer.
    fn use_type(&mut self, id: EntityId) -> String {
        let id = self.canonical(id);
        if self.is_used.insert(id) {
            self.used.push(id);
        }
        match &self.schema.entity(id).kind {
            EntityKind::Array(element) => format!("[{}]", self.use_type(*element)),
            _ => self.name(id),
        }
    }

    fn name(&mut self, id: EntityId) -> String {
        let entity = self.schema.entity(id);
        if self.options.unmask || matches!(entity.kind, EntityKind::BuiltIn(_)) {
            return entity.name.clone();
        }
        let next = self.masks.len();
        self.masks.entry(id).or_insert_with(|| next.to_string()).clone()
    }

    /// All integers are one type, and so are their arrays.
    fn canonical(&self, id: EntityId) -> EntityId {
        let stand_in = match &self.schema.entity(id).kind {
            EntityKind::BuiltIn(built_in) if built_in.is_integer() => self.schema.lookup("int"),
            EntityKind::Array(element) => match &self.schema.entity(*element).kind {
                EntityKind::BuiltIn(built_in) if built_in.is_integer() => self.schema.lookup("intList"),
                _ => None,
            },
            _ => None,
        };
        stand_in.unwrap_or(id)
    }

    fn of(&mut self, id: EntityId) -> Value {
        let schema = self.schema;
        let entity = schema.entity(id);
        let mut entry = Map::new();
        let name = match &entity.kind {
            EntityKind::Array(element) => format!("[{}]", self.use_type(*element)),
            _ => self.name(id),
        };
        entry.insert("name".to_owned(), json!(name));
        match &entity.kind {
            EntityKind::BuiltIn(built_in) => {
                entry.insert("meta-type".to_owned(), json!("builtin"));
                entry.insert("json-type".to_owned(), json!(json_type(*built_in)));
            }
            EntityKind::Enum(of) => {
                entry.insert("meta-type".to_owned(), json!("enum"));
                let values = of.values.iter().filter(|value| self.is_there(value.condition.as_ref()));
                let members = values.clone().map(|value| {
                    let mut member = Map::new();
                    member.insert("name".to_owned(), json!(value.name));
                    self.add_features(&mut member, &value.features);
                    Value::Object(member)
                });
                entry.insert("members".to_owned(), members.collect());
                entry.insert("values".to_owned(), values.map(|value| json!(value.name)).collect());
            }
            EntityKind::Array(element) => {
                entry.insert("meta-type".to_owned(), json!("array"));
                entry.insert("element-type".to_owned(), json!(self.use_type(*element)));
            }
            EntityKind::Object(object) => self.add_object(&mut entry, id, object),
            EntityKind::Alternate(branches) => {
                entry.insert("meta-type".to_owned(), json!("alternate"));
                let members = self
                    .present(branches)
                    .into_iter()
                    .map(|branch| json!({"type": self.use_type(branch.of)}));
                entry.insert("members".to_owned(), members.collect());
            }
            EntityKind::Command(_) | EntityKind::Event(_) => {}
        }
        self.add_features(&mut entry, &entity.features);
        Value::Object(entry)
    }

    fn present<'b>(&self, branches: &'b [Branch]) -> Vec<&'b Branch> {
        branches.iter().filter(|branch| self.is_there(branch.condition.as_ref())).collect()
    }

    fn add_object(&mut self, entry: &mut Map<String, Value>, id: EntityId, object: &Object) {
        entry.insert("meta-type".to_owned(), json!("object"));
        let schema = self.schema;
        let members = schema.all_members(id).into_iter();
        let members: Vec<_> = members.filter(|member| self.is_there(member.condition.as_ref())).collect();
        let members = members.into_iter().map(|member| {
            let mut described = Map::new();
            described.insert("name".to_owned(), json!(member.name));
            described.insert("type".to_owned(), json!(self.use_type(member.of)));
            if member.optional {
                described.insert("default".to_owned(), Value::Null);
            }
            self.add_features(&mut described, &member.features);
            Value::Object(described)
        });
        entry.insert("members".to_owned(), members.collect());
        if let Some(branches) = &object.branches {
            entry.insert("tag".to_owned(), json!(branches.discriminator));
            let variants = self.present(&branches.branches).into_iter();
            let variants =
                variants.map(|branch| json!({"case": branch.name, "type": self.use_type(branch.of)}));
            entry.insert("variants".to_owned(), variants.collect());
        }
    }

    fn add_features(&self, entry: &mut Map<String, Value>, features: &[Feature]) {
        let present = features.iter().filter(|feature| self.is_there(feature.condition.as_ref()));
        let names: Vec<Value> = present.map(|feature| json!(feature.name)).collect();
        if !names.is_empty() {
            entry.insert("features".to_owned(), Value::Array(names));
        }
    }
}

fn json_type(built_in: BuiltIn) -> &'static str {
    match built_in {
        BuiltIn::Str => "string",
        BuiltIn::Number => "number",
        BuiltIn::Bool => "boolean",
        BuiltIn::Any => "value",
        BuiltIn::Null => "null",
        _ => "int",
    }
}

/// JSON as QMP writes it: a blank behind each colon and comma.
pub fn one_line(value: &Value) -> String {
    let list = |parts: Vec<String>, open: char, close: char| format!("{open}{}{close}", parts.join(", "));
    match value {
        Value::Array(elements) => list(elements.iter().map(one_line).collect(), '[', ']'),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), one_line(value)));
            list(members.collect(), '{', '}')
        }
        scalar => scalar.to_string(),
    }
}
