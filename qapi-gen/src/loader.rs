//! Reads the main file and what it includes: text to expressions.

use std::collections::HashSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::documentation::{self, Documentation};
use crate::pragma::Pragmas;
use crate::problem::Problem;
use crate::source::{FileId, Sources, Span, normalize};
use crate::syntax::lexer::Token;
use crate::syntax::parser::Parser;
use crate::syntax::{Entry, Kind, Value, get};

/// No schema file is larger; something else (a device, a disk image) may be.
const LARGEST_FILE: u64 = 64 << 20;

/// Nobody includes deeper than this.
const DEEPEST_INCLUDE: usize = 64;

/// Where the text of schema files comes from.
pub trait ReadFile {
    /// The text of the file at `path`.
    ///
    /// # Errors
    /// Whatever keeps it from being read; it is reported with the include directive.
    fn read(&self, path: &Path) -> io::Result<String>;
}

/// Files of the file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileSystem;

impl ReadFile for FileSystem {
    fn read(&self, path: &Path) -> io::Result<String> {
        let mut text = String::new();
        let read = std::fs::File::open(path)?.take(LARGEST_FILE + 1).read_to_string(&mut text)?;
        match u64::try_from(read).is_ok_and(|read| read <= LARGEST_FILE) {
            true => Ok(text),
            false => Err(io::Error::new(io::ErrorKind::FileTooLarge, "File too large")),
        }
    }
}

/// One thing at the top level of a file, in the order of reading.
pub(crate) enum Item {
    /// A directive in `from` that includes `module`.
    Include {
        from: FileId,
        module: PathBuf,
    },
    Expression {
        entries: Vec<Entry>,
        span: Span,
        documentation: Option<usize>,
    },
}

/// Everything that was read.
#[derive(Default)]
pub(crate) struct Loaded {
    pub(crate) sources: Sources,
    pub(crate) items: Vec<Item>,
    pub(crate) documentation: Vec<Documentation>,
    pub(crate) pragmas: Pragmas,
    pub(crate) diagnostics: Vec<Diagnostic>,
    visited: HashSet<PathBuf>,
}

/// Reads the schema whose main file is `path`.
pub(crate) fn load(path: &Path, files: &dyn ReadFile) -> io::Result<Loaded> {
    let text = files.read(path)?;
    let mut loaded = Loaded::default();
    let identity = identity(path);
    loaded.visited.insert(identity.clone());
    let file = loaded.sources.add(path.display().to_string(), identity, text, None);
    FileLoader { loaded: &mut loaded, files, file, pending: None }.run();
    Ok(loaded)
}

/// The system's words for an error, without its number.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error").map_or(text.as_str(), |(reason, _)| reason).to_owned()
}

fn identity(path: &Path) -> PathBuf {
    normalize(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()))
}

struct FileLoader<'l> {
    loaded: &'l mut Loaded,
    files: &'l dyn ReadFile,
    file: FileId,
    /// The documentation block that waits for its definition.
    pending: Option<usize>,
}

