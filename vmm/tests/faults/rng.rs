//! Sources of randomness that end or fail.

use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;

use virtio_rng::Rng;

use crate::driven::Driven;

fn rng(source: File) -> Driven {
    Driven::with_device("rng0", Box::new(Rng::with_source(source)))
}

#[test]
fn a_source_that_ends_gives_what_it_has_and_then_nothing() {
    let (source, mut other) = std::io::pipe().unwrap();
    other.write_all(&[0x5a; 20]).unwrap();
    drop(other);
    let mut rng = rng(File::from(OwnedFd::from(source)));
    assert_eq!(rng.receive(0, 16), [0x5a; 16]);
    assert_eq!(rng.receive(0, 16), [0x5a; 4], "what there is, and not what the buffer held before");
    assert_eq!(rng.counted(["errors"]), [0]);
    for failed in 1..=3 {
        assert!(rng.receive(0, 16).is_empty());
        assert_eq!(rng.counted(["errors", "bytes-written"]), [failed, 20]);
    }
    rng.assert_settled(&[]);
}

#[test]
fn a_source_that_fails_gives_nothing() {
    // A folder can be opened, and not be read.
    let mut rng = rng(File::open("/").unwrap());
    assert!(rng.receive(0, 16).is_empty());
    assert!(rng.receive(0, 4096).is_empty());
    assert_eq!(rng.counted(["errors", "bytes-written"]), [2, 0]);
    rng.assert_settled(&[]);
}
