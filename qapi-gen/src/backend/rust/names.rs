//! Names of the schema as Rust names.

use std::collections::{HashMap, HashSet};

use crate::schema::{EntityId, EntityKind, Origin, Schema};

/// Words that cannot be used as they are.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield", "Self",
];

/// Names that generated code uses itself.
const TAKEN_TYPES: &[&str] = &[
    "Box",
    "Clone",
    "Command",
    "Copy",
    "Debug",
    "Decode",
    "DecodeMembers",
    "Default",
    "Deserialize",
    "Deserializer",
    "Display",
    "Empty",
    "EncodeMembers",
    "Error",
    "Event",
    "FromStr",
    "Map",
    "Members",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Path",
    "Reply",
    "Request",
    "Result",
    "Self",
    "Serialize",
    "SerializeMap",
    "Serializer",
    "Some",
    "String",
    "ToString",
    "UnknownValue",
    "Value",
    "Vec",
];

/// `a-b_c` as `AbC`… words start with a capital, the rest is left as it is.
pub(crate) fn camel(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut camel = String::new();
    for word in words {
        let (first, rest) = word.split_at(1);
        // Between two digits the separator must stay, or 1-2 would be 12.
        if camel.ends_with(|last: char| last.is_ascii_digit())
            && first.starts_with(|next: char| next.is_ascii_digit())
        {
            camel.push('_');
        }
        camel.push_str(&first.to_ascii_uppercase());
        camel.push_str(rest);
    }
    escape(camel)
}

/// `BLOCK_JOB_READY` as `BlockJobReady`.
pub(crate) fn camel_event(name: &str) -> String {
    camel(&name.to_ascii_lowercase())
}

/// `a-b.C` as `a_b_c`.
pub(crate) fn snake(name: &str) -> String {
    let letter =
        |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' };
    escape(name.chars().map(letter).collect())
}

fn escape(name: String) -> String {
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("_{name}")
    } else if KEYWORDS.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

/// Makes names different from each other, in the order in which they come.
#[derive(Default)]
pub(crate) struct Distinct {
    taken: HashSet<String>,
}

impl Distinct {
    pub(crate) fn name(&mut self, wanted: String) -> String {
        let mut name = wanted;
        while !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}

/// Distinct names for a list, in its order.
pub(crate) fn distinct<'n>(
    names: impl Iterator<Item = &'n str>,
    convert: impl Fn(&str) -> String,
) -> Vec<String> {
    let mut distinct = Distinct::default();
    names.map(|name| distinct.name(convert(name))).collect()
}

/// The Rust names of everything that gets one of its own.
pub(crate) struct Names {
    types: HashMap<EntityId, String>,
    branches: HashMap<EntityId, String>,
    all_types: HashSet<String>,
}

impl Names {
    pub(crate) fn new(schema: &Schema) -> Self {
        let mut distinct = Distinct { taken: TAKEN_TYPES.iter().map(|name| (*name).to_owned()).collect() };
        let mut types = HashMap::new();
        let mut branches = HashMap::new();
        let is_type = |kind: &EntityKind| match kind {
            EntityKind::Enum(_) | EntityKind::Alternate(_) => true,
            EntityKind::Object(object) => matches!(object.origin, Origin::Struct | Origin::Union),
            _ => false,
        };
        for (id, entity) in schema.entities().filter(|(_, entity)| is_type(&entity.kind)) {
            types.insert(id, distinct.name(camel(&entity.name)));
        }
        for (id, name) in types.iter().collect::<std::collections::BTreeMap<_, _>>() {
            if matches!(schema.object(*id), Some(object) if object.branches.is_some()) {
                branches.insert(*id, distinct.name(format!("{name}Branch")));
            }
        }
        let all_types = distinct.taken.clone();
        for (id, entity) in schema.entities() {
            if let EntityKind::Event(_) = entity.kind {
                let name = camel_event(&entity.name);
                let name = if distinct.taken.contains(&name) { format!("{name}Event") } else { name };
                types.insert(id, distinct.name(name));
            }
        }
        types.insert(schema.lookup("q_empty").unwrap_or(EntityId::FIRST), "Empty".to_owned());
        Self { types, branches, all_types }
    }

    /// The name of a type or event.
    pub(crate) fn of(&self, id: EntityId) -> &str {
        self.types.get(&id).map_or("Empty", String::as_str)
    }

    /// Whether a type is called so.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        self.all_types.contains(name)
    }

    /// The name of the enum of a union's branches.
    pub(crate) fn branches_of(&self, id: EntityId) -> &str {
        self.branches.get(&id).map_or("Empty", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_whatever_the_schema_calls_things() {
        assert_eq!(camel("virtio-9p"), "Virtio9p");
        assert_eq!(camel("1a"), "_1a");
        assert_eq!(camel("self"), "Self_");
        assert_eq!(camel("2.1-0"), "_2_1_0");
        assert_eq!(camel("__org.example_x-Foo"), "OrgExampleXFoo");
        assert_eq!(camel_event("BLOCK_IO_ERROR"), "BlockIoError");
        assert_eq!(snake("type"), "type_");
        assert_eq!(snake("X-a.b"), "x_a_b");
    }

    #[test]
    fn names_that_became_equal_are_kept_apart() {
        assert_eq!(distinct(["a1-b", "a1b", "a1B"].into_iter(), camel), ["A1B", "A1b", "A1B_"]);
    }
}
