//! Integer expressions: 64 bits wide, wrapping, numbers as in C.
//!
//! From the weakest binding to the strongest: `+ -`, then `& | ^`, then `* / %`, then the signs `+ - ~`. There are
//! no shifts.

use thiserror::Error;

use crate::guest_view::RegistersError;

/// How deep parentheses and signs may nest. The line comes from outside, and the reading is recursive.
const DEEPEST: u32 = 64;

/// Why an expression cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub(crate) enum ExpressionError {
    #[error("unexpected end of expression")]
    End,
    #[error("invalid char '{0}' in expression")]
    Character(char),
    #[error("')' expected")]
    Parenthesis,
    #[error("number too large")]
    TooLarge,
    #[error("division by zero")]
    DivisionByZero,
    #[error("unknown register")]
    Register,
    #[error(transparent)]
    Unreadable(RegistersError),
    #[error("character constant expected")]
    CharacterConstant,
    #[error("missing terminating ' character")]
    Quote,
    #[error("expression nested deeper than {DEEPEST} levels")]
    TooDeep,
}

/// What a register holds, by its name.
pub(crate) type ReadRegister<'r> = dyn Fn(&str) -> Result<u64, ExpressionError> + 'r;

/// The value of the expression at the start of `text`, and what follows it without blanks in between.
pub(crate) fn evaluate<'t>(
    text: &'t str,
    register: &ReadRegister<'_>,
) -> Result<(i64, &'t str), ExpressionError> {
    let mut reader = Reader { rest: text.trim_start(), depth: 0, register };
    let value = reader.sum()?;
    Ok((value, reader.rest))
}

struct Reader<'t, 'r> {
    /// Never starts with a blank.
    rest: &'t str,
    depth: u32,
    register: &'r ReadRegister<'r>,
}

