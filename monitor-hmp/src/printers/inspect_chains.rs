//! `info virtio-chains`.

use std::fmt::{self, Display, Formatter};

use qapi_schema::inspect::{VirtioChain, VirtioChains, VirtioDescriptor};

use super::field::{content, words};
use super::inspect_device::{failure_text, queue};

/// Digits of a line of a dump: 16 bytes.
const DIGITS_PER_LINE: usize = 32;

/// The chains of a queue.
pub(crate) fn chains(chains: &VirtioChains) -> impl Display {
    fmt::from_fn(move |f| {
        writeln!(f, "{}: {}", chains.path, chains.name)?;
        queue(f, &chains.queue)?;
        if chains.chains.is_empty() {
            writeln!(f, "  no chains in flight")?;
        }
        chains.chains.iter().try_for_each(|each| chain(f, each))?;
        if chains.complete { Ok(()) } else { writeln!(f, "  and more; ask for fewer slots") }
    })
}

fn chain(f: &mut Formatter<'_>, chain: &VirtioChain) -> fmt::Result {
    writeln!(f, "  slot {}: head {}, {}", chain.slot, chain.head, chain.state.as_str())?;
    if let Some(refusal) = &chain.refusal {
        writeln!(f, "    refused:  {}", failure_text(refusal))?;
    }
    for field in &chain.request {
        writeln!(f, "    {:<13} {}", format!("{}:", field.name), content(field))?;
    }
    chain.descriptors.iter().try_for_each(|each| descriptor(f, each))?;
    let (readable, writable) = (chain.readable_bytes, chain.writable_bytes);
    writeln!(f, "    together: {readable} bytes to read, {writable} to write")?;
    dump(f, "readable", chain.readable_hex.as_deref())?;
    dump(f, "writable", chain.writable_hex.as_deref())
}

fn descriptor(f: &mut Formatter<'_>, descriptor: &VirtioDescriptor) -> fmt::Result {
    let table = if descriptor.indirect_table { "  entry" } else { "" };
    let (index, address, length) = (descriptor.index, descriptor.address, descriptor.length);
    write!(f, "    {table}[{index}] {address:#x} + {length}")?;
    if !descriptor.flags.is_empty() {
        write!(f, " ({})", words(&descriptor.flags))?;
    }
    if !descriptor.problems.is_empty() {
        write!(f, "  !! {}", words(&descriptor.problems))?;
    }
    writeln!(f)
}

fn dump(f: &mut Formatter<'_>, name: &str, hex: Option<&str>) -> fmt::Result {
    let Some(hex) = hex.filter(|hex| !hex.is_empty()) else { return Ok(()) };
    writeln!(f, "    {name} bytes:")?;
    let digits = hex.as_bytes();
    digits.chunks(DIGITS_PER_LINE).try_for_each(|line| {
        let bytes = line.chunks(2).map(|byte| String::from_utf8_lossy(byte).into_owned());
        writeln!(f, "      {}", bytes.collect::<Vec<_>>().join(" "))
    })
}
