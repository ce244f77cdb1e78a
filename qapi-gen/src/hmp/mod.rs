//! The table of the human monitor: which verb takes which arguments and runs which command.
//!
//! It stands in a file beside the schema, in the schema's own notation, for QAPI has no words for it.

mod read;

pub use read::read;

use crate::schema::EntityId;

/// Everything that the human monitor knows, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The verbs.
    pub verbs: Vec<Verb>,
}

/// One verb.
#[derive(Clone, Debug)]
pub struct Verb {
    /// The words as the file has them, other spellings of the last one behind `|`.
    pub title: String,
    /// The words that are typed.
    pub words: Vec<String>,
    /// Other spellings of the last word.
    pub aliases: Vec<String>,
    /// What follows the words.
    pub arguments: Vec<Argument>,
    /// One line that explains it.
    pub help: String,
    /// What it does.
    pub action: Action,
}

/// What a verb does.
#[derive(Clone, Debug)]
pub enum Action {
    /// Runs the command.
    Command(EntityId),
    /// Something of the monitor's own.
    Local,
    /// Opens a table of further words; how help writes them.
    Subcommands(String),
}

/// An argument of a verb.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its name; for a command that of the member it becomes.
    pub name: String,
    /// How it is read.
    pub kind: Kind,
    /// It may be left out.
    pub optional: bool,
    /// What is said of an integer that does not fit, before the integer.
    pub refusal: Option<String>,
    /// What its values are, in a word that the monitor knows: it can complete them then.
    pub complete: Option<String>,
}

/// How an argument is read from the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word, or text in quotes.
    String,
    /// A string that names a device.
    Device,
    /// An expression of 32 bits.
    Integer,
    /// An expression of 64 bits.
    Address,
    /// The count, format and size of a dump.
    Format,
    /// `on` or `off`.
    Switch,
    /// The rest of the line.
    Words,
}

impl Kind {
    /// Every kind with its word in the file.
    pub const ALL: [(&'static str, Kind); 7] = [
        ("string", Kind::String),
        ("device", Kind::Device),
        ("integer", Kind::Integer),
        ("address", Kind::Address),
        ("format", Kind::Format),
        ("switch", Kind::Switch),
        ("words", Kind::Words),
    ];

    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

impl Table {
    /// The words that say what the values of arguments are, each once, in the order of the file.
    pub fn completions(&self) -> Vec<&str> {
        let mut words = Vec::new();
        let arguments = self.verbs.iter().flat_map(|verb| &verb.arguments);
        for word in arguments.filter_map(|argument| argument.complete.as_deref()) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }
}

impl Verb {
    /// How help writes the arguments: `path queue [index]`.
    pub fn parameters(&self) -> String {
        if let Action::Subcommands(words) = &self.action {
            return words.clone();
        }
        let parameter = |argument: &Argument| match (argument.kind, argument.optional) {
            (Kind::Format, _) => format!("/{}", argument.name),
            (Kind::Switch, true) => "[on|off]".to_owned(),
            (Kind::Switch, false) => "on|off".to_owned(),
            (_, true) => format!("[{}]", argument.name),
            (_, false) => argument.name.clone(),
        };
        self.arguments.iter().map(parameter).collect::<Vec<_>>().join(" ")
    }
}
