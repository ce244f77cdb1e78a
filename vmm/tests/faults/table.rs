//! The table beside the tests, held against them.

/// The tests by file, and the table.
const SOURCES: [(&str, &str); 8] = [
    ("balloon.rs", include_str!("balloon.rs")),
    ("console.rs", include_str!("console.rs")),
    ("disk_errors.rs", include_str!("disk_errors.rs")),
    ("full_disk.rs", include_str!("full_disk.rs")),
    ("net.rs", include_str!("net.rs")),
    ("rng.rs", include_str!("rng.rs")),
    ("vhost_user.rs", include_str!("vhost_user.rs")),
    ("vsock.rs", include_str!("vsock.rs")),
];
const TABLE: &str = include_str!("README.md");

/// A row of the table names in its last column the tests that show it; every test stands in a row.
#[test]
fn every_fault_is_in_the_table() {
    let mut tests = Vec::new();
    for (file, source) in SOURCES {
        let mut lines = source.lines();
        while lines.any(|line| line == "#[test]") {
            let name = lines.next().and_then(|line| line.strip_prefix("fn ")?.split('(').next());
            tests.push(name.unwrap_or_else(|| panic!("{file}: a test without name")));
        }
    }
    let named: Vec<&str> = TABLE
        .lines()
        .filter(|line| line.starts_with('|'))
        .filter_map(|line| line.trim_end_matches('|').rsplit('|').next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let missing: Vec<_> = tests.iter().filter(|test| !named.contains(test)).collect();
    assert!(missing.is_empty(), "not in the table: {missing:?}");
    let unknown: Vec<_> = named.iter().filter(|name| !tests.contains(name)).collect();
    assert!(unknown.is_empty(), "in the table, but no test: {unknown:?}");
}
