//! The reader on made-up statistics files: every type, unit and base, holes, damage.

use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use qapi_schema::runtime::Error;
use qapi_schema::stats::{StatsType, StatsUnit};

use super::source::StatisticsFile;
use super::table::LIMIT;
use super::{Kvm, Tables};
use crate::{Descriptor, Source};

const NAME_SIZE: u32 = 12;

/// A statistics file in memory that counts reads.
#[derive(Default)]
struct Image {
    bytes: Vec<u8>,
    reads: Arc<AtomicUsize>,
    /// If not 0: a read gets no more than this many bytes.
    at_most: usize,
}

impl FileExt for Image {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.bytes.len());
        let most = if self.at_most == 0 { buffer.len() } else { self.at_most };
        let length = buffer.len().min(most).min(self.bytes.len() - start);
        buffer[..length].copy_from_slice(&self.bytes[start..start + length]);
        Ok(length)
    }

    fn write_at(&self, _: &[u8], _: u64) -> io::Result<usize> {
        panic!("statistics files are never written")
    }
}

/// One made-up descriptor.
#[derive(Clone, Copy, Debug)]
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

/// Nobody is told anything.
fn tables() -> Arc<Tables> {
    Kvm::new(|_| ()).0
}

fn source(image: Image) -> StatisticsFile<Image> {
    StatisticsFile::new(image, tables())
}

/// The values of every statistic, in the file's order.
fn values(source: &impl Source) -> Result<Vec<Vec<u64>>, Error> {
    let descriptors = source.descriptors()?;
    // What was there before must not be seen.
    let mut values = vec![0xdead; descriptors.value_count()];
    source.read(&mut values)?;
    Ok((0..descriptors.as_slice().len()).map(|index| values[descriptors.range(index)].to_vec()).collect())
}

/// Everything that the file answers: `NAME TYPE[ UNIT][ BASE^EXPONENT][ bucket SIZE] = VALUES` a line.
fn listing(image: Image) -> Result<String, Error> {
    let source = source(image);
    let mut text = String::new();
    for (meaning, values) in source.descriptors()?.as_slice().iter().zip(values(&source)?) {
        let unit = meaning.unit.map(|unit| format!(" {unit:?}")).unwrap_or_default();
        let base = meaning.base.map(|base| format!(" {base}^{}", meaning.exponent)).unwrap_or_default();
        let bucket = meaning.bucket_size.map(|size| format!(" bucket {size}")).unwrap_or_default();
        let name = &meaning.name;
        text += &format!("{name} {:?}{unit}{base}{bucket} = {values:?}\n", meaning.kind);
    }
    Ok(text)
}

fn names(source: &impl Source) -> Vec<String> {
    source.descriptors().unwrap().as_slice().iter().map(|each| each.name.clone().into_owned()).collect()
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
    requests Cumulative = [18446744073709551615]
    memory Instant Bytes 2^10 = [2]
    longest Peak Seconds 10^-9 = [3]
    clock Cumulative Cycles 10^3 = [4]
    waiting Instant Boolean = [5]
    linear LinearHistogram Seconds 10^-6 bucket 50 = [10, 11, 12]
    log2 Log2Histogram Seconds 10^-9 = [20, 21, 22, 23]
    bare Cumulative Bytes = [18446744073709551615]
    ");
}

#[test]
fn what_is_not_known_is_left_out_and_told_once() {
    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let unknown = [flags(5, 0, 0), flags(15, 0, 0), flags(0, 5, 0), flags(0, 0, 2), flags(0, 0, 15)];
    let mut made: Vec<_> = unknown.map(|flags| Made { flags, offset: 8, ..PLAIN }).to_vec();
    made.push(Made { name: "scaled", flags: flags(0, 0, 2), exponent: 3, ..PLAIN });
    // A place that could not be read does no harm where nobody can understand it.
    made.push(Made { name: "far", flags: flags(9, 0, 0), offset: u32::MAX, count: u16::MAX, ..PLAIN });
    made.push(Made { name: "known", offset: 8, ..PLAIN });
    let kvm = Kvm::new(|line| TOLD.lock().unwrap().push(line.to_owned()));
    let open = |made: &[Made]| StatisticsFile::new(image(made, &[1, 2]), Arc::clone(&kvm.0));
    for source in [open(&made), open(&made)] {
        assert_eq!(names(&source), ["known"]);
        assert_eq!(values(&source).unwrap(), [[2]]);
    }
    let many = vec![Made { name: "new", flags: flags(5, 0, 0), ..PLAIN }; 3000];
    assert!(names(&open(&many)).is_empty());
    insta::assert_snapshot!(TOLD.lock().unwrap().join("\n"));
    // Bits above the three fields are somebody's future.
    assert_eq!(values(&open(&[Made { flags: 0xffff_f000, ..PLAIN }])).unwrap(), [[1]]);
}

