//! The form of members and of references to types.

use super::Context;
use super::names::mapped;
use crate::definition::{Data, MemberDefinition, Spanned, TypeReference};
use crate::problem::Problem;
use crate::syntax::{Entry, Value};

impl Context<'_> {
    pub(super) fn text(value: &Value) -> Option<Spanned> {
        value.as_text().map(|text| Spanned { text: text.to_owned(), span: value.span })
    }

    /// `{ member… }` or the name of a type.
    pub(super) fn data(&mut self, value: Option<&Value>, source: &str, excepted: bool) -> Option<Data> {
        let Some(value) = value else { return Some(Data::None) };
        match Self::text(value) {
            Some(name) => Some(Data::Type(name)),
            None => self.members(value, source, excepted).map(Data::Members),
        }
    }

    /// `{ member… }`
    pub(super) fn members(
        &mut self,
        value: &Value,
        source: &str,
        excepted: bool,
    ) -> Option<Vec<MemberDefinition>> {
        let Some(entries) = value.as_object() else {
            self.error(Problem::NotObjectOrType(source.to_owned()), value.span);
            return None;
        };
        let members: Vec<_> = entries.iter().map(|entry| self.member(entry, source, excepted)).collect();
        members.into_iter().collect()
    }

    fn member(&mut self, entry: &Entry, source: &str, excepted: bool) -> Option<MemberDefinition> {
        let source = format!("{source} member '{}'", entry.key);
        let (name, optional) = match entry.key.strip_prefix('*') {
            Some(name) => (name, true),
            None => (entry.key.as_str(), false),
        };
        self.lower_name(name, entry.key_span, &source, excepted, excepted);
        let mapped = mapped(name);
        if mapped == "u" || mapped.starts_with("has_") {
            self.error(Problem::ReservedName(source.clone()), entry.key_span);
        }
        let (of, options) = self.of(&entry.value, &source, &["if", "features"])?;
        let condition = self.condition(options, &source).flatten();
        let features = self.features(options);
        let of = self.type_or_array(of, &source)?;
        let name = Spanned { text: name.to_owned(), span: entry.key_span };
        Some(MemberDefinition { name, optional, of, condition, features })
    }

    /// The type of a member or branch, and what else stands with it: `TYPE` or `{ 'type': TYPE, … }`.
    pub(super) fn of<'v>(
        &mut self,
        value: &'v Value,
        source: &str,
        optional: &[&str],
    ) -> Option<(&'v Value, &'v [Entry])> {
        let Some(entries) = value.as_object() else { return Some((value, &[])) };
        self.keys(entries, value.span, source, &["type"], optional);
        Some((crate::syntax::get(entries, "type")?, entries))
    }

    pub(super) fn type_name(&mut self, value: &Value, source: &str) -> Option<Spanned> {
        let name = Self::text(value);
        if name.is_none() {
            self.error(Problem::NotType(source.to_owned()), value.span);
        }
        name
    }

    pub(super) fn type_or_array(&mut self, value: &Value, source: &str) -> Option<TypeReference> {
        if let Some(name) = Self::text(value) {
            return Some(TypeReference { name, is_array: false });
        }
        let problem = match value.as_array() {
            None => Problem::NotTypeOrArray(source.to_owned()),
            Some([element]) if element.as_text().is_some() => {
                return Self::text(element).map(|name| TypeReference { name, is_array: true });
            }
            Some(_) => Problem::NotSingleElement(source.to_owned()),
        };
        self.error(problem, value.span);
        None
    }
}
