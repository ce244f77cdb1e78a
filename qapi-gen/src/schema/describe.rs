//! What messages call types and members.

use super::check::{Check, State};
use super::define::DraftKind;
use super::{EntityId, EntityKind, Origin};

impl Check<'_> {
    /// `struct type 'X'` and the like.
    pub(super) fn describe_type(&self, id: EntityId) -> String {
        let draft = self.draft(id);
        let name = &draft.name;
        match (self.states.get(id.0), &draft.kind) {
            (Some(State::Done(EntityKind::Array(element))), _) => {
                format!("array type ['{}']", self.draft(*element).name)
            }
            (_, DraftKind::Array(element)) => format!("array type ['{}']", element.text),
            _ => match draft.meta() {
                None if name == "QType" => format!("enum type '{name}'"),
                None => format!("built-in type '{name}'"),
                Some(meta) => format!("{} type '{name}'", meta.as_str()),
            },
        }
    }

    /// A member as seen from the definition `current`: where it is defined is told only if that is elsewhere.
    pub(super) fn describe_member(&self, owner: EntityId, name: &str, current: &str) -> String {
        let draft = self.draft(owner);
        let (role, meta) = match self.origin(owner) {
            Some(Origin::Arguments) => ("parameter", "command"),
            Some(Origin::Base) => ("base member", "type"),
            _ => ("member", "type"),
        };
        let definition = draft.place.as_ref().map_or(draft.name.as_str(), |place| place.name.as_str());
        if definition == current {
            format!("{role} '{name}'")
        } else {
            format!("{role} '{name}' of {meta} '{definition}'")
        }
    }

    pub(super) fn origin(&self, id: EntityId) -> Option<Origin> {
        match (&self.draft(id).kind, self.states.get(id.0)) {
            (DraftKind::Object { origin, .. }, _) => Some(*origin),
            (_, Some(State::Done(EntityKind::Object(object)))) => Some(object.origin),
            _ => None,
        }
    }
}
