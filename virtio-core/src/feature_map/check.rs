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

/// The bit of the row with this name.
#[track_caller]
pub(super) const fn bit_named<F: Copy>(rows: &[FeatureRow<F>], name: &str) -> u8 {
    let mut rest = rows;
    while let [row, after @ ..] = rest {
        if is_same(row.text.name.as_bytes(), name.as_bytes()) {
            return row.text.bit;
        }
        rest = after;
    }
    Message::new("feature_map!: there is no bit of the name ").with(name).fail()
}

const fn is_same(mut one: &[u8], mut other: &[u8]) -> bool {
    while let ([first, one_after @ ..], [second, other_after @ ..]) = (one, other) {
        if *first != *second {
            return false;
        }
        (one, other) = (one_after, other_after);
    }
    one.is_empty() && other.is_empty()
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

/// That these panics stop the compiler is shown by the examples of `feature_map!`; here are their texts.
#[cfg(test)]
mod tests {
    use super::*;

    fn row(bit: u8, name: &'static str) -> FeatureRow<()> {
        FeatureRow { value: Some(()), text: FeatureText { bit, name, description: "" } }
    }

    #[test]
    fn all_device_bits_are_fine() {
        let bits = (0..=23).chain(50..=127);
        device_bits(&bits.map(|bit| row(bit, "VIRTIO_X_F_ANY")).collect::<Vec<_>>());
        one_row(1, "value");
    }

    #[test]
    #[should_panic = "feature_map!: the bit of VIRTIO_X_F_LOW is the transport's: device bits are 0 to 23 and 50 to 127"]
    fn first_bit_of_the_transport() {
        device_bits(&[row(23, "VIRTIO_X_F_LAST"), row(24, "VIRTIO_X_F_LOW")]);
    }

    #[test]
    #[should_panic = "feature_map!: the bit of VIRTIO_X_F_HIGH is the transport's: device bits are 0 to 23 and 50 to 127"]
    fn last_bit_of_the_transport() {
        device_bits(&[row(50, "VIRTIO_X_F_FIRST"), row(49, "VIRTIO_X_F_HIGH")]);
    }

    #[test]
    #[should_panic = "feature_map!: the bit of VIRTIO_X_F_AWAY does not exist: device bits are 0 to 23 and 50 to 127"]
    fn a_bit_beyond_all() {
        device_bits(&[row(128, "VIRTIO_X_F_AWAY")]);
    }

    #[test]
    #[should_panic = "feature_map!: VIRTIO_X_F_ONE and VIRTIO_X_F_OTHER are the same bit"]
    fn a_bit_that_stands_twice() {
        device_bits(&[row(3, "VIRTIO_X_F_ONE"), row(4, "VIRTIO_X_F_TWO"), row(3, "VIRTIO_X_F_OTHER")]);
    }

    #[test]
    fn a_bit_by_its_name() {
        let rows = [row(3, "VIRTIO_X_F_ONE"), row(4, "VIRTIO_X_F_ONES")];
        assert_eq!((bit_named(&rows, "VIRTIO_X_F_ONE"), bit_named(&rows, "VIRTIO_X_F_ONES")), (3, 4));
    }

    #[test]
    #[should_panic = "feature_map!: there is no bit of the name VIRTIO_X_F_ON"]
    fn a_name_that_does_not_exist() {
        bit_named(&[row(3, "VIRTIO_X_F_ONE")], "VIRTIO_X_F_ON");
    }

    #[test]
    #[should_panic = "feature_map!: no row for the schema's value secure-erase"]
    fn a_value_without_row() {
        one_row(0, "secure-erase");
    }

    #[test]
    #[should_panic = "feature_map!: more than one row for the schema's value flush"]
    fn a_value_with_two_rows() {
        one_row(2, "flush");
    }
}
