//! From what a client calls an object to the object.

use super::object::Object;

/// What a path leads to.
pub enum Found<'o, 'm> {
    /// The one object.
    One(&'o Object<'m>),
    /// No object.
    Nothing,
    /// Several objects have paths that end so.
    Several,
}

/// Finds the object that has `path`. One that does not begin with `/` is the end of a path, if no other object's path has
/// the same. Slashes too many do no harm.
pub fn find<'o, 'm>(objects: &'o [Object<'m>], path: &str) -> Found<'o, 'm> {
    let wanted = parts(path);
    let mut matching = objects.iter().filter(|object| match path.starts_with('/') {
        true => parts(&object.path) == wanted,
        false => parts(&object.path).ends_with(&wanted),
    });
    match (matching.next(), matching.next()) {
        (None, _) => Found::Nothing,
        (Some(object), None) => Found::One(object),
        (Some(_), Some(_)) => Found::Several,
    }
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}
