//! Which files there are and what each begins with.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

use super::code::{Code, code};
use super::context::{Context, Imports};
use super::types::Target;
use super::{Options, conditions, documentation, introspection, uses};
use crate::backend::OutputFile;
use crate::hmp::Table;
use crate::schema::{EntityKind, ModuleId, Origin};

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

/// What the output needs, as the lines of a manifest.
const DEPENDENCIES: [&str; 2] = ["serde = \"1\"", "serde_json = \"1\""];

/// More would wait for the largest module.
const MOST_WORKERS: usize = 8;

/// Every file of the output.
pub(crate) fn files(context: &Context<'_>, hmp: Option<&Table>, options: &Options) -> Vec<OutputFile> {
    let features = conditions::features(context.schema);
    let mut output =
        Output { context, options, features, files: Vec::new(), modules: vec!["runtime".to_owned()] };
    for (path, text) in RUNTIME {
        let preamble = format!("// Written by `{}`; change nothing here.\n\n", options.command);
        output.files.push(OutputFile { path: path.to_owned(), text: format!("{preamble}{text}") });
    }
    output.modules();
    if options.outputs.introspection {
        output.introspection();
    }
    if options.outputs.documentation {
        output.documentation();
    }
    if let Some(table) = hmp {
        output.human(table);
    }
    output.root();
    output.files
}

struct Output<'a> {
    context: &'a Context<'a>,
    options: &'a Options,
    /// Features of the crate that stand for conditions.
    features: Vec<String>,
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
    const ALL: [Part; 4] = [Part::Types, Part::Commands, Part::Requests, Part::Events];

    const fn name(self) -> &'static str {
        match self {
            Part::Types => "types",
            Part::Commands => "commands",
            Part::Requests => "requests",
            Part::Events => "events",
        }
    }

    const fn heading(self) -> &'static str {
        match self {
            Part::Types => "Types",
            Part::Commands => "Commands, from the server's side,",
            Part::Requests => "Commands, from the client's side,",
            Part::Events => "Events",
        }
    }
}

