//! The commands of a server and what they take, read from the reply to `query-qmp-schema`.

use std::collections::HashMap;

use qapi_schema::introspect::{
    JSONType, SchemaInfo, SchemaInfoBranch, SchemaInfoObject, SchemaInfoObjectMember,
};
use qapi_schema::introspection;
use qapi_schema::runtime::{self, Decode, Path};
use serde_json::Value;

/// The commands of a server, sorted by name.
#[derive(Debug)]
pub(crate) struct Schema {
    /// The commands.
    pub(crate) commands: Vec<Command>,
}

/// A command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// Its name.
    pub(crate) name: String,
    /// What is said of its interface, such as `deprecated`.
    pub(crate) features: Vec<String>,
    /// Its arguments, those that depend on another's value among them.
    pub(crate) members: Vec<Member>,
}

/// An argument of a command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) kind: Kind,
    /// It must be given.
    pub(crate) required: bool,
    /// It is a list of that.
    pub(crate) repeated: bool,
    /// It is there for some values of another member only: `MEMBER=VALUE`.
    pub(crate) only_with: Option<String>,
}

/// How a value is written on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// On or off.
    Boolean,
    /// One of these words.
    Choice(Vec<String>),
    /// Anything else: JSON.
    Json,
}

impl Schema {
    /// The schema that is built in.
    ///
    /// # Errors
    /// It cannot be read: it was made by another generator than this program.
    pub(crate) fn built_in() -> Result<Self, runtime::Error> {
        let value: Value = serde_json::from_str(introspection::SCHEMA)
            .map_err(|error| runtime::Error::generic(error.to_string()))?;
        Self::from_reply(value)
    }

    /// The schema in a reply to `query-qmp-schema`.
    ///
    /// # Errors
    /// It is no such reply.
    pub(crate) fn from_reply(reply: Value) -> Result<Self, runtime::Error> {
        let entries = Vec::<SchemaInfo>::decode(reply, &Path::OPEN_ROOT)?;
        let types: HashMap<&str, &SchemaInfo> =
            entries.iter().map(|entry| (entry.name.as_str(), entry)).collect();
        let reader = Reader { types };
        let mut commands: Vec<Command> = entries.iter().filter_map(|entry| reader.command(entry)).collect();
        commands.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(Self { commands })
    }

    /// The command of this name.
    pub(crate) fn command(&self, name: &str) -> Option<&Command> {
        self.commands.iter().find(|command| command.name == name)
    }
}

/// Looks types up by their names.
struct Reader<'e> {
    types: HashMap<&'e str, &'e SchemaInfo>,
}

impl Reader<'_> {
    fn command(&self, entry: &SchemaInfo) -> Option<Command> {
        let SchemaInfoBranch::Command(command) = &entry.branch else { return None };
        let mut members = Vec::new();
        if let Some(object) = self.object(&command.arg_type) {
            self.collect(object, &mut members);
        }
        let features = entry.features.clone().unwrap_or_default();
        Some(Command { name: entry.name.clone(), features, members })
    }

    fn object(&self, name: &str) -> Option<&SchemaInfoObject> {
        match &self.types.get(name)?.branch {
            SchemaInfoBranch::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The members of an object, and those of its variants, which the command line does not tell apart: the server
    /// does.
    fn collect(&self, object: &SchemaInfoObject, members: &mut Vec<Member>) {
        object.members.iter().for_each(|member| self.add(member, None, members));
        let tag = object.tag.as_deref().unwrap_or_default();
        for variant in object.variants.iter().flatten() {
            let of_variant = self.object(&variant.type_).into_iter().flat_map(|variant| &variant.members);
            for member in of_variant {
                self.add(member, Some(format!("{tag}={}", variant.case)), members);
            }
        }
    }

    fn add(&self, member: &SchemaInfoObjectMember, only_with: Option<String>, members: &mut Vec<Member>) {
        let known = members.iter_mut().find(|known| known.name == member.name);
        match (known, only_with) {
            (None, only_with) => {
                let (kind, repeated) = self.kind(&member.type_);
                let required = member.default.is_none() && only_with.is_none();
                members.push(Member { name: member.name.clone(), kind, required, repeated, only_with });
            }
            // Several variants have it.
            (Some(Member { only_with: Some(conditions), .. }), Some(condition)) => {
                *conditions += &format!(", {condition}");
            }
            (Some(_), _) => {}
        }
    }

    /// What a value of the type is on the command line, and whether there may be many.
    fn kind(&self, name: &str) -> (Kind, bool) {
        let Some(entry) = self.types.get(name) else { return (Kind::Json, false) };
        match &entry.branch {
            SchemaInfoBranch::Array(array) => match self.kind(&array.element_type) {
                (Kind::Json, _) | (_, true) => (Kind::Json, false),
                (element, false) => (element, true),
            },
            SchemaInfoBranch::Enum(of) => (Kind::Choice(of.values.clone()), false),
            SchemaInfoBranch::Builtin(of) => (builtin(of.json_type), false),
            _ => (Kind::Json, false),
        }
    }
}

fn builtin(json: JSONType) -> Kind {
    match json {
        JSONType::String => Kind::Text,
        JSONType::Int => Kind::Integer,
        JSONType::Number => Kind::Number,
        JSONType::Boolean => Kind::Boolean,
        _ => Kind::Json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, kind: Kind) -> Member {
        Member { name: name.to_owned(), kind, required: false, repeated: false, only_with: None }
    }

    #[test]
    fn every_command_of_ours_is_there() {
        let schema = Schema::built_in().unwrap();
        let queue = schema.command("x-query-virtio-queue-status").unwrap();
        let expected = [
            Member { required: true, ..member("path", Kind::Text) },
            Member { required: true, ..member("queue", Kind::Integer) },
        ];
        assert_eq!(queue.members, expected);
        assert!(queue.features.contains(&"unstable".to_owned()));
        assert!(schema.command("STOP").is_none(), "events are no commands");
        assert!(schema.commands.is_sorted_by(|left, right| left.name < right.name));
    }

    #[test]
    fn members_of_variants_tell_when_they_are_there() {
        let schema = Schema::built_in().unwrap();
        let stats = schema.command("query-stats").unwrap();
        let choice = |values: &[&str]| Kind::Choice(values.iter().map(|value| (*value).to_owned()).collect());
        let expected = [
            Member { required: true, ..member("target", choice(&["vm", "vcpu"])) },
            member("providers", Kind::Json),
            Member {
                repeated: true,
                only_with: Some("target=vcpu".to_owned()),
                ..member("vcpus", Kind::Text)
            },
        ];
        assert_eq!(stats.members, expected);
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        assert!(Schema::from_reply(serde_json::json!({})).is_err());
        assert!(Schema::from_reply(serde_json::json!([{ "name": "a", "meta-type": "command" }])).is_err());
    }

    #[test]
    fn types_that_are_missing_are_left_to_the_server() {
        let entry = |value: &str| serde_json::from_str::<Value>(value).unwrap();
        let reply = Value::Array(vec![
            entry(r#"{ "name": "go", "meta-type": "command", "arg-type": "0", "ret-type": "1" }"#),
            entry(
                r#"{ "name": "0", "meta-type": "object", "members": [ { "name": "to", "type": "nowhere" } ] }"#,
            ),
        ]);
        let schema = Schema::from_reply(reply).unwrap();
        let expected = Member { required: true, ..member("to", Kind::Json) };
        assert_eq!(schema.command("go").unwrap().members, [expected]);
    }
}
