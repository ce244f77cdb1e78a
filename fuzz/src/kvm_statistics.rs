//! Any file in place of a statistics file of KVM.

use std::fs::File;
use std::io::{Seek, Write};
use std::sync::Arc;

use qapi_schema::runtime::{Decode, Error, Path, Reply, Style};
use qapi_schema::statistics::{StatisticsFilter, StatisticsProvider, StatisticsReport, StatisticsTarget};
use qapi_schema::stats::{StatsFilter, StatsFilterBranch, StatsResult, StatsVCPUFilter};
use serde::Serialize;
use stats::{Kvm, Object, Registry};
use vmm_sys_util::tempfile::TempFile;

use crate::input::Input;

/// Bytes of a header.
const HEADER: u32 = 24;

/// Asks for everything there is in a file of these bytes: what is answered is what would be encoded for the values,
/// and two files that are equal answer the same.
pub fn kvm_statistics(bytes: &[u8]) {
    let bytes = file(bytes);
    let kvm = Kvm::new(|line| assert!(line.len() < 1 << 20));
    let registry = Registry::new();
    for path in ["/first", "/second"] {
        let object = Object::new(StatisticsProvider::Kvm, StatisticsTarget::Vcpu).path(path);
        registry.add(object, kvm.source(written(&bytes).into())).keep();
    }
    let older =
        StatsFilter { providers: None, branch: StatsFilterBranch::Vcpu(StatsVCPUFilter { vcpus: None }) };
    let results = streamed::<Vec<StatsResult>>(|reply| registry.write_stats(&older, reply));
    let everything = StatisticsFilter { targets: None, providers: None, paths: None, names: None };
    let report = streamed::<StatisticsReport>(|reply| registry.write_statistics(&everything, reply));
    assert_eq!(results.is_some(), report.is_some());
    if let Some([second, first]) = results.as_deref() {
        assert_eq!(first.stats, second.stats);
    }
    let _ = registry.stats_schemas(None);
    let mut tables = Vec::new();
    let _ = registry.visit(&everything, |view| tables.push(Arc::clone(view.descriptors)));
    assert!(tables.iter().all(|table| Arc::ptr_eq(table, &tables[0])));
}

/// Half of the inputs are files as they stand; the others get a header that fits them.
fn file(bytes: &[u8]) -> Vec<u8> {
    let mut input = Input::new(bytes);
    if input.bool() {
        return bytes.to_vec();
    }
    let (name_size, count) = (u32::from(input.u8() % 64), u32::from(input.u8()));
    let data = HEADER + count * (16 + name_size);
    let header = [0, name_size, count, 0, HEADER, data];
    let mut file: Vec<u8> = header.iter().flat_map(|word: &u32| word.to_ne_bytes()).collect();
    file.extend(bytes);
    file
}

/// What was written is one value of the type, laid out as encoding it would.
fn streamed<T: Decode + Serialize>(write: impl Fn(&mut Reply) -> Result<(), Error>) -> Option<T> {
    let mut reply = Reply::new(Style::Line);
    write(&mut reply).ok()?;
    let json = serde_json::from_slice(reply.as_bytes()).expect("a reply is JSON");
    let value = T::decode(json, &Path::ROOT).expect("a reply is what the schema says");
    let mut encoded = Reply::new(Style::Line);
    encoded.write(&value).expect("a value can be written");
    assert_eq!(encoded.as_bytes(), reply.as_bytes());
    Some(value)
}

fn written(bytes: &[u8]) -> File {
    let mut file = TempFile::new().expect("the host has room for a small file").into_file();
    file.write_all(bytes).expect("the host has room for a small file");
    file.rewind().expect("a file can be rewound");
    file
}
