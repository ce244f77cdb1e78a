//! Comparing types by what they accept or hold.

use std::collections::BTreeMap;

use super::{Diff, Direction};
use crate::schema::{Branch, BuiltIn, EntityId, EntityKind, Enum, Member, Schema};

/// The sets of values of two types, as far as they are not objects.
#[derive(Clone, Copy, PartialEq)]
enum Relation {
    Same,
    /// The new type has all values of the old one and more.
    Wider,
    /// The new type lacks values of the old one and has no others.
    Narrower,
    Different,
}

impl Diff<'_> {
    /// Compares the types of a value that travels in `direction`.
    pub(super) fn types(&mut self, place: &str, old: EntityId, new: EntityId, direction: Direction) {
        if self.compared.insert((old, new, direction)) {
            self.waiting.push_back((place.to_owned(), old, new, direction));
        }
    }

    pub(super) fn compare(&mut self, place: &str, old: EntityId, new: EntityId, direction: Direction) {
        let (old_kind, new_kind) = (&self.old.entity(old).kind, &self.new.entity(new).kind);
        match (old_kind, new_kind) {
            (EntityKind::Array(old), EntityKind::Array(new)) => {
                self.types(&format!("{place}[]"), *old, *new, direction);
            }
            (EntityKind::Object(_), EntityKind::Object(_)) => {
                self.members(place, "member", Some(old), Some(new), direction);
            }
            (EntityKind::Enum(old), EntityKind::Enum(new)) => self.values(place, old, new, direction),
            (EntityKind::Alternate(old), EntityKind::Alternate(new)) => {
                self.branches(place, old, new, direction)
            }
            (EntityKind::Alternate(branches), _) => {
                let old = branches.iter().find(|branch| json(self.old, branch.of) == json(self.new, new));
                match old {
                    Some(old) => {
                        self.change(direction == Direction::Sent, place, "is one of its former types only");
                        self.types(place, old.of, new, direction);
                    }
                    None => self.change(true, place, "has another type"),
                }
            }
            (_, EntityKind::Alternate(branches)) => {
                let new = branches.iter().find(|branch| json(self.new, branch.of) == json(self.old, old));
                match new {
                    Some(new) => {
                        self.change(
                            direction == Direction::Received,
                            place,
                            "can be of other types as well now",
                        );
                        self.types(place, old, new.of, direction);
                    }
                    None => self.change(true, place, "has another type"),
                }
            }
            _ => self.scalars(place, old_kind, new_kind, direction),
        }
    }

    fn scalars(&mut self, place: &str, old: &EntityKind, new: &EntityKind, direction: Direction) {
        match relation(old, new) {
            Relation::Same => {}
            Relation::Wider => {
                self.change(direction == Direction::Received, place, "can have more values now")
            }
            Relation::Narrower => {
                self.change(direction == Direction::Sent, place, "can have fewer values now")
            }
            Relation::Different => self.change(true, place, "has another type"),
        }
    }

    fn values(&mut self, place: &str, old: &Enum, new: &Enum, direction: Direction) {
        let has = |of: &Enum, name: &str| of.values.iter().any(|value| value.name == name);
        for value in old.values.iter().filter(|value| !has(new, &value.name)) {
            self.change(direction == Direction::Sent, place, format!("value '{}' is gone", value.name));
        }
        for value in new.values.iter().filter(|value| !has(old, &value.name)) {
            self.change(direction == Direction::Received, place, format!("value '{}' is new", value.name));
        }
    }

    /// Branches of an alternate have no names on the wire: the kind of the JSON value decides.
    fn branches(&mut self, place: &str, old: &[Branch], new: &[Branch], direction: Direction) {
        for branch in old {
            let kind = json(self.old, branch.of);
            match new.iter().find(|other| json(self.new, other.of) == kind) {
                Some(other) => self.types(place, branch.of, other.of, direction),
                None => {
                    self.change(direction == Direction::Sent, place, format!("cannot be {kind} any more"))
                }
            }
        }
        for branch in new {
            let kind = json(self.new, branch.of);
            if old.iter().all(|other| json(self.old, other.of) != kind) {
                self.change(direction == Direction::Received, place, format!("can be {kind} now"));
            }
        }
    }

    /// Compares objects of which either may be missing, which is the same as having no members.
    pub(super) fn objects(
        &mut self,
        place: &str,
        role: &str,
        old: Option<EntityId>,
        new: Option<EntityId>,
        direction: Direction,
    ) {
        if let (Some(old), Some(new)) = (old, new) {
            self.compared.insert((old, new, direction));
        }
        self.members(place, role, old, new, direction);
    }

    fn members(
        &mut self,
        place: &str,
        role: &str,
        old: Option<EntityId>,
        new: Option<EntityId>,
        direction: Direction,
    ) {
        let all = |schema: &Schema, id: Option<EntityId>| -> Vec<Member> {
            id.map(|id| schema.all_members(id).into_iter().cloned().collect()).unwrap_or_default()
        };
        let (old_members, new_members) = (all(self.old, old), all(self.new, new));
        self.member_lists(place, role, &old_members, &new_members, direction);
        let (old_branches, new_branches) = (variants(self.old, old), variants(self.new, new));
        let tag = self.tag(new).or_else(|| self.tag(old)).unwrap_or_default();
        for name in
            old_branches.keys().chain(new_branches.keys().filter(|name| !old_branches.contains_key(*name)))
        {
            // A value that only one side has is a change of the enum, which is told where the discriminator is.
            let is_known =
                |branches: &BTreeMap<String, EntityId>| branches.is_empty() || branches.contains_key(name);
            let (old, new) = (old_branches.get(name).copied(), new_branches.get(name).copied());
            let is_new = old.zip(new).is_none_or(|(old, new)| self.compared.insert((old, new, direction)));
            if is_new && is_known(&old_branches) && is_known(&new_branches) {
                let place = format!("{place} where '{tag}' is '{name}'");
                self.members(&place, role, old, new, direction);
            }
        }
    }

    fn tag(&self, id: Option<EntityId>) -> Option<String> {
        let of = |schema: &Schema| {
            let branches = schema.object(id?)?.branches.as_ref()?;
            Some(branches.discriminator.clone())
        };
        of(self.new).or_else(|| of(self.old))
    }

    fn member_lists(
        &mut self,
        place: &str,
        role: &str,
        old: &[Member],
        new: &[Member],
        direction: Direction,
    ) {
        let sent = direction == Direction::Sent;
        for member in old {
            let place = format!("{place}, {role} '{}'", member.name);
            let Some(other) = new.iter().find(|other| other.name == member.name) else {
                self.change(sent || !member.optional, &place, "is gone");
                continue;
            };
            match (member.optional, other.optional) {
                (true, false) => self.change(sent, &place, "is mandatory now"),
                (false, true) => self.change(!sent, &place, "is optional now"),
                _ => {}
            }
            self.types(&place, member.of, other.of, direction);
            self.features(&place, &member.features, &other.features);
        }
        for member in new.iter().filter(|member| old.iter().all(|other| other.name != member.name)) {
            let place = format!("{place}, {role} '{}'", member.name);
            match member.optional {
                true => self.change(false, &place, "is new and optional"),
                false => self.change(sent, &place, "is new and mandatory"),
            }
        }
    }
}

