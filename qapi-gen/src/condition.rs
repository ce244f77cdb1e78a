//! Conditions: what `if` says.

use std::collections::BTreeSet;
use std::fmt;

/// When something is part of the schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// This name is defined.
    Name(String),
    /// All of these hold.
    All(Vec<Condition>),
    /// At least one of these holds.
    Any(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
}

impl Condition {
    /// Whether it holds when exactly the names in `defined` are defined.
    pub fn holds(&self, defined: &BTreeSet<String>) -> bool {
        match self {
            Condition::Name(name) => defined.contains(name),
            Condition::All(parts) => parts.iter().all(|part| part.holds(defined)),
            Condition::Any(parts) => parts.iter().any(|part| part.holds(defined)),
            Condition::Not(part) => !part.holds(defined),
        }
    }

    /// Puts every name that it depends on into `names`.
    pub fn names<'a>(&'a self, names: &mut BTreeSet<&'a str>) {
        match self {
            Condition::Name(name) => {
                names.insert(name);
            }
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| part.names(names)),
            Condition::Not(part) => part.names(names),
        }
    }

    fn nested(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |formatter: &mut fmt::Formatter<'_>, operator: &str, parts: &[Condition]| {
            write!(formatter, "{{'{operator}': [")?;
            for (index, part) in parts.iter().enumerate() {
                formatter.write_str(if index == 0 { "" } else { ", " })?;
                part.nested(formatter)?;
            }
            formatter.write_str("]}")
        };
        match self {
            Condition::Name(name) => write!(formatter, "'{name}'"),
            Condition::All(parts) => list(formatter, "all", parts),
            Condition::Any(parts) => list(formatter, "any", parts),
            Condition::Not(part) => {
                formatter.write_str("{'not': ")?;
                part.nested(formatter)?;
                formatter.write_str("}")
            }
        }
    }
}

/// As the schema writes it, a single name without quotes.
impl fmt::Display for Condition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Name(name) => formatter.write_str(name),
            _ => self.nested(formatter),
        }
    }
}
