//! What the devices' configuration spaces have in common.

/// Copies the bytes of a configuration space from `offset` on into `data`, for [`Device::read_config`]. What lies beyond
/// the space is left as it is.
///
/// [`Device::read_config`]: crate::Device::read_config
pub fn read_config_space(space: &[u8], offset: u64, data: &mut [u8]) {
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let known = space.get(offset..).unwrap_or_default();
    data.iter_mut().zip(known).for_each(|(place, byte)| *place = *byte);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(offset: u64) -> [u8; 4] {
        let mut data = [0; 4];
        read_config_space(&[1, 2, 3, 4, 5], offset, &mut data);
        data
    }

    #[test]
    fn bytes_within_the_space_are_read_and_zeroes_beyond() {
        assert_eq!(read(0), [1, 2, 3, 4]);
        assert_eq!(read(3), [4, 5, 0, 0]);
        assert_eq!(read(5), [0; 4]);
        assert_eq!(read(u64::MAX), [0; 4]);
    }
}
