//! What only the syntax tree of a file shows: the length of functions, and what they match on.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A function longer than this has more than one job.
const FUNCTION_LINES: usize = 80;

/// Types whose values tell device kinds apart. Deciding by them would name a device outside of its crate.
const KINDS: [&str; 2] = ["VirtioType", "DeviceKind"];

/// The breaches in one file, each with its line.
///
/// # Errors
/// The file is no Rust.
pub(crate) fn breaches(text: &str) -> Result<Vec<String>, syn::Error> {
    let mut finder = Finder::default();
    finder.visit_file(&syn::parse_file(text)?);
    Ok(finder.breaches)
}

#[derive(Default)]
struct Finder {
    breaches: Vec<String>,
}

impl Finder {
    fn function(&mut self, name: &syn::Ident, body: &syn::Block) {
        let lines = body.span().end().line.saturating_sub(body.span().start().line) + 1;
        if lines > FUNCTION_LINES {
            self.breach(name.span(), &format!("function {name} has {lines} lines, at most {FUNCTION_LINES}"));
        }
    }

    fn breach(&mut self, place: Span, text: &str) {
        self.breaches.push(format!("{}: {text}", place.start().line));
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.function(&function.sig.ident, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.function(&function.sig.ident, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let mut kinds = KindFinder::default();
        kinds.visit_pat(&arm.pat);
        if kinds.found {
            self.breach(
                arm.pat.span(),
                "matches on a device kind; a device declares what is different about it",
            );
        }
        visit::visit_arm(self, arm);
    }
}

/// Looks for the name of a kind's type in a pattern.
#[derive(Default)]
struct KindFinder {
    found: bool,
}

impl<'ast> Visit<'ast> for KindFinder {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.found |= path.segments.iter().any(|segment| KINDS.iter().any(|kind| segment.ident == kind));
        visit::visit_path(self, path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_match_on_a_device_kind_is_found() {
        let text = "fn name(kind: VirtioType) -> &'static str {\n    match kind {\n        \
                    VirtioType::VirtioNet => \"net\",\n        _ => \"other\",\n    }\n}\n";
        assert_eq!(
            breaches(text).unwrap(),
            ["3: matches on a device kind; a device declares what is different about it"]
        );
    }

    #[test]
    fn a_long_function_is_named() {
        let body = "    step();\n".repeat(FUNCTION_LINES);
        let text = format!("impl Machine {{\n    fn run(&self) {{\n{body}    }}\n}}\n");
        assert_eq!(breaches(&text).unwrap(), ["2: function run has 82 lines, at most 80"]);
    }
}
