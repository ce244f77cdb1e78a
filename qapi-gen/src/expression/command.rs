//! The form of commands and events.

use super::Context;
use super::keys::has;
use crate::definition::{Body, CommandDefinition, Data};
use crate::diagnostic::Meta;
use crate::problem::Problem;
use crate::syntax::{Entry, Value, get};

impl Context<'_> {
    pub(super) fn command_body(&mut self, entries: &[Entry]) -> Option<Body> {
        const OPTIONAL: [&str; 10] = [
            "data",
            "returns",
            "boxed",
            "if",
            "features",
            "gen",
            "success-response",
            "allow-oob",
            "allow-preconfig",
            "coroutine",
        ];
        self.keys(entries, self.place.span, "command", &["command"], &OPTIONAL);
        let boxed = is_set(entries, "boxed");
        let data = self.arguments(entries, boxed);
        let returns = match get(entries, "returns") {
            Some(returns) => Some(self.type_or_array(returns, "'returns'")?),
            None => None,
        };
        Some(Body::Command(CommandDefinition {
            data: data?,
            returns,
            boxed,
            generate: !has(entries, "gen"),
            success_response: !has(entries, "success-response"),
            allow_oob: has(entries, "allow-oob"),
            allow_preconfig: has(entries, "allow-preconfig"),
            coroutine: has(entries, "coroutine"),
        }))
    }

    pub(super) fn event_body(&mut self, entries: &[Entry]) -> Option<Body> {
        self.keys(entries, self.place.span, "event", &["event"], &["data", "boxed", "if", "features"]);
        let boxed = is_set(entries, "boxed");
        let data = self.arguments(entries, boxed)?;
        Some(Body::Event { data, boxed })
    }

    fn arguments(&mut self, entries: &[Entry], boxed: bool) -> Option<Data> {
        let data = get(entries, "data");
        if !boxed {
            return self.data(data, "'data'", false);
        }
        match data {
            Some(data) => self.type_name(data, "'data'").map(Data::Type),
            None => {
                let span = entries.iter().find(|entry| entry.key == "boxed").map(|entry| entry.key_span);
                self.error(Problem::BoxedWithoutData, span.unwrap_or(self.place.span));
                None
            }
        }
    }

    pub(super) fn flags(&mut self, entries: &[Entry]) {
        if !matches!(self.place.meta, Meta::Command | Meta::Event) {
            return;
        }
        for (name, value) in [
            ("gen", false),
            ("success-response", false),
            ("boxed", true),
            ("allow-oob", true),
            ("allow-preconfig", true),
            ("coroutine", true),
        ] {
            if let Some(flag) = get(entries, name).filter(|flag| flag.as_bool() != Some(value)) {
                self.error(Problem::FlagValue { name, value }, flag.span);
            }
        }
        if is_set(entries, "allow-oob") && is_set(entries, "coroutine") {
            self.error(Problem::FlagsIncompatible, self.place.span);
        }
    }
}

fn is_set(entries: &[Entry], flag: &str) -> bool {
    get(entries, flag).is_some_and(|value| !Value::is_empty(value))
}
