//! Resolves types and checks what concerns more than one definition, in the order of definition.

use std::collections::HashMap;

use super::define::{Draft, DraftKind, SPECIAL_FEATURES};
use super::{Entity, EntityId, EntityKind, Enum, Feature, ModuleId, Value};
use crate::definition::{FeatureDefinition, Spanned, ValueDefinition};
use crate::diagnostic::{DefinitionPlace, Diagnostic, did_you_mean};
use crate::documentation::Documentation;
use crate::expression::names::mapped;
use crate::pragma::Pragmas;
use crate::problem::Problem;
use crate::source::{FileId, Span};

/// For how many unknown names a similar one is looked for: that looks at every name there is.
const MOST_SUGGESTIONS: usize = 20;

/// How far the check of an entity has come.
pub(super) enum State {
    Unchecked,
    Checking,
    Done(EntityKind),
    /// Something is wrong with it, and was reported; nothing more is said about it.
    Broken,
}

pub(super) struct Check<'a> {
    pub(super) drafts: Vec<Draft>,
    pub(super) states: Vec<State>,
    pub(super) names: HashMap<String, EntityId>,
    pub(super) documentation: Vec<Documentation>,
    pub(super) pragmas: &'a Pragmas,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
    incomplete: bool,
    suggestions: usize,
}

/// A type that a name stands for.
#[derive(Clone, Copy)]
pub(super) enum Resolved {
    Known(EntityId),
    /// Unknown or broken; it was reported.
    Broken,
}

impl<'a> Check<'a> {
    pub(super) fn new(
        drafts: Vec<Draft>,
        names: HashMap<String, EntityId>,
        documentation: Vec<Documentation>,
        pragmas: &'a Pragmas,
        incomplete: bool,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let states = drafts.iter().map(|_| State::Unchecked).collect();
        Self { drafts, states, names, documentation, pragmas, diagnostics, incomplete, suggestions: 0 }
    }

    pub(super) fn run(&mut self) {
        for index in 0..self.drafts.len() {
            let id = EntityId(index);
            self.entity(id, 0);
            self.connect_documentation(id);
        }
        self.check_documentation();
    }

    /// The checked entities. Those that were found broken are there too, as empty enums: whoever has
    /// diagnostics does not look at them.
    pub(super) fn finish(
        self,
        module: impl Fn(Option<FileId>) -> ModuleId,
    ) -> (Vec<Entity>, HashMap<String, EntityId>, Vec<Documentation>) {
        let files: Vec<Option<FileId>> =
            (0..self.drafts.len()).map(|index| self.file(EntityId(index))).collect();
        let entities = self.drafts.into_iter().zip(self.states).zip(files);
        let entities = entities.map(|((draft, state), file)| Entity {
            name: draft.name,
            module: module(file),
            span: draft.place.map(|place| place.span),
            condition: draft.condition,
            features: features(&draft.features),
            documentation: draft.documentation,
            kind: match state {
                State::Done(kind) => kind,
                _ => EntityKind::Enum(Enum { prefix: None, values: Vec::new() }),
            },
        });
        let mut entities: Vec<Entity> = entities.collect();
        share_conditions(&mut entities);
        (entities, self.names, self.documentation)
    }

    /// The file that an entity belongs to; an array belongs to its element's.
    fn file(&self, id: EntityId) -> Option<FileId> {
        match self.states.get(id.0) {
            Some(State::Done(EntityKind::Array(element))) => self.file(*element),
            _ => self.drafts.get(id.0)?.file,
        }
    }

    pub(super) fn draft(&self, id: EntityId) -> &Draft {
        &self.drafts[id.0]
    }

    pub(super) fn done(&self, id: EntityId) -> Option<&EntityKind> {
        match self.states.get(id.0)? {
            State::Done(kind) => Some(kind),
            _ => None,
        }
    }

    pub(super) fn set(&mut self, id: EntityId, state: State) {
        if let Some(slot) = self.states.get_mut(id.0) {
            *slot = state;
        }
    }

    pub(super) fn error(&mut self, problem: Problem, span: Span, place: &DefinitionPlace) {
        self.diagnostics.push(Diagnostic::within(problem, span, place));
    }

    /// Checks an entity unless that is done already.
    pub(super) fn entity(&mut self, id: EntityId, depth: usize) {
        if !matches!(self.states.get(id.0), Some(State::Unchecked)) {
            return;
        }
        self.set(id, State::Checking);
        let kind = std::mem::replace(&mut self.drafts[id.0].kind, DraftKind::Broken);
        self.features(id, &kind);
        let place = self.draft(id).place.clone();
        let checked = match (kind, place) {
            (DraftKind::BuiltIn(built_in), _) => Some(EntityKind::BuiltIn(built_in)),
            (DraftKind::Array(element), place) => self.array(&element, place.as_ref()),
            (DraftKind::Enum { prefix, values }, place) => {
                self.values(&values, place.as_ref());
                Some(EntityKind::Enum(Enum { prefix, values: values.into_iter().map(value).collect() }))
            }
            (DraftKind::Object { origin, base, members, branches }, place) => {
                self.object(id, origin, base.as_ref(), members, branches, place.as_ref(), depth)
            }
            (DraftKind::Alternate(branches), Some(place)) => self.alternate(branches, &place),
            (DraftKind::Command { arguments, returns, definition }, Some(place)) => {
                self.command(arguments.as_ref(), returns.as_ref(), &definition, &place)
            }
            (DraftKind::Event { arguments, boxed }, Some(place)) => {
                self.event(arguments.as_ref(), boxed, &place)
            }
            _ => None,
        };
        self.set(id, checked.map_or(State::Broken, State::Done));
    }

