//! Documentation comments.

pub(crate) mod parser;

use std::collections::HashMap;

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
    pub members: Descriptions,
    /// The descriptions of features.
    pub features: Descriptions,
    /// What follows: tagged sections and further text.
    pub sections: Vec<Section>,
}

/// Descriptions of members or features, in the order of the text and by name.
#[derive(Clone, Debug, Default)]
pub struct Descriptions {
    list: Vec<Description>,
    by_name: HashMap<String, usize>,
}

impl Descriptions {
    /// Adds a description; false if there is one of that name already.
    pub(crate) fn push(&mut self, description: Description) -> bool {
        let is_new = !self.by_name.contains_key(&description.name);
        if is_new {
            self.by_name.insert(description.name.clone(), self.list.len());
            self.list.push(description);
        }
        is_new
    }

    /// The description of `name`.
    pub fn get(&self, name: &str) -> Option<&Description> {
        self.list.get(*self.by_name.get(name)?)
    }

    /// All of them, in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Description> {
        self.list.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn iter_mut(&mut self) -> std::slice::IterMut<'_, Description> {
        self.list.iter_mut()
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut Description> {
        self.list.last_mut()
    }
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
        self.members.get(name).map(|member| member.text.as_str())
    }

    /// The first section of the kind.
    pub fn section(&self, kind: SectionKind) -> Option<&Section> {
        self.sections.iter().find(|section| section.kind == kind)
    }
}
