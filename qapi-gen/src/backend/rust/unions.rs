//! Unions: Rust enums over their discriminator.

use std::collections::HashMap;

use super::code::{Code, code, literal};
use super::conditions::attribute;
use super::context::{Context, Unknown};
use super::names::{Distinct, camel};
use super::types::{
    self, Field, Target, decode_field, decode_members_start, encode_field, encode_members_start, object_impls,
};
use crate::condition::Condition;
use crate::schema::{Branch, Branches, Entity, EntityId, EntityKind, Value};

/// The enum of a union's branches.
struct BranchEnum<'a> {
    name: String,
    /// The Rust type of the discriminator.
    tag: String,
    variants: Vec<Variant>,
    /// Values of the discriminator that have no branch, or none under some condition: attribute, variant.
    lonely: Vec<(String, String)>,
    /// The variant for a value that the schema does not know.
    other: Option<String>,
    discriminator: &'a str,
    derives: &'a str,
}

struct Variant {
    name: String,
    /// The discriminator's variant that selects it.
    tag: String,
    /// The Rust type of its members; none for an empty branch.
    of: Option<String>,
    is_boxed: bool,
    documentation: String,
    /// The attribute for its condition.
    guard: String,
}

impl Context<'_> {
    pub(crate) fn union(&self, id: EntityId, entity: &Entity, branches: &Branches, target: &mut Target<'_>) {
        let fields = self.fields(id, id, entity, Some(&branches.discriminator), target);
        let name = self.names.of(id).to_owned();
        let enum_name = if fields.is_empty() { name.clone() } else { self.names.branches_of(id).to_owned() };
        let branch_enum = self.branch_enum(id, enum_name, branches, target);
        let documentation = self.documentation(entity);
        let code = &mut *target.code;
        code.blank();
        code.documentation(&documentation, format_args!("`{}`.", entity.name));
        if fields.is_empty() {
            branch_enum.write(code);
            branch_enum.write_as_union(code);
        } else {
            self.union_struct(id, &name, &branch_enum, &fields, code);
            code.documentation("", format_args!("What differs between the kinds of [`{name}`]."));
            branch_enum.write(code);
        }
        object_impls(code, &name, self.unknown);
    }

    fn branch_enum<'b>(
        &'b self,
        id: EntityId,
        name: String,
        branches: &'b Branches,
        target: &mut Target<'_>,
    ) -> BranchEnum<'b> {
        let tag_entity = self.schema.entity(branches.tag);
        let values: &[Value] = match &tag_entity.kind {
            EntityKind::Enum(of) => &of.values,
            _ => &[],
        };
        let tags = self.values(values);
        let mut names = Distinct::default();
        let mut variants = Vec::new();
        let mut lonely = Vec::new();
        let selecting: HashMap<&str, (&Value, &types::Value<'_>)> =
            values.iter().zip(&tags).map(|pair| (pair.0.name.as_str(), pair)).collect();
        for branch in &branches.branches {
            let is_empty = self.schema.entity(branch.of).name == "q_empty";
            // A branch can have outlived its value when conditions were decided.
            let Some((value, tag)) = selecting.get(branch.name.as_str()) else { continue };
            let condition = both(value.condition.as_ref(), branch.condition.as_ref());
            variants.push(Variant {
                name: names.name(camel(&branch.name)),
                tag: tag.variant.clone(),
                of: (!is_empty).then(|| self.type_name(branch.of, target.module, target.imports)),
                is_boxed: self.is_boxed(branch.of, id),
                documentation: self.description(tag_entity, &branch.name).to_owned(),
                guard: attribute(condition.as_ref()),
            });
        }
        let by_name: HashMap<&str, &Branch> =
            branches.branches.iter().map(|branch| (branch.name.as_str(), branch)).collect();
        for (value, tag) in values.iter().zip(&tags) {
            let branch = by_name.get(value.name.as_str()).copied();
            lonely.extend(unmatched(value, branch).map(|guard| (guard, tag.variant.clone())));
        }
        let tag = self.type_name(branches.tag, target.module, target.imports);
        let other = (self.unknown == Unknown::Keep).then(|| names.name("Other".to_owned()));
        BranchEnum {
            name,
            tag,
            variants,
            lonely,
            other,
            discriminator: &branches.discriminator,
            derives: &self.derives,
        }
    }

    fn union_struct(
        &self,
        id: EntityId,
        name: &str,
        branches: &BranchEnum<'_>,
        fields: &[Field<'_>],
        code: &mut Code,
    ) {
        let BranchEnum { name: branch, tag, discriminator, .. } = branches;
        code!(code, "{}\npub struct {name} {{", self.derives);
        self.field_definitions(fields, code);
        let field = if fields.iter().any(|field| field.name == "branch") { "branch_" } else { "branch" };
        code!(code, "/// What depends on `{discriminator}`.\npub {field}: {branch},\n}}\n");
        code!(code, "impl {name} {{\n/// The value that selects the branch.");
        code!(code, "pub {}fn tag(&self) -> {tag} {{\nself.{field}.tag()\n}}\n}}", branches.constant());
        encode_members_start(code, name, false);
        for member in self.schema.all_members(id) {
            match fields.iter().find(|field| field.member.name == member.name) {
                Some(field) => encode_field(code, field),
                None => code!(code, "members.serialize_entry({}, &self.tag())?;", literal(&member.name)),
            }
        }
        code!(code, "self.{field}.encode_branch(members)\n}}\n}}\n");
        decode_members_start(code, name, false);
        code!(code, "let tag = members.required({})?;", literal(discriminator));
        if branches.other.is_none() {
            code!(code, "Ok(Self {{");
            fields.iter().for_each(|field| decode_field(code, field));
            code!(code, "{field}: {branch}::decode_branch(tag, members)?,\n}})\n}}\n}}\n");
            return;
        }
        // What is left for an unknown branch is what the base does not take: read the base first.
        for field in fields {
            let how = if field.member.optional { "optional" } else { "required" };
            let wire = literal(&field.member.name);
            code!(code, "{}let {} = members.{how}({wire})?;", field.guard, field.name);
        }
        code!(code, "let {field} = {branch}::decode_branch(tag, members)?;\nOk(Self {{");
        fields.iter().for_each(|field| code!(code, "{}{},", field.guard, field.name));
        code!(code, "{field},\n}})\n}}\n}}\n");
    }
}

