//! How things may be called.

use super::Context;
use crate::diagnostic::Meta;
use crate::problem::Problem;
use crate::source::Span;

/// The part of a valid name that the rules about upper and lower case look at: without the `__RFQDN_` and `x-`
/// in front. None if the name is not valid.
pub(crate) fn stem(name: &str) -> Option<&str> {
    if mapped(name).starts_with("q_") {
        return None;
    }
    let rest = match name.strip_prefix("__") {
        Some(vendor) => {
            let (domain, rest) = vendor.split_once('_')?;
            let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
            (!domain.is_empty() && domain.chars().all(allowed)).then_some(rest)?
        }
        None => name,
    };
    let experimental = rest.strip_prefix("x-").or_else(|| rest.strip_prefix("X-"));
    experimental.filter(|stem| is_stem(stem)).or(Some(rest)).filter(|stem| is_stem(stem))
}

fn is_stem(stem: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    stem.starts_with(|first: char| first.is_ascii_alphabetic()) && stem.chars().all(allowed)
}

/// The name with everything that an identifier cannot hold replaced: names that map to the same collide.
pub(crate) fn mapped(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}

fn is_camel(stem: &str) -> bool {
    let mut letters = stem.chars();
    letters.next().is_some_and(|first| first.is_ascii_uppercase())
        && stem.chars().all(|letter| letter.is_ascii_alphanumeric())
        && letters.any(|letter| letter.is_ascii_lowercase())
}

impl Context<'_> {
    fn stem<'n>(&mut self, name: &'n str, span: Span, source: &str) -> Option<&'n str> {
        let stem = stem(name);
        if stem.is_none() {
            self.error(Problem::InvalidName(source.to_owned()), span);
        }
        stem
    }

    /// Complains unless the name has no upper case and no `_`, as far as those are not permitted.
    pub(super) fn lower_name(&mut self, name: &str, span: Span, source: &str, upper: bool, underscore: bool) {
        let Some(stem) = self.stem(name, span, source) else { return };
        let bad = |letter: char| letter.is_ascii_uppercase() && !upper || letter == '_' && !underscore;
        if stem.contains(bad) {
            self.error(Problem::NotLower(source.to_owned()), span);
        }
    }

    fn upper_name(&mut self, name: &str, span: Span, source: &str) {
        let Some(stem) = self.stem(name, span, source) else { return };
        if stem.contains(|letter: char| letter.is_ascii_lowercase() || letter == '-') {
            self.error(Problem::NotUpper(source.to_owned()), span);
        }
    }

    pub(super) fn definition_name(&mut self, name: &str, span: Span) {
        let meta = self.place.meta.as_str();
        match self.place.meta {
            Meta::Event => self.upper_name(name, span, meta),
            Meta::Command => {
                let excepted = self.pragmas.command_names.iter().any(|other| other == name);
                self.lower_name(name, span, meta, false, excepted);
            }
            _ => {
                let Some(stem) = self.stem(name, span, meta) else { return };
                if !is_camel(stem) {
                    self.error(Problem::NotCamel(meta.to_owned()), span);
                }
                if name.ends_with("List") {
                    self.error(Problem::NameEndsInList(meta.to_owned()), span);
                }
            }
        }
    }

    /// Whether the pragma lets the members of this definition have any case.
    pub(super) fn names_excepted(&self) -> bool {
        self.pragmas.member_names.contains(&self.place.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stem_is_what_follows_the_prefixes() {
        assert_eq!(stem("abc"), Some("abc"));
        assert_eq!(stem("x-abc"), Some("abc"));
        assert_eq!(stem("x-1"), Some("x-1"), "no name may start with a digit, so the x belongs to it");
        assert_eq!(stem("__org.example_x-abc"), Some("abc"));
        for invalid in ["", "1a", "-a", "a.b", "__org", "___a", "q-a", "q_a", "x-", "ä"] {
            let expected = (invalid == "x-").then_some("x-");
            assert_eq!(stem(invalid), expected, "{invalid}");
        }
    }

    #[test]
    fn camel_case_needs_a_lower_case_letter() {
        assert!(is_camel("Abc") && is_camel("QType") && is_camel("X86b"));
        assert!(!is_camel("ABC") && !is_camel("abc") && !is_camel("A_bc"));
    }
}
