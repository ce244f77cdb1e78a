//! Reads one documentation block, line by line.

use super::{Description, Descriptions, Documentation, Section, SectionKind};
use crate::diagnostic::Diagnostic;
use crate::problem::Problem;
use crate::source::Span;
use crate::syntax::lexer::Token;
use crate::syntax::parser::Parser;

/// Sections that QEMU had once, and what it asks for instead.
const ADMONITION: &str =
    "rST's '.. note::' or '.. admonition:: notes' directives, or another suitable admonition";
const EXAMPLE: &str = "the '.. qmp-example::' directive, or other suitable markup";

/// Reads the block whose opening `##` is the parser's token, and the token behind it.
pub(crate) fn block(parser: &mut Parser<'_>) -> Result<Documentation, Box<Diagnostic>> {
    let opening = parser.span;
    if parser.source() != "##" {
        return Err(Diagnostic::at(Problem::JunkAfterMarker("start"), opening).into());
    }
    let mut block = Block::new(parser, opening);
    block.next()?;
    match block.symbol()? {
        Some(symbol) => {
            block.documentation.symbol = Some(symbol);
            block.next()?;
            block.definition()?;
        }
        None => block.free_form()?,
    }
    let documentation = block.finish()?;
    parser.advance()?;
    Ok(documentation)
}

/// Where text goes at the moment.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Body,
    Member,
    Feature,
    Section,
}

struct Block<'p, 's> {
    parser: &'p mut Parser<'s>,
    documentation: Documentation,
    target: Target,
    /// The current line without its mark; none behind the last one.
    line: Option<&'s str>,
    features_seen: bool,
    /// A section or the end of the descriptions was met: no more members may come.
    members_closed: bool,
}

type Parsed<T> = Result<T, Box<Diagnostic>>;

impl<'p, 's> Block<'p, 's> {
    fn new(parser: &'p mut Parser<'s>, opening: Span) -> Self {
        let documentation = Documentation {
            symbol: None,
            span: opening,
            body: String::new(),
            members: Descriptions::default(),
            features: Descriptions::default(),
            sections: Vec::new(),
        };
        Self {
            parser,
            documentation,
            target: Target::Body,
            line: None,
            features_seen: false,
            members_closed: false,
        }
    }

    fn error<T>(&self, problem: Problem) -> Parsed<T> {
        Err(Diagnostic::at(problem, self.parser.span).into())
    }

    /// An error that QEMU's front end places at a line only.
    fn line_error<T>(&self, problem: Problem) -> Parsed<T> {
        Err(Diagnostic::on_line(problem, self.parser.span, self.parser.span).into())
    }

    fn next(&mut self) -> Parsed<()> {
        self.parser.advance_in_documentation()?;
        if self.parser.token != Token::Comment {
            return self.error(Problem::UnterminatedComment);
        }
        let source = self.parser.source();
        self.line = match source {
            "##" => None,
            _ if source.starts_with("##") => return self.error(Problem::JunkAfterMarker("end")),
            "#" => Some(""),
            _ => match source.strip_prefix("# ") {
                Some(line) => Some(line.trim_end()),
                None => return self.error(Problem::MissingSpace),
            },
        };
        Ok(())
    }

    fn skip_empty(&mut self) -> Parsed<()> {
        while self.line == Some("") {
            self.next()?;
        }
        Ok(())
    }

    fn append(&mut self, line: &str) {
        let text = match self.target {
            Target::Body => Some(&mut self.documentation.body),
            Target::Member => self.documentation.members.last_mut().map(|member| &mut member.text),
            Target::Feature => self.documentation.features.last_mut().map(|feature| &mut feature.text),
            Target::Section => self.documentation.sections.last_mut().map(|section| &mut section.text),
        };
        if let Some(text) = text {
            text.push_str(line);
            text.push('\n');
        }
    }

    fn symbol(&self) -> Parsed<Option<String>> {
        let Some(symbol) = self.line.and_then(|line| line.strip_prefix('@')) else { return Ok(None) };
        match symbol.strip_suffix(':') {
            None => self.error(Problem::SymbolWithoutColon),
            Some("") => self.error(Problem::SymbolWithoutName),
            Some(symbol) => Ok(Some(symbol.to_owned())),
        }
    }

    fn free_form(&mut self) -> Parsed<()> {
        let mut first = true;
        while let Some(line) = self.line {
            if let Some((name, _)) = description(line) {
                return self.error(Problem::DescriptionInFreeForm(name.to_owned()));
            }
            if line.starts_with('=') && !first {
                return self.error(Problem::LateHeading);
            }
            self.append(line);
            self.next()?;
            first = false;
        }
        Ok(())
    }

    fn definition(&mut self) -> Parsed<()> {
        loop {
            self.skip_empty()?;
            let Some(line) = self.line else { return Ok(()) };
            if line == "Features:" {
                self.features()?;
            } else if let Some((name, _)) = description(line) {
                if self.members_closed {
                    return self.error(Problem::DescriptionAfterSection(name.to_owned()));
                }
                self.descriptions(Target::Member)?;
            } else if let Some((tag, text)) = tagged(line) {
                self.tagged_section(tag, text)?;
            } else if line.starts_with('=') {
                return self.error(Problem::HeadingInDefinition);
            } else {
                self.paragraph(line)?;
                continue;
            }
            self.members_closed = true;
        }
    }

