//! Cases in text files: schemas that are read from memory.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use qapi_gen::ReadFile;

/// A schema in memory.
pub(crate) struct Files(BTreeMap<PathBuf, String>);

impl ReadFile for Files {
    fn read(&self, path: &Path) -> io::Result<String> {
        self.0.get(path).cloned().ok_or_else(|| io::Error::from_raw_os_error(2))
    }
}

impl Files {
    /// A schema of one file, `main.json`.
    pub(crate) fn single(text: &str) -> Self {
        Self(BTreeMap::from([(PathBuf::from("main.json"), text.to_owned())]))
    }
}

/// One case of a file: its title, and the files that it consists of.
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) files: Files,
}

/// The cases of a text: `=== TITLE`, the main file, then `--- file NAME` before each further one.
pub(crate) fn cases(text: &str) -> Vec<Case> {
    let cases = text.split("=== ").filter(|case| !case.is_empty());
    cases
        .map(|case| {
            let (title, schema) = case.split_once('\n').unwrap_or((case, ""));
            let mut parts = schema.split("--- file ");
            let main = generated(parts.next().unwrap_or(""));
            let further = parts.filter_map(|part| part.split_once('\n'));
            let mut files: BTreeMap<PathBuf, String> =
                further.map(|(name, text)| (PathBuf::from(name), text.to_owned())).collect();
            files.insert(PathBuf::from("main.json"), main);
            Case { title: title.to_owned(), files: Files(files) }
        })
        .collect()
}

/// Schemas that are too long to be written down.
fn generated(schema: &str) -> String {
    match schema.trim() {
        "@nested" => format!("{{ 'a': {} }}", "[".repeat(300)),
        "@features" => {
            let features: Vec<String> = (0..70).map(|number| format!("'f{number}'")).collect();
            format!("{{ 'command': 'paint', 'features': [ {} ] }}", features.join(", "))
        }
        "@bases" => {
            let line =
                |number| format!("{{ 'struct': 'S{number}x', 'base': 'S{}x', 'data': {{}} }}\n", number + 1);
            (0..500).map(line).chain(["{ 'struct': 'S500x', 'data': {} }\n".to_owned()]).collect()
        }
        _ => schema.to_owned(),
    }
}
