//! Documentation comments.

pub(crate) mod parser;

use crate::source::Span;

/// One documentation block.
#[derive(Clone, Debug)]
pub struct Documentation {
    /// The definition that it is for; none for a free-form block.
    pub symbol: Option<String>,
    /// The line that opens it.
    pub span: Span,
    /// The text before any description and section.
    pub body: String,
    /// The descriptions of members, values, branches or arguments.
    pub members: Vec<Description>,
    /// The descriptions of features.
    pub features: Vec<Description>,
    /// What follows: tagged sections and further text.
    pub sections: Vec<Section>,
}

/// What is said about one member or feature.
#[derive(Clone, Debug)]
pub struct Description {
    /// The member's or feature's name.
    pub name: String,
    /// The text; empty if nothing is said.
    pub text: String,
    /// Where it starts.
    pub span: Span,
}

/// A section of a definition's documentation.
#[derive(Clone, Debug)]
pub struct Section {
    /// What it is about.
    pub kind: SectionKind,
    /// Its text without the tag.
    pub text: String,
    /// Where it starts.
    pub span: Span,
}

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// Text without a tag.
    Plain,
    /// What a command returns.
    Returns,
    /// How a command fails.
    Errors,
    /// The version that the definition came with.
    Since,
    /// What is to be done.
    Todo,
}

impl SectionKind {
    /// The kind's name as messages show it.
    pub const fn as_str(self) -> &'static str {
        match self {
            SectionKind::Plain => "Plain",
            SectionKind::Returns => "Returns",
            SectionKind::Errors => "Errors",
            SectionKind::Since => "Since",
            SectionKind::Todo => "Todo",
        }
    }
}

impl Documentation {
    /// The description of the member `name`, if there is one with text.
    pub fn member(&self, name: &str) -> Option<&str> {
        self.members.iter().find(|member| member.name == name).map(|member| member.text.as_str())
    }

    /// The first section of the kind.
    pub fn section(&self, kind: SectionKind) -> Option<&Section> {
        self.sections.iter().find(|section| section.kind == kind)
    }
}
