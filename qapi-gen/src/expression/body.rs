//! The form of enums, structs, unions and alternates.

use super::Context;
use crate::definition::{Body, BranchDefinition, Spanned, TypeReference, ValueDefinition};
use crate::problem::Problem;
use crate::syntax::{Entry, Value, get};

const DATA: &str = "'data'";
const VALUE: &str = "'data' member";

impl Context<'_> {
    pub(super) fn enum_body(&mut self, entries: &[Entry]) -> Option<Body> {
        let span = self.place.span;
        self.keys(entries, span, "enum", &["enum", "data"], &["if", "features", "prefix"]);
        let data = get(entries, "data")?;
        let Some(values) = data.as_array() else {
            self.error(Problem::NotArray(DATA.to_owned()), data.span);
            return None;
        };
        let prefix = get(entries, "prefix");
        if let Some(prefix) = prefix.filter(|prefix| prefix.as_text().is_none()) {
            self.error(Problem::PrefixNotString, prefix.span);
        }
        let prefix = prefix.and_then(Value::as_text).map(str::to_owned);
        let values = values.iter().filter_map(|value| self.value(value)).collect();
        Some(Body::Enum { prefix, values })
    }

    fn value(&mut self, value: &Value) -> Option<ValueDefinition> {
        let (name, options): (&Value, &[Entry]) = match value.as_object() {
            None => (value, &[]),
            Some(entries) => {
                self.keys(entries, value.span, VALUE, &["name"], &["if", "features"]);
                (get(entries, "name")?, entries)
            }
        };
        let Some(text) = name.as_text() else {
            self.error(Problem::NameNotString(VALUE.to_owned()), name.span);
            return None;
        };
        let source = format!("{VALUE} '{text}'");
        // A value may start with a digit: anything before it makes it a name.
        let is_digit = |first: char| first.is_ascii_digit();
        let checked = if text.starts_with(is_digit) { format!("d{text}") } else { text.to_owned() };
        let excepted = self.names_excepted();
        self.lower_name(&checked, name.span, &source, excepted, excepted);
        let condition = self.condition(options, &source).flatten();
        let features = self.features(options);
        Some(ValueDefinition {
            name: Spanned { text: text.to_owned(), span: name.span },
            condition,
            features,
        })
    }

    pub(super) fn struct_body(&mut self, entries: &[Entry]) -> Option<Body> {
        let span = self.place.span;
        self.keys(entries, span, "struct", &["struct", "data"], &["base", "if", "features"]);
        let excepted = self.names_excepted();
        let members = self.members(get(entries, "data")?, DATA, excepted);
        let base = match get(entries, "base") {
            Some(base) => Some(self.type_name(base, "'base'")?),
            None => None,
        };
        Some(Body::Struct { base, members: members? })
    }

    pub(super) fn union_body(&mut self, entries: &[Entry]) -> Option<Body> {
        let span = self.place.span;
        let required = ["union", "base", "discriminator", "data"];
        if !self.keys(entries, span, "union", &required, &["if", "features"]) {
            return None;
        }
        let excepted = self.names_excepted();
        let base = self.data(get(entries, "base"), "'base'", excepted);
        let discriminator = get(entries, "discriminator")?;
        if discriminator.as_text().is_none() {
            self.error(Problem::NameNotString("'discriminator'".to_owned()), discriminator.span);
        }
        let data = get(entries, "data")?;
        let Some(branches) = data.as_object() else {
            self.error(Problem::MustBeObject(DATA.to_owned()), data.span);
            return None;
        };
        let branches: Vec<_> = branches.iter().map(|entry| self.union_branch(entry)).collect();
        Some(Body::Union {
            base: base?,
            discriminator: Self::text(discriminator)?,
            branches: branches.into_iter().collect::<Option<_>>()?,
        })
    }

    fn union_branch(&mut self, entry: &Entry) -> Option<BranchDefinition> {
        let source = format!("{VALUE} '{}'", entry.key);
        let (of, options) = self.of(&entry.value, &source, &["if"])?;
        let condition = self.condition(options, &source).flatten();
        let name = self.type_name(of, &source)?;
        Some(branch(entry, TypeReference { name, is_array: false }, condition))
    }

    pub(super) fn alternate_body(&mut self, entries: &[Entry]) -> Option<Body> {
        let span = self.place.span;
        self.keys(entries, span, "alternate", &["alternate", "data"], &["if", "features"]);
        let data = get(entries, "data")?;
        if data.is_empty() {
            self.error(Problem::Empty(DATA.to_owned()), data.span);
            return None;
        }
        let Some(branches) = data.as_object() else {
            self.error(Problem::MustBeObject(DATA.to_owned()), data.span);
            return None;
        };
        let branches: Vec<_> = branches.iter().map(|entry| self.alternate_branch(entry)).collect();
        Some(Body::Alternate { branches: branches.into_iter().collect::<Option<_>>()? })
    }

    fn alternate_branch(&mut self, entry: &Entry) -> Option<BranchDefinition> {
        let source = format!("{VALUE} '{}'", entry.key);
        self.lower_name(&entry.key, entry.key_span, &source, false, false);
        let (of, options) = self.of(&entry.value, &source, &["if"])?;
        let condition = self.condition(options, &source).flatten();
        let of = self.type_or_array(of, &source)?;
        Some(branch(entry, of, condition))
    }
}

fn branch(
    entry: &Entry,
    of: TypeReference,
    condition: Option<crate::condition::Condition>,
) -> BranchDefinition {
    let name = Spanned { text: entry.key.clone(), span: entry.key_span };
    BranchDefinition { name, of, condition }
}