    /// The type called `name`, if it is a type.
    pub(super) fn resolve(
        &mut self,
        name: &Spanned,
        place: &DefinitionPlace,
        what: impl FnOnce() -> String,
    ) -> Resolved {
        let found = self.names.get(&name.text).copied().filter(|id| self.draft(*id).is_type());
        match found {
            Some(id) if matches!(self.states.get(id.0), Some(State::Broken)) => return Resolved::Broken,
            Some(id) => return Resolved::Known(id),
            None if self.incomplete => return Resolved::Broken,
            None => {}
        }
        let help = self.suggestion(&name.text);
        let problem = Problem::UnknownType { what: what(), name: name.text.clone() };
        self.diagnostics.push(Diagnostic::within(problem, name.span, place).help(help));
        Resolved::Broken
    }

    fn suggestion(&mut self, name: &str) -> Option<String> {
        let is_wanted = |draft: &&Draft| match &draft.place {
            None => !draft.name.ends_with("List") && draft.name != "q_empty",
            Some(place) => draft.is_type() && draft.name == place.name,
        };
        if !self.may_suggest() {
            return None;
        }
        let types = self.drafts.iter().filter(is_wanted);
        did_you_mean(name, types.map(|draft| draft.name.as_str()))
    }

    /// A name near to `name`, unless that was asked for too often.
    pub(super) fn hint<'c>(
        &mut self,
        name: &str,
        candidates: impl Iterator<Item = &'c str>,
    ) -> Option<String> {
        if self.may_suggest() { did_you_mean(name, candidates) } else { None }
    }

    fn may_suggest(&mut self) -> bool {
        self.suggestions += 1;
        self.suggestions <= MOST_SUGGESTIONS
    }

    fn array(&mut self, element: &Spanned, place: Option<&DefinitionPlace>) -> Option<EntityKind> {
        let Some(place) = place else { return self.names.get(&element.text).copied().map(EntityKind::Array) };
        match self.resolve(element, place, || place.meta.as_str().to_owned()) {
            Resolved::Known(id) if self.is_array(id) => {
                self.error(Problem::ArrayOfArrays(format!("'{}List'", element.text)), element.span, place);
                None
            }
            Resolved::Known(id) => Some(EntityKind::Array(id)),
            Resolved::Broken => None,
        }
    }

    fn is_array(&self, id: EntityId) -> bool {
        matches!(self.done(id), Some(EntityKind::Array(_)))
            || matches!(self.draft(id).kind, DraftKind::Array(_))
    }

    fn features(&mut self, id: EntityId, kind: &DraftKind) {
        let draft = self.draft(id);
        let (Some(place), features) = (draft.place.clone(), draft.features.clone()) else { return };
        self.feature_names(&features, &place);
        if matches!(kind, DraftKind::Command { .. } | DraftKind::Event { .. }) {
            return;
        }
        let special = features.iter().find(|feature| SPECIAL_FEATURES.contains(&feature.name.text.as_str()));
        if let Some(feature) = special {
            self.error(Problem::SpecialFeature(feature.name.text.clone()), feature.name.span, &place);
        }
    }

    /// Complains about features that collide.
    pub(super) fn feature_names(&mut self, features: &[FeatureDefinition], place: &DefinitionPlace) {
        self.collisions("feature", features.iter().map(|feature| &feature.name), place);
    }

    fn values(&mut self, values: &[ValueDefinition], place: Option<&DefinitionPlace>) {
        if let Some(place) = place {
            self.collisions("value", values.iter().map(|value| &value.name), place);
        }
    }

    pub(super) fn collisions<'n>(
        &mut self,
        role: &str,
        names: impl Iterator<Item = &'n Spanned>,
        place: &DefinitionPlace,
    ) {
        let mut seen: HashMap<String, &str> = HashMap::new();
        for name in names {
            match seen.get(&mapped(&name.text)) {
                Some(other) => {
                    let what = format!("{role} '{}'", name.text);
                    let problem = Problem::Collision { what, other: format!("{role} '{other}'") };
                    self.error(problem, name.span, place);
                }
                None => {
                    seen.insert(mapped(&name.text), &name.text);
                }
            }
        }
    }
}

pub(super) fn features(features: &[FeatureDefinition]) -> Vec<Feature> {
    let feature = |feature: &FeatureDefinition| Feature {
        name: feature.name.text.clone(),
        condition: feature.condition.clone(),
    };
    features.iter().map(feature).collect()
}

fn value(value: ValueDefinition) -> Value {
    let features = features(&value.features);
    Value { name: value.name.text, condition: value.condition, features }
}

/// An array is there when its element is.
fn share_conditions(entities: &mut [Entity]) {
    for index in 0..entities.len() {
        let Some(EntityKind::Array(element)) = entities.get(index).map(|entity| &entity.kind) else {
            continue;
        };
        let condition = entities.get(element.0).and_then(|element| element.condition.clone());
        if let Some(array) = entities.get_mut(index) {
            array.condition = condition;
        }
    }
}
