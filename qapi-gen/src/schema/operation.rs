//! Checks alternates, commands and events.

use std::collections::HashMap;

use super::check::{Check, Resolved, State};
use super::define::DraftKind;
use super::{Branch, BuiltIn, Command, EntityId, EntityKind, Event, Origin};
use crate::definition::{BranchDefinition, CommandDefinition, Spanned};
use crate::diagnostic::{DefinitionPlace, Meta};
use crate::problem::Problem;

/// The kinds of JSON values that an alternate can tell apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum JsonKind {
    Null,
    Number,
    Text,
    Object,
    Array,
    Bool,
}

impl Check<'_> {
    pub(super) fn alternate(
        &mut self,
        branches: Vec<BranchDefinition>,
        place: &DefinitionPlace,
    ) -> Option<EntityKind> {
        let resolved: Vec<Resolved> = branches
            .iter()
            .map(|branch| {
                let text = match branch.of.is_array {
                    true => format!("{}List", branch.of.name.text),
                    false => branch.of.name.text.clone(),
                };
                let name = Spanned { text, span: branch.of.name.span };
                self.resolve(&name, place, || format!("branch '{}'", branch.name.text))
            })
            .collect();
        self.collisions("branch", branches.iter().map(|branch| &branch.name), place);
        let mut kinds: HashMap<JsonKind, String> = HashMap::new();
        let mut checked = Vec::new();
        for (branch, resolved) in branches.iter().zip(resolved) {
            let Resolved::Known(of) = resolved else { continue };
            self.distinct(branch, of, &mut kinds, place);
            let (name, condition) = (branch.name.text.clone(), branch.condition.clone());
            checked.push(Branch { name, of, condition, explicit: true });
        }
        (checked.len() == branches.len()).then_some(EntityKind::Alternate(checked))
    }

    fn distinct(
        &mut self,
        branch: &BranchDefinition,
        of: EntityId,
        kinds: &mut HashMap<JsonKind, String>,
        place: &DefinitionPlace,
    ) {
        let name = &branch.name.text;
        let taken = self.json_kinds(of);
        if taken.is_empty() {
            let problem = Problem::BranchType { branch: name.clone(), description: self.describe_type(of) };
            return self.error(problem, branch.of.name.span, place);
        }
        if let Some(other) = taken.iter().find_map(|kind| kinds.get(kind)) {
            let problem = Problem::Indistinct { branch: name.clone(), other: other.clone() };
            return self.error(problem, branch.name.span, place);
        }
        kinds.extend(taken.into_iter().map(|kind| (kind, name.clone())));
    }

    /// The JSON kinds that a branch of this type claims: text that looks like another kind claims that too, for
    /// on command lines everything is text. Nothing if the type cannot be a branch.
    fn json_kinds(&mut self, of: EntityId) -> Vec<JsonKind> {
        if !matches!(self.draft(of).kind, DraftKind::Object { .. } | DraftKind::Alternate(_)) {
            self.entity(of, 0);
        }
        match (self.done(of), &self.draft(of).kind) {
            (Some(EntityKind::BuiltIn(built_in)), _) => match built_in {
                BuiltIn::Any => Vec::new(),
                BuiltIn::Null => vec![JsonKind::Null],
                BuiltIn::Bool => vec![JsonKind::Bool],
                BuiltIn::Str => vec![JsonKind::Text, JsonKind::Number, JsonKind::Bool],
                _ => vec![JsonKind::Number],
            },
            (Some(EntityKind::Enum(of)), _) => {
                let mut kinds = vec![JsonKind::Text];
                if of.values.iter().any(|value| matches!(value.name.as_str(), "on" | "off")) {
                    kinds.push(JsonKind::Bool);
                }
                if of.values.iter().any(|value| value.name.starts_with(is_numeric)) {
                    kinds.push(JsonKind::Number);
                }
                kinds
            }
            (Some(EntityKind::Array(_)), _) => vec![JsonKind::Array],
            (Some(EntityKind::Object(_)), _) | (_, DraftKind::Object { .. }) => vec![JsonKind::Object],
            _ => Vec::new(),
        }
    }

    pub(super) fn command(
        &mut self,
        arguments: Option<&Spanned>,
        returns: Option<&Spanned>,
        definition: &CommandDefinition,
        place: &DefinitionPlace,
    ) -> Option<EntityKind> {
        let arguments = self.arguments(arguments, definition.boxed, place);
        let returns = match returns {
            None => Some(None),
            Some(name) => self.returned(name, place).map(Some),
        };
        Some(EntityKind::Command(Command {
            arguments: arguments?,
            returns: returns?,
            boxed: definition.boxed,
            generate: definition.generate,
            success_response: definition.success_response,
            allow_oob: definition.allow_oob,
            allow_preconfig: definition.allow_preconfig,
            coroutine: definition.coroutine,
        }))
    }

    pub(super) fn event(
        &mut self,
        arguments: Option<&Spanned>,
        boxed: bool,
        place: &DefinitionPlace,
    ) -> Option<EntityKind> {
        let arguments = self.arguments(arguments, boxed, place)?;
        Some(EntityKind::Event(Event { arguments, boxed }))
    }

    fn arguments(
        &mut self,
        name: Option<&Spanned>,
        boxed: bool,
        place: &DefinitionPlace,
    ) -> Option<Option<EntityId>> {
        let Some(name) = name else { return Some(None) };
        let meta = if place.meta == Meta::Command { "command" } else { "event" };
        let resolved = self.resolve(name, place, || format!("{meta}'s 'data'"));
        let Resolved::Known(id) = resolved else { return None };
        self.entity(id, 0);
        match self.origin(id) {
            None if matches!(self.states.get(id.0), Some(State::Broken)) => return None,
            None => {
                let problem = Problem::CannotTake { meta, key: "data", description: self.describe_type(id) };
                self.error(problem, name.span, place);
                return None;
            }
            Some(Origin::Union) if !boxed => {
                let problem = Problem::UnionNotBoxed { meta, description: self.describe_type(id) };
                self.error(problem, name.span, place);
                return None;
            }
            Some(_) => {}
        }
        if !boxed && self.has_conditional_members(id) {
            self.error(Problem::ConditionalArguments(meta), name.span, place);
        }
        Some(Some(id))
    }

    fn has_conditional_members(&self, id: EntityId) -> bool {
        let Some(EntityKind::Object(object)) = self.done(id) else { return false };
        object.members.iter().any(|member| member.condition.is_some())
            || object.base.is_some_and(|base| self.has_conditional_members(base))
    }

    fn returned(&mut self, name: &Spanned, place: &DefinitionPlace) -> Option<EntityId> {
        let Resolved::Known(id) = self.resolve(name, place, || "command's 'returns'".to_owned()) else {
            return None;
        };
        if self.pragmas.command_returns.contains(&place.name) {
            return Some(id);
        }
        let element = match self.done(id) {
            Some(EntityKind::Array(element)) => *element,
            _ => id,
        };
        if self.origin(element).is_none() && !matches!(self.states.get(element.0), Some(State::Broken)) {
            let problem =
                Problem::CannotTake { meta: "command", key: "returns", description: self.describe_type(id) };
            self.error(problem, name.span, place);
        }
        Some(id)
    }
}

fn is_numeric(first: char) -> bool {
    first.is_ascii_digit() || matches!(first, '-' | '+' | '.')
}
