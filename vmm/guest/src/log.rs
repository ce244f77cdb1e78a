//! What the guest has to say, until a console takes it.

/// Bytes that wait at most; what comes on top is dropped, so that a console that takes nothing costs nothing.
const CAPACITY: usize = 2048;

/// Messages on their way to a console: text in, bytes out.
pub(crate) struct Log {
    bytes: [u8; CAPACITY],
    first: usize,
    length: usize,
}

impl Log {
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; CAPACITY], first: 0, length: 0 }
    }

    /// Appends one byte.
    pub(crate) fn byte(&mut self, byte: u8) -> &mut Self {
        if self.length < CAPACITY
            && let Some(place) = self.bytes.get_mut((self.first + self.length) % CAPACITY)
        {
            *place = byte;
            self.length += 1;
        }
        self
    }

    /// Appends text; a message ends with a line feed.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        for byte in text.bytes() {
            self.byte(byte);
        }
        self
    }

    /// Appends a decimal number.
    pub(crate) fn number(&mut self, value: u64) -> &mut Self {
        self.digits::<10>(value)
    }

    /// Appends a hexadecimal number with its prefix.
    pub(crate) fn address(&mut self, value: u64) -> &mut Self {
        self.text("0x").digits::<16>(value)
    }

    fn digits<const BASE: u64>(&mut self, mut value: u64) -> &mut Self {
        // Digits come out from the last to the first. Twenty are enough for any value in decimal.
        let mut digits = [0; 20];
        let mut count = 0;
        for place in &mut digits {
            let [digit, ..] = (value % BASE).to_le_bytes();
            *place = if digit < 10 { b'0' + digit } else { b'a' + digit - 10 };
            value /= BASE;
            count += 1;
            if value == 0 {
                break;
            }
        }
        for digit in digits.iter().take(count).rev() {
            self.byte(*digit);
        }
        self
    }

    /// The next byte, which stays.
    pub(crate) fn peek(&self) -> Option<u8> {
        if self.length == 0 { None } else { self.bytes.get(self.first).copied() }
    }

    /// Drops the next byte.
    pub(crate) fn advance(&mut self) {
        if self.length > 0 {
            self.first = (self.first + 1) % CAPACITY;
            self.length -= 1;
        }
    }
}
