//! What all parts of the Rust backend ask: names, types and where they live.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Options;
use super::names::{Distinct, Names, snake};
use crate::documentation::SectionKind;
use crate::schema::{BuiltIn, Entity, EntityId, EntityKind, ModuleId, Schema};

/// What becomes of values of enums, and of members of objects, that the schema does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// They are errors: a server knows everything that it can be sent.
    #[default]
    Refuse,
    /// Values are kept and members ignored: a client must survive a newer server.
    Keep,
}

pub(crate) struct Context<'s> {
    pub(crate) unknown: Unknown,
    /// What structs, unions and alternates derive.
    pub(crate) derives: String,
    pub(crate) schema: &'s Schema,
    pub(crate) names: Names,
    modules: HashMap<ModuleId, String>,
    /// Types that contain themselves, each with a mark for its cycle.
    cycles: HashMap<EntityId, usize>,
}

/// A `use` line; a long one is broken.
pub(crate) fn use_line<'n>(path: &str, names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.as_slice() {
        [] => String::new(),
        [name] => format!("use {path}::{name};\n"),
        names if names.len() < 6 => format!("use {path}::{{{}}};\n", names.join(", ")),
        names => format!(
            "use {path}::{{\n{},\n}};\n",
            names.chunks(6).map(|row| row.join(", ")).collect::<Vec<_>>().join(",\n")
        ),
    }
}

/// The other modules' types that a file names.
pub(crate) struct Imports {
    /// The file that holds the module's own types needs no import for them.
    is_types: bool,
    /// Types are not imported but named by their path.
    by_path: Option<usize>,
    types: BTreeMap<String, BTreeSet<String>>,
    /// What types need that are not of the schema.
    needs: BTreeSet<&'static str>,
}

impl Imports {
    pub(crate) fn new(is_types: bool) -> Self {
        Self { is_types, by_path: None, types: BTreeMap::new(), needs: BTreeSet::new() }
    }

    /// Types are named by their path from the output's root, which stands so many modules up.
    pub(crate) fn paths(up: usize) -> Self {
        Self { is_types: false, by_path: Some(up), types: BTreeMap::new(), needs: BTreeSet::new() }
    }

    /// What the types need that were named.
    pub(crate) fn needed(&self) -> &BTreeSet<&'static str> {
        &self.needs
    }

    /// The `use` lines of a file that stands one folder deep.
    pub(crate) fn lines(&self) -> String {
        let line = |(module, names): (&String, &BTreeSet<String>)| {
            use_line(module, names.iter().map(String::as_str))
        };
        self.types.iter().map(line).collect()
    }
}

impl<'s> Context<'s> {
    pub(crate) fn new(schema: &'s Schema, options: &Options) -> Self {
        let mut distinct = Distinct::default();
        for taken in ["runtime", "hmp", "introspection", "documentation"] {
            distinct.name(taken.to_owned());
        }
        let modules = schema.in_modules().map(|(_, entity)| entity.module).collect::<BTreeSet<_>>();
        let modules = modules.into_iter().map(|module| {
            let name = &schema.module(module).name;
            let stem = name.trim_start_matches("./").trim_start_matches("../");
            let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
            (module, distinct.name(snake(stem)))
        });
        Self {
            unknown: options.unknown,
            derives: derives(&options.derives),
            schema,
            names: Names::new(schema),
            modules: modules.collect(),
            cycles: cycles(schema),
        }
    }

    /// The Rust module for a schema module.
    pub(crate) fn module(&self, id: ModuleId) -> &str {
        self.modules.get(&id).map_or("builtin", String::as_str)
    }

    /// The Rust type for `id` as seen from the schema module `from`.
    pub(crate) fn type_name(&self, id: EntityId, from: ModuleId, imports: &mut Imports) -> String {
        let entity = self.schema.entity(id);
        match &entity.kind {
            EntityKind::BuiltIn(built_in) => {
                if *built_in == BuiltIn::Any {
                    if imports.by_path.is_some() {
                        return "serde_json::Value".to_owned();
                    }
                    imports.needs.insert("Value");
                }
                built_in_type(*built_in).to_owned()
            }
            EntityKind::Array(element) => format!("Vec<{}>", self.type_name(*element, from, imports)),
            _ => {
                let name = self.names.of(id);
                if name == "Empty" {
                    imports.needs.insert("Empty");
                }
                if let Some(up) = imports.by_path.filter(|_| name != "Empty") {
                    return format!("{}{}::{name}", "super::".repeat(up), self.module(entity.module));
                }
                if !(entity.module == from && imports.is_types || name == "Empty") {
                    let module = match entity.module == from {
                        true => "super".to_owned(),
                        false => format!("super::super::{}", self.module(entity.module)),
                    };
                    imports.types.entry(module).or_default().insert(name.to_owned());
                }
                name.to_owned()
            }
        }
    }

    /// The type of something inside `owner`: boxed where the type would contain itself otherwise.
    pub(crate) fn inner_type(
        &self,
        id: EntityId,
        owner: EntityId,
        from: ModuleId,
        imports: &mut Imports,
    ) -> String {
        let name = self.type_name(id, from, imports);
        if self.is_boxed(id, owner) { format!("Box<{name}>") } else { name }
    }

