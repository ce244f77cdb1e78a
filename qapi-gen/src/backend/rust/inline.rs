//! One file instead of many.

use std::collections::BTreeMap;

use crate::backend::OutputFile;

/// Puts every file where its `mod` line is.
pub(crate) fn inline(files: Vec<OutputFile>) -> Vec<OutputFile> {
    let mut output = String::new();
    let texts = by_path(&files);
    add(&mut output, texts.get("mod.rs").copied().unwrap_or(""), "", 0, &texts);
    vec![OutputFile { path: "mod.rs".to_owned(), text: output }]
}

/// The same as a module with braces.
pub(crate) fn as_module(files: &[OutputFile], name: &str) -> String {
    let mut output = format!("pub mod {name} {{\n");
    let texts = by_path(files);
    add(&mut output, texts.get("mod.rs").copied().unwrap_or(""), "", 1, &texts);
    output.push_str("}\n");
    output
}

fn by_path(files: &[OutputFile]) -> BTreeMap<&str, &str> {
    files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect()
}

fn add(output: &mut String, text: &str, folder: &str, depth: usize, texts: &BTreeMap<&str, &str>) {
    let indentation = "    ".repeat(depth);
    for line in text.lines().skip_while(|line| depth > 0 && (line.is_empty() || line.starts_with("// "))) {
        let name = line.strip_prefix("pub mod ").or_else(|| line.strip_prefix("mod "));
        let Some(name) = name.and_then(|name| name.strip_suffix(';')) else {
            output.push_str(if line.is_empty() { "" } else { &indentation });
            output.push_str(line);
            output.push('\n');
            continue;
        };
        let beside = format!("{folder}{name}.rs");
        let inside = format!("{folder}{name}/mod.rs");
        let (path, folder) = match texts.contains_key(beside.as_str()) {
            true => (beside, folder.to_owned()),
            false => (inside, format!("{folder}{name}/")),
        };
        let text = texts.get(path.as_str()).copied().unwrap_or("");
        output.push_str(&format!("{indentation}{} {{\n", line.trim_end_matches(';')));
        add(output, text, &folder, depth + 1, texts);
        output.push_str(&format!("{indentation}}}\n"));
    }
}
