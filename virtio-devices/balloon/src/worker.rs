//! The data path: reads the page numbers of each request and gives the pages of the inflate queue back to the
//! host.

use std::io::Read;

use virtio_core::{Chain, GuestMemory, QueueError, Worker, WorkerContext};

use crate::config::INFLATE;
use crate::pages::Run;

/// Most page numbers of one request that are looked at: 256 MiB of memory. Pages beyond stay with the guest,
/// which inflating allows; without a limit a driver could keep the device from pausing for as long as 2^30
/// pages take. Linux sends 256 at a time.
const MAX_PAGES: usize = 1 << 16;
/// Bytes of a page frame number.
const NUMBER_SIZE: usize = 4;

/// The device's back half.
#[derive(Debug)]
pub(crate) struct BalloonWorker;

impl Worker for BalloonWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        context.serve(queue, |chain, memory| {
            // Deflating needs nothing: the host gives the guest a zeroed page when it first touches one.
            if queue == INFLATE {
                release_pages(chain, memory);
            }
            Ok(0_u32)
        })
    }
}

/// Releases the pages whose numbers the chain holds. The device has no way to refuse a request, and may do
/// nothing with a page (5.5.6.2), so numbers outside of memory and a part of a number at the end are passed
/// over: neither harms anybody.
fn release_pages(chain: &Chain, memory: &GuestMemory) {
    let mut reader = chain.reader(memory);
    let mut run: Option<Run> = None;
    for _ in 0..MAX_PAGES {
        let mut number = [0; NUMBER_SIZE];
        if reader.read_exact(&mut number).is_err() {
            break;
        }
        let page = u32::from_le_bytes(number);
        if !run.as_mut().is_some_and(|run| run.extend(page)) {
            let finished = run.replace(Run::new(page));
            finished.into_iter().for_each(|run| run.release(memory));
        }
    }
    run.into_iter().for_each(|run| run.release(memory));
}