/// Both conditions, as far as they differ.
fn both(value: Option<&Condition>, branch: Option<&Condition>) -> Option<Condition> {
    match (value, branch) {
        (Some(value), Some(branch)) if value != branch => {
            Some(Condition::All(vec![value.clone(), branch.clone()]))
        }
        (one, other) => one.or(other).cloned(),
    }
}

/// The attribute under which the value is there and has no branch, if that can be.
fn unmatched(value: &Value, branch: Option<&Branch>) -> Option<String> {
    let Some(branch) = branch else { return Some(attribute(value.condition.as_ref())) };
    let condition =
        branch.condition.as_ref().filter(|condition| value.condition.as_ref() != Some(condition))?;
    let absent = Condition::Not(Box::new(condition.clone()));
    Some(attribute(both(value.condition.as_ref(), Some(&absent)).as_ref()))
}

impl BranchEnum<'_> {
    /// Whether functions of it can be constant: not if a variant owns text.
    fn constant(&self) -> &'static str {
        if self.other.is_some() { "" } else { "const " }
    }

    fn write(&self, code: &mut Code) {
        let Self { name, tag, variants, .. } = self;
        code!(code, "{}\npub enum {name} {{", self.derives);
        for Variant { name, tag: value, of, is_boxed, documentation, guard } in variants {
            code.documentation(documentation, format_args!("[`{tag}::{value}`]."));
            match (of, is_boxed) {
                (None, _) => code!(code, "{guard}{name},"),
                (Some(of), false) => code!(code, "{guard}{name}({of}),"),
                (Some(of), true) => code!(code, "{guard}{name}(Box<{of}>),"),
            }
        }
        if let Some(other) = &self.other {
            code!(
                code,
                "/// A value that the schema does not know, with its members.\n{other}({tag}, Map<String, Value>),"
            );
        }
        code!(code, "}}\n\nimpl {name} {{\n/// The value that selects this branch.");
        code!(code, "pub {}fn tag(&self) -> {tag} {{\nmatch self {{", self.constant());
        for Variant { name, tag: value, of, guard, .. } in variants {
            let pattern = if of.is_some() { "(_)" } else { "" };
            code!(code, "{guard}Self::{name}{pattern} => {tag}::{value},");
        }
        if let Some(other) = &self.other {
            code!(code, "Self::{other}(tag, _) => tag.clone(),");
        }
        code!(code, "}}\n}}\n");
        self.write_empty(code);
        self.write_encode(code);
        self.write_decode(code);
        code!(code, "}}\n");
        self.write_conversions(code);
    }

    fn write_empty(&self, code: &mut Code) {
        let Self { tag, variants, .. } = self;
        let empty: Vec<&Variant> = variants.iter().filter(|variant| variant.of.is_none()).collect();
        code!(code, "/// The branch that a value selects, if it has no members.");
        let constant = self.constant();
        if empty.is_empty() {
            code!(code, "pub {constant}fn empty(_tag: {tag}) -> Option<Self> {{\nNone\n}}\n");
            return;
        }
        code!(code, "pub {constant}fn empty(tag: {tag}) -> Option<Self> {{\nmatch tag {{");
        for Variant { name, tag: value, guard, .. } in &empty {
            code!(code, "{guard}{tag}::{value} => Some(Self::{name}),");
        }
        if empty.len() < variants.len() || !self.lonely.is_empty() || self.other.is_some() {
            code!(code, "_ => None,");
        }
        code!(code, "}}\n}}\n");
    }

    /// How the parameter is called that only branches with members need.
    fn members(&self) -> &'static str {
        let all_empty = self.variants.iter().all(|variant| variant.of.is_none());
        if all_empty && self.other.is_none() && self.lonely.is_empty() { "_members" } else { "members" }
    }

    fn write_encode(&self, code: &mut Code) {
        let all_empty = self.variants.iter().all(|variant| variant.of.is_none()) && self.other.is_none();
        let members = if all_empty { "_members" } else { "members" };
        code!(code, "fn encode_branch<M: SerializeMap>(&self, {members}: &mut M) -> Result<(), M::Error> {{");
        code!(code, "match self {{");
        for Variant { name, of, guard, .. } in &self.variants {
            match of {
                Some(_) => code!(code, "{guard}Self::{name}(branch) => branch.encode_members(members),"),
                None => code!(code, "{guard}Self::{name} => Ok(()),"),
            }
        }
        if let Some(other) = &self.other {
            code!(code, "Self::{other}(_, rest) => encode::members(rest, members),");
        }
        code!(code, "}}\n}}\n");
    }

    fn write_decode(&self, code: &mut Code) {
        let Self { tag, discriminator, .. } = self;
        let members = self.members();
        code!(code, "fn decode_branch(tag: {tag}, {members}: &mut Members<'_>) -> Result<Self, Error> {{");
        code!(code, "match tag {{");
        for Variant { name, tag: value, of, guard, .. } in &self.variants {
            match of {
                Some(_) => {
                    let decode = "DecodeMembers::decode_members(members)";
                    code!(code, "{guard}{tag}::{value} => {decode}.map(Self::{name}),");
                }
                None => code!(code, "{guard}{tag}::{value} => Ok(Self::{name}),"),
            }
        }
        match &self.other {
            Some(other) => code!(code, "tag => Ok(Self::{other}(tag, members.rest())),"),
            None => {
                for (guard, value) in &self.lonely {
                    let discriminator = literal(discriminator);
                    code!(
                        code,
                        "{guard}{tag}::{value} => Err(members.no_branch({discriminator}, tag.as_str())),"
                    );
                }
            }
        }
        code!(code, "}}\n}}\n");
    }

    /// A branch's type selects the branch, unless several branches have it.
    fn write_conversions(&self, code: &mut Code) {
        let mut branches: HashMap<&str, usize> = HashMap::new();
        for of in self.variants.iter().filter_map(|variant| variant.of.as_deref()) {
            *branches.entry(of).or_default() += 1;
        }
        for variant in &self.variants {
            let Some(of) = &variant.of else { continue };
            if branches.get(of.as_str()).is_some_and(|count| *count > 1) {
                continue;
            }
            let branch = if variant.is_boxed { "Box::new(branch)" } else { "branch" };
            let Variant { name, guard, .. } = variant;
            code!(code, "{guard}impl From<{of}> for {} {{\nfn from(branch: {of}) -> Self {{", self.name);
            code!(code, "Self::{name}({branch})\n}}\n}}\n");
        }
    }

    /// A union whose base holds the discriminator alone is the enum of its branches itself.
    fn write_as_union(&self, code: &mut Code) {
        let discriminator = literal(self.discriminator);
        encode_members_start(code, &self.name, false);
        code!(code, "members.serialize_entry({discriminator}, &self.tag())?;");
        code!(code, "self.encode_branch(members)\n}}\n}}\n");
        decode_members_start(code, &self.name, false);
        code!(code, "let tag = members.required({discriminator})?;");
        code!(code, "Self::decode_branch(tag, members)\n}}\n}}\n");
    }
}
