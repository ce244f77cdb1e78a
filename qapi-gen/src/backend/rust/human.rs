//! The human monitor: its table of verbs, and what runs one.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{Code, code, literal};
use super::commands::{Arguments, Operation};
use super::context::{Context, Imports};
use super::names::{camel, distinct, snake};
use super::types::Target;
use crate::hmp::{Action, Argument, Kind, Table, Verb};
use crate::schema::{BuiltIn, EntityId, EntityKind, ModuleId};

/// The types of the table, and the trait that reads a line.
const TYPES: &str = include_str!("human_types.rs.in");

/// What the generated traits call a verb.
struct Named<'t> {
    verb: &'t Verb,
    variant: String,
    method: String,
}

impl Context<'_> {
    /// Writes the table and everything around it.
    pub(crate) fn human(&self, table: &Table, code: &mut Code) {
        let words: Vec<String> = table.verbs.iter().map(|verb| verb.words.join("-")).collect();
        let variants = distinct(words.iter().map(String::as_str), camel);
        let methods = distinct(words.iter().map(String::as_str), snake);
        let named: Vec<Named<'_>> = table
            .verbs
            .iter()
            .zip(variants.into_iter().zip(methods))
            .map(|(verb, (variant, method))| Named { verb, variant, method })
            .collect();
        code.lines(TYPES);
        completions(table, code);
        actions(&named, code);
        verbs(&named, code);
        self.screen(&named, code);
        self.run(&named, code);
    }

    /// The operation that the command `id` became in its module.
    fn operation(&self, id: EntityId) -> Option<(ModuleId, Operation<'_>)> {
        let entity = self.schema.entity(id);
        let operations = self.operations(entity.module).into_iter();
        let operation = operations.into_iter().find(|operation| operation.entity.name == entity.name)?;
        Some((entity.module, operation))
    }

    fn screen(&self, named: &[Named<'_>], code: &mut Code) {
        code!(code, "\n/// What verbs show, and what those do that are the monitor's own.");
        code!(code, "pub trait Screen<A: Arguments> {{");
        let mut printed = BTreeSet::new();
        for Named { verb, method, .. } in named {
            match &verb.action {
                Action::Subcommands(_) => {}
                Action::Local => {
                    let parameter = |argument: &Argument| {
                        format!(", {}: {}", snake(&argument.name), local_type(argument))
                    };
                    let parameters: String = verb.arguments.iter().map(parameter).collect();
                    code.documentation(
                        &format!("`{}`: {}.\n\n# Errors\n\nIt failed.", verb.words.join(" "), verb.help),
                        format_args!(""),
                    );
                    code!(code, "fn {method}(&mut self{parameters}) -> Result<(), Error>;\n");
                }
                Action::Command(id) if printed.insert(*id) => self.printer(*id, code),
                Action::Command(_) => {}
            }
        }
        code!(code, "}}\n");
    }

    /// The method that shows a command's reply; a command without one shows nothing.
    fn printer(&self, id: EntityId, code: &mut Code) {
        let Some((module, operation)) = self.operation(id) else { return };
        let Some(returned) = operation.command.returns else { return };
        let mut imports = Imports::paths(1);
        let reply = self.type_name(returned, module, &mut imports);
        let request = match self.arguments(operation.command, module, &mut imports) {
            Arguments::None => String::new(),
            _ => format!("request: &super::{}::requests::{}, ", self.module(module), operation.request),
        };
        code.documentation(&format!("Shows the reply to `{}`.", operation.entity.name), format_args!(""));
        code!(code, "fn print_{}(&mut self, {request}reply: {reply});\n", operation.method);
    }

    fn run(&self, named: &[Named<'_>], code: &mut Code) {
        let mut traits = BTreeMap::new();
        for Named { verb, .. } in named {
            if let Action::Command(id) = verb.action {
                let id = self.schema.entity(id).module;
                let module = self.module(id);
                traits.insert(module.to_owned(), format!("super::{module}::{}", self.handler(id)));
            }
        }
        let bounds: Vec<String> = traits.into_values().chain(["?Sized".to_owned()]).collect();
        code!(code, "/// Reads a verb's arguments, runs it, and shows what comes of it.\n///\n/// # Errors");
        code!(code, "/// The arguments cannot be read, or the command failed.");
        code!(code, "pub fn run<M, A, S>(action: Action, machine: &M, arguments: &mut A, screen: &mut S)");
        code!(code, "-> Result<(), A::Failure>\nwhere\n    M: {},", bounds.join(" + "));
        code!(code, "A: Arguments,\nS: Screen<A> + ?Sized,\n{{\nmatch action {{");
        for named in named {
            self.arm(named, code);
        }
        code!(code, "}}\n}}");
    }

    fn arm(&self, Named { verb, variant, method }: &Named<'_>, code: &mut Code) {
        code!(code, "Action::{variant} => {{");
        for argument in &verb.arguments {
            let name = snake(&argument.name);
            let reader = reader(argument.kind);
            match argument.optional {
                false => code!(code, "let {name} = arguments.{reader}()?;"),
                true => code!(
                    code,
                    "let {name} = if arguments.at_end() {{ None }} else {{ Some(arguments.{reader}()?) }};"
                ),
            }
        }
        code!(code, "arguments.end()?;");
        match &verb.action {
            Action::Subcommands(_) => {}
            Action::Local => {
                let names: Vec<String> =
                    verb.arguments.iter().map(|argument| snake(&argument.name)).collect();
                code!(code, "screen.{method}({})?;", names.join(", "));
            }
            Action::Command(id) => self.run_command(*id, verb, code),
        }
        code!(code, "Ok(())\n}}");
    }

    fn run_command(&self, id: EntityId, verb: &Verb, code: &mut Code) {
        let Some((module, operation)) = self.operation(id) else { return };
        let Operation { command, method, request, .. } = &operation;
        let members = command.arguments.map(|of| self.schema.all_members(of)).unwrap_or_default();
        let (argument, shown) = match command.arguments {
            None => ("", ""),
            Some(_) => ("request.clone()", "&request, "),
        };
        if let Some(of) = command.arguments {
            let mut imports = Imports::new(true);
            let mut text = Code::default();
            let mut target = Target { code: &mut text, imports: &mut imports, module };
            let fields = self.fields(of, of, operation.entity, None, &mut target);
            for argument in &verb.arguments {
                let member = members.iter().find(|member| member.name == argument.name);
                if let Some(member) = member {
                    convert(argument, &self.schema.entity(member.of).kind, self.names.of(member.of), code);
                }
            }
            code!(code, "let request = super::{}::requests::{request} {{", self.module(module));
            for field in &fields {
                match verb.arguments.iter().find(|argument| argument.name == field.member.name) {
                    None => code!(code, "{}: None,", field.name),
                    Some(argument) if argument.optional == field.member.optional => {
                        code!(code, "{},", field.name)
                    }
                    Some(_) => code!(code, "{0}: Some({0}),", field.name),
                }
            }
            code!(code, "}};");
        }
        match command.returns {
            None => code!(code, "machine.{method}({argument})?;"),
            Some(_) => {
                code!(code, "let reply = machine.{method}({argument})?;");
                code!(code, "screen.print_{method}({shown}reply);");
            }
        }
    }
}

fn completions(table: &Table, code: &mut Code) {
    code!(code, "/// What the values of an argument are.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]");
    code!(code, "pub enum Completion {{");
    for word in table.completions() {
        code.documentation(&format!("`{word}`"), format_args!(""));
        code!(code, "{},", camel(word));
    }
    code!(code, "}}\n");
}

fn actions(named: &[Named<'_>], code: &mut Code) {
    code!(code, "/// What a verb does.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum Action {{");
    for Named { verb, variant, .. } in named {
        code.documentation(&format!("`{}`", verb.words.join(" ")), format_args!(""));
        code!(code, "{variant},");
    }
    code!(code, "}}\n");
}

fn verbs(named: &[Named<'_>], code: &mut Code) {
    code!(code, "/// Every verb, in the order of help.\npub static VERBS: &[Verb] = &[");
    for Named { verb, variant, .. } in named {
        let list = |words: &[String]| words.iter().map(|word| literal(word)).collect::<Vec<_>>().join(", ");
        let is_table = matches!(verb.action, Action::Subcommands(_));
        code!(code, "Verb {{\nwords: &[{}],\naliases: &[{}],", list(&verb.words), list(&verb.aliases));
        code!(code, "title: {},\nparameters: {},", literal(&verb.title), literal(&verb.parameters()));
        code!(code, "help: {},", literal(&verb.help));
        if verb.arguments.is_empty() {
            code!(code, "arguments: &[],");
        } else {
            code!(code, "arguments: &[");
            for argument in &verb.arguments {
                let (name, optional) = (literal(&argument.name), argument.optional);
                let kind = camel(argument.kind.as_str());
                let complete = match &argument.complete {
                    Some(word) => format!("Some(Completion::{})", camel(word)),
                    None => "None".to_owned(),
                };
                code!(code, "Argument {{\nname: {name},\nkind: ArgumentKind::{kind},");
                code!(code, "optional: {optional},\ncomplete: {complete},\n}},");
            }
            code!(code, "],");
        }
        code!(code, "opens_table: {is_table},\naction: Action::{variant},\n}},");
    }
    code!(code, "];");
}

/// Turns what was read into what the command takes.
fn convert(argument: &Argument, of: &EntityKind, rust: &str, code: &mut Code) {
    let name = snake(&argument.name);
    let conversion = match (argument.kind, of) {
        (Kind::String | Kind::Device | Kind::Words, EntityKind::Enum(_)) => {
            let text = format!("Parameter '{}' does not accept value '{{{name}}}'", argument.name);
            format!("{name}.parse::<{rust}>().map_err(|_| Error::generic(format!({})))", literal(&text))
        }
        (Kind::Integer, EntityKind::BuiltIn(of)) => {
            let Some((of, wire)) = narrow(*of) else {
                match of {
                    BuiltIn::Uint32 => {}
                    BuiltIn::Uint64 | BuiltIn::Size => {
                        code!(code, "let {name} = {};", widen(argument, &name, "u64"))
                    }
                    _ => code!(code, "let {name} = {};", widen(argument, &name, "i64")),
                }
                return;
            };
            let text = match &argument.refusal {
                Some(refusal) => format!("{refusal} {{{name}}}"),
                None => format!("Parameter '{}' expects {wire}", argument.name),
            };
            let text = match argument.refusal {
                Some(_) => format!("format!({})", literal(&text)),
                None => literal(&text),
            };
            format!("{of}::try_from({name}).map_err(|_| Error::generic({text}))")
        }
        (Kind::Address, EntityKind::BuiltIn(BuiltIn::Int | BuiltIn::Int64)) => {
            let signed = match argument.optional {
                true => format!("{name}.map(u64::cast_signed)"),
                false => format!("{name}.cast_signed()"),
            };
            code!(code, "let {name} = {signed};");
            return;
        }
        _ => return,
    };
    match argument.optional {
        true => code!(code, "let {name} = {name}.map(|{name}| {conversion}).transpose()?;"),
        false => code!(code, "let {name} = {conversion}?;"),
    }
}

fn widen(argument: &Argument, name: &str, to: &str) -> String {
    if argument.optional { format!("{name}.map({to}::from)") } else { format!("{to}::from({name})") }
}

/// Types that not every 32-bit number fits, with their names on the wire.
fn narrow(of: BuiltIn) -> Option<(&'static str, &'static str)> {
    match of {
        BuiltIn::Int8 => Some(("i8", "int8_t")),
        BuiltIn::Int16 => Some(("i16", "int16_t")),
        BuiltIn::Int32 => Some(("i32", "int32_t")),
        BuiltIn::Uint8 => Some(("u8", "uint8_t")),
        BuiltIn::Uint16 => Some(("u16", "uint16_t")),
        _ => None,
    }
}

fn reader(kind: Kind) -> &'static str {
    match kind {
        Kind::String | Kind::Device => "string",
        Kind::Integer => "integer",
        Kind::Address => "address",
        Kind::Format => "format",
        Kind::Switch => "switch",
        Kind::Words => "words",
    }
}

fn local_type(argument: &Argument) -> String {
    let of = match argument.kind {
        Kind::String | Kind::Device | Kind::Words => "String",
        Kind::Integer => "u32",
        Kind::Address => "u64",
        Kind::Format => "A::Format",
        Kind::Switch => "bool",
    };
    if argument.optional { format!("Option<{of}>") } else { of.to_owned() }
}
