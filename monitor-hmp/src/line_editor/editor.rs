//! The line that is being typed, and the bytes that keep the terminal's picture of it right.

use super::completion::{Completion, common_prefix, listing};
use super::display::Display;
use super::history::History;
use super::keys::{Key, Keys};

/// The longest line, in bytes; what is typed beyond is dropped.
pub(crate) const LONGEST_LINE: usize = 4095;

/// What a byte from the terminal led to, beyond a change of the line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// The line was entered.
    Line(Vec<u8>),
    /// The text before the cursor is to be completed: answer with [`Editor::complete`].
    Complete(Vec<u8>),
}

/// A line editor for a terminal that understands the usual cursor sequences.
#[derive(Debug, Default)]
pub(crate) struct Editor {
    keys: Keys,
    history: History,
    line: Vec<u8>,
    cursor: usize,
    /// What was deleted last by words or to one of the line's ends.
    cut: Vec<u8>,
    display: Display,
}

impl Editor {
    /// An editor for a terminal that is this wide, if that is known, and shows bold letters or not.
    pub(crate) fn new(columns: Option<usize>, bold: bool) -> Self {
        Self { display: Display::new(columns, bold), ..Self::default() }
    }

    /// The terminal may have become wider or narrower.
    pub(crate) fn resize(&mut self, columns: Option<usize>) {
        self.display.resize(columns);
    }

    /// The lines entered so far.
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// Starts a new line with a prompt.
    pub(crate) fn prompt(&mut self, output: &mut Vec<u8>) {
        self.display.prompt(output);
    }

    /// Takes a byte from the terminal; `output` gets what it has to show.
    pub(crate) fn byte(&mut self, byte: u8, output: &mut Vec<u8>) -> Option<Event> {
        match self.keys.byte(byte)? {
            Key::Enter => {
                self.display.finish(output);
                self.history.add(&self.line);
                self.cursor = 0;
                return Some(Event::Line(std::mem::take(&mut self.line)));
            }
            Key::Complete => {
                return Some(Event::Complete(self.line.get(..self.cursor).unwrap_or_default().to_vec()));
            }
            Key::Redraw => {
                output.extend_from_slice(b"\x1b[2J\x1b[1;1H");
                self.display.prompt(output);
            }
            key => self.edit(key),
        }
        self.display.show(&self.line, self.cursor, output);
        None
    }

    /// Completes the word before the cursor.
    pub(crate) fn complete(&mut self, completion: &Completion, output: &mut Vec<u8>) {
        match completion.candidates.as_slice() {
            [] => return,
            [only] => {
                self.insert_text(only.get(completion.typed..).unwrap_or_default());
                self.insert_text(" ");
            }
            several => {
                self.insert_text(common_prefix(several).get(completion.typed..).unwrap_or_default());
                self.display.finish(output);
                output.extend_from_slice(listing(several, self.display.columns()).as_bytes());
                self.display.prompt(output);
            }
        }
        self.display.show(&self.line, self.cursor, output);
    }

    fn edit(&mut self, key: Key) {
        match key {
            Key::Insert(byte) => self.insert(byte),
            Key::Left => self.cursor = self.cursor.saturating_sub(1),
            Key::Right => self.cursor = self.cursor.saturating_add(1).min(self.line.len()),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = self.line.len(),
            Key::Backspace => self.delete_from(self.cursor.saturating_sub(1)),
            Key::Delete if self.cursor < self.line.len() => drop(self.line.remove(self.cursor)),
            Key::DeleteWord => self.cut_from(self.word_start()),
            Key::DeleteToStart => self.cut_from(0),
            Key::DeleteToEnd => self.cut_to_end(),
            Key::Paste => self.cut.clone().into_iter().for_each(|byte| self.insert(byte)),
            Key::Swap => self.swap(),
            Key::Previous => {
                if let Some(line) = self.history.previous() {
                    self.line = line.to_vec();
                    self.cursor = self.line.len();
                }
            }
            Key::Next => {
                if let Some(line) = self.history.next() {
                    self.line = line.to_vec();
                    self.cursor = self.line.len();
                }
            }
            Key::Delete | Key::Enter | Key::Complete | Key::Redraw => {}
        }
    }

    fn insert(&mut self, byte: u8) {
        if self.line.len() < LONGEST_LINE {
            self.line.insert(self.cursor, byte);
            self.cursor = self.cursor.saturating_add(1);
        }
    }

