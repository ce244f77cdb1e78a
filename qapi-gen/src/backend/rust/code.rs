//! Writes Rust text. Templates are written without indentation: brackets at the ends of lines make it.
//!
//! Neither syn nor prettyplease is used: they would take ten times as long as everything else together, and
//! every build of another project's build script would have to wait for them.

use std::fmt::{self, Write};

use super::conditions::guard;
use crate::backend::markdown::markdown;

#[derive(Default)]
pub(crate) struct Code {
    text: String,
    depth: usize,
    /// Where templates are filled in, kept for its memory.
    scratch: String,
}

/// Appends formatted lines to a [`Code`].
macro_rules! code {
    ($code:expr, $($template:tt)*) => {
        $code.write(format_args!($($template)*))
    };
}
pub(crate) use code;

impl Code {
    /// Appends a filled-in template, see [`Code::lines`].
    pub(crate) fn write(&mut self, template: fmt::Arguments<'_>) {
        if let Some(text) = template.as_str() {
            return self.lines(text);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        // Writing to a String does not fail.
        let _ = scratch.write_fmt(template);
        self.lines(&scratch);
        self.scratch = scratch;
    }

    /// Appends the lines of `template`, each indented by the brackets that are open. A line feed at the end asks
    /// for an empty line.
    pub(crate) fn lines(&mut self, template: &str) {
        for line in template.lines() {
            self.line(line.trim());
        }
        if template.ends_with('\n') {
            self.blank();
        }
    }

    fn line(&mut self, line: &str) {
        if line.is_empty() {
            self.blank();
            return;
        }
        if line.starts_with(['}', ')', ']']) {
            self.depth = self.depth.saturating_sub(1);
        }
        for _ in 0..self.depth {
            self.text.push_str("    ");
        }
        self.text.push_str(line);
        self.text.push('\n');
        if line.ends_with(['{', '(', '[']) {
            self.depth += 1;
        }
    }

    /// Writes what `body` writes, each item of it under `attribute`.
    pub(crate) fn guarded(&mut self, attribute: &str, body: impl FnOnce(&mut Code)) {
        if attribute.is_empty() {
            return body(self);
        }
        let mut inner = Code::default();
        body(&mut inner);
        self.blank();
        self.text.push_str(&guard(inner.text.trim_start_matches('\n'), attribute));
    }

    /// An empty line, but no two in a row and none at the start of a block.
    pub(crate) fn blank(&mut self) {
        if !(self.text.is_empty() || self.text.ends_with("\n\n") || self.text.ends_with("{\n")) {
            self.text.push('\n');
        }
    }

    /// A doc comment with the text of a documentation block; `otherwise` where that says nothing.
    pub(crate) fn documentation(&mut self, text: &str, otherwise: fmt::Arguments<'_>) {
        let mut text = markdown(text);
        if text.is_empty() {
            text = otherwise.to_string();
        }
        for line in text.lines() {
            for _ in 0..self.depth {
                self.text.push_str("    ");
            }
            self.text.push_str(if line.is_empty() { "///" } else { "/// " });
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// A string literal.
pub(crate) fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    // Writing to a String does not fail.
    let _ = write!(literal, "{text:?}");
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_make_the_indentation() {
        let mut text = Code::default();
        code!(text, "fn f() {{\nlet a = [\n{},\n];\n}}", 1);
        text.blank();
        text.blank();
        text.documentation("", format_args!("None."));
        insta::assert_snapshot!(text.finish(), @r"
        fn f() {
            let a = [
                1,
            ];
        }

        /// None.
        ");
    }
}
