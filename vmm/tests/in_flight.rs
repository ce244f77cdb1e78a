//! Requests of the built-in guest in the hands of the disk: a disk that holds on to what it took lets the test look at
//! both sides of the queue at a moment of its choice, under every accelerator and on both forms of ring.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use qapi_schema::inspect::requests::QueryVirtioChains;
use qapi_schema::inspect::{VirtioChain, VirtioChains, VirtioDescriptorFlag};
use qapi_schema::machine::requests::{Cont, Stop};
use qapi_schema::virtio::VirtQueueStatus;
use qapi_schema::virtio::requests::{XQueryVirtioQueueElement, XQueryVirtioQueueStatus};
use support::{MachineInside, QmpClient, accelerators};
use virtio_core::driver::build_device;
use virtio_core::{
    Activation, Chain, Device, DeviceDetails, DeviceError, DeviceKind, QueueError, RingForm, Source, Worker,
    WorkerContext, Workers,
};
use vmm::devices::NewDevice;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

const DISK: &str = "/machine/peripheral/held";
/// Far longer than a few rounds of the guest take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the test holds in its hand: while it is closed, the disk takes requests and does nothing with them.
struct Gate {
    closed: AtomicBool,
    opened: EventFd,
}

impl Gate {
    fn open(&self) {
        self.closed.store(false, Ordering::SeqCst);
        self.opened.write(1).unwrap();
    }
}

/// The block device with a gate before its worker.
struct HeldDisk {
    disk: Box<dyn Device>,
    gate: Arc<Gate>,
}

impl Device for HeldDisk {
    fn kind(&self) -> &'static DeviceKind {
        self.disk.kind()
    }

    fn details(&self) -> &'static DeviceDetails {
        self.disk.details()
    }

    fn features(&self) -> u128 {
        self.disk.features()
    }

    fn queue_sizes(&self) -> &[u16] {
        self.disk.queue_sizes()
    }

    fn read_config(&self, offset: u64, data: &mut [u8]) {
        self.disk.read_config(offset, data);
    }

    fn start(&mut self, activation: Activation) -> Result<Workers, DeviceError> {
        let gate = &self.gate;
        let hold = |worker| Box::new(HeldWorker { worker, gate: Arc::clone(gate), held: Vec::new() }) as _;
        Ok(self.disk.start(activation)?.map(hold))
    }
}

struct HeldWorker {
    worker: Box<dyn Worker>,
    gate: Arc<Gate>,
    held: Vec<Chain>,
}

impl Worker for HeldWorker {
    fn queue_ready(&mut self, queue: u16, context: &mut WorkerContext) -> Result<(), QueueError> {
        if !self.gate.closed.load(Ordering::SeqCst) {
            return self.worker.queue_ready(queue, context);
        }
        while let Some(chain) = context.queue(queue).unwrap().pop()? {
            self.held.push(chain);
        }
        Ok(())
    }

    fn sources(&self) -> Vec<Source> {
        vec![Source { token: 0, fd: self.gate.opened.as_raw_fd() }]
    }

    fn source_ready(&mut self, _token: u32, context: &mut WorkerContext) -> Result<(), QueueError> {
        self.gate.opened.read().unwrap();
        while let Some(chain) = self.held.pop() {
            context.queue(0).unwrap().undo_pop(chain)?;
        }
        self.worker.queue_ready(0, context)
    }
}

fn queue_status(client: &mut QmpClient) -> VirtQueueStatus {
    client.call(&XQueryVirtioQueueStatus { path: DISK.to_owned(), queue: 0 })
}

fn in_flight(client: &mut QmpClient) -> VirtioChains {
    let path = DISK.to_owned();
    client.call(&QueryVirtioChains { path, queue: 0, slot: None, count: None, dump: None })
}

/// Asks until the answer is there.
fn wait<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "the guest does not go on");
    }
}

#[test]
fn requests_of_the_guest_are_seen_in_the_devices_hands() {
    for accelerator in accelerators() {
        for rings in RingForm::BOTH {
            println!("{accelerator}, {rings:?}");
            look_at_a_held_disk(accelerator, rings);
        }
    }
}

