//! Checks structs and unions.

use std::collections::HashSet;

use super::check::{Check, Resolved, State, features};
use super::clash::Seen;
use super::{Branch, Branches, EntityId, EntityKind, Member, Object, Origin};
use crate::definition::{BranchDefinition, MemberDefinition, Spanned};
use crate::diagnostic::{DefinitionPlace, Meta};
use crate::problem::Problem;
use crate::source::Span;

/// More levels of bases and branches than any schema has, fewer than the stack holds.
const DEEPEST: usize = 100;

/// A base type's word: the member that decides in a union must be in it.
const DISCRIMINATOR_TYPE: &str = "be of enum type";

impl Check<'_> {
    #[allow(clippy::too_many_arguments, reason = "they are the parts of one definition, taken apart")]
    pub(super) fn object(
        &mut self,
        id: EntityId,
        origin: Origin,
        base: Option<&Spanned>,
        members: Vec<MemberDefinition>,
        branches: Option<(Spanned, Vec<BranchDefinition>)>,
        place: Option<&DefinitionPlace>,
        depth: usize,
    ) -> Option<EntityKind> {
        let Some(place) = place else {
            return Some(EntityKind::Object(Object {
                origin,
                base: None,
                members: Vec::new(),
                branches: None,
            }));
        };
        let origin_now = Object { origin, base: None, members: Vec::new(), branches: None };
        let mut sound = true;
        let mut seen = Seen::new(id, origin, place);
        let base = match base {
            None => None,
            Some(name) => {
                let base = self.base(name, place, depth);
                sound &= base.is_some();
                base
            }
        };
        if let Some(base) = base {
            self.clash_base(base, place.span, place, &mut seen);
        }
        let members = self.members(id, origin, members, place, &mut seen);
        sound &= members.is_some();
        let branches = match branches {
            None => None,
            Some(_) if base.is_none() && !sound => return None,
            Some((discriminator, branches)) => {
                Some(self.branches(&discriminator, branches, &seen, place, depth)?)
            }
        };
        sound.then_some(())?;
        Some(EntityKind::Object(Object { base, members: members?, branches, ..origin_now }))
    }

    fn base(&mut self, name: &Spanned, place: &DefinitionPlace, depth: usize) -> Option<EntityId> {
        let Resolved::Known(base) = self.resolve(name, place, || "'base'".to_owned()) else { return None };
        let is_struct = matches!(self.origin(base), Some(Origin::Struct | Origin::Base | Origin::Empty))
            || matches!(self.states.get(base.0), Some(State::Checking))
                && self.draft(base).meta() == Some(Meta::Struct);
        if !is_struct {
            let problem = Problem::BaseNotStruct(self.describe_type(base));
            self.error(problem, name.span, place);
            return None;
        }
        self.contained(base, name.span, place, depth).then_some(base)
    }

    /// Checks an object that another one contains; false if that is not possible.
    fn contained(&mut self, id: EntityId, span: Span, place: &DefinitionPlace, depth: usize) -> bool {
        if matches!(self.states.get(id.0), Some(State::Checking)) {
            let draft = self.draft(id);
            let (name, own) = (draft.name.clone(), draft.place.clone());
            let own = own.unwrap_or_else(|| place.clone());
            self.error(Problem::ContainsItself(name), span, &own);
            return false;
        }
        if depth >= DEEPEST {
            self.error(Problem::TooDeep(DEEPEST), span, place);
            return false;
        }
        self.entity(id, depth + 1);
        self.done(id).is_some()
    }

    fn members(
        &mut self,
        id: EntityId,
        origin: Origin,
        members: Vec<MemberDefinition>,
        place: &DefinitionPlace,
        seen: &mut Seen,
    ) -> Option<Vec<Member>> {
        let checked: Vec<Option<Member>> = members
            .into_iter()
            .map(|member| {
                let name = Spanned { text: type_name(&member), span: member.of.name.span };
                let role = match origin {
                    Origin::Arguments => "parameter",
                    Origin::Base => "base member",
                    _ => "member",
                };
                let resolved = self.resolve(&name, place, || format!("{role} '{}'", member.name.text));
                self.feature_names(&member.features, place);
                self.clash_member(id, &member.name, place, seen);
                let Resolved::Known(of) = resolved else { return None };
                Some(Member {
                    name: member.name.text,
                    optional: member.optional,
                    of,
                    condition: member.condition,
                    features: features(&member.features),
                })
            })
            .collect();
        checked.into_iter().collect()
    }

    fn branches(
        &mut self,
        discriminator: &Spanned,
        branches: Vec<BranchDefinition>,
        seen: &Seen,
        place: &DefinitionPlace,
        depth: usize,
    ) -> Option<Branches> {
        let tag = self.tag(discriminator, seen, place)?;
        let values = match self.done(tag) {
            Some(EntityKind::Enum(of)) => of.values.clone(),
            _ => return None,
        };
        if values.is_empty() && branches.is_empty() {
            self.error(Problem::NoBranches, place.span, place);
            return None;
        }
        let names: HashSet<&str> = values.iter().map(|value| value.name.as_str()).collect();
        let mut checked = Vec::new();
        let mut sound = true;
        for branch in &branches {
            match self.union_branch(branch, (tag, &values, &names), place, depth) {
                Some(branch) => checked.push(branch),
                None => sound = false,
            }
        }
        let empty = self.names.get("q_empty").copied()?;
        let explicit: HashSet<&str> = branches.iter().map(|branch| branch.name.text.as_str()).collect();
        for value in values.iter().filter(|value| !explicit.contains(value.name.as_str())) {
            let condition = value.condition.clone();
            checked.push(Branch { name: value.name.clone(), of: empty, condition, explicit: false });
        }
        let explicit = checked.iter().filter(|branch| branch.explicit).zip(&branches);
        let explicit: Vec<_> =
            explicit.map(|(branch, definition)| (branch.of, definition.of.name.span)).collect();
        for (of, span) in explicit {
            self.clash_branch(of, span, place, seen);
        }
        sound.then(|| Branches { discriminator: discriminator.text.clone(), tag, branches: checked })
    }

    /// The enum that decides between the branches.
    fn tag(&mut self, discriminator: &Spanned, seen: &Seen, place: &DefinitionPlace) -> Option<EntityId> {
        let Some((owner, member)) = self.seen_member(&discriminator.text, seen) else {
            let help = self.hint(&discriminator.text, seen.names());
            let problem = Problem::DiscriminatorUnknown(discriminator.text.clone());
            self.diagnostics
                .push(crate::diagnostic::Diagnostic::within(problem, discriminator.span, place).help(help));
            return None;
        };
        let base = match self.origin(owner) {
            Some(Origin::Base) => "'base'".to_owned(),
            _ => format!("base type '{}'", self.draft(owner).name),
        };
        self.entity(member.of, 0);
        let rule = match self.done(member.of) {
            Some(EntityKind::Enum(_)) if member.optional => "not be optional",
            Some(EntityKind::Enum(_)) if member.condition.is_some() => "not be conditional",
            Some(EntityKind::Enum(_)) => return Some(member.of),
            None if matches!(self.states.get(member.of.0), Some(State::Broken)) => return None,
            _ => DISCRIMINATOR_TYPE,
        };
        let problem = Problem::Discriminator { name: discriminator.text.clone(), base, rule };
        self.error(problem, discriminator.span, place);
        None
    }

    fn union_branch(
        &mut self,
        branch: &BranchDefinition,
        (tag, values, names): (EntityId, &[super::Value], &HashSet<&str>),
        place: &DefinitionPlace,
        depth: usize,
    ) -> Option<Branch> {
        let name = &branch.name.text;
        let resolved = self.resolve(&branch.of.name, place, || format!("branch '{name}'"));
        if !names.contains(name.as_str()) {
            let help = self.hint(name, values.iter().map(|value| value.name.as_str()));
            let problem = Problem::BranchNotValue { branch: name.clone(), of: self.describe_type(tag) };
            self.diagnostics
                .push(crate::diagnostic::Diagnostic::within(problem, branch.name.span, place).help(help));
        }
        let Resolved::Known(of) = resolved else { return None };
        if self.origin(of).is_none() && !matches!(self.draft(of).meta(), Some(Meta::Struct | Meta::Union)) {
            let problem = Problem::BranchType { branch: name.clone(), description: self.describe_type(of) };
            self.error(problem, branch.of.name.span, place);
            return None;
        }
        if !self.contained(of, branch.of.name.span, place, depth) {
            return None;
        }
        Some(Branch { name: name.clone(), of, condition: branch.condition.clone(), explicit: true })
    }
}

fn type_name(member: &MemberDefinition) -> String {
    match member.of.is_array {
        true => format!("{}List", member.of.name.text),
        false => member.of.name.text.clone(),
    }
}
