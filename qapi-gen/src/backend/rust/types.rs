//! Enums, structs and alternates.

use super::code::{Code, code, literal};
use super::conditions::attribute;
use super::context::{Context, Imports, Unknown};
use super::names::{Distinct, camel, distinct, snake};
use crate::schema::{self, Branch, Entity, EntityId, EntityKind, Enum, Member, ModuleId, Object};

/// Where code is written: the text, what it needs from elsewhere, and the module it belongs to.
pub(crate) struct Target<'a> {
    pub(crate) code: &'a mut Code,
    pub(crate) imports: &'a mut Imports,
    pub(crate) module: ModuleId,
}

impl Target<'_> {
    /// Writes what `body` writes under the condition of `entity`.
    pub(crate) fn guarded(&mut self, entity: &Entity, body: impl FnOnce(&mut Target<'_>)) {
        let Target { code, imports, module } = self;
        code.guarded(&attribute(entity.condition.as_ref()), |code| {
            body(&mut Target { code, imports, module: *module });
        });
    }
}

/// A variant of an enum and the value it stands for.
pub(crate) struct Value<'e> {
    pub(crate) variant: String,
    pub(crate) wire: &'e str,
    /// The attribute for its condition.
    guard: String,
}

/// A field of a struct and the member it stands for.
pub(crate) struct Field<'s> {
    pub(crate) name: String,
    pub(crate) member: &'s Member,
    /// The type without `Option`.
    pub(crate) of: String,
    pub(crate) documentation: &'s str,
    /// The attribute for its condition.
    pub(crate) guard: String,
}

