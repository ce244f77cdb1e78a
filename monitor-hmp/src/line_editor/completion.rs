//! What can be completed, and how the candidates are listed.

/// How many columns the list of candidates may take.
const SCREEN_WIDTH: usize = 80;

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

/// The candidates in columns, every entry padded to the same width.
pub(crate) fn listing(candidates: &[String]) -> String {
    let longest = candidates.iter().map(String::len).max().unwrap_or(0);
    let width = longest.saturating_add(2).clamp(10, SCREEN_WIDTH);
    let columns = (SCREEN_WIDTH / width).max(1);
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
            listing(&words(&names)),
            "virtio                     virtio-queue-element       \r\nvirtio-vhost-queue-status  \r\n"
        );
        assert_eq!(listing(&words(&["stats", "status"])), "stats     status    \r\n");
        assert_eq!(listing(&[String::from_iter(["x"; 100])]), format!("{}\r\n", "x".repeat(100)));
    }
}