impl Output<'_> {
    /// Writes every module, several at a time: they know nothing of each other.
    fn modules(&mut self) {
        let workers = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_WORKERS);
        let this = &*self;
        let written: Vec<(ModuleId, Vec<OutputFile>)> = thread::scope(|scope| {
            let worker = |worker| {
                let own = this.context.schema.module_ids().skip(worker).step_by(workers);
                scope.spawn(move || own.map(|id| (id, this.module(id))).collect::<Vec<_>>())
            };
            let handles: Vec<_> = (0..workers).map(worker).collect();
            let written =
                handles.into_iter().map(|handle| handle.join().unwrap_or_else(|panic| resume_unwind(panic)));
            written.flatten().collect()
        });
        let mut written: Vec<_> = written.into_iter().filter(|(_, files)| !files.is_empty()).collect();
        written.sort_by_key(|(id, _)| *id);
        for (id, files) in written {
            self.modules.push(self.context.module(id).to_owned());
            self.files.extend(files);
        }
    }

    /// The files of one module; none if there is nothing in it.
    fn module(&self, id: ModuleId) -> Vec<OutputFile> {
        let parts = Part::ALL.into_iter().filter_map(|part| Some((part, self.part(id, part)?)));
        let (written, mut files): (Vec<Part>, Vec<OutputFile>) = parts.unzip();
        if written.is_empty() {
            return files;
        }
        let module = self.context.module(id).to_owned();
        let name = &self.context.schema.module(id).name;
        let mut code = self.preamble(name);
        code!(code, "//! The Rust for `{name}`.\n");
        for part in &written {
            let public = if *part == Part::Requests { "pub " } else { "" };
            code!(code, "{public}mod {};", part.name());
        }
        code.blank();
        for part in written.iter().filter(|part| **part != Part::Requests) {
            code!(code, "pub use {}::*;", part.name());
        }
        files.push(OutputFile { path: format!("{module}/mod.rs"), text: code.finish() });
        files
    }

    /// One file of a module; none if there is nothing in it.
    fn part(&self, module: ModuleId, part: Part) -> Option<OutputFile> {
        let outputs = self.options.outputs;
        let mut body = Code::default();
        // Names that depend on features cannot be imported without the same conditions.
        let by_path = !self.features.is_empty();
        let mut imports = if by_path { Imports::paths(2) } else { Imports::new(part == Part::Types) };
        let mut target = Target { code: &mut body, imports: &mut imports, module };
        match part {
            Part::Types => self.types(module, &mut target),
            // A command's arguments are the server's as well as the client's.
            Part::Requests if outputs.client || outputs.server => self.context.requests(module, &mut target),
            Part::Commands if outputs.server => self.context.commands(module, &mut target),
            Part::Events if outputs.events => self.context.events(module, &mut target),
            _ => {}
        }
        let needed = body.needed() | imports.needed();
        let body = body.finish();
        if body.is_empty() {
            return None;
        }
        let name = &self.context.schema.module(module).name;
        let mut code = self.preamble(name);
        code!(code, "//! {} of `{name}`.\n", part.heading());
        self.allowances(&body, &mut code);
        code!(code, "{}", uses::lines(&needed));
        code.lines(&imports.lines());
        code.blank();
        let path = format!("{}/{}.rs", self.context.module(module), part.name());
        let mut text = code.finish();
        text.push_str(&body);
        Some(OutputFile { path, text })
    }

    /// Lints that the text cannot heed.
    fn allowances(&self, body: &str, code: &mut Code) {
        if body.contains("fn encode_branch") || body.contains("no_alternative") {
            let reason = "the schema decides what a branch holds";
            code!(code, "#![allow(clippy::large_enum_variant, reason = \"{reason}\")]\n");
        }
    }

    /// Lints that cannot be heeded under every combination of features. One attribute covers the modules below.
    fn feature_allowances(&self, code: &mut Code) {
        if !self.features.is_empty() {
            code!(
                code,
                "#![allow(\nunexpected_cfgs,\nunreachable_patterns,\nunused_imports,\nunused_variables,"
            );
            code!(
                code,
                "reason = \"what is there depends on features, which the crate need not have\"\n)]\n"
            );
        }
    }

    fn types(&self, module: ModuleId, target: &mut Target<'_>) {
        for (id, entity) in self.context.schema.in_module(module) {
            let is_wanted = match &entity.kind {
                EntityKind::Enum(_) | EntityKind::Alternate(_) => true,
                EntityKind::Object(object) => matches!(object.origin, Origin::Struct | Origin::Union),
                _ => false,
            };
            if is_wanted && (entity.span.is_some() || self.context.is_used(id)) {
                self.context.type_definition(id, target);
            }
        }
    }

    fn preamble(&self, file: &str) -> Code {
        let mut code = Code::default();
        let path = match (self.options.schema.as_str(), file) {
            ("", file) => file.to_owned(),
            (folder, file) => format!("{folder}/{file}"),
        };
        let from = if path.is_empty() { String::new() } else { format!(" from `{path}`") };
        code!(code, "// Written by `{}`{from}; change nothing here.\n", self.options.command);
        code
    }

    fn introspection(&mut self) {
        let mut code = self.preamble("");
        code!(code, "//! What `query-qmp-schema` answers.\n");
        introspection::write(self.context.schema, !self.features.is_empty(), &mut code);
        self.modules.push("introspection".to_owned());
        self.files.push(OutputFile { path: "introspection.rs".to_owned(), text: code.finish() });
    }

    fn documentation(&mut self) {
        let mut code = self.preamble("");
        code!(code, "//! What the schema says of commands and events in words.\n");
        documentation::write(self.context.schema, &mut code);
        self.modules.push("documentation".to_owned());
        self.files.push(OutputFile { path: "documentation.rs".to_owned(), text: code.finish() });
    }

    fn human(&mut self, table: &Table) {
        let mut code = self.preamble("hmp.json");
        code!(code, "//! The human monitor's verbs.\n\nuse super::runtime::Error;\n");
        self.context.human(table, &mut code);
        self.modules.push("hmp".to_owned());
        self.files.push(OutputFile { path: "hmp.rs".to_owned(), text: code.finish() });
    }

    fn root(&mut self) {
        let mut code = Code::default();
        for dependency in DEPENDENCIES {
            code!(code, "// dependency: {dependency}");
        }
        for feature in &self.features {
            code!(code, "// feature: {feature} = []");
        }
        code.lines(&self.preamble("").finish());
        code!(code, "\n//! The Rust that is generated from the schema.\n");
        self.feature_allowances(&mut code);
        self.modules.sort();
        for module in &self.modules {
            code!(code, "pub mod {module};");
        }
        self.files.push(OutputFile { path: "mod.rs".to_owned(), text: code.finish() });
    }
}
