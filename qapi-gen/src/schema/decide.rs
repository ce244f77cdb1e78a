//! Deciding conditions: what a schema is when it is known which names are defined.

use std::collections::{BTreeSet, HashSet};

use super::{Branch, EntityId, EntityKind, Feature, ModuleItem, Schema};
use crate::condition::Condition;

/// Which conditions hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Every one, as it is written.
    All,
    /// Those that hold when exactly these names are defined.
    Defined(BTreeSet<String>),
}

impl Decision {
    pub(crate) fn holds(&self, condition: Option<&Condition>) -> bool {
        match (self, condition) {
            (Decision::Defined(defined), Some(condition)) => condition.holds(defined),
            _ => true,
        }
    }

    fn features(&self, features: &mut Vec<Feature>) {
        features.retain(|feature| self.holds(feature.condition.as_ref()));
        features.iter_mut().for_each(|feature| feature.condition = None);
    }

    fn branches(&self, branches: &mut Vec<Branch>) {
        branches.retain(|branch| self.holds(branch.condition.as_ref()));
        branches.iter_mut().for_each(|branch| branch.condition = None);
    }
}

impl Schema {
    /// The schema without conditions: what depends on one that does not hold is gone. Types that something still
    /// refers to stay.
    pub fn decide(mut self, decision: &Decision) -> Schema {
        let mut present: HashSet<EntityId> = HashSet::new();
        for (index, entity) in self.entities.iter_mut().enumerate() {
            if decision.holds(entity.condition.as_ref()) {
                present.insert(EntityId(index));
            }
            entity.condition = None;
            decision.features(&mut entity.features);
            match &mut entity.kind {
                EntityKind::Enum(of) => {
                    of.values.retain(|value| decision.holds(value.condition.as_ref()));
                    for value in &mut of.values {
                        value.condition = None;
                        decision.features(&mut value.features);
                    }
                }
                EntityKind::Object(object) => {
                    object.members.retain(|member| decision.holds(member.condition.as_ref()));
                    for member in &mut object.members {
                        member.condition = None;
                        decision.features(&mut member.features);
                    }
                    if let Some(branches) = &mut object.branches {
                        decision.branches(&mut branches.branches);
                    }
                }
                EntityKind::Alternate(branches) => decision.branches(branches),
                EntityKind::BuiltIn(_)
                | EntityKind::Array(_)
                | EntityKind::Command(_)
                | EntityKind::Event(_) => {}
            }
        }
        self.keep(present);
        self
    }

    /// Takes everything out of the modules that is neither in `present` nor used by what is.
    fn keep(&mut self, mut present: HashSet<EntityId>) {
        let mut work: Vec<EntityId> = present.iter().copied().collect();
        while let Some(id) = work.pop() {
            for used in self.uses(id) {
                if present.insert(used) {
                    work.push(used);
                }
            }
        }
        for module in &mut self.modules {
            module.items.retain(|item| match item {
                ModuleItem::Entity(id) => present.contains(id),
                ModuleItem::Include(_) => true,
            });
        }
        self.names.retain(|_, id| present.contains(id));
    }

    /// Every type that an entity refers to.
    pub fn uses(&self, id: EntityId) -> Vec<EntityId> {
        match &self.entity(id).kind {
            EntityKind::BuiltIn(_) | EntityKind::Enum(_) => Vec::new(),
            EntityKind::Array(element) => vec![*element],
            EntityKind::Object(object) => {
                let members = object.members.iter().map(|member| member.of);
                let branches =
                    object.branches.iter().flat_map(|of| of.branches.iter().map(|branch| branch.of));
                object.base.into_iter().chain(members).chain(branches).collect()
            }
            EntityKind::Alternate(branches) => branches.iter().map(|branch| branch.of).collect(),
            EntityKind::Command(command) => command.arguments.into_iter().chain(command.returns).collect(),
            EntityKind::Event(event) => event.arguments.into_iter().collect(),
        }
    }
}
