//! `info registers`.

use crate::guest_view::Register;

/// How wide a terminal is taken to be that does not tell.
const USUAL_COLUMNS: usize = 80;

/// As many registers in a line as there is room for.
pub(crate) fn registers(registers: &[Register], columns: Option<usize>) -> String {
    let columns = columns.unwrap_or(USUAL_COLUMNS);
    let (mut text, mut used) = (String::new(), 0);
    for register in registers {
        let digits = usize::from(register.bits / 4);
        let entry = format!("{}={:0digits$x}", register.name.to_uppercase(), register.value);
        let with_gap = entry.len().saturating_add(1);
        if used > 0 && used + with_gap > columns {
            text.push('\n');
            used = 0;
        } else if used > 0 {
            text.push(' ');
        }
        used += with_gap;
        text += &entry;
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_in_a_line_as_there_is_room_for() {
        let register = |name, bits| Register { name, value: 0xfff0, bits };
        let all = [register("rax", 64), register("rip", 64), register("cs", 16)];
        let one_line = "RAX=000000000000fff0 RIP=000000000000fff0 CS=fff0\n";
        assert_eq!(registers(&all, None), one_line);
        assert_eq!(registers(&all, Some(50)), one_line);
        assert_eq!(registers(&all, Some(49)), one_line.replace(" CS", "\nCS"));
        assert_eq!(registers(&all, Some(5)), one_line.replace(' ', "\n"));
    }
}