impl Context<'_> {
    /// Writes the type `id` with everything that belongs to it.
    pub(crate) fn type_definition(&self, id: EntityId, target: &mut Target<'_>) {
        let entity = self.schema.entity(id);
        target.guarded(entity, |target| self.unguarded_type(id, entity, target));
    }

    fn unguarded_type(&self, id: EntityId, entity: &Entity, target: &mut Target<'_>) {
        match &entity.kind {
            EntityKind::Enum(of) => self.enumeration(id, entity, of, target),
            EntityKind::Object(Object { branches: Some(branches), .. }) => {
                self.union(id, entity, branches, target)
            }
            EntityKind::Object(_) => {
                let name = self.names.of(id).to_owned();
                let documentation = self.documentation(entity);
                self.object(id, entity, &name, &documentation, target);
            }
            EntityKind::Alternate(branches) => self.alternate(id, entity, branches, target),
            _ => {}
        }
    }

    fn enumeration(&self, id: EntityId, entity: &Entity, of: &Enum, target: &mut Target<'_>) {
        let name = self.names.of(id);
        let values = self.values(&of.values);
        let other = (self.unknown == Unknown::Keep).then(|| other_variant(&values));
        let code = &mut *target.code;
        code.blank();
        code.documentation(&self.documentation(entity), format_args!("`{}`.", entity.name));
        let copy = if other.is_some() { "" } else { "Copy, " };
        code!(
            code,
            "#[derive(Clone, {copy}Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\npub enum {name} {{"
        );
        for Value { variant, wire, guard } in &values {
            code.documentation(self.description(entity, wire), format_args!("`{wire}`."));
            code!(code, "{guard}{variant},");
        }
        if let Some(other) = &other {
            code!(code, "/// A value that the schema does not know.\n{other}(String),");
        }
        code!(code, "}}\n\nimpl {name} {{\n/// Every value, in the schema's order.");
        code!(code, "pub const ALL: &'static [Self] = &[");
        for Value { variant, guard, .. } in &values {
            code!(code, "{guard}Self::{variant},");
        }
        let this = if other.is_some() { "&self) -> &str" } else { "self) -> &'static str" };
        code!(code, "];\n\n/// The value on the wire.\npub const fn as_str({this} {{\nmatch self {{");
        for Value { variant, wire, guard } in &values {
            code!(code, "{guard}Self::{variant} => {},", literal(wire));
        }
        if let Some(other) = &other {
            code!(code, "Self::{other}(value) => value.as_str(),");
        }
        code!(code, "}}\n}}\n}}\n");
        from_str(code, name, &values, other.as_deref());
        code!(code, "impl fmt::Display for {name} {{");
        code!(code, "fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {{");
        code!(code, "formatter.write_str(self.as_str())\n}}\n}}\n");
        serialize(code, name, "serializer.serialize_str(self.as_str())");
        decode(code, name, "decode::enumeration(value, path)");
        deserialize(code, name);
    }

    /// The variants of an enum with the values they stand for.
    pub(crate) fn values<'e>(&self, values: &'e [schema::Value]) -> Vec<Value<'e>> {
        let names = distinct(values.iter().map(|value| value.name.as_str()), camel);
        let value = |(variant, value): (String, &'e schema::Value)| Value {
            variant,
            wire: &value.name,
            guard: attribute(value.condition.as_ref()),
        };
        names.into_iter().zip(values).map(value).collect()
    }

    /// Writes a struct `name` with the members of the object `id`, documented in `entity`'s block.
    pub(crate) fn object(
        &self,
        id: EntityId,
        entity: &Entity,
        name: &str,
        documentation: &str,
        target: &mut Target<'_>,
    ) {
        let fields = self.fields(id, id, entity, None, target);
        target.code.blank();
        target.code.documentation(documentation, format_args!("`{}`.", entity.name));
        if fields.is_empty() {
            code!(target.code, "{}\npub struct {name};", self.derives);
        } else {
            code!(target.code, "{}\npub struct {name} {{", self.derives);
            self.field_definitions(&fields, target.code);
            code!(target.code, "}}");
        }
        let code = &mut *target.code;
        encode_members_start(code, name, fields.is_empty());
        fields.iter().for_each(|field| encode_field(code, field));
        code!(code, "Ok(())\n}}\n}}\n");
        decode_members_start(code, name, fields.is_empty());
        if fields.is_empty() {
            code!(code, "Ok(Self)");
        } else {
            code!(code, "Ok(Self {{");
            fields.iter().for_each(|field| decode_field(code, field));
            code!(code, "}})");
        }
        code!(code, "}}\n}}\n");
        object_impls(code, name, self.unknown);
    }

    /// The fields for the members of the object `id`, as part of `owner`; all but `left_out`.
    pub(crate) fn fields(
        &self,
        id: EntityId,
        owner: EntityId,
        entity: &Entity,
        left_out: Option<&str>,
        target: &mut Target<'_>,
    ) -> Vec<Field<'_>> {
        let members = self.schema.all_members(id);
        let members: Vec<&Member> =
            members.into_iter().filter(|member| Some(member.name.as_str()) != left_out).collect();
        let names = distinct(members.iter().map(|member| member.name.as_str()), snake);
        let field = |(name, member): (String, &&'_ Member)| {
            let of = self.inner_type(member.of, owner, target.module, target.imports);
            (name, of, member.name.clone())
        };
        let described: Vec<_> = names.into_iter().zip(&members).map(field).collect();
        let fields = described.into_iter().zip(members);
        fields
            .map(|((name, of, wire), member)| Field {
                name,
                member,
                of,
                documentation: self.member_documentation(id, entity, &wire),
                guard: attribute(member.condition.as_ref()),
            })
            .collect()
    }

    /// The description of a member where it is defined: in the block of the definition or of one of its bases.
    fn member_documentation(&self, id: EntityId, entity: &Entity, name: &str) -> &str {
        let own = self.description(entity, name);
        if !own.is_empty() {
            return own;
        }
        let mut next = Some(id);
        while let Some(object) = next.and_then(|id| self.schema.object(id)) {
            let found = next.map(|id| self.description(self.schema.entity(id), name)).unwrap_or_default();
            if !found.is_empty() {
                return found;
            }
            next = object.base;
        }
        ""
    }

    pub(crate) fn field_definitions(&self, fields: &[Field<'_>], code: &mut Code) {
        for field in fields {
            code.documentation(field.documentation, format_args!("`{}`.", field.member.name));
            let Field { of, guard, .. } = field;
            match field.member.optional {
                true => code!(code, "{guard}pub {}: Option<{of}>,", field.name),
                false => code!(code, "{guard}pub {}: {of},", field.name),
            }
        }
    }

    fn alternate(&self, id: EntityId, entity: &Entity, branches: &[Branch], target: &mut Target<'_>) {
        let name = self.names.of(id).to_owned();
        let variants = distinct(branches.iter().map(|branch| branch.name.as_str()), camel);
        let variants: Vec<(String, &Branch, String)> = variants
            .into_iter()
            .zip(branches)
            .map(|(variant, branch)| {
                let of = self.inner_type(branch.of, id, target.module, target.imports);
                (variant, branch, of)
            })
            .collect();
        let code = &mut *target.code;
        code.blank();
        code.documentation(&self.documentation(entity), format_args!("`{}`.", entity.name));
        code!(code, "{}\npub enum {name} {{", self.derives);
        for (variant, branch, of) in &variants {
            code.documentation(self.description(entity, &branch.name), format_args!("`{}`.", branch.name));
            let guard = attribute(branch.condition.as_ref());
            code!(code, "{guard}{variant}({of}),");
        }
        code!(code, "}}\n");
        code!(code, "impl Serialize for {name} {{");
        code!(
            code,
            "fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{\nmatch self {{"
        );
        for (variant, branch, _) in &variants {
            let guard = attribute(branch.condition.as_ref());
            code!(code, "{guard}Self::{variant}(value) => value.serialize(serializer),");
        }
        code!(code, "}}\n}}\n}}\n\nimpl Decode for {name} {{");
        code!(code, "fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {{\nmatch value {{");
        for (variant, branch, _) in &variants {
            let pattern = self.json_pattern(branch.of);
            let guard = attribute(branch.condition.as_ref());
            code!(code, "{guard}{pattern} => Decode::decode(value, path).map(Self::{variant}),");
        }
        if variants.len() < 6 || variants.iter().any(|(_, branch, _)| branch.condition.is_some()) {
            code!(code, "_ => Err(path.no_alternative({})),", literal(&entity.name));
        }
        code!(code, "}}\n}}\n}}\n");
        deserialize(code, &name);
    }

    /// The JSON values that belong to a branch of this type.
    fn json_pattern(&self, of: EntityId) -> &'static str {
        use crate::schema::BuiltIn;
        match &self.schema.entity(of).kind {
            EntityKind::BuiltIn(BuiltIn::Null) => "Value::Null",
            EntityKind::BuiltIn(BuiltIn::Bool) => "Value::Bool(_)",
            EntityKind::BuiltIn(BuiltIn::Str) | EntityKind::Enum(_) => "Value::String(_)",
            EntityKind::BuiltIn(_) => "Value::Number(_)",
            EntityKind::Array(_) => "Value::Array(_)",
            _ => "Value::Object(_)",
        }
    }
}