fn look_at_a_held_disk(accelerator: &str, rings: RingForm) {
    let gate = Arc::new(Gate { closed: false.into(), opened: EventFd::new(EFD_NONBLOCK).unwrap() });
    let disk = build_device(&virtio_block::DEVICE_TYPE, "size=1M").unwrap();
    let device = Box::new(HeldDisk { disk, gate: Arc::clone(&gate) });
    let new = NewDevice { id: Some("held".to_owned()), rings, device };
    let inside = MachineInside::with_devices(&["--accel", accelerator, "--device", "rng"], vec![new]);
    inside.machine.start().unwrap();
    let mut client = inside.qmp();

    // Behind the first requests there are reads and writes.
    wait(|| (queue_status(&mut client).used_idx >= 20).then_some(()));
    gate.closed.store(true, Ordering::SeqCst);
    wait(|| (!in_flight(&mut client).chains.is_empty()).then_some(()));
    client.call(&Stop);

    let held = in_flight(&mut client);
    for chain in &held.chains {
        assert_eq!((chain.state.as_str(), &chain.refusal), ("in-flight", &None));
        assert_header(&inside, chain);
        assert_element(&mut client, chain);
    }
    assert_indices(&inside, &mut client, &held, rings);
    assert_eq!(in_flight(&mut client).chains, held.chains, "nothing moves");

    client.call(&Cont);
    gate.open();
    let used = queue_status(&mut client).used_idx;
    wait(|| (queue_status(&mut client).used_idx != used).then_some(()));
    wait(|| in_flight(&mut client).chains.is_empty().then_some(()));
}

/// The decoded header is what stands in guest memory (virtio 1.3, 5.2.6).
fn assert_header(inside: &MachineInside, chain: &VirtioChain) {
    let mut header = [0; 16];
    let (first, _) = buffers(chain)[0];
    assert!(inside.machine.read_memory(first, &mut header));
    let kind = match u32::from_le_bytes(header[..4].try_into().unwrap()) {
        0 => "in",
        1 => "out",
        4 => "flush",
        other => panic!("the guest sends no requests of type {other} here"),
    };
    let sector = u64::from_le_bytes(header[8..].try_into().unwrap());
    let field = |name: &str| {
        let field = chain.request.iter().find(|field| field.name == name);
        serde_json::to_value(field).unwrap()
    };
    assert_eq!(field("type")["choice"], kind, "{:?}", chain.request);
    if kind != "flush" {
        assert_eq!(field("sector")["value"], sector, "{:?}", chain.request);
    }
}

/// The compatible command shows the same chain, the last descriptor first and without the one that leads to a table.
fn assert_element(client: &mut QmpClient, chain: &VirtioChain) {
    let path = DISK.to_owned();
    let element = client.call(&XQueryVirtioQueueElement { path, queue: 0, index: Some(chain.slot) });
    assert_eq!(element.index, u32::from(chain.head));
    let shown: Vec<_> = element.descs.iter().rev().map(|each| (each.addr, each.len)).collect();
    assert_eq!(shown, buffers(chain));
}

/// Where the chain's buffers are and how long: its descriptors without the one that leads to a table.
fn buffers(chain: &VirtioChain) -> Vec<(u64, u32)> {
    let buffers =
        chain.descriptors.iter().filter(|each| !each.flags.contains(&VirtioDescriptorFlag::Indirect));
    buffers.map(|each| (each.address, each.length)).collect()
}

/// The device's indices against the guest's own, which the test reads from guest memory.
fn assert_indices(inside: &MachineInside, client: &mut QmpClient, held: &VirtioChains, rings: RingForm) {
    let status = queue_status(client);
    assert_eq!(usize::from(held.queue.in_flight), held.chains.len());
    if rings == RingForm::Packed {
        // Positions on the ring; what is in flight is counted in descriptors there.
        let descriptors: usize = held.chains.iter().map(slots).sum();
        assert_eq!(usize::try_from(status.inuse).unwrap(), descriptors);
        return;
    }
    let index_at = |area: u64| {
        let mut bytes = [0; 2];
        assert!(inside.machine.read_memory(area + 2, &mut bytes));
        u16::from_le_bytes(bytes)
    };
    assert_eq!(usize::try_from(status.inuse).unwrap(), held.chains.len());
    assert_eq!(index_at(status.vring_avail), status.shadow_avail_idx.unwrap());
    assert_eq!(index_at(status.vring_used), status.used_idx);
    let taken = status.last_avail_idx.unwrap().wrapping_sub(status.used_idx);
    assert_eq!(usize::from(taken), held.chains.len());
}

/// How many of the ring's own descriptors a chain takes: one if it is indirect.
fn slots(chain: &VirtioChain) -> usize {
    chain.descriptors.iter().filter(|each| !each.indirect_table).count()
}
