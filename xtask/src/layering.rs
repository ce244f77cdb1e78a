//! `cargo xtask layering`: who may depend on whom, checked against `cargo metadata`.
//!
//! The direction is the architecture: a monitor that knew a device, or a device that knew the machine, could
//! not be taken into another project.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::workspace;

/// What a crate of ours may use of our own crates, in the program it ends up in. Crates under
/// `virtio-devices/` share one rule.
const RULES: &[(&str, &[&str])] = &[
    ("qapi-gen", &[]),
    ("qapi-gen/example-build", &["qapi-gen"]),
    ("qapi-gen/macro", &["qapi-gen"]),
    ("qapi-schema", &[]),
    ("qmp-client", &["qapi-schema"]),
    ("socket-file", &[]),
    ("stats", &["qapi-schema"]),
    ("rate-limits", &["qapi-schema", "stats"]),
    ("storage", &["qapi-schema", "rate-limits", "stats"]),
    ("virtio-core", &["qapi-schema", "rate-limits", "stats"]),
    ("virtio-devices/*", &["qapi-schema", "rate-limits", "socket-file", "stats", "storage", "virtio-core"]),
    ("monitor-qmp", &["qapi-schema"]),
    ("monitor-hmp", &["qapi-schema"]),
    ("vmm/guest", &[]),
    ("boot", &[]),
    (
        "vmm",
        &[
            "qapi-schema",
            "rate-limits",
            "socket-file",
            "stats",
            "virtio-core",
            "virtio-devices/*",
            "monitor-qmp",
            "monitor-hmp",
            "boot",
            "vmm/guest",
        ],
    ),
    ("top", &["qapi-schema", "qmp-client"]),
    ("ctl", &["qapi-schema", "qmp-client"]),
    ("bench", &["qapi-schema", "stats", "storage", "virtio-core", "virtio-devices/*", "monitor-qmp", "vmm"]),
    ("lab", &["qapi-schema", "qmp-client", "virtio-core", "vmm"]),
    ("xtask", &["qapi-gen"]),
];

/// Checks every crate of the workspace.
///
/// # Errors
/// A crate has no rule or breaks its rule; all breaches are listed.
pub(crate) fn run() -> Result<(), String> {
    let text = workspace::output(
        workspace::root(),
        &[],
        &["cargo", "metadata", "--no-deps", "--format-version", "1", "--offline"],
    )?;
    let metadata: Value = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    let breaches = breaches(&packages(&metadata), RULES);
    if breaches.is_empty() { Ok(()) } else { Err(breaches.join("\n")) }
}

/// A crate by its folder, and the folders of our own crates that it uses.
#[derive(Debug)]
struct Package {
    folder: String,
    uses: BTreeSet<String>,
}

fn packages(metadata: &Value) -> Vec<Package> {
    let root = metadata["workspace_root"].as_str().unwrap_or_default();
    let inside = |path: &str| path.strip_prefix(root).map(|rest| rest.trim_matches('/').to_owned());
    let listed = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    listed
        .iter()
        .filter_map(|package| {
            let manifest = package["manifest_path"].as_str()?;
            let folder = inside(manifest.strip_suffix("/Cargo.toml")?)?;
            let dependencies = package["dependencies"].as_array()?;
            let uses = dependencies
                .iter()
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .filter_map(|dependency| inside(dependency["path"].as_str()?))
                .collect();
            Some(Package { folder, uses })
        })
        .collect()
}

fn breaches(packages: &[Package], rules: &[(&str, &[&str])]) -> Vec<String> {
    let mut breaches = Vec::new();
    for package in packages {
        let Some((_, allowed)) = rules.iter().find(|(pattern, _)| matches(pattern, &package.folder)) else {
            breaches.push(format!("{}: no rule in xtask/src/layering.rs; add one", package.folder));
            continue;
        };
        for used in &package.uses {
            if !allowed.iter().any(|pattern| matches(pattern, used)) {
                let allowed = allowed.join(", ");
                breaches.push(format!("{} depends on {used}; it may depend on: {allowed}", package.folder));
            }
        }
    }
    breaches
}

fn matches(pattern: &str, folder: &str) -> bool {
    match pattern.strip_suffix("/*") {
        Some(parent) => folder.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/')),
        None => pattern == folder,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(folder: &str, uses: &[&str]) -> Package {
        Package { folder: folder.into(), uses: uses.iter().map(|&used| used.into()).collect() }
    }

    #[test]
    fn the_workspace_keeps_its_layers() {
        run().unwrap();
    }

    #[test]
    fn a_device_may_not_know_a_monitor() {
        let found = breaches(&[package("virtio-devices/net", &["virtio-core", "monitor-hmp"])], RULES);
        assert_eq!(
            found,
            [
                "virtio-devices/net depends on monitor-hmp; it may depend on: qapi-schema, rate-limits, socket-file, stats, storage, virtio-core"
            ]
        );
    }

    #[test]
    fn a_crate_without_a_rule_is_a_breach() {
        let found = breaches(&[package("extra", &[])], RULES);
        assert_eq!(found, ["extra: no rule in xtask/src/layering.rs; add one"]);
    }
}