    fn features(&mut self) -> Parsed<()> {
        if self.features_seen {
            return self.error(Problem::DuplicatedFeatures);
        }
        self.features_seen = true;
        self.next()?;
        self.skip_empty()?;
        self.descriptions(Target::Feature)?;
        match self.documentation.features.is_empty() {
            true => self.error(Problem::FeaturesExpected),
            false => Ok(()),
        }
    }

    /// Descriptions that directly follow each other.
    fn descriptions(&mut self, target: Target) -> Parsed<()> {
        while let Some((name, text)) = self.line.and_then(description) {
            self.target = target;
            let list = match target {
                Target::Feature => &mut self.documentation.features,
                _ => &mut self.documentation.members,
            };
            if name.is_empty() {
                return self.line_error(Problem::EmptyParameterName);
            }
            let description =
                Description { name: name.to_owned(), text: String::new(), span: self.parser.span };
            if !list.push(description) {
                return self.line_error(Problem::DuplicatedParameter(name.to_owned()));
            }
            self.indented(text)?;
        }
        Ok(())
    }

    fn tagged_section(&mut self, tag: &str, text: &str) -> Parsed<()> {
        let kind = match tag {
            "Returns" => SectionKind::Returns,
            "Errors" => SectionKind::Errors,
            "Since" => SectionKind::Since,
            "TODO" => SectionKind::Todo,
            _ => {
                let instead = if tag.starts_with("Note") { ADMONITION } else { EXAMPLE };
                return self.error(Problem::RetiredSection { tag: tag.to_owned(), instead });
            }
        };
        if kind != SectionKind::Todo && self.documentation.section(kind).is_some() {
            return self.line_error(Problem::DuplicatedSection(kind.as_str()));
        }
        self.section(kind);
        self.indented(text)
    }

    fn section(&mut self, kind: SectionKind) {
        self.documentation.sections.push(Section { kind, text: String::new(), span: self.parser.span });
        self.target = Target::Section;
    }

    /// The text behind a name or tag, and the indented lines that go on with it.
    fn indented(&mut self, text: &str) -> Parsed<()> {
        if !text.is_empty() {
            self.append(text);
        }
        self.next()?;
        while self.line == Some("") {
            self.append("");
            self.next()?;
        }
        let Some(line) = self.line else { return Ok(()) };
        let indentation = indentation(line);
        if indentation == 0 {
            return Ok(());
        }
        self.append(line);
        self.continuation(indentation)
    }

    fn continuation(&mut self, least: usize) -> Parsed<()> {
        let mut after_blank = false;
        loop {
            self.next()?;
            let Some(line) = self.line else { return Ok(()) };
            if description(line).is_some() {
                return Ok(());
            }
            if !line.is_empty() && indentation(line) < least {
                return if after_blank { Ok(()) } else { self.error(Problem::DeIndent(least)) };
            }
            self.append(line);
            after_blank = line.is_empty();
        }
    }

    /// Lines up to an empty one, which go on with the text before them if that has no tag either.
    fn paragraph(&mut self, first: &str) -> Parsed<()> {
        let in_plain_section = self.target == Target::Section
            && self.documentation.sections.last().is_some_and(|section| section.kind == SectionKind::Plain);
        if in_plain_section || self.target == Target::Body {
            self.append("");
        } else {
            self.section(SectionKind::Plain);
        }
        self.append(first);
        self.next()?;
        while let Some(line) = self.line
            && !line.is_empty()
        {
            self.append(line);
            self.next()?;
        }
        Ok(())
    }

    fn finish(self) -> Parsed<Documentation> {
        let mut documentation = self.documentation;
        let trim = |text: &mut String| *text = text.trim_matches('\n').to_owned();
        trim(&mut documentation.body);
        for description in documentation.members.iter_mut().chain(documentation.features.iter_mut()) {
            trim(&mut description.text);
        }
        for section in &mut documentation.sections {
            trim(&mut section.text);
            if section.kind != SectionKind::Plain && section.text.is_empty() {
                let problem = Problem::TextRequired(section.kind.as_str());
                return Err(Diagnostic::on_line(problem, section.span, section.span).into());
            }
        }
        Ok(documentation)
    }
}

fn indentation(line: &str) -> usize {
    line.chars().take_while(|character| character.is_whitespace()).count()
}

/// `@name: text`
fn description(line: &str) -> Option<(&str, &str)> {
    let (name, text) = line.strip_prefix('@')?.split_once(':')?;
    Some((name, text.trim_start_matches(' ')))
}

/// `Tag: text`, but not `Tag::`, which is markup.
fn tagged(line: &str) -> Option<(&str, &str)> {
    const TAGS: [&str; 8] = ["Returns", "Errors", "Since", "Notes", "Note", "Examples", "Example", "TODO"];
    let (tag, text) = line.split_once(':')?;
    let known = TAGS.contains(&tag) && !text.starts_with(':');
    known.then(|| (tag, text.trim_start_matches(' ')))
}
