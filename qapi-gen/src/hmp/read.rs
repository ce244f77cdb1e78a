//! Reads the table and checks it against the schema.

use std::io;
use std::path::Path;

use super::{Action, Argument, Kind, Table, Verb};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::loader::ReadFile;
use crate::problem::Problem;
use crate::schema::{BuiltIn, Command, EntityId, EntityKind, Member, Origin, Schema};
use crate::source::{Sources, Span};
use crate::syntax::lexer::Token;
use crate::syntax::parser::Parser;
use crate::syntax::{Entry, Value, get};

const KINDS: &[&str] = &["string", "device", "integer", "address", "format", "switch", "words"];
const VERB_KEYS: [&str; 6] = ["verb", "arguments", "help", "command", "local", "subcommands"];
const ARGUMENT_KEYS: [&str; 5] = ["name", "kind", "optional", "refusal", "complete"];

/// The table in the file at `path`, with the file for diagnostics to refer to, and everything that is wrong.
///
/// # Errors
/// The file cannot be read.
pub fn read(
    path: &Path,
    files: &dyn ReadFile,
    schema: &Schema,
) -> io::Result<(Table, Sources, Vec<Diagnostic>)> {
    let mut sources = Sources::default();
    let file = sources.add(path.display().to_string(), path.to_owned(), files.read(path)?, None);
    let mut reader =
        Reader { schema, table: Table::default(), diagnostics: Vec::new(), verb: Sources::start() };
    let mut parser = Parser::new(file, &sources.file(file).text);
    let mut advanced = parser.advance();
    loop {
        if let Err(diagnostic) = advanced {
            reader.diagnostics.push(*diagnostic);
            parser.recover();
            advanced = parser.advance();
            continue;
        }
        advanced = match parser.token {
            Token::End => break,
            Token::Comment => parser.advance(),
            _ => parser.expression().map(|value| reader.expression(&value)),
        };
    }
    let Reader { table, diagnostics, .. } = reader;
    Ok((table, sources, diagnostics))
}

struct Reader<'a> {
    schema: &'a Schema,
    table: Table,
    diagnostics: Vec<Diagnostic>,
    /// The verb that is being read.
    verb: Span,
}

