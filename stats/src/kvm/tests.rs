//! The reader on made-up statistics files: every type, unit and base, holes, damage.

use std::cell::Cell;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::rc::Rc;

use proptest::prelude::*;
use qapi_schema::stats::{StatsTarget, StatsType, StatsUnit, StatsValue};

use super::Kvm;
use super::source::Source;
use super::table::LIMIT;
use crate::{Provider, Selection};

const NAME_SIZE: u32 = 12;

/// A statistics file in memory that counts reads.
#[derive(Default)]
struct Image {
    bytes: Vec<u8>,
    reads: Rc<Cell<usize>>,
}

impl FileExt for Image {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.reads.set(self.reads.get() + 1);
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.bytes.len());
        let length = buffer.len().min(self.bytes.len() - start);
        buffer[..length].copy_from_slice(&self.bytes[start..start + length]);
        Ok(length)
    }

    fn write_at(&self, _: &[u8], _: u64) -> io::Result<usize> {
        panic!("statistics files are never written")
    }
}

/// One made-up descriptor.
#[derive(Clone, Copy)]
struct Made {
    name: &'static str,
    flags: u32,
    exponent: i16,
    count: u16,
    offset: u32,
    bucket_size: u32,
}

/// A plain cumulative count at the start of the data.
const PLAIN: Made = Made { name: "plain", flags: 0, exponent: 0, count: 1, offset: 0, bucket_size: 0 };

fn flags(type_: u32, unit: u32, base: u32) -> u32 {
    type_ | unit << 4 | base << 8
}

/// Lays a file out as the kernel does: header, id, descriptors, data.
fn image(descriptors: &[Made], data: &[u64]) -> Image {
    let id_offset = 24;
    let descriptors_offset = id_offset + NAME_SIZE;
    let stride = 16 + NAME_SIZE;
    let count = u32::try_from(descriptors.len()).unwrap();
    let data_offset = descriptors_offset + count * stride;
    let mut bytes = Vec::new();
    for word in [0, NAME_SIZE, count, id_offset, descriptors_offset, data_offset] {
        bytes.extend(word.to_ne_bytes());
    }
    bytes.extend(padded("kvm-1"));
    for made in descriptors {
        bytes.extend(made.flags.to_ne_bytes());
        bytes.extend(made.exponent.to_ne_bytes());
        bytes.extend(made.count.to_ne_bytes());
        bytes.extend(made.offset.to_ne_bytes());
        bytes.extend(made.bucket_size.to_ne_bytes());
        bytes.extend(padded(made.name));
    }
    bytes.extend(data.iter().flat_map(|value| value.to_ne_bytes()));
    Image { bytes, ..Image::default() }
}

fn padded(name: &str) -> Vec<u8> {
    let mut bytes = name.as_bytes().to_vec();
    bytes.resize(NAME_SIZE.try_into().unwrap(), 0);
    bytes
}

fn set_header_word(image: &mut Image, word: usize, value: u32) {
    image.bytes[word * 4..][..4].copy_from_slice(&value.to_ne_bytes());
}

/// Everything that the file answers: `NAME TYPE[ UNIT][ BASE^EXPONENT][ bucket SIZE] = VALUE` a line.
fn listing(image: Image) -> Result<String, String> {
    let mut source = Source::new(image);
    let schema = source.schema().map_err(|error| error.to_string())?;
    let values = source.values(&Selection::default()).map_err(|error| error.to_string())?;
    let mut text = String::new();
    for (schema, stat) in schema.into_iter().zip(values) {
        assert_eq!(schema.name, stat.name);
        let unit = schema.unit.map(|unit| format!(" {unit:?}")).unwrap_or_default();
        let base = schema.base.map(|base| format!(" {base}^{}", schema.exponent)).unwrap_or_default();
        let bucket = schema.bucket_size.map(|size| format!(" bucket {size}")).unwrap_or_default();
        let name = stat.name;
        text += &format!("{name} {:?}{unit}{base}{bucket} = {:?}\n", schema.type_, stat.value);
    }
    Ok(text)
}

