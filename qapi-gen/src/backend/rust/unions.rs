//! Unions: Rust enums over their discriminator.

use super::code::{Code, code, literal};
use super::context::Context;
use super::names::{camel, distinct};
use super::types::{
    Field, Target, decode_field, decode_members_start, encode_field, encode_members_start, object_impls,
};
use crate::schema::{Branches, Entity, EntityId, EntityKind};

/// A variant of a union's enum.
struct Variant {
    name: String,
    /// The tag's variant that selects it.
    tag: String,
    /// The Rust type of its members; none for an empty branch.
    of: Option<String>,
    is_boxed: bool,
    documentation: String,
}

impl Context<'_> {
    pub(crate) fn union(&self, id: EntityId, entity: &Entity, branches: &Branches, target: &mut Target<'_>) {
        let variants = self.variants(id, branches, target);
        let tag = self.type_name(branches.tag, target.module, target.imports);
        let fields = self.fields(id, id, entity, Some(&branches.discriminator), target);
        let name = self.names.of(id).to_owned();
        let documentation = self.documentation(entity);
        target.code.blank();
        target.code.documentation(&documentation, &format!("`{}`.", entity.name));
        if fields.is_empty() {
            self.branch_enum(&name, &tag, &variants, target.code);
            tag_only_union(&name, &tag, &branches.discriminator, target.code);
        } else {
            let branch = self.names.branches_of(id).to_owned();
            self.union_struct(id, (&name, &branch, &tag), branches, &fields, target.code);
            target.code.documentation("", &format!("What differs between the kinds of [`{name}`]."));
            self.branch_enum(&branch, &tag, &variants, target.code);
        }
        object_impls(target.code, &name);
    }

    fn variants(&self, id: EntityId, branches: &Branches, target: &mut Target<'_>) -> Vec<Variant> {
        let tag = self.schema.entity(branches.tag);
        let EntityKind::Enum(of) = &tag.kind else { return Vec::new() };
        let tags = self.values(of);
        let names = distinct(branches.branches.iter().map(|branch| branch.name.as_str()), camel);
        let variant = |(name, branch): (String, &crate::schema::Branch)| {
            let is_empty = self.schema.entity(branch.of).name == "q_empty";
            let tag_name = tags.iter().find(|(_, value)| *value == branch.name).map(|(tag, _)| tag.clone());
            Variant {
                name,
                tag: tag_name.unwrap_or_default(),
                of: (!is_empty).then(|| self.type_name(branch.of, target.module, target.imports)),
                is_boxed: self.is_boxed(branch.of, id),
                documentation: self.description(tag, &branch.name),
            }
        };
        names.into_iter().zip(&branches.branches).map(variant).collect()
    }

    fn branch_enum(&self, name: &str, tag: &str, variants: &[Variant], code: &mut Code) {
        code!(code, "#[derive(Clone, Debug, PartialEq)]\npub enum {name} {{");
        for variant in variants {
            code.documentation(&variant.documentation, &format!("[`{tag}::{}`].", variant.tag));
            match (&variant.of, variant.is_boxed) {
                (None, _) => code!(code, "{},", variant.name),
                (Some(of), false) => code!(code, "{}({of}),", variant.name),
                (Some(of), true) => code!(code, "{}(Box<{of}>),", variant.name),
            }
        }
        code!(
            code,
            "}}\n\nimpl {name} {{\n/// The value that selects this branch.\npub const fn tag(&self) -> {tag} {{"
        );
        code!(code, "match self {{");
        for variant in variants {
            let pattern = if variant.of.is_some() { "(_)" } else { "" };
            code!(code, "Self::{}{pattern} => {tag}::{},", variant.name, variant.tag);
        }
        code!(code, "}}\n}}\n");
        empty_branches(tag, variants, code);
        encode_branch(variants, code);
        decode_branch(tag, variants, code);
        code!(code, "}}\n");
        from_branches(name, variants, code);
    }

    fn union_struct(
        &self,
        id: EntityId,
        (name, branch, tag): (&str, &str, &str),
        branches: &Branches,
        fields: &[Field<'_>],
        code: &mut Code,
    ) {
        code!(code, "#[derive(Clone, Debug, PartialEq)]\npub struct {name} {{");
        self.field_definitions(fields, code);
        let field = if fields.iter().any(|field| field.name == "branch") { "branch_" } else { "branch" };
        code!(code, "/// What depends on `{}`.\npub {field}: {branch},\n}}\n", branches.discriminator);
        code!(
            code,
            "impl {name} {{\n/// The value that selects the branch.\npub const fn tag(&self) -> {tag} {{"
        );
        code!(code, "self.{field}.tag()\n}}\n}}");
        encode_members_start(code, name, false);
        for member in self.schema.all_members(id) {
            match fields.iter().find(|field| field.member.name == member.name) {
                Some(field) => encode_field(code, field),
                None => code!(code, "members.serialize_entry({}, &self.tag())?;", literal(&member.name)),
            }
        }
        code!(code, "self.{field}.encode_branch(members)\n}}\n}}\n");
        decode_members_start(code, name, false);
        code!(code, "let tag = members.required({})?;", literal(&branches.discriminator));
        code!(code, "Ok(Self {{");
        fields.iter().for_each(|field| decode_field(code, field));
        code!(code, "{field}: {branch}::decode_branch(tag, members)?,\n}})\n}}\n}}\n");
    }
}

