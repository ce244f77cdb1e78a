//! What can be completed, and how the candidates are listed.

/// The ways in which a word can go on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Completion {
    /// How many bytes of the word stand there already.
    pub(crate) typed: usize,
    /// The whole words, sorted; each starts with what stands there.
    pub(crate) candidates: Vec<String>,
}

impl Completion {
    /// Those of `words` that start with `typed`.
    pub(crate) fn of(typed: &str, words: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut candidates: Vec<String> =
            words.into_iter().map(Into::into).filter(|word| word.starts_with(typed)).collect();
        candidates.sort();
        candidates.dedup();
        Self { typed: typed.len(), candidates }
    }
}

/// What all candidates have in common at their start.
pub(crate) fn common_prefix(candidates: &[String]) -> &str {
    let Some((first, others)) = candidates.split_first() else { return "" };
    let length = others.iter().fold(first.len(), |length, other| {
        let common = first.bytes().zip(other.bytes()).take_while(|(left, right)| left == right).count();
        length.min(common)
    });
    // Two characters may differ in their second byte only.
    let length = (0..=length).rev().find(|end| first.is_char_boundary(*end)).unwrap_or(0);
    first.get(..length).unwrap_or_default()
}

/// The narrowest column.
const NARROWEST: usize = 10;

/// The candidates in as many columns as a screen of `screen_width` has, every entry padded to the same width.
pub(crate) fn listing(candidates: &[String], screen_width: usize) -> String {
    let longest = candidates.iter().map(String::len).max().unwrap_or(0);
    let width = longest.saturating_add(2).max(NARROWEST).min(screen_width);
    let columns = screen_width.checked_div(width).unwrap_or(1).max(1);
    let row = |entries: &[String]| -> String {
        entries.iter().map(|entry| format!("{entry:width$}")).chain([String::from("\r\n")]).collect()
    };
    candidates.chunks(columns).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn candidates_start_with_what_is_typed() {
        let completion = Completion::of("st", ["status", "cont", "stats", "status"]);
        assert_eq!(completion, Completion { typed: 2, candidates: words(&["stats", "status"]) });
    }

    #[test]
    fn the_common_prefix_ends_between_characters() {
        assert_eq!(common_prefix(&words(&["system_powerdown", "system_reset"])), "system_");
        assert_eq!(common_prefix(&words(&["ä", "ö"])), "");
        assert_eq!(common_prefix(&[]), "");
    }

    #[test]
    fn lists_in_columns_of_equal_width() {
        let names = ["virtio", "virtio-queue-element", "virtio-vhost-queue-status"];
        assert_eq!(
            listing(&words(&names), 80),
            "virtio                     virtio-queue-element       \r\nvirtio-vhost-queue-status  \r\n"
        );
        assert_eq!(listing(&words(&["stats", "status"]), 80), "stats     status    \r\n");
        assert_eq!(listing(&[String::from_iter(["x"; 100])], 80), format!("{}\r\n", "x".repeat(100)));
        assert_eq!(listing(&words(&["ab", "cd", "ef"]), 20), "ab        cd        \r\nef        \r\n");
        assert_eq!(listing(&words(&["ab", "cd"]), 5), "ab   \r\ncd   \r\n");
    }
}
