//! What the schema says of commands and events in words, for programs that show it to people.

use super::code::{Code, code, literal};
use crate::documentation::{Documentation, SectionKind};
use crate::schema::{Entity, EntityId, EntityKind, Origin, Schema};

/// The types of the table, and how something is found in it.
const TYPES: &str = include_str!("documentation_types.rs.in");

/// Writes a table of all commands and events.
pub(crate) fn write(schema: &Schema, code: &mut Code) {
    code.lines(TYPES);
    code!(code, "\n/// Every command and event that has something to say, in the order of the schema.");
    code!(code, "pub static ENTRIES: &[Entry] = &[");
    for (_, entity) in schema.entities() {
        let (kind, arguments) = match &entity.kind {
            EntityKind::Command(command) => ("Command", command.arguments),
            EntityKind::Event(event) => ("Event", event.arguments),
            _ => continue,
        };
        if let Some(block) = schema.documentation_of(entity) {
            entry(schema, entity, kind, block, arguments, code);
        }
    }
    code!(code, "];");
}

fn entry(
    schema: &Schema,
    entity: &Entity,
    kind: &str,
    block: &Documentation,
    arguments: Option<EntityId>,
    code: &mut Code,
) {
    let mut members = Vec::new();
    if let Some(of) = arguments {
        collect(schema, of, Some(block), &mut members);
    }
    let section = |kind| block.section(kind).map_or("", |section| section.text.as_str());
    code!(code, "Entry {{\nname: {},\nkind: Kind::{kind},", literal(&entity.name));
    code!(code, "text: {},", literal(&block.body));
    code!(code, "returns: {},", literal(section(SectionKind::Returns)));
    code!(code, "errors: {},", literal(section(SectionKind::Errors)));
    code!(code, "members: &[");
    for (name, text) in members {
        code!(code, "({}, {}),", literal(name), literal(text));
    }
    code!(code, "],\n}},");
}

/// The members of an object type with what is said of each, those of its bases first and those of its branches last.
/// What is said stands in the type's own block, or for an implicit type in `block`.
fn collect<'s>(
    schema: &'s Schema,
    id: EntityId,
    block: Option<&'s Documentation>,
    members: &mut Vec<(&'s str, &'s str)>,
) {
    let Some(object) = schema.object(id) else { return };
    let block = match object.origin {
        Origin::Arguments | Origin::Base => block,
        _ => schema.documentation_of(schema.entity(id)),
    };
    if let Some(base) = object.base {
        collect(schema, base, block, members);
    }
    for member in &object.members {
        let text = block.and_then(|block| block.member(&member.name)).unwrap_or_default();
        if members.iter().all(|(name, _)| *name != member.name) {
            members.push((&member.name, text));
        }
    }
    for branch in object.branches.iter().flat_map(|branches| &branches.branches) {
        collect(schema, branch.of, block, members);
    }
}
