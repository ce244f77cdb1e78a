//! READ CAPACITY (SBC-3, 5.16 and 5.17).

use super::bytes::put;
use super::unit::Unit;

/// Bytes of the longer answer.
const SIZE_16: usize = 32;
/// The unit has logical block provisioning management (LBPME), and unmapped blocks read as zeroes (LBPRZ).
const PROVISIONING: u8 = 0xc0;

/// The last block's address and a block's bytes; all ones if the address needs the longer form.
pub(crate) fn ten(unit: &Unit) -> Vec<u8> {
    let last = u32::try_from(last_block(unit)).unwrap_or(u32::MAX);
    [last.to_be_bytes(), unit.geometry().block_size.to_be_bytes()].concat()
}

/// The same with 64 bits, and what the blocks are like.
pub(crate) fn sixteen(unit: &Unit) -> Vec<u8> {
    let geometry = unit.geometry();
    let mut answer = vec![0; SIZE_16];
    put(&mut answer, 0, &last_block(unit).to_be_bytes());
    put(&mut answer, 8, &geometry.block_size.to_be_bytes());
    let exponent = geometry.physical_block_size.ilog2() - geometry.block_size.ilog2();
    put(&mut answer, 13, &[u8::try_from(exponent).unwrap_or(0)]);
    if !geometry.read_only {
        put(&mut answer, 14, &[PROVISIONING]);
    }
    answer
}

fn last_block(unit: &Unit) -> u64 {
    unit.blocks().saturating_sub(1)
}