#[test]
fn values_are_found_by_their_offsets() {
    let made = [
        Made { name: "last", offset: 40, ..PLAIN },
        Made { name: "first", offset: 0, ..PLAIN },
        Made { name: "odd", offset: 9, ..PLAIN },
        Made { name: "none", offset: 16, count: 0, ..PLAIN },
    ];
    let data = [0x0102_0304_0506_0708, 0x1112_1314_1516_1718_u64, 0x21, 0, 0, 6];
    let flat: Vec<u8> = data.iter().flat_map(|value| value.to_ne_bytes()).collect();
    let odd = u64::from_ne_bytes(flat[9..17].try_into().unwrap());
    let expected = [vec![6], vec![data[0]], vec![odd], vec![]];
    assert_eq!(values(&source(image(&made, &data))).unwrap(), expected);
}

#[test]
fn a_name_may_fill_its_place_or_be_no_text() {
    let full = Made { name: "twelve_bytes", ..PLAIN };
    let mut image = image(&[full, PLAIN], &[1]);
    let second = 24 + 12 + 28 + 16;
    image.bytes[second] = 0xff;
    assert_eq!(names(&source(image)), ["twelve_bytes", "\u{fffd}lain"]);
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

/// The layout of the file below, in bytes: header and id, two descriptors, two values.
const PARTS: [usize; 4] = [24, 24 + 12, 24 + 12 + 56, 24 + 12 + 56 + 16];

#[test]
fn a_file_may_end_anywhere() {
    let [header, descriptors, data, end] = PARTS;
    let whole = image(&[PLAIN, Made { name: "more", offset: 8, ..PLAIN }], &[1, 2]).bytes;
    assert_eq!(whole.len(), end);
    for length in 0..end {
        let error = listing(Image { bytes: whole[..length].to_vec(), ..Image::default() }).unwrap_err();
        let expected = match length {
            _ if length < header => format!("stats header: expected 24 actual {length}"),
            _ if length < data => {
                format!("stats descriptors: expected 56 actual {}", length.saturating_sub(descriptors))
            }
            _ => format!("data: expected 16 actual {}", length - data),
        };
        assert_eq!(error.to_string(), format!("KVM stats: failed to read {expected}"));
    }
}

#[test]
fn a_file_that_comes_in_pieces_is_read_whole() {
    let made = [Made { name: "a", offset: 8, ..PLAIN }, Made { name: "b", count: 3, ..PLAIN }];
    for at_most in 1..30 {
        let image = Image { at_most, ..image(&made, &[1, 2, 3]) };
        assert_eq!(values(&source(image)).unwrap(), [vec![2], vec![1, 2, 3]]);
    }
}

/// A failure is no state: the next query reads again.
#[test]
fn a_file_that_could_not_be_read_is_tried_again() {
    let short = Image { bytes: image(&[PLAIN], &[]).bytes, ..Image::default() };
    let source = source(short);
    assert!(values(&source).is_err());
    assert!(values(&source).is_err());
    assert_eq!(names(&source), ["plain"]);
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
    let reads = Arc::clone(&file.reads);
    let source = source(file);
    assert_eq!(reads.load(Ordering::Relaxed), 0);
    source.descriptors().unwrap();
    assert_eq!(reads.load(Ordering::Relaxed), 2);
    values(&source).unwrap();
    source.descriptors().unwrap();
    assert_eq!(reads.load(Ordering::Relaxed), 3);
}

#[test]
fn equal_tables_are_shared() {
    let tables = tables();
    let table = |made: &[Made]| {
        let source = StatisticsFile::new(image(made, &[1, 2]), Arc::clone(&tables));
        Arc::clone(source.descriptors().unwrap())
    };
    let first = table(&[PLAIN]);
    assert!(Arc::ptr_eq(&first, &table(&[PLAIN])));
    let elsewhere = table(&[Made { offset: 8, ..PLAIN }]);
    assert_eq!(first, elsewhere);
    assert!(!Arc::ptr_eq(&first, &elsewhere), "the values lie elsewhere");
}

/// A statistics file as the kernel hands it out, with one statistic.
fn descriptor_of(value: u64) -> OwnedFd {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&image(&[PLAIN], &[value]).bytes).unwrap();
    file.into()
}

#[test]
fn a_source_reads_a_real_file() {
    let kvm = Kvm::new(|line| panic!("{line}"));
    let sources = [7, 8].map(|value| kvm.source(descriptor_of(value)));
    let read = sources.map(|source| {
        let mut values = [0];
        source.read(&mut values).unwrap();
        values[0]
    });
    assert_eq!(read, [7, 8]);
}