fn single(made: Made, data: &[u64]) -> StatsValue {
    let mut values = Source::new(image(&[made], data)).values(&Selection::default()).unwrap();
    assert_eq!(values.len(), 1);
    values.remove(0).value
}

#[test]
fn every_type_unit_and_base() {
    let made = [
        Made { name: "requests", ..PLAIN },
        Made { name: "memory", flags: flags(1, 1, 1), exponent: 10, offset: 8, ..PLAIN },
        Made { name: "longest", flags: flags(2, 2, 0), exponent: -9, offset: 16, ..PLAIN },
        Made { name: "clock", flags: flags(0, 3, 0), exponent: 3, offset: 24, ..PLAIN },
        Made { name: "waiting", flags: flags(1, 4, 0), offset: 32, ..PLAIN },
        Made { name: "linear", flags: flags(3, 2, 0), exponent: -6, count: 3, offset: 40, bucket_size: 50 },
        Made { name: "log2", flags: flags(4, 2, 0), exponent: -9, count: 4, offset: 64, bucket_size: 7 },
        Made { name: "bare", flags: flags(0, 1, 1), offset: 0, ..PLAIN },
    ];
    let data = [u64::MAX, 2, 3, 4, 5, 10, 11, 12, 20, 21, 22, 23];
    insta::assert_snapshot!(listing(image(&made, &data)).unwrap(), @r"
    requests Cumulative = Scalar(18446744073709551615)
    memory Instant Bytes 2^10 = Scalar(2)
    longest Peak Seconds 10^-9 = Scalar(3)
    clock Cumulative Cycles 10^3 = Scalar(4)
    waiting Instant Boolean = Boolean(true)
    linear LinearHistogram Seconds 10^-6 bucket 50 = List([10, 11, 12])
    log2 Log2Histogram Seconds 10^-9 = List([20, 21, 22, 23])
    bare Cumulative Bytes = Scalar(18446744073709551615)
    ");
}

#[test]
fn what_is_not_known_is_left_out_of_both_answers() {
    let unknown = [flags(5, 0, 0), flags(15, 0, 0), flags(0, 5, 0), flags(0, 0, 2), flags(0, 0, 15)];
    let mut made: Vec<_> = unknown.map(|flags| Made { flags, offset: 8, ..PLAIN }).to_vec();
    made.push(Made { flags: flags(0, 0, 2), exponent: 3, ..PLAIN });
    // A place that could not be read does no harm where nobody can understand it.
    made.push(Made { flags: flags(9, 0, 0), offset: u32::MAX, count: u16::MAX, ..PLAIN });
    made.push(Made { name: "known", offset: 8, ..PLAIN });
    let mut source = Source::new(image(&made, &[1, 2]));
    let schema = source.schema().unwrap();
    assert_eq!(schema.iter().map(|schema| schema.name.as_str()).collect::<Vec<_>>(), ["known"]);
    assert_eq!(source.values(&Selection::default()).unwrap().len(), 1);
    // Bits above the three fields are somebody's future.
    assert_eq!(single(Made { flags: 0xffff_f000, ..PLAIN }, &[7]), StatsValue::Scalar(7));
}

#[test]
fn the_number_of_values_decides_their_form() {
    assert_eq!(single(Made { flags: flags(4, 0, 0), ..PLAIN }, &[9]), StatsValue::Scalar(9));
    assert_eq!(single(Made { count: 2, ..PLAIN }, &[9, 8]), StatsValue::List(vec![9, 8]));
    assert_eq!(single(Made { count: 0, ..PLAIN }, &[]), StatsValue::List(vec![]));
    let boolean = Made { flags: flags(1, 4, 0), count: 2, ..PLAIN };
    assert_eq!(single(boolean, &[0, 1]), StatsValue::Boolean(false));
    assert_eq!(single(Made { count: 0, ..boolean }, &[]), StatsValue::Boolean(false));
}

#[test]
fn values_are_found_by_their_offsets() {
    let made = [
        Made { name: "last", offset: 40, ..PLAIN },
        Made { name: "first", offset: 0, ..PLAIN },
        Made { name: "odd", offset: 9, ..PLAIN },
    ];
    let data = [0x0102_0304_0506_0708, 0x1112_1314_1516_1718_u64, 0x21, 0, 0, 6];
    let flat: Vec<u8> = data.iter().flat_map(|value| value.to_ne_bytes()).collect();
    let odd = u64::from_ne_bytes(flat[9..17].try_into().unwrap());
    let values = Source::new(image(&made, &data)).values(&Selection::default()).unwrap();
    let values: Vec<_> = values.into_iter().map(|stat| stat.value).collect();
    assert_eq!(values, [6, data[0], odd].map(StatsValue::Scalar));
}

#[test]
fn a_name_may_fill_its_place_or_be_no_text() {
    let full = Made { name: "twelve_bytes", ..PLAIN };
    let mut image = image(&[full, PLAIN], &[1]);
    let second = 24 + 12 + 28 + 16;
    image.bytes[second] = 0xff;
    let schema = Source::new(image).schema().unwrap();
    assert_eq!(schema[0].name, "twelve_bytes");
    assert_eq!(schema[1].name, "\u{fffd}lain");
}

#[test]
fn a_file_that_ends_early_says_where() {
    let whole = image(&[PLAIN, Made { name: "more", offset: 8, ..PLAIN }], &[1, 2]);
    let cut = |length: usize| {
        listing(Image { bytes: whole.bytes[..length].to_vec(), ..Image::default() }).unwrap_err()
    };
    insta::assert_snapshot!(cut(0), @"KVM stats: failed to read stats header: expected 24 actual 0");
    insta::assert_snapshot!(cut(23), @"KVM stats: failed to read stats header: expected 24 actual 23");
    insta::assert_snapshot!(cut(40), @"KVM stats: failed to read stats descriptors: expected 56 actual 4");
    insta::assert_snapshot!(
        cut(whole.bytes.len() - 1), @"KVM stats: failed to read data: expected 16 actual 15");
    assert!(listing(image(&[], &[])).unwrap().is_empty());
}

#[test]
fn claims_without_bound_are_refused() {
    let damaged = |word: usize, value: u32| {
        let mut image = image(&[PLAIN], &[1]);
        set_header_word(&mut image, word, value);
        listing(image).unwrap_err()
    };
    insta::assert_snapshot!(damaged(1, u32::MAX), @"KVM stats: stats descriptors would take 4294967311 bytes, at most 1048576 are accepted");
    insta::assert_snapshot!(damaged(2, u32::MAX), @"KVM stats: stats descriptors would take 120259084260 bytes, at most 1048576 are accepted");
    insta::assert_snapshot!(damaged(4, u32::MAX), @"KVM stats: failed to read stats descriptors: expected 28 actual 0");
    insta::assert_snapshot!(damaged(5, u32::MAX), @"KVM stats: failed to read data: expected 8 actual 0");

    let far = listing(image(&[Made { offset: u32::MAX, ..PLAIN }], &[])).unwrap_err();
    insta::assert_snapshot!(far, @"KVM stats: data would take 4294967303 bytes, at most 1048576 are accepted");
    let overlapping = vec![Made { count: u16::MAX, ..PLAIN }; 100];
    let many = listing(image(&overlapping, &[])).unwrap_err();
    insta::assert_snapshot!(many, @"KVM stats: data would take 52428000 bytes, at most 1048576 are accepted");
}

#[test]
fn the_table_is_read_once_and_the_data_once_a_query() {
    let file = image(&[PLAIN], &[1]);
    let reads = Rc::clone(&file.reads);
    let mut source = Source::new(file);
    source.schema().unwrap();
    assert_eq!(reads.get(), 2);
    source.values(&Selection::default()).unwrap();
    source.schema().unwrap();
    assert_eq!(reads.get(), 3);
    let nothing = ["other".to_owned()];
    assert!(source.values(&Selection::new(Some(&nothing), None)).unwrap().is_empty());
    assert_eq!(reads.get(), 3);
}

/// A statistics file as the kernel hands it out, with one statistic.
fn descriptor_of(value: u64) -> OwnedFd {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&image(&[PLAIN], &[value]).bytes).unwrap();
    file.into()
}

