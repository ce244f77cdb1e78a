//! What changed between two schemas, and whether a client that was written for the old one would break.
//!
//! Names of types do not travel, so types are compared by what they accept or hold. What a client sends may become
//! more, what it is sent may become less; a client ignores members and events that it does not know, but not values.

mod types;

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::fmt;

use crate::schema::{Command, EntityId, EntityKind, Event, Feature, Schema};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// A client that was written for the old schema can fail because of it.
    pub breaks: bool,
    /// Where it is: a command or event, and the way to the member.
    pub place: String,
    /// What it is.
    pub what: String,
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.breaks { "breaks" } else { "fine" };
        write!(formatter, "{verdict}: {}: {}", self.place, self.what)
    }
}

/// Everything that changed from `old` to `new`, in the order of the commands and events. Conditions are taken as
/// satisfied: decide them before.
pub fn diff(old: &Schema, new: &Schema) -> Vec<Change> {
    let mut diff = Diff { old, new, changes: Vec::new(), compared: HashSet::new(), waiting: VecDeque::new() };
    diff.operations();
    diff.changes
}

/// Which way a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Direction {
    /// From the client: what was accepted must be accepted.
    Sent,
    /// To the client: nothing may come that could not come before.
    Received,
}

struct Diff<'s> {
    old: &'s Schema,
    new: &'s Schema,
    changes: Vec<Change>,
    /// Pairs of types that were compared already: a change in them is told once, where it is met first.
    compared: HashSet<(EntityId, EntityId, Direction)>,
    /// Pairs of types that are still to be compared, each with its place. Chains of types may be long.
    waiting: VecDeque<(String, EntityId, EntityId, Direction)>,
}

impl Diff<'_> {
    fn change(&mut self, breaks: bool, place: &str, what: impl Into<String>) {
        self.changes.push(Change { breaks, place: place.to_owned(), what: what.into() });
    }

    fn operations(&mut self) {
        let (old, new) = (self.old, self.new);
        let operations = |schema: &Schema| -> Vec<(String, EntityId)> {
            let is_wanted = |kind: &EntityKind| matches!(kind, EntityKind::Command(_) | EntityKind::Event(_));
            let wanted = schema.in_modules().filter(|(_, entity)| is_wanted(&entity.kind));
            wanted.map(|(id, entity)| (entity.name.clone(), id)).collect()
        };
        let old_names: BTreeSet<String> = operations(old).into_iter().map(|(name, _)| name).collect();
        for (name, id) in operations(old) {
            let place = format!("{} '{name}'", word(&old.entity(id).kind));
            match new.lookup(&name) {
                None => self.change(true, &place, "is gone"),
                Some(other) => self.operation(&place, id, other),
            }
        }
        for (name, id) in operations(new).into_iter().filter(|(name, _)| !old_names.contains(name)) {
            self.change(false, &format!("{} '{name}'", word(&new.entity(id).kind)), "is new");
        }
    }

    fn operation(&mut self, place: &str, old: EntityId, new: EntityId) {
        let (old_entity, new_entity) = (self.old.entity(old), self.new.entity(new));
        match (&old_entity.kind, &new_entity.kind) {
            (EntityKind::Command(old), EntityKind::Command(new)) => self.command(place, old, new),
            (EntityKind::Event(old), EntityKind::Event(new)) => self.event(place, old, new),
            (_, kind) => self.change(true, place, format!("is {} now", article(word(kind)))),
        }
        self.features(place, &old_entity.features, &new_entity.features);
        while let Some((place, old, new, direction)) = self.waiting.pop_front() {
            self.compare(&place, old, new, direction);
        }
    }

    fn command(&mut self, place: &str, old: &Command, new: &Command) {
        self.objects(place, "argument", old.arguments, new.arguments, Direction::Sent);
        match (old.returns, new.returns) {
            (Some(old), Some(new)) => self.types(&format!("{place}, reply"), old, new, Direction::Received),
            (old, new) if self.is_object(old, self.old) && self.is_object(new, self.new) => {
                self.objects(&format!("{place}, reply"), "member", old, new, Direction::Received);
            }
            _ => self.change(true, &format!("{place}, reply"), "has another type"),
        }
        if old.allow_oob != new.allow_oob {
            let what = if new.allow_oob {
                "can be sent out of band now"
            } else {
                "cannot be sent out of band any more"
            };
            self.change(old.allow_oob, place, what);
        }
        if old.allow_preconfig != new.allow_preconfig {
            let what = if new.allow_preconfig {
                "can be run earlier now"
            } else {
                "cannot be run as early any more"
            };
            self.change(old.allow_preconfig, place, what);
        }
        if old.success_response != new.success_response {
            self.change(
                true,
                place,
                if new.success_response { "answers now" } else { "does not answer any more" },
            );
        }
    }

    /// Nothing, or an object: a command that returns nothing answers with an object without members.
    fn is_object(&self, id: Option<EntityId>, schema: &Schema) -> bool {
        id.is_none_or(|id| schema.object(id).is_some())
    }

    fn event(&mut self, place: &str, old: &Event, new: &Event) {
        self.objects(place, "data", old.arguments, new.arguments, Direction::Received);
    }

    fn features(&mut self, place: &str, old: &[Feature], new: &[Feature]) {
        let has = |features: &[Feature], name: &str| features.iter().any(|feature| feature.name == name);
        for feature in new.iter().filter(|feature| !has(old, &feature.name)) {
            self.change(false, place, format!("has the feature '{}' now", feature.name));
        }
        for feature in old.iter().filter(|feature| !has(new, &feature.name)) {
            self.change(false, place, format!("has lost the feature '{}'", feature.name));
        }
    }
}

fn word(kind: &EntityKind) -> &'static str {
    match kind {
        EntityKind::Command(_) => "command",
        EntityKind::Event(_) => "event",
        _ => "type",
    }
}

fn article(word: &str) -> String {
    format!("{} {word}", if word.starts_with('e') { "an" } else { "a" })
}
