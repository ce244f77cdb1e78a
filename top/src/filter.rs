//! Which statistics are shown.

use regex::{Regex, RegexBuilder};

/// The largest compiled expression, in bytes: an operator's slip must not take the memory.
const SIZE_LIMIT: usize = 1 << 20;

/// A regular expression that ignores case; a text that is none is looked for as it stands.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: String,
    /// None lets everything pass.
    expression: Option<Regex>,
}

impl Filter {
    /// The filter that is written `text`.
    pub fn new(text: &str) -> Self {
        let build =
            |text: &str| RegexBuilder::new(text).case_insensitive(true).size_limit(SIZE_LIMIT).build().ok();
        let expression =
            if text.is_empty() { None } else { build(text).or_else(|| build(&regex::escape(text))) };
        Self { text: text.to_owned(), expression }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether `text` passes.
    pub fn passes(&self, text: &str) -> bool {
        self.expression.as_ref().is_none_or(|expression| expression.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_and_plain_texts_pass_what_they_match() {
        assert!(Filter::new("").passes("exits"));
        assert!(Filter::new("^(io|MMIO)_").passes("mmio_exits"));
        assert!(!Filter::new("^exits$").passes("mmio_exits"));
        assert!(Filter::new("device[0").passes("unattached/device[0]"), "no expression, but a text");
    }
}
