//! A machine of one device, and the test as its driver and as its client.

use std::collections::VecDeque;

use qapi_schema::machine::requests::{Cont, QueryStatus, Stop};
use qapi_schema::statistics::requests::QueryStatistics;
use qapi_schema::statistics::{StatisticsFilter, StatisticsTarget};
use qapi_schema::stats::StatsValue;
use qapi_schema::virtio::requests::XQueryVirtioQueueStatus;
use serde_json::Value;
use virtio_core::driver::{Buffer, DriverQueue};
use virtio_core::{Device, RingForm};
use vmm::devices::NewDevice;

use crate::support::{Driver, MachineInside, QmpClient};

/// Where the rings lie; what is behind them is the tests'.
const RINGS: u64 = 0x100_0000;
/// Where tests put the first of their buffers.
pub(crate) const DATA: u64 = 0x200_0000;

/// The machine, the driver of its first device, and a client.
pub(crate) struct Driven {
    pub(crate) inside: MachineInside,
    pub(crate) driver: Driver,
    pub(crate) client: QmpClient,
    id: String,
    queues: Vec<Queue>,
    /// Events that came while another was waited for.
    events: VecDeque<(String, Value)>,
    /// Events that the test does not count.
    ignored: Option<&'static str>,
}

/// A queue and what the driver knows of its requests.
struct Queue {
    ring: DriverQueue,
    /// Came back, and the test has not looked.
    back: VecDeque<(u16, u32)>,
    offered: u64,
    answered: u64,
}

impl Driven {
    /// A machine with these devices. The first one, which has this id, is driven.
    pub(crate) fn new(id: &str, devices: &[&str]) -> Self {
        let devices = devices.iter().flat_map(|device| ["--device", device]);
        let arguments: Vec<&str> = ["--accel", "none"].into_iter().chain(devices).collect();
        Self::of(id, MachineInside::new(&arguments))
    }

    /// A machine with this device, which no option could name.
    pub(crate) fn with_device(id: &str, device: Box<dyn Device>) -> Self {
        let new = NewDevice { id: Some(id.to_owned()), rings: RingForm::Split, device };
        Self::of(id, MachineInside::with_devices(&["--accel", "none"], vec![new]))
    }

    fn of(id: &str, inside: MachineInside) -> Self {
        let (driver, client) = (inside.driver(0), inside.qmp());
        let mut new = Self {
            inside,
            driver,
            client,
            id: id.to_owned(),
            queues: Vec::new(),
            events: VecDeque::new(),
            ignored: None,
        };
        new.start();
        new
    }

    /// The driver comes, anew if it was there: it knows of no request any more.
    pub(crate) fn start(&mut self) {
        let queue = |ring| Queue { ring, back: VecDeque::new(), offered: 0, answered: 0 };
        self.queues = self.driver.start_all(RINGS).into_iter().map(queue).collect();
    }

    pub(crate) fn path(&self) -> String {
        format!("/machine/peripheral/{}", self.id)
    }

    /// Offers a request, without a kick; the number it is known by.
    pub(crate) fn place(&mut self, queue: u16, buffers: &[Buffer]) -> u16 {
        let one = &mut self.queues[usize::from(queue)];
        let head = one.ring.chain(buffers);
        one.ring.publish();
        one.offered += 1;
        head
    }

    /// Offers a request and kicks; the number it is known by.
    pub(crate) fn offer(&mut self, queue: u16, buffers: &[Buffer]) -> u16 {
        let head = self.place(queue, buffers);
        self.driver.kick_queue(queue);
        head
    }

    /// The next request that comes back, if one has. (The ring's driver side does not accept one that was answered already.)
    pub(crate) fn try_answer(&mut self, queue: u16) -> Option<(u16, u32)> {
        let one = &mut self.queues[usize::from(queue)];
        let back = one.ring.used();
        one.answered += u64::try_from(back.len()).unwrap();
        one.back.extend(back);
        one.back.pop_front()
    }

    /// The next request that comes back: its number, and the bytes written.
    pub(crate) fn answer(&mut self, queue: u16) -> (u16, u32) {
        let mut answer = None;
        let ring = &mut self.queues[usize::from(queue)];
        self.driver.wait("answer", || {
            let back = ring.ring.used();
            ring.answered += u64::try_from(back.len()).unwrap();
            ring.back.extend(back);
            answer = ring.back.pop_front();
            answer.is_some()
        });
        answer.unwrap()
    }

    /// Offers a request and waits for it; the bytes written.
    pub(crate) fn submit(&mut self, queue: u16, buffers: &[Buffer]) -> u32 {
        let head = self.offer(queue, buffers);
        let (back, written) = self.answer(queue);
        assert_eq!(back, head, "no other request was under way");
        written
    }

