//! A tiny device for tests: it gives back, in the writable buffers, what stands in the readable ones.
#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

mod kind;

use kind::KIND;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use virtio_core::{Activation, Device, DeviceError, DeviceKind, QueueError, Worker, WorkerContext, Workers};

/// Returns when `condition` holds. A test in which it never does fails, after a while.
#[allow(dead_code, reason = "not every test waits")]
pub(crate) fn wait_until(mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(20), "what the test waits for does not come");
        std::thread::yield_now();
    }
}

/// The device. Its configuration space has one field of 32 bits, which counts its chains if `counts` is shared.
pub(crate) struct Echo {
    pub(crate) features: u128,
    pub(crate) sizes: Vec<u16>,
    pub(crate) counts: Arc<AtomicU32>,
    pub(crate) refuses_to_start: bool,
    /// Chains are kept until the next queue has been kicked.
    pub(crate) holds: bool,
}

impl Echo {
    pub(crate) fn with_queues(sizes: &[u16]) -> Self {
        Self {
            features: 0b101,
            sizes: sizes.to_vec(),
            counts: Arc::default(),
            refuses_to_start: false,
            holds: false,
        }
    }

    pub(crate) fn boxed(self) -> Box<dyn Device> {
        Box::new(self)
    }
}

impl Device for Echo {
    fn kind(&self) -> &'static DeviceKind {
        &KIND
    }

    fn features(&self) -> u128 {
        self.features
    }

    fn queue_sizes(&self) -> &[u16] {
        &self.sizes
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        let space = self.counts.load(Ordering::SeqCst).to_le_bytes();
        virtio_core::read_config_space(&space, offset, data);
    }

    fn write_config(&mut self, offset: u64, data: &[u8]) {
        if let (0, Ok(data)) = (offset, data.try_into()) {
            self.counts.store(u32::from_le_bytes(data), Ordering::SeqCst);
        }
    }

    fn start(&mut self, activation: Activation) -> Result<Workers, DeviceError> {
        assert!(activation.has_feature(32), "VERSION_1 is always negotiated");
        if self.refuses_to_start {
            let error = std::io::Error::from_raw_os_error(2);
            return Err(DeviceError::Io { what: "cannot open 'echo'".to_owned(), error });
        }
        Ok(Workers::new(EchoWorker { counts: Arc::clone(&self.counts), holds: self.holds }))
    }

    fn reset(&mut self) {
        self.counts.store(0, Ordering::SeqCst);
    }
}

struct EchoWorker {
    counts: Arc<AtomicU32>,
    holds: bool,
}

impl Worker for EchoWorker {
    fn queue_ready(&mut self, index: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        let memory = Arc::clone(context.memory());
        let Some(queue) = context.queue(index) else { return Ok(()) };
        let mut held = Vec::new();
        let mut served = 0;
        while let Some(chain) = queue.pop()? {
            if self.holds {
                held.push(chain);
                continue;
            }
            let mut bytes = Vec::new();
            chain.reader(&memory).read_to_end(&mut bytes).unwrap();
            let mut writer = chain.writer(&memory);
            let _ = writer.write(&bytes).unwrap();
            let written = writer.written();
            queue.complete(chain, written)?;
            served += 1;
        }
        queue.interrupt()?;
        if served > 0 {
            self.counts.fetch_add(served, Ordering::SeqCst);
            context.config_changed();
        }
        // Held chains are never given back: the driver sees them in flight for ever.
        drop(held);
        Ok(())
    }
}
