//! The lists of a filter, made ready to be asked often.

use crate::Descriptors;
use crate::scratch::Scratch;

/// The paths of the objects that are wanted; none means that all are.
#[derive(Debug)]
pub(crate) struct Paths<'a>(Option<Vec<&'a str>>);

impl<'a> Paths<'a> {
    /// Order and repetition mean nothing.
    pub(crate) fn new(list: Option<&'a [String]>) -> Self {
        Self(list.map(|list| {
            let mut sorted: Vec<_> = list.iter().map(String::as_str).collect();
            sorted.sort_unstable();
            sorted
        }))
    }

    /// Whether the object at this path is wanted; one without a path is not if there is a list.
    pub(crate) fn has(&self, path: Option<&str>) -> bool {
        match (&self.0, path) {
            (None, _) => true,
            (Some(list), Some(path)) => list.binary_search(&path).is_ok(),
            (Some(_), None) => false,
        }
    }
}

/// Writes the numbers of the statistics called one of `names` into `scratch.wanted`, rising; all if there is no list.
/// Order and repetition of the names mean nothing.
pub(crate) fn choose(names: Option<&[String]>, descriptors: &Descriptors, scratch: &mut Scratch) {
    let Scratch { wanted, marked, .. } = scratch;
    wanted.clear();
    let all = 0..descriptors.as_slice().len();
    let Some(names) = names else { return wanted.extend(all) };
    marked.clear();
    marked.resize(all.len(), false);
    for name in names {
        for &place in descriptors.called(name) {
            // Those of the same name are marked together: once is enough, however often it is listed.
            match marked.get_mut(place) {
                Some(mark) if !*mark => *mark = true,
                _ => break,
            }
        }
    }
    wanted.extend(all.zip(marked.iter()).filter_map(|(place, mark)| mark.then_some(place)));
}
