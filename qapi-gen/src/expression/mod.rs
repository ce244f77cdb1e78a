//! The checks that look at one expression alone. They turn it into a [`Definition`] and report everything that
//! keeps it from being one.

mod body;
mod command;
mod condition;
mod features;
mod keys;
mod members;
pub(crate) mod names;

use crate::definition::{Body, Definition};
use crate::diagnostic::{DefinitionPlace, Diagnostic, Meta};
use crate::documentation::{Documentation, SectionKind};
use crate::pragma::Pragmas;
use crate::problem::Problem;
use crate::source::Span;
use crate::syntax::{Entry, Value};

/// What the checks of one expression share.
pub(crate) struct Context<'a> {
    pub(crate) place: DefinitionPlace,
    pub(crate) pragmas: &'a Pragmas,
    pub(crate) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Context<'_> {
    pub(crate) fn error(&mut self, problem: Problem, span: Span) {
        self.error_with(problem, span, None);
    }

    pub(crate) fn error_with(&mut self, problem: Problem, span: Span, help: Option<String>) {
        self.diagnostics.push(Diagnostic::within(problem, span, &self.place).help(help));
    }
}

/// Checks one expression; nothing comes back if not even its kind and name are known.
pub(crate) fn check(
    entries: &[Entry],
    span: Span,
    documentation: Option<(usize, &Documentation)>,
    pragmas: &Pragmas,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Definition> {
    let (meta, name_value) = meta_and_name(entries, span, diagnostics)?;
    let Some(name) = name_value.as_text() else {
        let problem = Problem::NameNotString(format!("'{}'", meta.as_str()));
        diagnostics.push(Diagnostic::on_line(problem, name_value.span, span));
        return None;
    };
    let before = diagnostics.len();
    let place = DefinitionPlace { meta, name: name.to_owned(), span };
    let mut context = Context { place: place.clone(), pragmas, diagnostics };
    context.definition_name(name, name_value.span);
    context.documentation(documentation.map(|(_, block)| block), entries);
    let body = context.body(entries);
    let condition = context.condition(entries, meta.as_str());
    let features = context.features(entries);
    context.flags(entries);
    let sound = diagnostics.len() == before;
    Some(Definition {
        place,
        name_span: name_value.span,
        documentation: documentation.map(|(index, _)| index),
        condition: condition.flatten(),
        features,
        body: body.filter(|_| sound),
    })
}

fn meta_and_name<'e>(
    entries: &'e [Entry],
    span: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(Meta, &'e Value)> {
    let mut found = entries.iter().filter_map(|entry| {
        Meta::ALL.into_iter().find(|meta| meta.as_str() == entry.key).map(|meta| (meta, &entry.value))
    });
    match (found.next(), found.next()) {
        (Some(found), None) => Some(found),
        _ => {
            let keys = entries.iter().map(|entry| entry.key.as_str());
            let metas = || Meta::ALL.into_iter().map(Meta::as_str);
            let help = keys.into_iter().find_map(|key| crate::diagnostic::did_you_mean(key, metas()));
            diagnostics.push(Diagnostic::on_line(Problem::NotOneMetaKey, span, span).help(help));
            None
        }
    }
}

impl Context<'_> {
    fn documentation(&mut self, block: Option<&Documentation>, entries: &[Entry]) {
        let span = self.place.span;
        let Some(block) = block else {
            if self.pragmas.doc_required {
                let help = format!("put a block that starts with '# @{}:' before it", self.place.name);
                self.error_with(Problem::DocumentationRequired, span, Some(help));
            }
            return;
        };
        let Some(symbol) = &block.symbol else { return };
        if *symbol != self.place.name {
            return self.error(Problem::DocumentationForOther(symbol.clone()), span);
        }
        let is_command = self.place.meta == Meta::Command;
        for kind in [SectionKind::Returns, SectionKind::Errors] {
            let Some(section) = block.section(kind) else { continue };
            let problem = match kind {
                _ if !is_command => Problem::SectionOnlyForCommands(kind.as_str()),
                SectionKind::Returns if !keys::has(entries, "returns") => Problem::ReturnsNothing,
                _ => continue,
            };
            self.diagnostics.push(Diagnostic::on_line(problem, section.span, section.span));
        }
    }

    fn body(&mut self, entries: &[Entry]) -> Option<Body> {
        match self.place.meta {
            Meta::Enum => self.enum_body(entries),
            Meta::Struct => self.struct_body(entries),
            Meta::Union => self.union_body(entries),
            Meta::Alternate => self.alternate_body(entries),
            Meta::Command => self.command_body(entries),
            Meta::Event => self.event_body(entries),
        }
    }
}