/// The paths and values of all vCPUs.
fn vcpu_values(kvm: &Kvm) -> Vec<(Option<String>, StatsValue)> {
    let results = kvm.values(StatsTarget::Vcpu, &Selection::default()).unwrap();
    results.into_iter().map(|mut result| (result.qom_path, result.stats.remove(0).value)).collect()
}

#[test]
fn vcpus_come_and_go() {
    let kvm = Kvm::new(descriptor_of(7));
    assert_eq!(kvm.schema(StatsTarget::Vcpu).unwrap(), None);
    assert_eq!(vcpu_values(&kvm), []);
    for (number, path) in ["/a", "/b", "/c", "/b"].into_iter().enumerate() {
        kvm.add_vcpu(path, descriptor_of(u64::try_from(number).unwrap()));
    }
    kvm.remove_vcpu("/a");
    kvm.remove_vcpu("/nope");
    let expected = [("/b", 3), ("/c", 2)];
    assert_eq!(
        vcpu_values(&kvm),
        expected.map(|(path, value)| (Some(path.to_owned()), StatsValue::Scalar(value)))
    );
    assert_eq!(kvm.schema(StatsTarget::Vcpu).unwrap(), kvm.schema(StatsTarget::Vm).unwrap());

    let vm = kvm.values(StatsTarget::Vm, &Selection::default()).unwrap();
    assert_eq!((vm.len(), &vm[0].qom_path, &vm[0].stats[0].value), (1, &None, &StatsValue::Scalar(7)));
}

