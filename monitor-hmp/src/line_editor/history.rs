//! The lines typed so far.

/// How many lines are kept.
const LONGEST: usize = 64;

/// The lines typed so far, the oldest first, and where "up" and "down" have led.
#[derive(Debug, Default)]
pub(crate) struct History {
    lines: Vec<Vec<u8>>,
    /// The line that is shown; nothing while the line is not from here.
    shown: Option<usize>,
}

impl History {
    /// Adds a line that was entered: at the end, and only there. Empty lines are not kept.
    pub(crate) fn add(&mut self, line: &[u8]) {
        self.shown = None;
        if line.is_empty() {
            return;
        }
        self.lines.retain(|known| known != line);
        if self.lines.len() >= LONGEST {
            self.lines.remove(0);
        }
        self.lines.push(line.to_vec());
    }

    /// The line before the one shown; nothing at the oldest.
    pub(crate) fn previous(&mut self) -> Option<&[u8]> {
        let index = self.shown.unwrap_or(self.lines.len()).checked_sub(1)?;
        self.shown = Some(index);
        self.lines.get(index).map(Vec::as_slice)
    }

    /// The line after the one shown, empty past the newest; nothing while no line from here is shown.
    pub(crate) fn next(&mut self) -> Option<&[u8]> {
        let index = self.shown?.saturating_add(1);
        let line = self.lines.get(index);
        self.shown = line.map(|_| index);
        Some(line.map(Vec::as_slice).unwrap_or_default())
    }

    /// The lines, the oldest first.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.lines.iter().map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(lines: &[&str]) -> History {
        let mut history = History::default();
        lines.iter().for_each(|line| history.add(line.as_bytes()));
        history
    }

    #[test]
    fn a_repeated_line_moves_to_the_end() {
        let history = history(&["a", "b", "", "a"]);
        assert_eq!(history.lines().collect::<Vec<_>>(), [b"b", b"a"]);
    }

    #[test]
    fn only_the_newest_64_are_kept() {
        let lines: Vec<String> = (0..70).map(|number| format!("{number:02}")).collect();
        let history = history(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(history.lines().count(), 64);
        assert_eq!(history.lines().next(), Some(b"06".as_slice()));
    }

    #[test]
    fn up_and_down_walk_between_the_ends() {
        let mut history = history(&["a", "b"]);
        assert_eq!(history.next(), None);
        assert_eq!(history.previous(), Some(b"b".as_slice()));
        assert_eq!(history.previous(), Some(b"a".as_slice()));
        assert_eq!(history.previous(), None);
        assert_eq!(history.next(), Some(b"b".as_slice()));
        assert_eq!(history.next(), Some(b"".as_slice()));
        assert_eq!(history.next(), None);
        assert_eq!(history.previous(), Some(b"b".as_slice()));
    }
}
