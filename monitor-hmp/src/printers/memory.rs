//! Memory dumps and values.

use qapi_schema::runtime::Error;

use crate::parse::format::{Format, Notation, Size};

/// How much one command dumps, in bytes: the text is several times as long, and made at once.
const LARGEST_DUMP: usize = 1 << 20;

/// Memory that is dumped: copies what stands from an address on, or says `false` if a part of it cannot be read.
pub(crate) type ReadMemory<'m> = dyn Fn(u64, &mut [u8]) -> Result<bool, Error> + 'm;

/// What stands in memory from `address` on, as far as there is memory.
pub(crate) fn dump(memory: &ReadMemory<'_>, format: Format, address: u64) -> Result<String, Error> {
    let item = format.size.bytes();
    let total = usize::try_from(format.count).unwrap_or(usize::MAX).saturating_mul(item);
    if total > LARGEST_DUMP {
        let count = format.count;
        return Err(Error::generic(format!(
            "{count} items of {item} bytes are too many to show at once, at most {LARGEST_DUMP} bytes are shown"
        )));
    }
    let mut text = String::new();
    let mut address = address;
    let mut bytes = vec![0; total];
    for line in bytes.chunks_mut(if item == 1 { 8 } else { 16 }) {
        if !memory(address, line)? {
            text += &format!("{address:016x}: Cannot access memory\n");
            break;
        }
        text += &dump_line(address, line, format);
        address = address.wrapping_add(line.len() as u64);
    }
    Ok(text)
}

fn dump_line(address: u64, bytes: &[u8], format: Format) -> String {
    let mut text = format!("{address:016x}:");
    let item = if format.notation == Notation::Character { Size::Byte } else { format.size };
    for bytes in bytes.chunks(item.bytes()) {
        let value = bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        text.push(' ');
        text += &dump_item(value, format.notation, item);
    }
    text.push('\n');
    text
}

/// One item; all items of a size have the same width, but for characters.
fn dump_item(value: u64, notation: Notation, size: Size) -> String {
    let bytes = size.bytes();
    match notation {
        Notation::Hexadecimal => format!("{value:#0width$x}", width = 2 + 2 * bytes),
        Notation::Octal => format!("{:>width$}", octal(value), width = (8 * bytes).div_ceil(3)),
        // Only a value of 8 bytes has a sign.
        Notation::Decimal => format!("{:>width$}", value.cast_signed(), width = (80 * bytes).div_ceil(33)),
        Notation::Unsigned => format!("{value:>width$}", width = (80 * bytes).div_ceil(33)),
        Notation::Character => character(value),
    }
}

/// A value without any padding.
pub(crate) fn value(value: u64, notation: Notation) -> String {
    match notation {
        Notation::Hexadecimal => format!("{value:#x}"),
        Notation::Octal => octal(value),
        Notation::Decimal => format!("{}", value.cast_signed()),
        Notation::Unsigned => format!("{value}"),
        Notation::Character => character(value),
    }
}

fn octal(value: u64) -> String {
    if value == 0 { String::from("0") } else { format!("0{value:o}") }
}