#[test]
fn units_keep_their_meaning() {
    let made = Made { flags: flags(3, 1, 1), exponent: 20, count: 2, bucket_size: 4096, ..PLAIN };
    let schema = Source::new(image(&[made], &[0, 0])).schema().unwrap().remove(0);
    assert_eq!((schema.type_, schema.unit), (StatsType::LinearHistogram, Some(StatsUnit::Bytes)));
    assert_eq!((schema.base, schema.exponent, schema.bucket_size), (Some(2), 20, Some(4096)));
}

proptest! {
    /// No file makes the reader panic, and none makes it hold more than the limits allow.
    #[test]
    fn any_bytes_are_survived(mut bytes in prop::collection::vec(any::<u8>(), 0..400),
                              small in prop::array::uniform6(0_u32..200), tame in any::<bool>()) {
        if tame {
            for (word, value) in small.iter().enumerate() {
                bytes.splice((word * 4).min(bytes.len())..(word * 4 + 4).min(bytes.len()), value.to_ne_bytes());
            }
        }
        let mut source = Source::new(Image { bytes, ..Image::default() });
        if let Ok(schema) = source.schema() {
            let bytes: usize = schema.iter().map(|schema| schema.name.len()).sum();
            prop_assert!(u64::try_from(bytes).unwrap() <= 3 * LIMIT);
        }
        if let Ok(values) = source.values(&Selection::default()) {
            let held: usize = values.iter().map(|stat| match &stat.value {
                StatsValue::List(list) => list.len() * 8,
                _ => 8,
            }).sum();
            prop_assert!(u64::try_from(held).unwrap() <= 2 * LIMIT);
        }
    }
}
