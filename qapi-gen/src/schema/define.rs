//! Enters every definition: gives it an identity, and makes the arrays and implicit objects that it needs.

use std::collections::HashMap;
use std::path::Path;

use super::check::Check;
use super::{BuiltIn, EntityId, Module, ModuleId, ModuleItem, Origin, Schema};
use crate::condition::Condition;
use crate::definition::{
    Body, BranchDefinition, CommandDefinition, Data, Definition, FeatureDefinition, MemberDefinition,
    Spanned, TypeReference, ValueDefinition,
};
use crate::diagnostic::{DefinitionPlace, Diagnostic, Meta, Note, Place};
use crate::documentation::Documentation;
use crate::pragma::Pragmas;
use crate::problem::Problem;
use crate::source::{FileId, Sources};

/// The most names of features in one schema; two of them are always there.
const MOST_FEATURES: usize = 64;
/// Features that mean the same in every schema.
pub(super) const SPECIAL_FEATURES: [&str; 2] = ["deprecated", "unstable"];

/// The values of the predefined enum `QType`.
const JSON_KINDS: [&str; 7] = ["none", "qnull", "qnum", "qstring", "qdict", "qlist", "qbool"];

/// An expression whose form is checked, or an include directive, with the file it stands in.
pub(crate) enum Checked {
    Include { from: FileId, module: std::path::PathBuf },
    Definition(Box<Definition>),
}

/// An entity whose types are still names.
pub(super) struct Draft {
    pub(super) name: String,
    /// The definition that it is, or that made it necessary.
    pub(super) place: Option<DefinitionPlace>,
    pub(super) file: Option<FileId>,
    pub(super) condition: Option<Condition>,
    pub(super) features: Vec<FeatureDefinition>,
    pub(super) documentation: Option<usize>,
    pub(super) kind: DraftKind,
}

pub(super) enum DraftKind {
    BuiltIn(BuiltIn),
    /// A definition whose form is wrong: known by name only.
    Broken,
    Array(Spanned),
    Enum {
        prefix: Option<String>,
        values: Vec<ValueDefinition>,
    },
    Object {
        origin: Origin,
        base: Option<Spanned>,
        members: Vec<MemberDefinition>,
        branches: Option<(Spanned, Vec<BranchDefinition>)>,
    },
    Alternate(Vec<BranchDefinition>),
    Command {
        arguments: Option<Spanned>,
        returns: Option<Spanned>,
        definition: CommandDefinition,
    },
    Event {
        arguments: Option<Spanned>,
        boxed: bool,
    },
}

/// Turns definitions into a schema, reporting everything that keeps them from being one. Where `incomplete`
/// says so, names are missing for another reason, and that they are unknown is not reported.
pub(crate) fn define(
    sources: Sources,
    checked: Vec<Checked>,
    documentation: Vec<Documentation>,
    pragmas: &Pragmas,
    incomplete: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Schema {
    let mut entry = Entry::new(&sources, diagnostics);
    entry.predefine();
    let mut includes = Vec::new();
    for item in checked {
        match item {
            Checked::Include { from, module } => {
                let module = entry.module(&module);
                includes.push((entry.drafts.len(), from, module));
            }
            Checked::Definition(definition) => entry.definition(*definition),
        }
    }
    let Entry { drafts, names, modules, module_of, .. } = entry;
    let modules = modules.into_iter().map(|name| Module { name, items: Vec::new() }).collect();
    let mut check = Check::new(drafts, names, documentation, pragmas, incomplete, diagnostics);
    check.run();
    let (entities, names, documentation) = check.finish(|file| module_of_file(&sources, &module_of, file));
    let mut schema = Schema { sources, modules, entities, names, documentation };
    list_modules(&mut schema, &includes, &module_of);
    schema
}

fn module_of_file(
    sources: &Sources,
    module_of: &HashMap<std::path::PathBuf, ModuleId>,
    file: Option<FileId>,
) -> ModuleId {
    file.and_then(|file| module_of.get(&sources.file(file).identity)).copied().unwrap_or(ModuleId(0))
}

/// Puts entities and include directives into their modules, in the order in which they were met.
fn list_modules(
    schema: &mut Schema,
    includes: &[(usize, FileId, ModuleId)],
    module_of: &HashMap<std::path::PathBuf, ModuleId>,
) {
    let mut includes = includes.iter().peekable();
    for index in 0..=schema.entities.len() {
        while let Some((_, from, included)) = includes.next_if(|(at, ..)| *at <= index) {
            let module = module_of_file(&schema.sources, module_of, Some(*from));
            if let Some(module) = schema.modules.get_mut(module.0) {
                module.items.push(ModuleItem::Include(*included));
            }
        }
        let Some(entity) = schema.entities.get(index) else { break };
        if let Some(module) = schema.modules.get_mut(entity.module.0) {
            module.items.push(ModuleItem::Entity(EntityId(index)));
        }
    }
}

struct Entry<'a> {
    sources: &'a Sources,
    diagnostics: &'a mut Vec<Diagnostic>,
    drafts: Vec<Draft>,
    names: HashMap<String, EntityId>,
    modules: Vec<String>,
    module_of: HashMap<std::path::PathBuf, ModuleId>,
    /// The spans of names, for pointing at an earlier definition.
    places: HashMap<EntityId, crate::source::Span>,
    features: Vec<String>,
}