    /// Whether something in the schema has the type `id`.
    pub(crate) fn is_used(&self, id: EntityId) -> bool {
        let arrays = |of: EntityId| match &self.schema.entity(of).kind {
            EntityKind::Array(element) => *element,
            _ => of,
        };
        self.schema
            .entities()
            .any(|(other, _)| contents(self.schema, other).into_iter().any(|of| arrays(of) == id))
    }

    pub(crate) fn is_boxed(&self, id: EntityId, owner: EntityId) -> bool {
        let cycle = self.cycles.get(&owner);
        cycle.is_some() && cycle == self.cycles.get(&id)
    }

    /// The text of a definition's documentation, everything but the descriptions of its parts.
    pub(crate) fn documentation(&self, entity: &Entity) -> String {
        let Some(block) = self.schema.documentation_of(entity) else { return String::new() };
        let mut text = block.body.clone();
        for section in &block.sections {
            text.push_str("\n\n");
            match section.kind {
                SectionKind::Plain => text.push_str(&section.text),
                SectionKind::Todo => {}
                SectionKind::Errors => text.push_str(&format!("# Errors\n\n{}", section.text)),
                SectionKind::Returns | SectionKind::Since => {
                    text.push_str(&format!("{}: {}", section.kind.as_str(), section.text));
                }
            }
        }
        text
    }

    /// The description of one part of a definition.
    pub(crate) fn description(&self, entity: &Entity, name: &str) -> &str {
        let block = self.schema.documentation_of(entity);
        block.and_then(|block| block.member(name)).unwrap_or("")
    }
}

fn derives(further: &[String]) -> String {
    let derives = ["Clone", "Debug", "PartialEq"].into_iter().chain(further.iter().map(String::as_str));
    format!("#[derive({})]", derives.collect::<Vec<_>>().join(", "))
}

fn built_in_type(built_in: BuiltIn) -> &'static str {
    match built_in {
        BuiltIn::Str => "String",
        BuiltIn::Number => "f64",
        BuiltIn::Int | BuiltIn::Int64 => "i64",
        BuiltIn::Int8 => "i8",
        BuiltIn::Int16 => "i16",
        BuiltIn::Int32 => "i32",
        BuiltIn::Uint8 => "u8",
        BuiltIn::Uint16 => "u16",
        BuiltIn::Uint32 => "u32",
        BuiltIn::Uint64 | BuiltIn::Size => "u64",
        BuiltIn::Bool => "bool",
        BuiltIn::Any => "Value",
        BuiltIn::Null => "()",
    }
}

/// The types that a value of type `id` holds directly, not through an array.
fn contents(schema: &Schema, id: EntityId) -> Vec<EntityId> {
    match &schema.entity(id).kind {
        EntityKind::Object(object) => {
            let members = schema.all_members(id).into_iter().map(|member| member.of);
            let branches = object.branches.iter().flat_map(|branches| &branches.branches);
            members.chain(branches.map(|branch| branch.of)).collect()
        }
        EntityKind::Alternate(branches) => branches.iter().map(|branch| branch.of).collect(),
        _ => Vec::new(),
    }
}

/// Marks the types that contain themselves: strongly connected components, by Tarjan's algorithm with a stack of
/// its own, for chains of types may be long.
fn cycles(schema: &Schema) -> HashMap<EntityId, usize> {
    let mut found = HashMap::new();
    let mut numbers: HashMap<EntityId, usize> = HashMap::new();
    let mut lowest: HashMap<EntityId, usize> = HashMap::new();
    let (mut open, mut is_open) = (Vec::new(), HashSet::new());
    for (root, _) in schema.entities() {
        if numbers.contains_key(&root) {
            continue;
        }
        let mut work = vec![(root, contents(schema, root), 0)];
        while let Some((id, inner, next)) = work.last_mut() {
            let id = *id;
            if *next == 0 && !numbers.contains_key(&id) {
                let number = numbers.len();
                numbers.insert(id, number);
                lowest.insert(id, number);
                open.push(id);
                is_open.insert(id);
            }
            let Some(&child) = inner.get(*next) else {
                let itself = inner.contains(&id);
                work.pop();
                let low = lowest.get(&id).copied().unwrap_or(0);
                if let Some((parent, ..)) = work.last() {
                    let parent = lowest.entry(*parent).or_insert(low);
                    *parent = (*parent).min(low);
                }
                if numbers.get(&id) == Some(&low) {
                    let start = open.iter().rposition(|member| *member == id).unwrap_or(0);
                    let component: Vec<EntityId> = open.drain(start..).collect();
                    for member in &component {
                        is_open.remove(member);
                        if component.len() > 1 || itself {
                            found.insert(*member, low);
                        }
                    }
                }
                continue;
            };
            *next += 1;
            match numbers.get(&child) {
                None => work.push((child, contents(schema, child), 0)),
                Some(&number) if is_open.contains(&child) => {
                    let low = lowest.entry(id).or_insert(number);
                    *low = (*low).min(number);
                }
                Some(_) => {}
            }
        }
    }
    found
}