impl<'t> Reader<'t, '_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn skip(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default().trim_start();
    }

    /// The next character if it is one of `operators`; it is then taken.
    fn operator(&mut self, operators: &[char]) -> Option<char> {
        let found = self.peek().filter(|character| operators.contains(character))?;
        self.skip(found.len_utf8());
        Some(found)
    }

    fn sum(&mut self) -> Result<i64, ExpressionError> {
        let mut value = self.logic()?;
        while let Some(operator) = self.operator(&['+', '-']) {
            let right = self.logic()?;
            value = if operator == '+' { value.wrapping_add(right) } else { value.wrapping_sub(right) };
        }
        Ok(value)
    }

    fn logic(&mut self) -> Result<i64, ExpressionError> {
        let mut value = self.product()?;
        while let Some(operator) = self.operator(&['&', '|', '^']) {
            let right = self.product()?;
            value = match operator {
                '&' => value & right,
                '|' => value | right,
                _ => value ^ right,
            };
        }
        Ok(value)
    }

    fn product(&mut self) -> Result<i64, ExpressionError> {
        let mut value = self.signed()?;
        while let Some(operator) = self.operator(&['*', '/', '%']) {
            let right = self.signed()?;
            value = match operator {
                '*' => value.wrapping_mul(right),
                _ if right == 0 => return Err(ExpressionError::DivisionByZero),
                '/' => value.wrapping_div(right),
                _ => value.wrapping_rem(right),
            };
        }
        Ok(value)
    }

    fn signed(&mut self) -> Result<i64, ExpressionError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > DEEPEST {
            return Err(ExpressionError::TooDeep);
        }
        let value = match self.operator(&['+', '-', '~', '(']) {
            Some('+') => self.signed()?,
            Some('-') => self.signed()?.wrapping_neg(),
            Some('~') => !self.signed()?,
            Some(_) => {
                let inner = self.sum()?;
                self.operator(&[')']).ok_or(ExpressionError::Parenthesis)?;
                inner
            }
            None => self.operand()?,
        };
        self.depth = self.depth.saturating_sub(1);
        Ok(value)
    }

    fn operand(&mut self) -> Result<i64, ExpressionError> {
        match self.peek().ok_or(ExpressionError::End)? {
            '\'' => self.character(),
            '$' => self.named_register(),
            digit if digit.is_ascii_digit() => self.number(),
            other => Err(ExpressionError::Character(other)),
        }
    }

    /// `$rip`
    fn named_register(&mut self) -> Result<i64, ExpressionError> {
        let name = self.rest.get(1..).unwrap_or_default();
        let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
        let end = name.find(|character| !is_part(character)).unwrap_or(name.len());
        let (name, rest) = name.split_at(end);
        let value = (self.register)(name)?;
        self.rest = rest.trim_start();
        Ok(value.cast_signed())
    }

    /// `'a'`
    fn character(&mut self) -> Result<i64, ExpressionError> {
        let mut characters = self.rest.chars();
        characters.next();
        let value = characters.next().ok_or(ExpressionError::CharacterConstant)?;
        if characters.next() != Some('\'') {
            return Err(ExpressionError::Quote);
        }
        self.rest = characters.as_str().trim_start();
        Ok(i64::from(u32::from(value)))
    }

    /// `10`, `0x10` or `010`; what is no digit of the base ends the number.
    fn number(&mut self) -> Result<i64, ExpressionError> {
        let hexadecimal = self.rest.strip_prefix("0x").or_else(|| self.rest.strip_prefix("0X"));
        let (digits, radix) = match hexadecimal {
            Some(digits) if digits.starts_with(|first: char| first.is_ascii_hexdigit()) => (digits, 16),
            _ if self.rest.starts_with('0') => (self.rest, 8),
            _ => (self.rest, 10),
        };
        let end = digits.find(|character: char| !character.is_digit(radix)).unwrap_or(digits.len());
        let (digits, rest) = digits.split_at(end);
        let value = u64::from_str_radix(digits, radix).map_err(|_| ExpressionError::TooLarge)?;
        self.rest = rest.trim_start();
        Ok(value.cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// There is one register.
    fn register(name: &str) -> Result<u64, ExpressionError> {
        if name == "rip" { Ok(0xfff0) } else { Err(ExpressionError::Register) }
    }

    fn evaluate(text: &str) -> Result<(i64, &str), ExpressionError> {
        super::evaluate(text, &register)
    }

    fn value(text: &str) -> Result<i64, ExpressionError> {
        evaluate(text).map(|(value, _)| value)
    }

    #[test]
    fn binds_as_the_table_says() {
        assert_eq!(value("1+2*3"), Ok(7));
        assert_eq!(value("0xffff0+4*2"), Ok(0xffff8));
        // '&' binds stronger than '+', unlike in C.
        assert_eq!(value("1+6&3"), Ok(3));
        assert_eq!(value("(1+6)&3"), Ok(3));
        assert_eq!(value("10 - 2 - 3"), Ok(5));
        assert_eq!(value("6^3|8"), Ok(13));
        assert_eq!(value("5%3"), Ok(2));
        assert_eq!(value("~0"), Ok(-1));
        assert_eq!(value("- 5"), Ok(-5));
        assert_eq!(value("2*-3"), Ok(-6));
        assert_eq!(value("'a' + 1"), Ok(98));
        assert_eq!(evaluate("$rip+ 2*$rip )"), Ok((0x2ffd0, ")")));
    }

    #[test]
    fn reads_numbers_as_c_does_and_stops_where_they_end() {
        assert_eq!(evaluate("010 x"), Ok((8, "x")));
        assert_eq!(evaluate("08"), Ok((0, "8")));
        assert_eq!(evaluate("0x"), Ok((0, "x")));
        assert_eq!(evaluate("0XfF,"), Ok((255, ",")));
        assert_eq!(evaluate("1 2"), Ok((1, "2")));
        assert_eq!(value("0xffffffffffffffff"), Ok(-1));
        assert_eq!(value("18446744073709551616"), Err(ExpressionError::TooLarge));
    }

    #[test]
    fn says_what_is_wrong() {
        let text = |line: &str| value(line).map_err(|error| error.to_string()).unwrap_err();
        assert_eq!(text(""), "unexpected end of expression");
        assert_eq!(text("1+"), "unexpected end of expression");
        assert_eq!(text("zz"), "invalid char 'z' in expression");
        assert_eq!(text("(1<<4)"), "')' expected");
        assert_eq!(text("(1"), "')' expected");
        assert_eq!(text("1/0"), "division by zero");
        assert_eq!(text("1%0"), "division by zero");
        assert_eq!(text("$eip"), "unknown register");
        assert_eq!(text("$"), "unknown register");
        assert_eq!(text("'"), "character constant expected");
        assert_eq!(text("'ab'"), "missing terminating ' character");
    }

    #[test]
    fn survives_what_would_overflow() {
        assert_eq!(value("0x8000000000000000 / -1"), Ok(i64::MIN));
        assert_eq!(value("0x8000000000000000 % -1"), Ok(0));
        assert_eq!(value(&"(".repeat(100_000)), Err(ExpressionError::TooDeep));
        assert_eq!(value(&"-".repeat(100_000)), Err(ExpressionError::TooDeep));
        assert_eq!(value(&format!("{}1{}", "(".repeat(60), ")".repeat(60))), Ok(1));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[ 0-9a-fx+*/%&|^~()'$-]{0,40}") {
            let _ = evaluate(&text);
        }

        #[test]
        fn a_written_number_is_read_back(number: u64) {
            prop_assert_eq!(value(&format!("{number}")), Ok(number.cast_signed()));
            prop_assert_eq!(value(&format!("{number:#x}")), Ok(number.cast_signed()));
            prop_assert_eq!(value(&format!("0{number:o}")), Ok(number.cast_signed()));
        }
    }
}