fn empty_branches(tag: &str, variants: &[Variant], code: &mut Code) {
    let empty: Vec<&Variant> = variants.iter().filter(|variant| variant.of.is_none()).collect();
    code!(code, "/// The branch that a tag selects, if it has no members.");
    if empty.is_empty() {
        code!(code, "pub const fn empty(_tag: {tag}) -> Option<Self> {{\nNone\n}}\n");
        return;
    }
    code!(code, "pub const fn empty(tag: {tag}) -> Option<Self> {{\nmatch tag {{");
    for variant in &empty {
        code!(code, "{tag}::{} => Some(Self::{}),", variant.tag, variant.name);
    }
    if empty.len() < variants.len() {
        code!(code, "_ => None,");
    }
    code!(code, "}}\n}}\n");
}

fn encode_branch(variants: &[Variant], code: &mut Code) {
    let all_empty = variants.iter().all(|variant| variant.of.is_none());
    let members = if all_empty { "_members" } else { "members" };
    code!(
        code,
        "fn encode_branch<M: SerializeMap>(&self, {members}: &mut M) -> Result<(), M::Error> {{\nmatch self {{"
    );
    for variant in variants {
        match variant.of {
            Some(_) => code!(code, "Self::{}(branch) => branch.encode_members(members),", variant.name),
            None => code!(code, "Self::{} => Ok(()),", variant.name),
        }
    }
    code!(code, "}}\n}}\n");
}

fn decode_branch(tag: &str, variants: &[Variant], code: &mut Code) {
    let all_empty = variants.iter().all(|variant| variant.of.is_none());
    let members = if all_empty { "_members" } else { "members" };
    code!(
        code,
        "fn decode_branch(tag: {tag}, {members}: &mut Members<'_>) -> Result<Self, Error> {{\nmatch tag {{"
    );
    for variant in variants {
        let name = &variant.name;
        match &variant.of {
            Some(_) => code!(
                code,
                "{tag}::{} => DecodeMembers::decode_members(members).map(Self::{name}),",
                variant.tag
            ),
            None => code!(code, "{tag}::{} => Ok(Self::{name}),", variant.tag),
        }
    }
    code!(code, "}}\n}}\n");
}

/// A branch's type selects the branch, unless several branches have it.
fn from_branches(name: &str, variants: &[Variant], code: &mut Code) {
    for variant in variants {
        let Some(of) = &variant.of else { continue };
        if variants.iter().filter(|other| other.of.as_ref() == Some(of)).count() > 1 {
            continue;
        }
        let branch = if variant.is_boxed { "Box::new(branch)" } else { "branch" };
        code!(code, "impl From<{of}> for {name} {{\nfn from(branch: {of}) -> Self {{");
        code!(code, "Self::{}({branch})\n}}\n}}\n", variant.name);
    }
}

/// A union whose base holds the discriminator alone is the enum of its branches itself.
fn tag_only_union(name: &str, _tag: &str, discriminator: &str, code: &mut Code) {
    let discriminator = literal(discriminator);
    encode_members_start(code, name, false);
    code!(
        code,
        "members.serialize_entry({discriminator}, &self.tag())?;\nself.encode_branch(members)\n}}\n}}\n"
    );
    decode_members_start(code, name, false);
    code!(code, "let tag = members.required({discriminator})?;\nSelf::decode_branch(tag, members)\n}}\n}}\n");
}