#[test]
fn units_keep_their_meaning() {
    let made = Made { flags: flags(3, 1, 1), exponent: 20, count: 2, bucket_size: 4096, ..PLAIN };
    let source = source(image(&[made], &[0, 0]));
    let meaning = &source.descriptors().unwrap().as_slice()[0];
    assert_eq!((meaning.kind, meaning.unit), (StatsType::LinearHistogram, Some(StatsUnit::Bytes)));
    assert_eq!((meaning.base, meaning.exponent, meaning.bucket_size), (Some(2), 20, Some(4096)));
    assert_eq!((meaning.length, &meaning.description), (2, &None));
}

/// What a descriptor with these codes should be told as, after the kernel's documentation.
fn meaning(made: Made) -> Option<Descriptor> {
    let units = [
        None,
        Some(StatsUnit::Bytes),
        Some(StatsUnit::Seconds),
        Some(StatsUnit::Cycles),
        Some(StatsUnit::Boolean),
    ];
    let code = |place: u32| usize::try_from(made.flags >> place & 0xf).unwrap();
    let kind = *StatsType::ALL.get(code(0))?;
    let base = *[10, 2].get(code(8))?;
    Some(Descriptor {
        name: made.name.into(),
        kind,
        unit: *units.get(code(4))?,
        base: (made.exponent != 0).then_some(base),
        exponent: made.exponent,
        bucket_size: (kind == StatsType::LinearHistogram).then_some(made.bucket_size),
        length: made.count,
        description: None,
    })
}

/// A table whose values lie in any order, with holes between them, and what they are.
fn laid_out(made: &mut [Made], gaps: &[u32]) -> (Vec<u64>, Vec<Vec<u64>>) {
    let (mut data, mut expected) = (Vec::new(), vec![Vec::new(); made.len()]);
    // Backwards, so that no descriptor's place follows from its number.
    for ((made, expected), gap) in made.iter_mut().zip(&mut expected).rev().zip(gaps) {
        data.extend((0..*gap).map(|_| u64::MAX));
        made.offset = u32::try_from(data.len() * 8).unwrap();
        *expected = (0..made.count).map(|bucket| u64::from(made.offset) << 20 | u64::from(bucket)).collect();
        data.extend(expected.iter());
    }
    (data, expected)
}

fn any_made() -> impl Strategy<Value = Made> {
    let codes = (0_u32..7, 0_u32..7, 0_u32..4);
    let rest = (-40_i16..40, 0_u16..40, any::<u32>(), any::<u8>());
    (codes, rest).prop_map(|((kind, unit, base), (exponent, count, bucket_size, future))| Made {
        name: "any",
        flags: flags(kind, unit, base) | u32::from(future) << 24,
        exponent: if exponent % 2 == 0 { 0 } else { exponent },
        count,
        offset: 0,
        bucket_size,
    })
}

/// Compares all that a file of these descriptors answers with what was put in.
fn check(mut made: Vec<Made>, gaps: &[u32]) {
    let (data, all) = laid_out(&mut made, gaps);
    let source = source(image(&made, &data));
    let (meanings, values_put_in): (Vec<_>, Vec<_>) =
        made.iter().zip(all).filter_map(|(made, all)| Some((meaning(*made)?, all))).unzip();
    assert_eq!(source.descriptors().unwrap().as_slice(), meanings);
    assert_eq!(values(&source).unwrap(), values_put_in);
}

#[test]
fn several_thousand_descriptors_are_no_matter() {
    let made = |number: u32| Made {
        name: "many",
        flags: flags(number % 6, number % 11, number % 5 % 3),
        exponent: if number.is_multiple_of(3) { -9 } else { 0 },
        count: u16::try_from(number % 23).unwrap(),
        offset: 0,
        bucket_size: number,
    };
    check((0..8000).map(made).collect(), &[0, 1, 0, 5].repeat(2000));
}

proptest! {
    #[test]
    fn any_table_is_told_as_it_is(made in prop::collection::vec(any_made(), 0..60),
                                  gaps in prop::collection::vec(0_u32..4, 60)) {
        check(made, &gaps);
    }

    /// No file makes the reader panic, and none makes it hold more than the limits allow.
    #[test]
    fn any_bytes_are_survived(mut bytes in prop::collection::vec(any::<u8>(), 0..400),
                              small in prop::array::uniform6(0_u32..200), tame in any::<bool>()) {
        if tame {
            for (word, value) in small.iter().enumerate() {
                bytes.splice((word * 4).min(bytes.len())..(word * 4 + 4).min(bytes.len()), value.to_ne_bytes());
            }
        }
        let source = source(Image { bytes, ..Image::default() });
        if let Ok(table) = source.descriptors() {
            let names: usize = table.as_slice().iter().map(|each| each.name.len()).sum();
            prop_assert!(u64::try_from(names).unwrap() <= 3 * LIMIT);
            prop_assert!(u64::try_from(table.value_count() * 8).unwrap() <= LIMIT);
            let _ = values(&source);
        }
    }
}
