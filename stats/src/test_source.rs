//! A source whose values are the test's.

use std::sync::{Arc, Mutex};

use qapi_schema::runtime::Error;

use crate::{Descriptors, Source};

/// Values that the test sets; without any, they cannot be read.
pub(crate) struct TestSource {
    descriptors: Arc<Descriptors>,
    values: Mutex<Vec<u64>>,
}

impl TestSource {
    pub(crate) fn new(descriptors: &Arc<Descriptors>, values: &[u64]) -> Arc<Self> {
        Arc::new(Self { descriptors: Arc::clone(descriptors), values: Mutex::new(values.to_vec()) })
    }

    pub(crate) fn set(&self, values: &[u64]) {
        *self.values.lock().unwrap() = values.to_vec();
    }
}

impl Source for TestSource {
    fn descriptors(&self) -> Result<&Arc<Descriptors>, Error> {
        Ok(&self.descriptors)
    }

    fn read(&self, values: &mut [u64]) -> Result<(), Error> {
        let own = self.values.lock().unwrap();
        if own.is_empty() {
            return Err(Error::generic("gone"));
        }
        values.copy_from_slice(&own);
        Ok(())
    }
}
