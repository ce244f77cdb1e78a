//! The form of `if`.

use super::Context;
use crate::condition::Condition;
use crate::problem::Problem;
use crate::syntax::{Entry, Value, get};

const OPERATORS: [&str; 3] = ["all", "any", "not"];

impl Context<'_> {
    /// The condition of an object with the given entries: none if it is wrong, an empty one if there is none.
    pub(super) fn condition(&mut self, entries: &[Entry], source: &str) -> Option<Option<Condition>> {
        match get(entries, "if") {
            None => Some(None),
            Some(value) => self.condition_value(value, source).map(Some),
        }
    }

    fn condition_value(&mut self, value: &Value, source: &str) -> Option<Condition> {
        if let Some(name) = value.as_text() {
            return self.condition_name(name, value, source);
        }
        let Some(entries) = value.as_object() else {
            self.error(Problem::ConditionKind(source.to_owned()), value.span);
            return None;
        };
        let before = self.diagnostics.len();
        self.keys(entries, value.span, &format!("'if' condition of {source}"), &[], &OPERATORS);
        if self.diagnostics.len() > before {
            return None;
        }
        let [entry] = entries else {
            self.error(Problem::ConditionKeys(source.to_owned()), value.span);
            return None;
        };
        match entry.key.as_str() {
            "not" => self.condition_value(&entry.value, source).map(|part| Condition::Not(Box::new(part))),
            "all" => self.operands("all", &entry.value, source).map(Condition::All),
            _ => self.operands("any", &entry.value, source).map(Condition::Any),
        }
    }

    fn condition_name(&mut self, name: &str, value: &Value, source: &str) -> Option<Condition> {
        let allowed = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_';
        if name.starts_with(|first: char| first.is_ascii_uppercase()) && name.chars().all(allowed) {
            return Some(Condition::Name(name.to_owned()));
        }
        let problem = Problem::ConditionName { condition: name.to_owned(), source_: source.to_owned() };
        self.error(problem, value.span);
        None
    }

    fn operands(&mut self, operator: &'static str, value: &Value, source: &str) -> Option<Vec<Condition>> {
        let Some(operands) = value.as_array() else {
            self.error(Problem::ConditionNotArray { operator, source_: source.to_owned() }, value.span);
            return None;
        };
        if operands.is_empty() {
            self.error(Problem::ConditionEmpty(source.to_owned()), value.span);
            return None;
        }
        let parts: Vec<_> = operands.iter().map(|operand| self.condition_value(operand, source)).collect();
        parts.into_iter().collect()
    }
}
