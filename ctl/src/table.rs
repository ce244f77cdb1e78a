//! JSON as tables, for people.
//!
//! A list of objects is a table with a column for each member, if there is room for them; an object is a table of two
//! columns, member and value. Objects in objects become members with dots in their names. What fits no cell, a list of
//! objects within an object, stands below, indented, under its name.

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Map, Value};

/// What stands for a list without elements.
const NOTHING: &str = "(none)";

/// Columns between two cells, and by which what stands below is indented.
const GAP: u16 = 2;

/// What a column of a list needs, its gap included, to be easier to read than a table for each element.
const NARROWEST: usize = 10;

/// `value` in lines of at most `width` columns, if there is a limit. Nothing for an empty object.
pub(crate) fn text(value: &Value, width: Option<u16>) -> String {
    match value {
        Value::Object(members) => object(members, width),
        Value::Array(elements) if elements.is_empty() => format!("{NOTHING}\n"),
        Value::Array(elements) => list(elements, width),
        scalar => format!("{}\n", cell(scalar).unwrap_or_default()),
    }
}

/// The parts of an object: what fits a cell by its name, and what does not.
#[derive(Default)]
struct Parts<'v> {
    cells: Vec<(String, String)>,
    below: Vec<(String, &'v Value)>,
}

impl<'v> Parts<'v> {
    fn of(members: &'v Map<String, Value>) -> Self {
        let mut parts = Self::default();
        parts.add("", members);
        parts
    }

    fn add(&mut self, before: &str, members: &'v Map<String, Value>) {
        for (name, value) in members {
            let name = escaped(&format!("{before}{name}"));
            match value {
                Value::Object(inner) if !inner.is_empty() => self.add(&format!("{name}."), inner),
                _ => match cell(value) {
                    Some(text) => self.cells.push((name, text)),
                    None => self.below.push((name, value)),
                },
            }
        }
    }
}

fn object(members: &Map<String, Value>, width: Option<u16>) -> String {
    let parts = Parts::of(members);
    let mut text = String::new();
    if !parts.cells.is_empty() {
        let rows = parts.cells.into_iter().map(|(name, text)| vec![name, text]);
        text += &table(None, rows.collect(), width);
    }
    for (name, value) in parts.below {
        text += &format!("{name}:\n");
        text += &indented(&self::text(value, width.map(|width| width.saturating_sub(GAP))));
    }
    text
}

fn list(elements: &[Value], width: Option<u16>) -> String {
    let objects: Vec<&Map<String, Value>> = elements.iter().filter_map(Value::as_object).collect();
    if objects.len() < elements.len() {
        return elements.iter().map(|element| self::text(element, width)).collect();
    }
    let parts: Vec<Parts<'_>> = objects.iter().map(|members| Parts::of(members)).collect();
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in parts.iter().flat_map(|parts| &parts.cells) {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let is_too_narrow = width.is_some_and(|width| columns.len() * NARROWEST > usize::from(width));
    if is_too_narrow || parts.iter().any(|parts| !parts.below.is_empty()) {
        let blocks: Vec<String> = objects.iter().map(|members| object(members, width)).collect();
        return blocks.join("\n");
    }
    let row = |parts: &Parts<'_>| {
        let text =
            |column: &&str| parts.cells.iter().find(|(name, _)| name == column).map(|(_, text)| text.clone());
        columns.iter().map(|column| text(column).unwrap_or_default()).collect()
    };
    let heading = columns.iter().map(|name| name.to_uppercase()).collect();
    table(Some(heading), parts.iter().map(row).collect(), width)
}

/// What a value is in a cell; nothing if it fits none.
fn cell(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("null".to_owned()),
        Value::String(text) => Some(escaped(text)),
        Value::Array(elements) => {
            let cells: Option<Vec<String>> =
                elements.iter().map(|element| cell(element).filter(|_| !element.is_array())).collect();
            Some(cells?.join(", "))
        }
        Value::Object(members) if members.is_empty() => Some("{}".to_owned()),
        Value::Object(_) => None,
        scalar => Some(scalar.to_string()),
    }
}

/// What a server says may come from a guest, which should not write to the terminal.
fn escaped(text: &str) -> String {
    let escaped = |character: char| {
        if character.is_control() { character.escape_default().to_string() } else { character.to_string() }
    };
    text.chars().map(escaped).collect()
}

fn table(heading: Option<Vec<String>>, rows: Vec<Vec<String>>, width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).add_rows(rows);
    if let Some(heading) = heading {
        table.set_header(heading);
    }
    match width {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, GAP));
    });
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    lines.concat()
}

fn indented(text: &str) -> String {
    let indentation = " ".repeat(GAP.into());
    let line =
        |line: &str| if line.trim().is_empty() { line.to_owned() } else { format!("{indentation}{line}") };
    text.split_inclusive('\n').map(line).collect()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_of_objects_has_a_column_for_each_member() {
        let cpus = json!([
            { "cpu-index": 0, "props": { "core-id": 0, "socket-id": 0 }, "target": "x86_64" },
            { "cpu-index": 1, "props": { "core-id": 1 }, "target": "x86_64", "flags": ["a", "b"] },
        ]);
        assert_snapshot!(text(&cpus, None), @r"
        CPU-INDEX  PROPS.CORE-ID  PROPS.SOCKET-ID  TARGET  FLAGS
        0          0              0                x86_64
        1          1                               x86_64  a, b
        ");
    }

    #[test]
    fn what_fits_no_cell_stands_below() {
        let device = json!({
            "name": "virtio-blk", "queues": [{ "index": 0, "size": 128 }, { "index": 1, "size": 256 }], "none": [], "empty": {}
        });
        assert_snapshot!(text(&device, None), @r###"
        empty  {}
        name   virtio-blk
        none
        queues:
          INDEX  SIZE
          0      128
          1      256
        "###);
        assert_snapshot!(text(&json!([device]), None).lines().count(), @"7");
    }

    #[test]
    fn scalars_lists_and_nothing() {
        assert_eq!(text(&json!({}), None), "");
        assert_eq!(text(&json!([]), None), "(none)\n");
        assert_eq!(text(&json!("a\u{1b}[31m\nb"), None), "a\\u{1b}[31m\\nb\n");
        assert_eq!(text(&json!([1, "two", null, [3, 4]]), None), "1\ntwo\nnull\n3\n4\n");
    }

    #[test]
    fn more_columns_than_the_terminal_has_room_for_become_lines() {
        let disks = json!([{ "device": "disk0", "inserted": { "drv": "raw" }, "type": "unknown" }, { "device": "cd" }]);
        assert_snapshot!(text(&disks, Some(29)), @r###"
        device        disk0
        inserted.drv  raw
        type          unknown

        device  cd
        "###);
        assert!(text(&disks, Some(30)).starts_with("DEVICE "), "just enough");
    }

    #[test]
    fn a_narrow_terminal_breaks_cells() {
        let devices = json!([{ "path": "/machine/peripheral/disk0", "help": "a disk with several words" }]);
        assert_snapshot!(text(&devices, Some(30)), @r###"
        HELP           PATH
        a disk with    /machine/peri
        several words  pheral/disk0
        "###);
    }
}