fn character(value: u64) -> String {
    match u8::try_from(value) {
        Ok(b'\'') => String::from(r"'\''"),
        Ok(b'\\') => String::from(r"'\\'"),
        Ok(b'\n') => String::from(r"'\n'"),
        Ok(b'\r') => String::from(r"'\r'"),
        Ok(printable @ b' '..=b'~') => format!("'{}'", char::from(printable)),
        _ => format!("'\\x{value:02x}'"),
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    /// Memory from 0xffff0 to 0x100004.
    struct Memory;

    const CONTENT: &[u8] = b"\xea\x5b\xe0\x00\xf006/23/99\x00\xfc\x00\x01\x02'\\";

    impl Memory {
        fn read(address: u64, data: &mut [u8]) -> Result<bool, Error> {
            let start = address.checked_sub(0xffff0).and_then(|start| usize::try_from(start).ok());
            let content = start.and_then(|start| CONTENT.get(start..start.checked_add(data.len())?));
            Ok(content.map(|content| data.copy_from_slice(content)).is_some())
        }
    }

    fn dumped(count: u32, notation: Notation, size: Size, address: u64) -> String {
        dump(&Memory::read, Format { count, notation, size }, address).unwrap()
    }

    #[test]
    fn every_notation_and_size() {
        use Notation::*;
        let mut screen = String::new();
        for (count, notation, size) in [
            (4, Hexadecimal, Size::Word),
            (2, Hexadecimal, Size::Giant),
            (3, Decimal, Size::Half),
            (3, Unsigned, Size::Half),
            (3, Octal, Size::Byte),
            (2, Octal, Size::Word),
            (2, Decimal, Size::Giant),
            (8, Character, Size::Byte),
            (2, Character, Size::Word),
            (20, Hexadecimal, Size::Byte),
        ] {
            screen += &dumped(count, notation, size, 0xffff0);
        }
        assert_snapshot!(screen, @r"
        00000000000ffff0: 0x00e05bea 0x2f3630f0 0x392f3332 0x00fc0039
        00000000000ffff0: 0x2f3630f000e05bea 0x00fc0039392f3332
        00000000000ffff0: 23530   224 12528
        00000000000ffff0: 23530   224 12528
        00000000000ffff0: 0352 0133 0340
        00000000000ffff0:   070055752 05715430360
        00000000000ffff0:  3401960375889976298    70931939903615794
        00000000000ffff0: '\xea' '[' '\xe0' '\x00' '\xf0' '0' '6' '/'
        00000000000ffff0: '\xea' '[' '\xe0' '\x00' '\xf0' '0' '6' '/'
        00000000000ffff0: 0xea 0x5b 0xe0 0x00 0xf0 0x30 0x36 0x2f
        00000000000ffff8: 0x32 0x33 0x2f 0x39 0x39 0x00 0xfc 0x00
        0000000000100000: 0x01 0x02 0x27 0x5c
        ");
    }

    #[test]
    fn stops_where_memory_ends() {
        assert_snapshot!(dumped(16, Notation::Character, Size::Byte, 0xffffc), @r"
        00000000000ffffc: '9' '\x00' '\xfc' '\x00' '\x01' '\x02' '\'' '\\'
        0000000000100004: Cannot access memory
        ");
        assert_snapshot!(dumped(2, Notation::Hexadecimal, Size::Word, 0xffff_ffff_ffff_f000), @"fffffffffffff000: Cannot access memory");
        assert_eq!(dumped(0, Notation::Hexadecimal, Size::Word, 0), "");
    }

    #[test]
    fn refuses_to_show_too_much() {
        let format = Format { count: u32::MAX, notation: Notation::Hexadecimal, size: Size::Giant };
        assert_snapshot!(dump(&Memory::read, format, 0).unwrap_err(), @"4294967295 items of 8 bytes are too many to show at once, at most 1048576 bytes are shown");
    }

    #[test]
    fn values_without_padding() {
        let all = |number| {
            use Notation::*;
            [Hexadecimal, Decimal, Unsigned, Octal, Character]
                .map(|notation| value(number, notation))
                .join(" ")
        };
        assert_snapshot!(all(7), @r"0x7 7 7 07 '\x07'");
        assert_snapshot!(all(0), @r"0x0 0 0 0 '\x00'");
        assert_snapshot!(all(65), @"0x41 65 65 0101 'A'");
        assert_snapshot!(all(0xfff0), @r"0xfff0 65520 65520 0177760 '\xfff0'");
        assert_snapshot!(all(u64::MAX), @r"0xffffffffffffffff -1 18446744073709551615 01777777777777777777777 '\xffffffffffffffff'");
        assert_snapshot!(all(u64::from(b'\n')), @r"0xa 10 10 012 '\n'");
    }
}
