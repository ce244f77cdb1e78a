//! The copy of a device's configuration space that monitors read.

use super::sequence_lock::SequenceLock;

/// Bytes of a configuration space that are kept: as many as the transport's window has.
pub const CONFIGURATION_SIZE: usize = 256;
const WORDS: usize = CONFIGURATION_SIZE / 8;

/// Written by the transport, which is called by one vCPU at a time; read by monitors.
#[derive(Debug)]
pub(crate) struct PublishedConfiguration(SequenceLock<WORDS>);

impl Default for PublishedConfiguration {
    fn default() -> Self {
        Self(SequenceLock::new([0; WORDS]))
    }
}

impl PublishedConfiguration {
    /// The configuration space is this from now on.
    pub(crate) fn publish(&self, bytes: &[u8; CONFIGURATION_SIZE]) {
        let (words, _) = bytes.as_chunks();
        let mut copy = [0; WORDS];
        copy.iter_mut().zip(words).for_each(|(word, bytes)| *word = u64::from_le_bytes(*bytes));
        self.0.write(0, copy);
    }

    /// The configuration space as it was published last.
    pub(crate) fn bytes(&self) -> [u8; CONFIGURATION_SIZE] {
        let mut bytes = [0; CONFIGURATION_SIZE];
        let (words, _) = self.0.read();
        let places = bytes.as_chunks_mut().0;
        places.iter_mut().zip(words).for_each(|(place, word)| *place = word.to_le_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_their_places() {
        let mut space = [0; CONFIGURATION_SIZE];
        (0..=u8::MAX).zip(&mut space).for_each(|(number, place)| *place = number);
        let published = PublishedConfiguration::default();
        published.publish(&space);
        assert_eq!(published.bytes(), space);
    }
}
