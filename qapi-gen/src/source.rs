//! The files that a schema is read from, and places in them.

use std::fmt;
use std::path::{Component, Path, PathBuf};

/// One file of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(usize);

/// A stretch of bytes in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: usize,
    /// One behind the last byte.
    pub end: usize,
}

impl Span {
    /// From the start of this span to the end of `last`.
    pub fn to(self, last: Span) -> Span {
        Span { end: last.end, ..self }
    }
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A file's text and how it came into the schema.
#[derive(Debug)]
pub struct SourceFile {
    /// How the file is called in messages: the path as the user and the include directives spell it.
    pub name: String,
    /// The same file whatever way it is reached: absolute, without `.` and `..`.
    pub identity: PathBuf,
    /// The content; it always ends with a line feed.
    pub text: String,
    /// The directive that included it; none for the main file.
    pub included_at: Option<Span>,
    line_starts: Vec<usize>,
}

impl SourceFile {
    fn line_index(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    fn location(&self, offset: usize) -> Location {
        let index = self.line_index(offset);
        let start = self.line_starts.get(index).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or("");
        Location { line: index + 1, column: before.chars().count() + 1 }
    }
}

/// Every file that was read, in the order of reading.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Takes in a file; a missing line feed at its end is added.
    pub fn add(
        &mut self,
        name: String,
        identity: PathBuf,
        mut text: String,
        included_at: Option<Span>,
    ) -> FileId {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.files.push(SourceFile { name, identity, text, included_at, line_starts });
        FileId(self.files.len() - 1)
    }

    /// The file `id`.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0]
    }

    /// The very start, where what stands nowhere is said to stand.
    pub(crate) fn start() -> Span {
        Span { file: FileId(0), start: 0, end: 0 }
    }

    /// The files in the order in which they were read.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// The text of `span`.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.start..span.end).unwrap_or("")
    }

    /// Where `span` starts. The end of the file stands behind its last line.
    pub fn location(&self, span: Span) -> Location {
        let file = self.file(span.file);
        file.location(span.start.min(file.text.len().saturating_sub(1)))
    }

    /// The include directives that lead to `file`, the outermost first.
    pub fn inclusions(&self, file: FileId) -> Vec<Span> {
        let mut chain: Vec<Span> =
            std::iter::successors(self.file(file).included_at, |span| self.file(span.file).included_at)
                .collect();
        chain.reverse();
        chain
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

/// Removes `.` and resolves `..` without looking at the file system.
pub(crate) fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(normal.components().next_back(), Some(Component::Normal(_))) => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}