impl<'a> Entry<'a> {
    fn new(sources: &'a Sources, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        let mut entry = Self {
            sources,
            diagnostics,
            drafts: Vec::new(),
            names: HashMap::new(),
            modules: vec!["./builtin".to_owned()],
            module_of: HashMap::new(),
            places: HashMap::new(),
            features: SPECIAL_FEATURES.map(str::to_owned).to_vec(),
        };
        if let Some(main) = sources.files().next() {
            entry.module(&main.identity);
        }
        entry
    }

    /// The module of a file, called by its path from the main file's folder.
    fn module(&mut self, identity: &Path) -> ModuleId {
        if let Some(module) = self.module_of.get(identity) {
            return *module;
        }
        let main = self.sources.files().next().and_then(|main| main.identity.parent());
        let name = relative(identity, main.unwrap_or(Path::new("")));
        let module = ModuleId(self.modules.len());
        self.modules.push(name);
        self.module_of.insert(identity.to_owned(), module);
        module
    }

    fn predefine(&mut self) {
        for built_in in BuiltIn::ALL {
            self.implicit(built_in.as_str().to_owned(), None, None, DraftKind::BuiltIn(built_in));
            let element = Spanned { text: built_in.as_str().to_owned(), span: self.nowhere() };
            self.implicit(format!("{}List", built_in.as_str()), None, None, DraftKind::Array(element));
        }
        let kind =
            DraftKind::Object { origin: Origin::Empty, base: None, members: Vec::new(), branches: None };
        self.implicit("q_empty".to_owned(), None, None, kind);
        let value = |name: &str, span| ValueDefinition {
            name: Spanned { text: name.to_owned(), span },
            condition: None,
            features: Vec::new(),
        };
        let values = JSON_KINDS.iter().map(|name| value(name, self.nowhere())).collect();
        self.implicit(
            "QType".to_owned(),
            None,
            None,
            DraftKind::Enum { prefix: Some("QTYPE".to_owned()), values },
        );
    }

    /// The start of the main file: where what is built in stands, as far as it stands anywhere.
    fn nowhere(&self) -> crate::source::Span {
        Sources::start()
    }

    fn implicit(
        &mut self,
        name: String,
        place: Option<&DefinitionPlace>,
        condition: Option<Condition>,
        kind: DraftKind,
    ) {
        let file = place.map(|place| place.span.file);
        let draft = Draft {
            name: name.clone(),
            place: place.cloned(),
            file,
            condition,
            features: Vec::new(),
            documentation: None,
            kind,
        };
        self.names.entry(name).or_insert(EntityId(self.drafts.len()));
        self.drafts.push(draft);
    }

    /// The name of a referenced type; an array type is made when it is met for the first time.
    fn reference(&mut self, of: &TypeReference, place: &DefinitionPlace) -> Spanned {
        if !of.is_array {
            return of.name.clone();
        }
        let text = format!("{}List", of.name.text);
        if !self.names.contains_key(&text) {
            self.implicit(text.clone(), Some(place), None, DraftKind::Array(of.name.clone()));
        }
        Spanned { text, span: of.name.span }
    }

    fn definition(&mut self, definition: Definition) {
        let place = definition.place.clone();
        self.count_features(&definition);
        let kind = match definition.body {
            None => DraftKind::Broken,
            Some(body) => self.body(body, &place, definition.condition.as_ref()),
        };
        if self.is_taken(&place, definition.name_span) {
            return;
        }
        let id = EntityId(self.drafts.len());
        self.names.insert(place.name.clone(), id);
        self.places.insert(id, definition.name_span);
        self.drafts.push(Draft {
            name: place.name.clone(),
            file: Some(place.span.file),
            place: Some(place),
            condition: definition.condition,
            features: definition.features,
            documentation: definition.documentation,
            kind,
        });
    }

    fn body(&mut self, body: Body, place: &DefinitionPlace, condition: Option<&Condition>) -> DraftKind {
        match body {
            Body::Enum { prefix, values } => DraftKind::Enum { prefix, values },
            Body::Struct { base, members } => {
                self.arrays(&members, place);
                DraftKind::Object { origin: Origin::Struct, base, members, branches: None }
            }
            Body::Union { base, discriminator, branches } => {
                let base = self.data(base, "base", Origin::Base, place, condition);
                DraftKind::Object {
                    origin: Origin::Union,
                    base,
                    members: Vec::new(),
                    branches: Some((discriminator, branches)),
                }
            }
            Body::Alternate { branches } => {
                for branch in &branches {
                    self.reference(&branch.of, place);
                }
                DraftKind::Alternate(branches)
            }
            Body::Command(mut definition) => {
                let data = std::mem::replace(&mut definition.data, Data::None);
                let arguments = self.data(data, "arg", Origin::Arguments, place, condition);
                let returns = definition.returns.as_ref().map(|returns| self.reference(returns, place));
                DraftKind::Command { arguments, returns, definition }
            }
            Body::Event { data, boxed } => {
                let arguments = self.data(data, "arg", Origin::Arguments, place, condition);
                DraftKind::Event { arguments, boxed }
            }
        }
    }

    fn arrays(&mut self, members: &[MemberDefinition], place: &DefinitionPlace) {
        for member in members {
            self.reference(&member.of, place);
        }
    }

    /// The name of the type of arguments or of a base; an object is made for members that are listed in place.
    fn data(
        &mut self,
        data: Data,
        role: &str,
        origin: Origin,
        place: &DefinitionPlace,
        condition: Option<&Condition>,
    ) -> Option<Spanned> {
        let members = match data {
            Data::None => return None,
            Data::Type(name) => return Some(name),
            Data::Members(members) => members,
        };
        let span = members.first().map(|member| member.name.span)?;
        self.arrays(&members, place);
        let text = format!("q_obj_{}-{role}", place.name);
        let kind = DraftKind::Object { origin, base: None, members, branches: None };
        self.implicit(text.clone(), Some(place), condition.cloned(), kind);
        Some(Spanned { text, span })
    }

    fn is_taken(&mut self, place: &DefinitionPlace, span: crate::source::Span) -> bool {
        let Some(&id) = self.names.get(&place.name) else { return false };
        let Some(other) = self.drafts.get(id.0) else { return false };
        let mut diagnostic = match &other.place {
            Some(_) => Diagnostic::within(Problem::AlreadyDefined(format!("'{}'", place.name)), span, place),
            None => {
                let kind = if other.name == "QType" { "enum" } else { "built-in" };
                let what = format!("{kind} type '{}'", place.name);
                Diagnostic::within(Problem::AlreadyDefined(what), span, place)
            }
        };
        diagnostic.note = other.place.as_ref().map(|other| Note {
            message: "previous definition",
            span: self.places.get(&id).copied().unwrap_or(other.span),
            place: Place::Definition(other.clone()),
        });
        self.diagnostics.push(diagnostic);
        true
    }

    fn count_features(&mut self, definition: &Definition) {
        let mut all: Vec<&FeatureDefinition> = definition.features.iter().collect();
        match &definition.body {
            Some(Body::Enum { values, .. }) => all.extend(values.iter().flat_map(|value| &value.features)),
            Some(Body::Struct { members, .. })
            | Some(Body::Union { base: Data::Members(members), .. })
            | Some(Body::Command(CommandDefinition { data: Data::Members(members), .. }))
            | Some(Body::Event { data: Data::Members(members), .. }) => {
                all.extend(members.iter().flat_map(|member| &member.features));
            }
            _ => {}
        }
        for feature in all {
            let text = &feature.name.text;
            if self.features.len() > MOST_FEATURES || self.features.contains(text) {
                continue;
            }
            self.features.push(text.clone());
            if self.features.len() > MOST_FEATURES {
                let problem = Problem::TooManyFeatures(MOST_FEATURES);
                self.diagnostics.push(Diagnostic::within(problem, feature.name.span, &definition.place));
            }
        }
    }
}

/// `path` as seen from `folder`.
fn relative(path: &Path, folder: &Path) -> String {
    let mut up = String::new();
    for ancestor in folder.ancestors() {
        if let Ok(rest) = path.strip_prefix(ancestor) {
            return format!("{up}{}", rest.display());
        }
        up.push_str("../");
    }
    path.display().to_string()
}

impl Draft {
    /// Whether it is a type; an implicit object is one although its place is a command's.
    pub(super) fn is_type(&self) -> bool {
        let Some(place) = &self.place else { return true };
        self.name != place.name || !matches!(place.meta, Meta::Command | Meta::Event)
    }

    pub(super) fn meta(&self) -> Option<Meta> {
        self.place.as_ref().map(|place| place.meta)
    }
}
