//! Checks that documentation describes what is there, and all of it.

use std::collections::HashSet;

use super::check::Check;
use super::{EntityId, EntityKind, Feature, Object, Origin};
use crate::diagnostic::{DefinitionPlace, Diagnostic};
use crate::documentation::{Description, Descriptions};
use crate::problem::Problem;
use crate::source::Span;

/// What a block must describe: the features of the whole, and the parts with their own features.
struct Described {
    role: &'static str,
    features: Vec<String>,
    parts: Vec<(String, Vec<String>)>,
}

impl Check<'_> {
    /// Complains about everything in a documented definition that its block does not describe.
    pub(super) fn connect_documentation(&mut self, id: EntityId) {
        let (Some(place), Some(index)) = (self.draft(id).place.clone(), self.draft(id).documentation) else {
            return;
        };
        let Some(Described { role, features, parts }) = self.described(id) else { return };
        self.describe(index, &place, "feature", features);
        for (name, features) in parts {
            self.describe(index, &place, role, vec![name]);
            self.describe(index, &place, "feature", features);
        }
    }

    fn described(&self, id: EntityId) -> Option<Described> {
        let inline = |id: Option<EntityId>, wanted: Origin| match id.and_then(|id| self.done(id)) {
            Some(EntityKind::Object(object)) if object.origin == wanted => members(object),
            _ => Vec::new(),
        };
        let (role, parts) = match self.done(id)? {
            EntityKind::Enum(of) => (
                "value",
                of.values.iter().map(|value| (value.name.clone(), names(&value.features))).collect(),
            ),
            EntityKind::Object(object) if object.origin == Origin::Union => {
                ("member", inline(object.base, Origin::Base))
            }
            EntityKind::Object(object) => ("member", members(object)),
            EntityKind::Alternate(branches) => {
                ("branch", branches.iter().map(|branch| (branch.name.clone(), Vec::new())).collect())
            }
            EntityKind::Command(command) => ("member", inline(command.arguments, Origin::Arguments)),
            EntityKind::Event(event) => ("member", inline(event.arguments, Origin::Arguments)),
            EntityKind::BuiltIn(_) | EntityKind::Array(_) => return None,
        };
        let features = self.draft(id).features.iter().map(|feature| feature.name.text.clone()).collect();
        Some(Described { role, features, parts })
    }

    fn describe(&mut self, index: usize, place: &DefinitionPlace, role: &'static str, names: Vec<String>) {
        let is_feature = role == "feature";
        let excepted = !is_feature && self.pragmas.documentation.contains(&place.name);
        for name in names {
            let Some(block) = self.documentation.get_mut(index) else { return };
            let span = block.span;
            let list = if is_feature { &mut block.features } else { &mut block.members };
            if list.get(&name).is_some() {
                continue;
            }
            if excepted {
                list.push(Description { name, text: String::new(), span });
                continue;
            }
            let under = if is_feature { " under 'Features:' in" } else { " to" };
            let help = Some(format!("add '# @{name}: …'{under} the comment before it"));
            let problem = Problem::Undocumented { role, name };
            self.diagnostics.push(Diagnostic::within(problem, place.span, place).help(help));
        }
    }

    /// Complains about every description of something that is not there.
    pub(super) fn check_documentation(&mut self) {
        let mut owners: Vec<Option<EntityId>> = vec![None; self.documentation.len()];
        for (index, draft) in self.drafts.iter().enumerate() {
            if let Some(owner) = draft.documentation.and_then(|block| owners.get_mut(block)) {
                *owner = Some(EntityId(index));
            }
        }
        for (owner, block) in owners.into_iter().zip(&self.documentation) {
            let Some(described) = owner.and_then(|owner| self.described(owner)) else { continue };
            let parts = described.parts.iter();
            let features: HashSet<&String> =
                described.features.iter().chain(parts.clone().flat_map(|(_, features)| features)).collect();
            let members: HashSet<&String> = parts.map(|(name, _)| name).collect();
            let found =
                [absent("member", &block.members, &members), absent("feature", &block.features, &features)];
            for (problem, span) in found.into_iter().flatten() {
                self.diagnostics.push(Diagnostic::on_line(problem, span, span));
            }
        }
    }
}

fn names(features: &[Feature]) -> Vec<String> {
    features.iter().map(|feature| feature.name.clone()).collect()
}

fn members(object: &Object) -> Vec<(String, Vec<String>)> {
    object.members.iter().map(|member| (member.name.clone(), names(&member.features))).collect()
}

fn absent(
    what: &'static str,
    described: &Descriptions,
    present: &HashSet<&String>,
) -> Option<(Problem, Span)> {
    let bogus: Vec<&Description> =
        described.iter().filter(|description| !present.contains(&description.name)).collect();
    let names = bogus.iter().map(|description| description.name.clone()).collect();
    Some((Problem::DocumentedButAbsent { what, names }, bogus.first()?.span))
}