/// The variant for values that the schema does not know.
fn other_variant(values: &[Value<'_>]) -> String {
    let mut names = Distinct::default();
    for value in values {
        names.name(value.variant.clone());
    }
    names.name("Other".to_owned())
}

fn from_str(code: &mut Code, name: &str, values: &[Value<'_>], other: Option<&str>) {
    code!(code, "impl FromStr for {name} {{\ntype Err = UnknownValue;\n");
    if values.is_empty() && other.is_none() {
        code!(code, "fn from_str(_text: &str) -> Result<Self, UnknownValue> {{\nErr(UnknownValue)\n}}\n}}\n");
        return;
    }
    if let ([], Some(other)) = (values, other) {
        code!(code, "fn from_str(text: &str) -> Result<Self, UnknownValue> {{");
        code!(code, "Ok(Self::{other}(text.to_owned()))\n}}\n}}\n");
        return;
    }
    code!(code, "fn from_str(text: &str) -> Result<Self, UnknownValue> {{\nmatch text {{");
    for Value { variant, wire, guard } in values {
        code!(code, "{guard}{} => Ok(Self::{variant}),", literal(wire));
    }
    match other {
        Some(other) => code!(code, "_ => Ok(Self::{other}(text.to_owned())),"),
        None => code!(code, "_ => Err(UnknownValue),"),
    }
    code!(code, "}}\n}}\n}}\n");
}

pub(crate) fn encode_field(code: &mut Code, field: &Field<'_>) {
    let (name, wire, guard) = (&field.name, literal(&field.member.name), &field.guard);
    match field.member.optional {
        false => code!(code, "{guard}members.serialize_entry({wire}, &self.{name})?;"),
        true => {
            code!(
                code,
                "{guard}if let Some(value) = &self.{name} {{\nmembers.serialize_entry({wire}, value)?;\n}}"
            );
        }
    }
}

pub(crate) fn decode_field(code: &mut Code, field: &Field<'_>) {
    let how = if field.member.optional { "optional" } else { "required" };
    code!(code, "{}{}: members.{how}({})?,", field.guard, field.name, literal(&field.member.name));
}

pub(crate) fn encode_members_start(code: &mut Code, name: &str, is_empty: bool) {
    let members = if is_empty { "_members" } else { "members" };
    code!(code, "\nimpl EncodeMembers for {name} {{");
    code!(code, "fn encode_members<M: SerializeMap>(&self, {members}: &mut M) -> Result<(), M::Error> {{");
}

pub(crate) fn decode_members_start(code: &mut Code, name: &str, is_empty: bool) {
    let members = if is_empty { "_members" } else { "members" };
    code!(code, "impl DecodeMembers for {name} {{");
    code!(code, "fn decode_members({members}: &mut Members<'_>) -> Result<Self, Error> {{");
}

/// The traits that every object has, in terms of its members.
pub(crate) fn object_impls(code: &mut Code, name: &str, unknown: Unknown) {
    serialize(code, name, "encode::object(self, serializer)");
    decode(
        code,
        name,
        match unknown {
            Unknown::Refuse => "decode::object(value, path)",
            Unknown::Keep => "decode::open_object(value, path)",
        },
    );
    deserialize(code, name);
}

fn serialize(code: &mut Code, name: &str, body: &str) {
    code!(code, "impl Serialize for {name} {{");
    code!(
        code,
        "fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{\n{body}\n}}\n}}\n"
    );
}

fn decode(code: &mut Code, name: &str, body: &str) {
    code!(code, "impl Decode for {name} {{");
    code!(code, "fn decode(value: Value, path: &Path<'_>) -> Result<Self, Error> {{\n{body}\n}}\n}}\n");
}

fn deserialize(code: &mut Code, name: &str) {
    code!(code, "impl<'de> Deserialize<'de> for {name} {{");
    code!(code, "fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {{");
    code!(code, "decode::document(deserializer)\n}}\n}}\n");
}
