//! Which statistics of which objects a request wants.

use std::collections::HashSet;

/// What one request asks of one provider. A list that is absent means everything; an empty one, nothing.
#[derive(Clone, Debug, Default)]
pub struct Selection<'a> {
    names: Option<HashSet<&'a str>>,
    paths: Option<HashSet<&'a str>>,
}

impl<'a> Selection<'a> {
    /// The selection of a request: the statistics called `names`, of the objects at `paths`. Unknown entries
    /// select nothing; neither order nor repetition means anything.
    pub fn new(names: Option<&'a [String]>, paths: Option<&'a [String]>) -> Self {
        Self { names: names.map(set), paths: paths.map(set) }
    }

    /// Whether the statistic `name` is wanted.
    pub fn wants(&self, name: &str) -> bool {
        self.names.as_ref().is_none_or(|names| names.contains(name))
    }

    /// Whether the object whose canonical path is `path` is wanted.
    pub fn wants_object(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|paths| paths.contains(path))
    }
}

fn set(texts: &[String]) -> HashSet<&str> {
    texts.iter().map(String::as_str).collect()
}
