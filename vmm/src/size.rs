//! Sizes as people write them; `virtio_core::options::parse_size` reads what is printed here.

const SUFFIXES: [(char, u32); 4] = [('K', 10), ('M', 20), ('G', 30), ('T', 40)];

/// Prints a size in the largest unit that leaves a whole number.
pub fn print(bytes: u64) -> String {
    let fits = |shift: u32| bytes != 0 && bytes.trailing_zeros() >= shift;
    match SUFFIXES.iter().rev().find(|(_, shift)| fits(*shift)) {
        Some((letter, shift)) => format!("{}{letter}", bytes >> shift),
        None => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_largest_whole_unit() {
        assert_eq!(
            [0, 1, 4096, 256 << 20, 3 << 30, 1 << 40].map(print),
            ["0", "1", "4K", "256M", "3G", "1T"]
        );
    }
}
