//! Any bytes as a schema: the front end must say what is wrong or understand it, and whatever it understands every
//! backend must be able to write.

#![no_main]

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use libfuzzer_sys::fuzz_target;
use qapi_gen::backend::rust::{Options, rust};
use qapi_gen::schema::Decision;
use qapi_gen::{ReadFile, hmp, parse, render};

/// The parts of the input as files: `main.json`, then `a.json`, `b.json`, …
struct Files(BTreeMap<PathBuf, String>);

impl Files {
    fn new(text: &str) -> Self {
        let names = ["main", "a", "b", "c"].map(|name| PathBuf::from(format!("{name}.json")));
        Self(names.into_iter().zip(text.split('\u{1}').map(str::to_owned)).collect())
    }
}

impl ReadFile for Files {
    fn read(&self, path: &Path) -> io::Result<String> {
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fuzz_target!(|text: &str| {
    let files = Files::new(text);
    let Ok(parsed) = parse(Path::new("main.json"), &files) else { return };
    let sources = parsed.schema.sources();
    let _ = render::human(&parsed.diagnostics, sources);
    let _ = render::json(&parsed.diagnostics, sources);
    parsed.diagnostics.iter().for_each(|each| drop(render::qemu(each, sources)));
    if let Ok((_, sources, diagnostics)) = hmp::read(Path::new("a.json"), &files, &parsed.schema) {
        let _ = render::human(&diagnostics, &sources);
    }
    if parsed.diagnostics.is_empty() {
        let _ = qapi_gen::backend::dump::dump(&parsed.schema);
        let _ = rust(&parsed.schema, None, &Options::default());
        let none = Decision::Defined(Default::default());
        let _ = qapi_gen::backend::introspection::introspection(&parsed.schema, &none, false);
        let schema = parsed.schema.decide(&Decision::All);
        let _ = rust(&schema, None, &Options { single_file: true, ..Options::default() });
    }
});
