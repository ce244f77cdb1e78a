//! The form of `features`.

use super::Context;
use crate::definition::{FeatureDefinition, Spanned};
use crate::problem::Problem;
use crate::syntax::{Entry, Value, get};

const SOURCE: &str = "'features' member";

impl Context<'_> {
    pub(super) fn features(&mut self, entries: &[Entry]) -> Vec<FeatureDefinition> {
        let Some(value) = get(entries, "features") else { return Vec::new() };
        let Some(features) = value.as_array() else {
            self.error(Problem::NotArray("'features'".to_owned()), value.span);
            return Vec::new();
        };
        features.iter().filter_map(|feature| self.feature(feature)).collect()
    }

    fn feature(&mut self, value: &Value) -> Option<FeatureDefinition> {
        let (name, entries) = match value.as_object() {
            None => (value, None),
            Some(entries) => {
                self.keys(entries, value.span, SOURCE, &["name"], &["if"]);
                (get(entries, "name")?, Some(entries))
            }
        };
        let Some(text) = name.as_text() else {
            self.error(Problem::NameNotString(SOURCE.to_owned()), name.span);
            return None;
        };
        let source = format!("{SOURCE} '{text}'");
        self.lower_name(text, name.span, &source, false, false);
        let condition = entries.and_then(|entries| self.condition(entries, &source)).flatten();
        Some(FeatureDefinition { name: Spanned { text: text.to_owned(), span: name.span }, condition })
    }
}