/// The types of a union's branches by the value that selects them.
fn variants(schema: &Schema, id: Option<EntityId>) -> BTreeMap<String, EntityId> {
    let branches = id.and_then(|id| schema.object(id)).and_then(|object| object.branches.as_ref());
    branches.into_iter().flat_map(|of| &of.branches).map(|branch| (branch.name.clone(), branch.of)).collect()
}

/// What values of a type look like in JSON.
fn json(schema: &Schema, id: EntityId) -> &'static str {
    match &schema.entity(id).kind {
        EntityKind::BuiltIn(BuiltIn::Str) | EntityKind::Enum(_) => "a string",
        EntityKind::BuiltIn(BuiltIn::Bool) => "a boolean",
        EntityKind::BuiltIn(BuiltIn::Null) => "null",
        EntityKind::BuiltIn(BuiltIn::Any) => "anything",
        EntityKind::BuiltIn(_) => "a number",
        EntityKind::Array(_) => "an array",
        _ => "an object",
    }
}

fn relation(old: &EntityKind, new: &EntityKind) -> Relation {
    match (old, new) {
        (EntityKind::BuiltIn(old), EntityKind::BuiltIn(new)) => built_ins(*old, *new),
        (EntityKind::Enum(_), EntityKind::BuiltIn(BuiltIn::Str)) | (_, EntityKind::BuiltIn(BuiltIn::Any)) => {
            Relation::Wider
        }
        (EntityKind::BuiltIn(BuiltIn::Str), EntityKind::Enum(_)) | (EntityKind::BuiltIn(BuiltIn::Any), _) => {
            Relation::Narrower
        }
        _ => Relation::Different,
    }
}

fn built_ins(old: BuiltIn, new: BuiltIn) -> Relation {
    match (old, new) {
        _ if old == new => Relation::Same,
        (_, BuiltIn::Any) => Relation::Wider,
        (BuiltIn::Any, _) => Relation::Narrower,
        _ => match (old.range(), new.range()) {
            (Some(old), Some(new)) if old == new => Relation::Same,
            (Some(old), Some(new)) if new.0 <= old.0 && old.1 <= new.1 => Relation::Wider,
            (Some(old), Some(new)) if old.0 <= new.0 && new.1 <= old.1 => Relation::Narrower,
            (Some(_), None) if new == BuiltIn::Number => Relation::Wider,
            (None, Some(_)) if old == BuiltIn::Number => Relation::Narrower,
            _ => Relation::Different,
        },
    }
}
