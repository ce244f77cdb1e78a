//! Names of members that map to the same identifier.

use std::collections::{HashMap, HashSet};

use super::check::Check;
use super::{EntityId, EntityKind, Member, Origin};
use crate::definition::Spanned;
use crate::diagnostic::DefinitionPlace;
use crate::expression::names::mapped;
use crate::problem::Problem;
use crate::source::Span;

/// The members of an object that were met so far, those of its bases among them: by mapped name, where each is
/// defined.
pub(super) struct Seen {
    members: HashMap<String, (EntityId, String)>,
    definition: String,
}

impl Seen {
    pub(super) fn new(_id: EntityId, _origin: Origin, place: &DefinitionPlace) -> Self {
        Self { members: HashMap::new(), definition: place.name.clone() }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.members.values().map(|(_, name)| name.as_str())
    }
}

impl Check<'_> {
    fn clash(
        &mut self,
        owner: EntityId,
        name: &str,
        span: Span,
        place: &DefinitionPlace,
        seen: &Seen,
    ) -> bool {
        let Some((other_owner, other)) = seen.members.get(&mapped(name)) else { return false };
        let what = self.describe_member(owner, name, &seen.definition);
        let other = self.describe_member(*other_owner, other, &seen.definition);
        self.error(Problem::Collision { what, other }, span, place);
        true
    }

    pub(super) fn clash_member(
        &mut self,
        owner: EntityId,
        name: &Spanned,
        place: &DefinitionPlace,
        seen: &mut Seen,
    ) {
        if !self.clash(owner, &name.text, name.span, place, seen) {
            seen.members.insert(mapped(&name.text), (owner, name.text.clone()));
        }
    }

    pub(super) fn clash_base(
        &mut self,
        base: EntityId,
        span: Span,
        place: &DefinitionPlace,
        seen: &mut Seen,
    ) {
        for (owner, name) in self.flattened(base) {
            self.clash_member(owner, &Spanned { text: name, span }, place, seen);
        }
    }

    /// A branch's members may repeat those of other branches, but none of the base. A branch may be a union again.
    pub(super) fn clash_branch(&mut self, of: EntityId, span: Span, place: &DefinitionPlace, seen: &Seen) {
        let mut visited = HashSet::from([of]);
        let mut waiting = vec![of];
        while let Some(of) = waiting.pop() {
            for (owner, name) in self.flattened(of) {
                self.clash(owner, &name, span, place, seen);
            }
            let Some(EntityKind::Object(object)) = self.done(of) else { continue };
            let branches = object.branches.iter().flat_map(|branches| &branches.branches);
            let nested = branches.filter(|branch| branch.explicit).map(|branch| branch.of);
            waiting.extend(nested.filter(|of| visited.insert(*of)));
        }
    }

    /// The members of an object with the object that defines each, those of the bases first.
    fn flattened(&self, id: EntityId) -> Vec<(EntityId, String)> {
        let mut chain = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next
            && let Some(EntityKind::Object(object)) = self.done(id)
        {
            chain.push((id, object));
            next = object.base;
        }
        let members =
            chain.into_iter().rev().flat_map(|(id, object)| object.members.iter().map(move |m| (id, m)));
        members.map(|(id, member)| (id, member.name.clone())).collect()
    }

    /// The member of that very name, and where it is defined.
    pub(super) fn seen_member(&self, name: &str, seen: &Seen) -> Option<(EntityId, Member)> {
        let (owner, found) = seen.members.get(&mapped(name))?;
        if found != name {
            return None;
        }
        let Some(EntityKind::Object(object)) = self.done(*owner) else { return None };
        Some((*owner, object.members.iter().find(|member| member.name == name)?.clone()))
    }
}
