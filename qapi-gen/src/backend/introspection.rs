//! The answer to `query-qmp-schema`: what a client can learn about commands, events and their types.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use crate::condition::Condition;
use crate::schema::{Branch, BuiltIn, Decision, Entity, EntityId, EntityKind, Feature, Object, Schema};

/// The entries, commands and events first, then the types in the order of first use. Types get numbers for names,
/// which carry no meaning; with `unmask` they keep their own. What depends on a condition that does not hold is left
/// out, but it has had its part in the numbering: numbers do not depend on conditions.
pub fn introspection(schema: &Schema, decision: &Decision, unmask: bool) -> Vec<Value> {
    introspection_with(schema, unmask, &|condition| match decision.holds(Some(condition)) {
        true => Presence::Always,
        false => Presence::Never,
    })
}

/// When a part of the answer is there.
pub(crate) enum Presence {
    Always,
    Never,
    /// It gets this guard, and whoever writes the answer decides.
    When(String),
}

/// The same with `presence` to decide about everything that has a condition.
pub(crate) fn introspection_with(
    schema: &Schema,
    unmask: bool,
    presence: &dyn Fn(&Condition) -> Presence,
) -> Vec<Value> {
    let (used, is_used, masks) = (Vec::new(), BTreeSet::new(), HashMap::new());
    let mut builder = Builder { schema, unmask, presence, used, is_used, masks };
    let mut entries = Vec::new();
    for (_, entity) in schema.in_modules() {
        entries.extend(builder.operation(entity));
    }
    let mut next = 0;
    while let Some(&id) = builder.used.get(next) {
        entries.extend(builder.of(id));
        next += 1;
    }
    entries
}

/// A guard inside an entry: a member that no schema can have.
pub(crate) struct Guard;

impl Guard {
    const KEY: &str = "\0if";
    const TEXT: &str = "\0text";

    /// The guard of a part.
    pub(crate) fn of(value: &Value) -> Option<&str> {
        value.get(Self::KEY)?.as_str()
    }

    /// The text of a part that is only text, if it has a guard.
    pub(crate) fn text(value: &Value) -> Option<&str> {
        value.get(Self::TEXT)?.as_str()
    }

    /// The members that are meant for the answer.
    pub(crate) fn members(members: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
        members.iter().filter(|(name, _)| *name != Self::KEY).map(|(name, value)| (name.as_str(), value))
    }
}

struct Builder<'a> {
    schema: &'a Schema,
    unmask: bool,
    presence: &'a dyn Fn(&Condition) -> Presence,
    used: Vec<EntityId>,
    is_used: BTreeSet<EntityId>,
    masks: HashMap<EntityId, String>,
}

impl Builder<'_> {
    fn presence(&self, condition: Option<&Condition>) -> Presence {
        condition.map_or(Presence::Always, self.presence)
    }

    fn guarded(&self, mut part: Map<String, Value>, condition: Option<&Condition>) -> Option<Value> {
        match self.presence(condition) {
            Presence::Always => {}
            Presence::Never => return None,
            Presence::When(guard) => {
                part.insert(Guard::KEY.to_owned(), json!(guard));
            }
        }
        Some(Value::Object(part))
    }

    fn guarded_text(&self, text: &str, condition: Option<&Condition>) -> Option<Value> {
        match self.presence(condition) {
            Presence::Always => Some(json!(text)),
            Presence::Never => None,
            Presence::When(guard) => Some(json!({Guard::TEXT: text, Guard::KEY: guard})),
        }
    }

    fn operation(&mut self, entity: &Entity) -> Option<Value> {
        let mut entry = Map::new();
        entry.insert("name".to_owned(), json!(entity.name));
        match &entity.kind {
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
        self.add_features(&mut entry, &entity.features);
        self.guarded(entry, entity.condition.as_ref())
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
        if self.unmask || matches!(entity.kind, EntityKind::BuiltIn(_)) {
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

    fn of(&mut self, id: EntityId) -> Option<Value> {
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
                let values = of.values.iter();
                let members = values.clone().filter_map(|value| {
                    let mut member = Map::new();
                    member.insert("name".to_owned(), json!(value.name));
                    self.add_features(&mut member, &value.features);
                    self.guarded(member, value.condition.as_ref())
                });
                entry.insert("members".to_owned(), members.collect());
                entry.insert(
                    "values".to_owned(),
                    values
                        .filter_map(|value| self.guarded_text(&value.name, value.condition.as_ref()))
                        .collect(),
                );
            }
            EntityKind::Array(element) => {
                entry.insert("meta-type".to_owned(), json!("array"));
                entry.insert("element-type".to_owned(), json!(self.use_type(*element)));
            }
            EntityKind::Object(object) => self.add_object(&mut entry, id, object),
            EntityKind::Alternate(branches) => {
                entry.insert("meta-type".to_owned(), json!("alternate"));
                let members = branches.iter().filter_map(|branch| self.branch(None, branch));
                entry.insert("members".to_owned(), members.collect());
            }
            EntityKind::Command(_) | EntityKind::Event(_) => {}
        }
        self.add_features(&mut entry, &entity.features);
        self.guarded(entry, entity.condition.as_ref())
    }

    fn add_object(&mut self, entry: &mut Map<String, Value>, id: EntityId, object: &Object) {
        entry.insert("meta-type".to_owned(), json!("object"));
        let schema = self.schema;
        let members = schema.all_members(id).into_iter().filter_map(|member| {
            let mut described = Map::new();
            described.insert("name".to_owned(), json!(member.name));
            described.insert("type".to_owned(), json!(self.use_type(member.of)));
            if member.optional {
                described.insert("default".to_owned(), Value::Null);
            }
            self.add_features(&mut described, &member.features);
            self.guarded(described, member.condition.as_ref())
        });
        entry.insert("members".to_owned(), members.collect());
        if let Some(branches) = &object.branches {
            entry.insert("tag".to_owned(), json!(branches.discriminator));
            let variants = branches.branches.iter();
            let variants = variants.filter_map(|branch| self.branch(Some(&branch.name), branch));
            entry.insert("variants".to_owned(), variants.collect());
        }
    }

    fn branch(&mut self, case: Option<&str>, branch: &Branch) -> Option<Value> {
        let mut described = Map::new();
        if let Some(case) = case {
            described.insert("case".to_owned(), json!(case));
        }
        described.insert("type".to_owned(), json!(self.use_type(branch.of)));
        self.guarded(described, branch.condition.as_ref())
    }

    fn add_features(&self, entry: &mut Map<String, Value>, features: &[Feature]) {
        let names: Vec<Value> = features
            .iter()
            .filter_map(|feature| self.guarded_text(&feature.name, feature.condition.as_ref()))
            .collect();
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
