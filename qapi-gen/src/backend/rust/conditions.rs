//! Conditions as features of the crate that the output becomes part of.

use std::collections::BTreeSet;

use crate::condition::Condition;
use crate::schema::{EntityKind, Feature, Schema};

/// The attribute for a condition, on a line of its own; nothing if there is none.
pub(crate) fn attribute(condition: Option<&Condition>) -> String {
    condition.map(|condition| format!("#[cfg({})]\n", predicate(condition))).unwrap_or_default()
}

/// `all(feature = "config-a", not(feature = "config-b"))`
pub(crate) fn predicate(condition: &Condition) -> String {
    let list = |parts: &[Condition]| parts.iter().map(predicate).collect::<Vec<_>>().join(", ");
    match condition {
        Condition::Name(name) => format!("feature = \"{}\"", feature(name)),
        Condition::All(parts) => format!("all({})", list(parts)),
        Condition::Any(parts) => format!("any({})", list(parts)),
        Condition::Not(part) => format!("not({})", predicate(part)),
    }
}

/// `CONFIG_LINUX` as the crate's feature `config-linux`.
fn feature(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

/// Every condition in a schema.
fn all(schema: &Schema) -> Vec<&Condition> {
    fn of(features: &[Feature]) -> impl Iterator<Item = &Condition> {
        features.iter().filter_map(|feature| feature.condition.as_ref())
    }
    let mut found: Vec<&Condition> = Vec::new();
    for (_, entity) in schema.in_modules() {
        found.extend(&entity.condition);
        found.extend(of(&entity.features));
        match &entity.kind {
            EntityKind::Enum(values) => {
                found.extend(values.values.iter().filter_map(|value| value.condition.as_ref()));
                found.extend(values.values.iter().flat_map(|value| of(&value.features)));
            }
            EntityKind::Object(object) => {
                found.extend(object.members.iter().filter_map(|member| member.condition.as_ref()));
                found.extend(object.members.iter().flat_map(|member| of(&member.features)));
                let branches = object.branches.iter().flat_map(|branches| &branches.branches);
                found.extend(branches.filter_map(|branch| branch.condition.as_ref()));
            }
            EntityKind::Alternate(branches) => {
                found.extend(branches.iter().filter_map(|branch| branch.condition.as_ref()));
            }
            _ => {}
        }
    }
    found
}

/// The features that the output needs, sorted.
pub(crate) fn features(schema: &Schema) -> Vec<String> {
    let mut names = BTreeSet::new();
    all(schema).into_iter().for_each(|condition| condition.names(&mut names));
    names.into_iter().map(feature).collect()
}

/// Puts `attribute` before each item at the outermost level of `text`.
pub(crate) fn guard(text: &str, attribute: &str) -> String {
    let mut guarded = String::with_capacity(text.len());
    let mut is_new = true;
    for line in text.lines() {
        let is_outermost = !(line.is_empty() || line.starts_with([' ', '}', ')']));
        if is_outermost && is_new {
            guarded.push_str(attribute);
            is_new = false;
        }
        is_new |= line == "}" || is_outermost && line.ends_with(';');
        guarded.push_str(line);
        guarded.push('\n');
    }
    guarded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_guarded_once() {
        let text = "\n/// A.\n#[derive(Clone)]\npub struct A {\n    pub b: u8,\n}\n\nimpl B for A {\n}\n/// C.\npub struct C;\n";
        insta::assert_snapshot!(guard(text, "#[cfg(x)]\n"), @r"

        #[cfg(x)]
        /// A.
        #[derive(Clone)]
        pub struct A {
            pub b: u8,
        }

        #[cfg(x)]
        impl B for A {
        }
        #[cfg(x)]
        /// C.
        pub struct C;
        ");
    }
}
