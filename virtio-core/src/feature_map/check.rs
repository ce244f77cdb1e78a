//! The checks of [`feature_map!`](crate::feature_map!). They run in the compiler; their panics are its error messages.
//! All are `track_caller`, so that the compiler points at the map alone, not at places in here.

use super::{FeatureRow, FeatureText};

/// Every bit is a device's, and none stands twice.
#[track_caller]
pub const fn device_bits<F: Copy>(rows: &[FeatureRow<F>]) {
    let mut rest = rows;
    while let [row, after @ ..] = rest {
        let bit = row.text.bit;
        if 24 <= bit && bit <= 49 {
            Message::new("feature_map!: the bit of ")
                .with(row.text.name)
                .with(" is the transport's: device bits are 0 to 23 and 50 to 127")
                .fail();
        }
        if bit > 127 {
            Message::new("feature_map!: the bit of ")
                .with(row.text.name)
                .with(" does not exist: device bits are 0 to 23 and 50 to 127")
                .fail();
        }
        unlike(&row.text, after);
        rest = after;
    }
}

/// No row has the bit of `text`.
#[track_caller]
pub(super) const fn unlike<F: Copy>(text: &FeatureText, rows: &[FeatureRow<F>]) {
    let mut rest = rows;
    while let [row, after @ ..] = rest {
        if row.text.bit == text.bit {
            Message::new("feature_map!: ")
                .with(text.name)
                .with(" and ")
                .with(row.text.name)
                .with(" are the same bit")
                .fail();
        }
        rest = after;
    }
}

/// A value of the schema's enumeration has exactly one row.
#[track_caller]
pub const fn one_row(rows: u32, value: &str) {
    if rows == 0 {
        Message::new("feature_map!: no row for the schema's value ").with(value).fail();
    }
    if rows > 1 {
        Message::new("feature_map!: more than one row for the schema's value ").with(value).fail();
    }
}

/// A text that is put together while compiling.
struct Message {
    bytes: [u8; 256],
    length: usize,
}

impl Message {
    const fn new(text: &str) -> Self {
        Self { bytes: [0; 256], length: 0 }.with(text)
    }

    /// Appends `text`, as far as there is room.
    const fn with(mut self, text: &str) -> Self {
        let mut rest = text.as_bytes();
        while let [byte, after @ ..] = rest {
            if self.length == self.bytes.len() {
                break;
            }
            self.bytes[self.length] = *byte;
            self.length += 1;
            rest = after;
        }
        self
    }

    #[expect(clippy::panic, reason = "runs in the compiler only, and is its error message")]
    #[track_caller]
    const fn fail(&self) -> ! {
        let (text, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(text) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("feature_map!: a name is too long to be shown"),
        }
    }
}