    /// Requests that were offered and have not come back.
    pub(crate) fn waiting(&self, queue: u16) -> u64 {
        let one = &self.queues[usize::from(queue)];
        one.offered - one.answered
    }

    /// Where a queue's next buffer may be.
    fn area(queue: u16) -> u64 {
        DATA + 0x1_0000 * u64::from(queue)
    }

    /// Gives bytes to the device and waits until it has taken them.
    pub(crate) fn send(&mut self, queue: u16, bytes: &[u8]) {
        self.inside.store(Self::area(queue), bytes);
        let length = u32::try_from(bytes.len()).unwrap();
        assert_eq!(self.submit(queue, &[Buffer::readable(Self::area(queue), length)]), 0);
    }

    /// Puts a buffer on a queue and waits until the device has filled it: with what.
    pub(crate) fn receive(&mut self, queue: u16, length: u32) -> Vec<u8> {
        let written = self.submit(queue, &[Buffer::writable(Self::area(queue), length)]);
        self.inside.load(Self::area(queue), usize::try_from(written).unwrap())
    }

    /// The next event of this name: its data. Others are kept. (Of some kinds no more than one comes in a second, behind others
    /// that happened later.)
    pub(crate) fn event(&mut self, name: &str) -> Value {
        if let Some(position) = self.events.iter().position(|(each, _)| each == name) {
            return self.events.remove(position).unwrap().1;
        }
        loop {
            let (each, data) = self.client.event();
            if each == name {
                return data;
            }
            if self.ignored != Some(&each) {
                self.events.push_back((each, data));
            }
        }
    }

    /// How many more events of this name come is a matter of time.
    pub(crate) fn ignore(&mut self, name: &'static str) {
        self.ignored = Some(name);
    }

    /// Waits for the machine to stop because of an error.
    pub(crate) fn expect_stop(&mut self) {
        self.event("STOP");
        let status = self.client.call(&QueryStatus);
        assert_eq!((status.running, status.status.as_str()), (false, "io-error"));
    }

    /// Lets the machine go on.
    pub(crate) fn cont(&mut self) {
        self.client.call(&Cont);
        self.event("RESUME");
    }

    /// What is counted of the device under these names, in their order.
    pub(crate) fn counted<const N: usize>(&mut self, names: [&str; N]) -> [u64; N] {
        let all = self.statistics(StatisticsTarget::Device);
        names.map(|name| {
            let found = all.iter().find(|(_, each, _)| each == name);
            found.unwrap_or_else(|| panic!("{name} is not counted, but {all:?}")).2
        })
    }

    /// Queue (of those that are about one), name and number of all that is one number.
    fn statistics(&mut self, target: StatisticsTarget) -> Vec<(Option<u16>, String, u64)> {
        let filter = StatisticsFilter {
            targets: Some(vec![target]),
            providers: None,
            paths: Some(vec![self.path()]),
            names: None,
        };
        let reply = self.client.call(&QueryStatistics(filter));
        let numbers = reply.objects.into_iter().flat_map(|object| {
            let queue = object.queue;
            object.statistics.into_iter().map(move |each| (queue, each.name, each.value))
        });
        numbers
            .filter_map(|(queue, name, value)| match value {
                StatsValue::Scalar(number) => Some((queue, name, number)),
                _ => None,
            })
            .collect()
    }

    /// Every request was answered once but for these, by queue, which the device has not answered. Clients have heard of nothing
    /// else, and what is counted says the same. The machine is stopped meanwhile, so that nothing moves.
    pub(crate) fn assert_settled(&mut self, unanswered: &[(u16, u64)]) {
        self.client.call(&Stop);
        self.event("STOP");
        assert!(self.events.is_empty(), "clients have heard of something else: {:?}", self.events);
        let counted = self.statistics(StatisticsTarget::Queue);
        for index in 0..u16::try_from(self.queues.len()).unwrap() {
            let one = &mut self.queues[usize::from(index)];
            assert_eq!((one.ring.used(), one.back.len()), (vec![], 0), "queue {index}");
            let left = unanswered.iter().find(|(queue, _)| *queue == index).map_or(0, |(_, count)| *count);
            assert_eq!(one.offered - one.answered, left, "requests of queue {index} that are not answered");
            let requests =
                counted.iter().find(|(queue, name, _)| *queue == Some(index) && name == "requests");
            assert_eq!(requests.unwrap().2, one.answered, "requests of queue {index} as they are counted");
            if left == 0 {
                let status = self.client.call(&XQueryVirtioQueueStatus { path: self.path(), queue: index });
                assert_eq!(status.inuse, 0, "queue {index}");
            }
        }
        self.cont();
    }
}