impl FileLoader<'_> {
    fn run(&mut self) {
        // The text is taken out while it is parsed: meanwhile the list of files grows.
        let text = self.loaded.sources.file(self.file).text.clone();
        let mut parser = Parser::new(self.file, &text);
        let mut advanced = parser.advance();
        loop {
            if let Err(diagnostic) = advanced {
                self.loaded.diagnostics.push(*diagnostic);
                self.pending = None;
                parser.recover();
                advanced = parser.advance();
                continue;
            }
            advanced = match parser.token {
                Token::End => break,
                Token::Comment => self.documentation(&mut parser),
                _ => parser.expression().map(|value| self.expression(value)),
            };
        }
        self.reject_pending();
    }

    fn error(&mut self, diagnostic: Diagnostic) {
        self.loaded.diagnostics.push(diagnostic);
    }

    fn documentation(&mut self, parser: &mut Parser<'_>) -> Result<(), Box<Diagnostic>> {
        self.reject_pending();
        match documentation::parser::block(parser) {
            Ok(block) => {
                self.pending = Some(self.loaded.documentation.len());
                self.loaded.documentation.push(block);
                Ok(())
            }
            Err(diagnostic) => {
                self.error(*diagnostic);
                parser.recover_documentation();
                parser.advance()
            }
        }
    }

    /// A definition's documentation that is not followed by the definition.
    fn reject_pending(&mut self) {
        let Some(block) = self.pending.take().and_then(|index| self.loaded.documentation.get(index)) else {
            return;
        };
        let Some(symbol) = block.symbol.clone() else { return };
        let problem = Problem::DocumentationWithoutDefinition(symbol);
        let diagnostic = Diagnostic::on_line(problem, block.span, block.span);
        self.error(diagnostic);
    }

    fn expression(&mut self, value: Value) {
        let span = value.span;
        let Kind::Object(entries) = value.kind else {
            self.error(Diagnostic::on_line(Problem::NotAnObject, span, span));
            self.pending = None;
            return;
        };
        if get(&entries, "include").is_some() {
            self.reject_pending();
            self.include(&entries, span);
        } else if get(&entries, "pragma").is_some() {
            self.reject_pending();
            self.pragma(&entries, span);
        } else {
            let documentation = self.pending.take();
            self.require_symbol(documentation);
            self.loaded.items.push(Item::Expression { entries, span, documentation });
        }
    }

    fn require_symbol(&mut self, documentation: Option<usize>) {
        let block = documentation.and_then(|index| self.loaded.documentation.get(index));
        if let Some(block) = block.filter(|block| block.symbol.is_none()) {
            let diagnostic =
                Diagnostic::on_line(Problem::DefinitionDocumentationRequired, block.span, block.span)
                    .help(Some("name the definition in the block's first line: '# @NAME:'".to_owned()));
            self.error(diagnostic);
        }
    }

    fn pragma(&mut self, entries: &[Entry], span: Span) {
        let [entry] = entries else {
            return self.error(Diagnostic::on_line(Problem::InvalidDirective("pragma"), span, span));
        };
        let Some(pragmas) = entry.value.as_object() else {
            return self.error(Diagnostic::on_line(Problem::PragmaNotObject, entry.value.span, span));
        };
        for pragma in pragmas {
            if let Err(diagnostic) = self.loaded.pragmas.set(pragma, span) {
                self.error(*diagnostic);
            }
        }
    }

    fn include(&mut self, entries: &[Entry], span: Span) {
        let [entry] = entries else {
            return self.error(Diagnostic::on_line(Problem::InvalidDirective("include"), span, span));
        };
        let Some(include) = entry.value.as_text() else {
            return self.error(Diagnostic::on_line(Problem::IncludeNotString, entry.value.span, span));
        };
        let directory =
            Path::new(&self.loaded.sources.file(self.file).name).parent().unwrap_or(Path::new(""));
        let path = directory.join(include);
        let identity = identity(&path);
        self.loaded.items.push(Item::Include { from: self.file, module: identity.clone() });
        if self.is_open(&identity) {
            let problem = Problem::InclusionLoop(include.to_owned());
            return self.error(Diagnostic::on_line(problem, entry.value.span, span));
        }
        if !self.loaded.visited.insert(identity.clone()) {
            return;
        }
        match self.read(&path) {
            Ok(text) => {
                let file = self.loaded.sources.add(path.display().to_string(), identity, text, Some(span));
                FileLoader { loaded: self.loaded, files: self.files, file, pending: None }.run();
            }
            Err(error) => {
                let path = path.display().to_string();
                let problem = Problem::IncludeUnreadable { path, reason: reason(&error) };
                self.error(Diagnostic::on_line(problem, entry.value.span, span));
            }
        }
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        if self.loaded.sources.inclusions(self.file).len() >= DEEPEST_INCLUDE {
            return Err(io::Error::other(format!("included more than {DEEPEST_INCLUDE} levels deep")));
        }
        self.files.read(path)
    }

    /// Whether the file is being read right now.
    fn is_open(&self, identity: &Path) -> bool {
        let sources = &self.loaded.sources;
        let including = sources.inclusions(self.file).into_iter().map(|span| span.file);
        including.chain([self.file]).any(|file| sources.file(file).identity == identity)
    }
}
