//! Memory as a vCPU's programs see it.

use crate::guest_view::{GuestView, RegistersError};

/// The smallest page, in bytes: addresses within are neighbours in physical memory too.
const PAGE: u64 = 4096;

/// Copies what stands at a virtual address of vCPU `cpu`; `false` if a part of it is not mapped, or is no memory.
pub(crate) fn read_virtual(
    guest: &impl GuestView,
    cpu: i64,
    address: u64,
    data: &mut [u8],
) -> Result<bool, RegistersError> {
    let (mut address, mut rest) = (address, data);
    while !rest.is_empty() {
        let to_end = usize::try_from(PAGE - address % PAGE).unwrap_or(1).min(rest.len());
        let (part, others) = rest.split_at_mut(to_end);
        match guest.translate(cpu, address)? {
            Some(physical) if guest.read_physical(physical, part) => {}
            _ => return Ok(false),
        }
        address = address.wrapping_add(PAGE - address % PAGE);
        rest = others;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guest_view::Register;

    /// Each page stands where the one before it is in virtual memory; page 2 is not mapped. A byte is the number of its
    /// physical page.
    struct Shifted;

    impl GuestView for Shifted {
        fn read_physical(&self, address: u64, data: &mut [u8]) -> bool {
            data.fill((address / PAGE).to_le_bytes()[0]);
            true
        }

        fn registers(&self, _: i64) -> Result<Vec<Register>, RegistersError> {
            Err(RegistersError::Absent)
        }

        fn translate(&self, cpu: i64, address: u64) -> Result<Option<u64>, RegistersError> {
            match (cpu, address / PAGE) {
                (0, 2) => Ok(None),
                (0, _) => Ok(Some(address + PAGE)),
                _ => Err(RegistersError::NoSuchVcpu),
            }
        }
    }

    #[test]
    fn every_page_is_looked_up() {
        let mut data = [0; 4];
        assert_eq!(read_virtual(&Shifted, 0, PAGE - 2, &mut data), Ok(true));
        assert_eq!(data, [1, 1, 2, 2]);
        assert_eq!(read_virtual(&Shifted, 0, 2 * PAGE - 1, &mut data), Ok(false), "it goes into page 2");
        assert_eq!(read_virtual(&Shifted, 0, 2 * PAGE - 4, &mut data), Ok(true));
        assert_eq!(read_virtual(&Shifted, 1, 0, &mut data), Err(RegistersError::NoSuchVcpu));
        assert_eq!(read_virtual(&Shifted, 0, u64::MAX, &mut []), Ok(true));
    }
}