    fn insert_text(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.insert(byte));
    }

    /// Deletes what stands between `start` and the cursor.
    fn delete_from(&mut self, start: usize) {
        self.line.drain(start..self.cursor);
        self.cursor = start;
    }

    /// The same, to be pasted elsewhere; nothing stays what was there to be pasted.
    fn cut_from(&mut self, start: usize) {
        if start < self.cursor {
            self.cut = self.line.get(start..self.cursor).unwrap_or_default().to_vec();
            self.delete_from(start);
        }
    }

    fn cut_to_end(&mut self) {
        if self.cursor < self.line.len() {
            self.cut = self.line.split_off(self.cursor);
        }
    }

    /// Swaps the character before the cursor with the one under it, at the end of the line the last two.
    fn swap(&mut self) {
        let right = self.cursor.min(self.line.len().saturating_sub(1));
        if let Some(left) = right.checked_sub(1) {
            self.line.swap(left, right);
            self.cursor = right.saturating_add(1);
        }
    }

    /// Where the word before the cursor begins; blanks between it and the cursor belong to it.
    fn word_start(&self) -> usize {
        let before = self.line.get(..self.cursor).unwrap_or_default();
        let end = before.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last.saturating_add(1));
        let word = before.get(..end).unwrap_or_default();
        word.iter().rposition(|byte| *byte == b' ').map_or(0, |blank| blank.saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the terminal gets for `input`, and the line then.
    fn typed(editor: &mut Editor, input: &str) -> String {
        let mut output = Vec::new();
        input.bytes().for_each(|byte| drop(editor.byte(byte, &mut output)));
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn each_byte_redraws_the_line() {
        let mut editor = Editor::default();
        assert_eq!(typed(&mut editor, "xp"), "x\x1b[K\x1b[Dxp\x1b[K");
        assert_eq!(typed(&mut editor, "\x7f"), "\x1b[D\x1b[Dx\x1b[K");
        assert_eq!(typed(&mut editor, "\x15"), "\x1b[D\x1b[K");
        assert_eq!(typed(&mut editor, "\x15\x7f\x04\x17"), "");
    }

    #[test]
    fn moving_and_deleting_at_the_cursor() {
        let mut editor = Editor::default();
        typed(&mut editor, "ab");
        assert_eq!(typed(&mut editor, "\x01"), "\x1b[D\x1b[D");
        assert_eq!(typed(&mut editor, "Z"), "Zab\x1b[K\x1b[D\x1b[D");
        assert_eq!(typed(&mut editor, "\x04"), "\x1b[DZb\x1b[K\x1b[D");
        assert_eq!(typed(&mut editor, "\x1b[C\x1b[C\x1b[D\x05"), "\x1b[C\x1b[D\x1b[C");
    }

    #[test]
    fn what_was_cut_can_be_pasted() {
        let mut editor = Editor::default();
        typed(&mut editor, "info virtio-status\x17\x01\x19");
        assert_eq!(editor.line, b"virtio-statusinfo ");
        typed(&mut editor, "\x0b\x05\x19\x19");
        assert_eq!(editor.line, b"virtio-statusinfo info ");
        typed(&mut editor, "\x15\x15\x19");
        assert_eq!(editor.line, b"virtio-statusinfo info ", "an empty line has nothing to cut");
    }

    #[test]
    fn two_characters_change_places() {
        let mut editor = Editor::default();
        typed(&mut editor, "\x14a\x14");
        assert_eq!(editor.line, b"a");
        typed(&mut editor, "b\x14");
        assert_eq!((editor.line.as_slice(), editor.cursor), (b"ba".as_slice(), 2));
        typed(&mut editor, "c\x1b[D\x14");
        assert_eq!((editor.line.as_slice(), editor.cursor), (b"bca".as_slice(), 3));
        typed(&mut editor, "\x01\x14");
        assert_eq!((editor.line.as_slice(), editor.cursor), (b"bca".as_slice(), 0));
    }

    #[test]
    fn deleting_a_word_takes_the_blanks_behind_it() {
        let mut editor = Editor::default();
        typed(&mut editor, "Z aaa bbb  ");
        typed(&mut editor, "\x17");
        assert_eq!(editor.line, b"Z aaa ");
        assert_eq!(typed(&mut editor, "\x0c"), "\x1b[2J\x1b[1;1H(qemu) Z aaa \x1b[K");
        typed(&mut editor, "\x17\x17\x17");
        assert_eq!(editor.line, b"");
    }

    #[test]
    fn entered_lines_come_back() {
        let mut editor = Editor::default();
        let mut output = Vec::new();
        typed(&mut editor, "ab");
        assert_eq!(editor.byte(b'\r', &mut output), Some(Event::Line(b"ab".to_vec())));
        assert_eq!(output, b"\r\n");
        editor.prompt(&mut output);
        assert_eq!(typed(&mut editor, "\x1b[A"), "ab\x1b[K");
        assert_eq!(typed(&mut editor, "\x1b[B"), "\x1b[D\x1b[D\x1b[K");
    }

    #[test]
    fn several_candidates_are_listed_and_the_line_shown_again() {
        let mut editor = Editor::default();
        typed(&mut editor, "info sta");
        let mut output = Vec::new();
        let completion = Completion { typed: 3, candidates: vec!["stats".to_owned(), "status".to_owned()] };
        editor.complete(&completion, &mut output);
        let screen = String::from_utf8(output).unwrap();
        assert_eq!(screen, "\r\nstats     status    \r\n(qemu) info stat\x1b[K");
    }

    #[test]
    fn one_candidate_is_completed_with_a_blank() {
        let mut editor = Editor::default();
        typed(&mut editor, "inf");
        let mut output = Vec::new();
        editor.complete(&Completion { typed: 3, candidates: vec!["info".to_owned()] }, &mut output);
        assert_eq!(output, b"\x1b[D\x1b[D\x1b[Dinfo \x1b[K");
        editor.complete(&Completion { typed: 0, candidates: Vec::new() }, &mut output);
        assert_eq!(editor.line, b"info ");
    }

    proptest! {
        #[test]
        fn any_bytes_leave_a_line_within_bounds(bytes: Vec<u8>) {
            let mut editor = Editor::default();
            let mut output = Vec::new();
            for byte in bytes {
                editor.byte(byte, &mut output);
                prop_assert!(editor.cursor <= editor.line.len());
            }
        }
    }

    #[test]
    fn what_is_added_behind_the_first_row_is_all_that_is_sent() {
        let mut editor = Editor::default();
        typed(&mut editor, &"a".repeat(72));
        assert!(typed(&mut editor, "b").ends_with("ab\x1b[K"), "the last column of the first row");
        assert_eq!(typed(&mut editor, "cd"), "cd");
    }

    #[test]
    fn a_line_ends_growing() {
        let mut editor = Editor::default();
        let mut output = Vec::new();
        for _ in 0..5000 {
            editor.byte(b'a', &mut output);
            output.clear();
        }
        assert_eq!(editor.line.len(), 4095);
    }
}
