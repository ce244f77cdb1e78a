//! The lists of a filter, made ready to be asked often.

use crate::Descriptors;

/// A list of texts that are wanted; none means that everything is.
#[derive(Debug)]
pub(crate) struct Wanted<'a>(Option<Vec<&'a str>>);

impl<'a> Wanted<'a> {
    /// Order and repetition mean nothing.
    pub(crate) fn new(list: Option<&'a [String]>) -> Self {
        Self(list.map(|list| {
            let mut sorted: Vec<_> = list.iter().map(String::as_str).collect();
            sorted.sort_unstable();
            sorted.dedup();
            sorted
        }))
    }

    /// Whether this text is wanted; something without text is not if there is a list.
    pub(crate) fn has(&self, text: Option<&str>) -> bool {
        match (&self.0, text) {
            (None, _) => true,
            (Some(list), Some(text)) => list.binary_search(&text).is_ok(),
            (Some(_), None) => false,
        }
    }

    /// Writes the numbers of the statistics whose names are wanted into `indices`, rising.
    pub(crate) fn resolve(&self, descriptors: &Descriptors, indices: &mut Vec<usize>) {
        indices.clear();
        match &self.0 {
            None => indices.extend(0..descriptors.as_slice().len()),
            Some(names) => {
                indices.extend(names.iter().flat_map(|name| descriptors.called(name)));
                indices.sort_unstable();
            }
        }
    }
}
