//! Rust: types, traits and tables of commands, requests, events and introspection.

mod code;
mod commands;
mod context;
mod events;
mod human;
mod names;
mod requests;
mod types;
mod unions;
mod uses;

use code::{Code, code};
use context::{Context, Imports};
use types::Target;

use super::OutputFile;
use super::introspection::{self, introspection, one_line};
use crate::hmp::Table;
use crate::schema::{EntityKind, ModuleId, ModuleItem, Origin, Schema};

/// What the generated code stands on, word for word.
const RUNTIME: [(&str, &str); 8] = [
    ("runtime/command.rs", include_str!("../../runtime/command.rs")),
    ("runtime/decode.rs", include_str!("../../runtime/decode.rs")),
    ("runtime/empty.rs", include_str!("../../runtime/empty.rs")),
    ("runtime/encode.rs", include_str!("../../runtime/encode.rs")),
    ("runtime/error.rs", include_str!("../../runtime/error.rs")),
    ("runtime/event.rs", include_str!("../../runtime/event.rs")),
    ("runtime/integer.rs", include_str!("../../runtime/integer.rs")),
    ("runtime/mod.rs", include_str!("../../runtime/mod.rs")),
];

/// How the output is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// The command that writes the output again; every file names it.
    pub command: String,
    /// How the schema's folder is called in the files' first lines.
    pub schema: String,
}

/// The Rust for a schema, and for the human monitor's table where there is one.
pub fn rust(schema: &Schema, hmp: Option<&Table>, options: &Options) -> Vec<OutputFile> {
    let context = Context::new(schema);
    let mut output = Output { context: &context, options, files: Vec::new(), modules: Vec::new() };
    for (path, text) in RUNTIME {
        let preamble = format!("// Written by `{}`; change nothing here.\n\n", options.command);
        output.files.push(OutputFile { path: path.to_owned(), text: format!("{preamble}{text}") });
    }
    for id in schema.module_ids() {
        output.module(id);
    }
    output.introspection();
    if let Some(table) = hmp {
        output.human(table);
    }
    output.root(hmp.is_some());
    output.files
}

struct Output<'a> {
    context: &'a Context<'a>,
    options: &'a Options,
    files: Vec<OutputFile>,
    modules: Vec<String>,
}

/// The files of one module, in the order in which its `mod.rs` lists them.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Types,
    Commands,
    Requests,
    Events,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Part::Types => "types",
            Part::Commands => "commands",
            Part::Requests => "requests",
            Part::Events => "events",
        }
    }
}

impl Output<'_> {
    fn module(&mut self, id: ModuleId) {
        let parts = [Part::Types, Part::Commands, Part::Requests, Part::Events];
        let written: Vec<Part> = parts.into_iter().filter(|part| self.part(id, *part)).collect();
        if written.is_empty() {
            return;
        }
        let module = self.context.module(id).to_owned();
        let name = &self.context.schema.module(id).name;
        let mut code = self.preamble(name);
        code!(code, "//! The Rust for `{name}`.\n");
        for part in &written {
            match part {
                Part::Requests => code!(code, "pub mod {};", part.name()),
                _ => code!(code, "mod {};", part.name()),
            }
        }
        code.blank();
        for part in written.iter().filter(|part| **part != Part::Requests) {
            code!(code, "pub use {}::*;", part.name());
        }
        self.files.push(OutputFile { path: format!("{module}/mod.rs"), text: code.finish() });
        self.modules.push(module);
    }

    /// Writes one file of a module; false if there is nothing in it.
    fn part(&mut self, module: ModuleId, part: Part) -> bool {
        let mut body = Code::default();
        let mut imports = Imports::new(part == Part::Types);
        let mut target = Target { code: &mut body, imports: &mut imports, module };
        let operations = self.context.operations(module);
        match part {
            Part::Types => self.types(module, &mut target),
            Part::Commands if operations.is_empty() => {}
            Part::Commands => self.context.commands(&operations, &mut target),
            Part::Requests => self.context.requests(&operations, &mut target),
            Part::Events => {
                self.context.events_of(module).into_iter().for_each(|id| self.context.event(id, &mut target));
            }
        }
        let body = body.finish();
        if body.is_empty() {
            return false;
        }
        let name = &self.context.schema.module(module).name;
        let mut code = self.preamble(name);
        code!(code, "{}", part_heading(part, name));
        code!(code, "{}", uses::lines(&body));
        code.lines(&imports.lines());
        code.blank();
        let path = format!("{}/{}.rs", self.context.module(module), part.name());
        self.files.push(OutputFile { path, text: code.finish() + &body });
        true
    }

    fn types(&self, module: ModuleId, target: &mut Target<'_>) {
        for item in &self.context.schema.module(module).items {
            let ModuleItem::Entity(id) = item else { continue };
            let entity = self.context.schema.entity(*id);
            let is_wanted = match &entity.kind {
                EntityKind::Enum(_) => true,
                EntityKind::Alternate(_) => true,
                EntityKind::Object(object) => matches!(object.origin, Origin::Struct | Origin::Union),
                _ => false,
            };
            if is_wanted && (entity.span.is_some() || self.context.is_used(*id)) {
                self.context.type_definition(*id, target);
            }
        }
    }

    fn preamble(&self, module: &str) -> Code {
        let mut code = Code::default();
        let path = match self.options.schema.as_str() {
            "" => module.to_owned(),
            folder => format!("{folder}/{module}"),
        };
        code!(code, "// Written by `{}` from `{path}`; change nothing here.\n", self.options.command);
        code
    }

    fn introspection(&mut self) {
        let entries = introspection(
            self.context.schema,
            &introspection::Options { unmask: false, defined: Some(Default::default()) },
        );
        let mut code = self.preamble("");
        code!(code, "//! What `query-qmp-schema` answers.\n");
        code!(code, "/// The answer as JSON, one line.\npub const SCHEMA: &str = concat!(\n\"[\",");
        let last = entries.len().saturating_sub(1);
        for (index, entry) in entries.iter().enumerate() {
            let separator = if index == last { "" } else { ", " };
            code!(code, "r#\"{}{separator}\"#,", one_line(entry));
        }
        code!(code, "\"]\",\n);");
        self.files.push(OutputFile { path: "introspection.rs".to_owned(), text: code.finish() });
    }

    fn human(&mut self, table: &Table) {
        let mut code = self.preamble("hmp.json");
        code!(code, "//! The human monitor's verbs.\n\nuse super::runtime::Error;\n");
        self.context.human(table, &mut code);
        self.files.push(OutputFile { path: "hmp.rs".to_owned(), text: code.finish() });
    }

    fn root(&mut self, hmp: bool) {
        let mut code = self.preamble("");
        code!(code, "//! The Rust that is generated from the schema.\n");
        let own = ["introspection", "runtime"].into_iter().chain(hmp.then_some("hmp"));
        self.modules.extend(own.map(str::to_owned));
        self.modules.sort();
        for module in &self.modules {
            code!(code, "pub mod {module};");
        }
        self.files.push(OutputFile { path: "mod.rs".to_owned(), text: code.finish() });
    }
}

fn part_heading(part: Part, module: &str) -> String {
    match part {
        Part::Types => format!("//! Types of `{module}`.\n"),
        Part::Commands => format!("//! Commands of `{module}`, from the server's side.\n"),
        Part::Requests => format!("//! Commands of `{module}`, from the client's side.\n"),
        Part::Events => format!("//! Events of `{module}`.\n"),
    }
}