impl Reader<'_> {
    fn error(&mut self, problem: Problem, span: Span) {
        self.error_with(problem, span, None);
    }

    fn error_with(&mut self, problem: Problem, span: Span, help: Option<String>) {
        self.diagnostics.push(Diagnostic::on_line(problem, span, self.verb).help(help));
    }

    fn expression(&mut self, value: &Value) {
        self.verb = value.span;
        let Some(entries) = value.as_object() else { return self.error(Problem::NotAnObject, value.span) };
        if let Some(verb) = self.verb(entries) {
            self.table.verbs.push(verb);
        }
    }

    fn keys(&mut self, entries: &[Entry], source: &str, known: &[&str]) {
        for entry in entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            let problem = Problem::UnknownKeys {
                source_: source.to_owned(),
                keys: vec![entry.key.clone()],
                valid: known.iter().map(|key| (*key).to_owned()).collect(),
            };
            self.error_with(problem, entry.key_span, did_you_mean(&entry.key, known.iter().copied()));
        }
    }

    /// The text of a key that must be there.
    fn text(&mut self, entries: &[Entry], source: &str, key: &str) -> Option<(String, Span)> {
        let Some(value) = get(entries, key) else {
            let problem = Problem::MissingKeys { source_: source.to_owned(), keys: vec![key.to_owned()] };
            self.error(problem, self.verb);
            return None;
        };
        match value.as_text() {
            Some(text) => Some((text.to_owned(), value.span)),
            None => {
                self.error(Problem::NotString(format!("'{key}'")), value.span);
                None
            }
        }
    }

    /// The text of a key that may be missing; nothing at all if it is there and no text.
    fn optional_text(&mut self, entries: &[Entry], source: &str, key: &str) -> Option<Option<String>> {
        match get(entries, key) {
            Some(_) => self.text(entries, source, key).map(|(text, _)| Some(text)),
            None => Some(None),
        }
    }

    fn verb(&mut self, entries: &[Entry]) -> Option<Verb> {
        self.keys(entries, "verb", &VERB_KEYS);
        let (title, span) = self.text(entries, "verb", "verb")?;
        let mut words: Vec<String> = title.split(' ').map(str::to_owned).collect();
        let last = words.pop().unwrap_or_default();
        let mut spellings = last.split('|').map(str::to_owned);
        words.extend(spellings.next());
        if self.table.verbs.iter().any(|verb| verb.words == words) {
            self.error(Problem::VerbTaken(words.join(" ")), span);
        }
        let (help, _) = self.text(entries, "verb", "help")?;
        let arguments = self.arguments(entries)?;
        let action = self.action(entries, &arguments)?;
        Some(Verb { title, words, aliases: spellings.collect(), arguments, help, action })
    }

    fn arguments(&mut self, entries: &[Entry]) -> Option<Vec<Argument>> {
        let Some(value) = get(entries, "arguments") else { return Some(Vec::new()) };
        let Some(arguments) = value.as_array() else {
            self.error(Problem::NotArray("'arguments'".to_owned()), value.span);
            return None;
        };
        let mut read: Vec<Argument> = Vec::new();
        for value in arguments {
            let argument = self.argument(value)?;
            if !argument.optional && read.iter().any(|before| before.optional) {
                self.error(Problem::MandatoryAfterOptional(argument.name.clone()), value.span);
            }
            read.push(argument);
        }
        Some(read)
    }

    fn argument(&mut self, value: &Value) -> Option<Argument> {
        const SOURCE: &str = "'arguments' member";
        let Some(entries) = value.as_object() else {
            self.error(Problem::MustBeObject(SOURCE.to_owned()), value.span);
            return None;
        };
        self.keys(entries, SOURCE, &ARGUMENT_KEYS);
        let (name, _) = self.text(entries, SOURCE, "name")?;
        let (word, span) = self.text(entries, SOURCE, "kind")?;
        let Some((_, kind)) = Kind::ALL.into_iter().find(|(known, _)| *known == word) else {
            let help = did_you_mean(&word, KINDS.iter().copied());
            self.error_with(Problem::UnknownKind { argument: name, kind: word, kinds: KINDS }, span, help);
            return None;
        };
        let refusal = self.optional_text(entries, SOURCE, "refusal")?;
        let complete = self.optional_text(entries, SOURCE, "complete")?;
        let optional = get(entries, "optional").and_then(Value::as_bool).unwrap_or(false);
        Some(Argument { name, kind, optional, refusal, complete })
    }

    fn action(&mut self, entries: &[Entry], arguments: &[Argument]) -> Option<Action> {
        let local = get(entries, "local").and_then(Value::as_bool).unwrap_or(false);
        match (get(entries, "command"), local, get(entries, "subcommands")) {
            (Some(_), false, None) => {
                let (name, span) = self.text(entries, "verb", "command")?;
                self.command(&name, span, arguments).map(Action::Command)
            }
            (None, true, None) => Some(Action::Local),
            (None, false, Some(_)) => Some(Action::Subcommands(self.text(entries, "verb", "subcommands")?.0)),
            _ => {
                self.error(Problem::VerbAction, self.verb);
                None
            }
        }
    }

    fn command(&mut self, name: &str, span: Span, arguments: &[Argument]) -> Option<EntityId> {
        let schema = self.schema;
        let found = schema.lookup(name).map(|id| (id, &schema.entity(id).kind));
        let Some((id, EntityKind::Command(command @ Command { generate: true, .. }))) = found else {
            let commands =
                schema.entities().filter(|(_, entity)| matches!(entity.kind, EntityKind::Command(_)));
            let help = did_you_mean(name, commands.map(|(_, entity)| entity.name.as_str()));
            self.error_with(Problem::UnknownCommand(name.to_owned()), span, help);
            return None;
        };
        let members: Vec<&Member> = match command.arguments {
            None => Vec::new(),
            Some(of) if schema.object(of).is_some_and(|object| object.origin == Origin::Arguments) => {
                schema.all_members(of)
            }
            Some(_) => {
                self.error(Problem::ArgumentsNotListed(name.to_owned()), span);
                return None;
            }
        };
        self.match_arguments(name, span, arguments, &members);
        Some(id)
    }

    fn match_arguments(&mut self, command: &str, span: Span, arguments: &[Argument], members: &[&Member]) {
        for argument in arguments {
            match members.iter().find(|member| member.name == argument.name) {
                None => {
                    let help =
                        did_you_mean(&argument.name, members.iter().map(|member| member.name.as_str()));
                    let (command, argument) = (command.to_owned(), argument.name.clone());
                    self.error_with(Problem::NoSuchArgument { command, argument }, span, help);
                }
                Some(member) if !suits(argument.kind, &self.schema.entity(member.of).kind) => {
                    let description = format!("'{}'", self.schema.entity(member.of).name);
                    self.error(
                        Problem::KindMismatch { kind: argument.kind.as_str().to_owned(), description },
                        span,
                    );
                }
                Some(_) => {}
            }
        }
        let is_given = |member: &Member| {
            arguments
                .iter()
                .any(|argument| argument.name == member.name && argument.optional <= member.optional)
        };
        for member in members.iter().filter(|member| !member.optional && !is_given(member)) {
            let (command, argument) = (command.to_owned(), member.name.clone());
            self.error(Problem::ArgumentMissing { command, argument }, span);
        }
    }
}

/// Whether what is read from the line can become a value of the type.
fn suits(kind: Kind, of: &EntityKind) -> bool {
    match (kind, of) {
        (
            Kind::String | Kind::Device | Kind::Words,
            EntityKind::BuiltIn(BuiltIn::Str) | EntityKind::Enum(_),
        ) => true,
        (Kind::Integer, EntityKind::BuiltIn(of)) => of.is_integer(),
        (Kind::Switch, EntityKind::BuiltIn(BuiltIn::Bool)) => true,
        (Kind::Address, EntityKind::BuiltIn(of)) => {
            matches!(of, BuiltIn::Int | BuiltIn::Int64 | BuiltIn::Uint64 | BuiltIn::Size)
        }
        _ => false,
    }
}
