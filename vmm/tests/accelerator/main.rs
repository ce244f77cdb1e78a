//! The accelerators, with a bus that only takes notes.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests may fail them")]

mod guest;
mod support;

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use rustix::process::Pid;
use rustix::thread::sched_getaffinity;
use support::{each_accelerator, load, memory, open};
use vmm::accelerator::{self, Accelerator, Bus, Choice, GuestMemory, Launch};
use vmm::payload::Payload;

/// A bus without devices: counts the guest's questions for them.
#[derive(Default)]
struct Notes {
    reads: Mutex<u32>,
    more: Condvar,
}

impl Notes {
    /// Waits until `count` reads have come.
    fn wait_for_reads(&self, count: u32) {
        let reads = self.reads.lock().unwrap();
        let waited = self.more.wait_timeout_while(reads, Duration::from_secs(60), |reads| *reads < count);
        assert!(!waited.unwrap().1.timed_out(), "the guest has not looked for {count} devices");
    }
}

impl Bus for Notes {
    fn read(&self, address: u64, data: &mut [u8]) {
        assert_eq!((address & 0xfff, data.len()), (0, 4), "without a device, only the magic value is read");
        data.fill(0xff);
        *self.reads.lock().unwrap() += 1;
        self.more.notify_all();
    }

    fn write(&self, address: u64, _: &[u8]) {
        panic!("a write to {address:#x}, where no device is");
    }

    fn port_read(&self, port: u16, _: &mut [u8]) {
        panic!("a read of port {port:#x}");
    }

    fn port_write(&self, port: u16, _: &[u8]) {
        panic!("a write to port {port:#x}: a guest without devices has nothing to say");
    }
}

fn start(accelerator: &dyn Accelerator, memory: &GuestMemory, paused: bool) -> Arc<Notes> {
    let notes = Arc::new(Notes::default());
    let bus = Arc::clone(&notes) as Arc<dyn Bus>;
    let events = Arc::new(|event| panic!("the guest cannot go on: {event:?}"));
    accelerator.start(Launch { bus, events, entry: load(memory), host_cpus: vec![0], paused }).unwrap();
    notes
}

#[test]
fn the_guest_looks_into_every_window_and_then_waits() {
    each_accelerator(|choice| {
        let (accelerator, memory) = open(choice, 1);
        let notes = start(&*accelerator, &memory, false);
        // The bridge of a PCI bus, and then the windows.
        notes.wait_for_reads(20);
        accelerator.shutdown();
        assert_eq!(*notes.reads.lock().unwrap(), 20);
    });
}

#[test]
fn a_paused_machine_executes_nothing() {
    each_accelerator(|choice| {
        let (accelerator, memory) = open(choice, 2);
        accelerator.pause();
        let notes = start(&*accelerator, &memory, true);
        accelerator.pause();
        assert_eq!(*notes.reads.lock().unwrap(), 0);
        accelerator.resume();
        notes.wait_for_reads(20);
        for _ in 0..50 {
            accelerator.pause();
            accelerator.resume();
        }
        accelerator.shutdown();
        accelerator.shutdown();
    });
}

#[test]
fn every_vcpu_has_a_thread_of_its_own() {
    each_accelerator(|choice| {
        let (accelerator, memory) = open(choice, 3);
        assert_eq!(accelerator.vcpus(), []);
        start(&*accelerator, &memory, false);
        let vcpus = accelerator.vcpus();
        assert_eq!(vcpus.iter().map(|vcpu| vcpu.index).collect::<Vec<_>>(), [0, 1, 2]);
        for vcpu in vcpus {
            let thread = Pid::from_raw(vcpu.thread_id);
            let cpus = sched_getaffinity(thread).unwrap();
            assert!(cpus.count() == 1 && cpus.is_set(0), "bound to the host's first CPU");
            let name = std::fs::read_to_string(format!("/proc/self/task/{}/comm", vcpu.thread_id)).unwrap();
            assert_eq!(name.trim(), format!("vcpu {}", vcpu.index));
        }
    });
}

#[test]
fn the_guest_is_started_once() {
    each_accelerator(|choice| {
        let (accelerator, memory) = open(choice, 1);
        let notes = start(&*accelerator, &memory, false);
        let (bus, events) = (notes, Arc::new(|_| ()));
        let launch = Launch { bus, events, entry: load(&memory), host_cpus: Vec::new(), paused: false };
        let error = accelerator.start(launch).unwrap_err();
        assert_eq!(error.to_string(), "the guest was started already");
    });
}

#[test]
fn kvm_has_statistics_of_the_machine_and_of_each_vcpu() {
    each_accelerator(|choice| {
        let (accelerator, _) = open(choice, 2);
        let files = accelerator.statistics().unwrap();
        if choice == Choice::None {
            assert!(files.is_none());
        } else if let Some(files) = files {
            assert_eq!(files.vcpus.len(), 2);
            let machine = support::statistics_id(&files.vm);
            assert!(machine.starts_with("kvm-"), "{machine}");
            for (index, file) in files.vcpus.iter().enumerate() {
                assert_eq!(support::statistics_id(file), format!("{machine}/vcpu-{index}"));
            }
        }
    });
}

#[test]
fn the_choice_says_what_was_taken_and_why() {
    each_accelerator(|choice| {
        let (accelerator, why) = accelerator::open(choice, memory(), 1, &Payload::BuiltIn).unwrap();
        assert_eq!(accelerator.name(), choice.as_str());
        let expected = if choice == Choice::Kvm { "kvm: /dev/kvm works" } else { "none: as asked for" };
        assert_eq!(why, expected);
        let (chosen, why) = accelerator::open(Choice::Auto, memory(), 1, &Payload::BuiltIn).unwrap();
        assert!(why.starts_with(&format!("{}: ", chosen.name())), "{why}");
    });
}

#[test]
fn too_little_memory_is_refused() {
    let memory = support::memory_of(4 << 20);
    let expected = "the built-in guest needs 8 MiB of memory from address 0";
    let error = accelerator::open(Choice::None, Arc::clone(&memory), 1, &Payload::BuiltIn).err().unwrap();
    assert_eq!(error.to_string(), expected);
    let error = Payload::BuiltIn.load(&memory, &support::platform()).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_thread_cannot_be_bound_to_a_cpu_that_the_host_does_not_have() {
    each_accelerator(|choice| {
        let (accelerator, memory) = open(choice, 2);
        let (bus, events) = (Arc::new(Notes::default()), Arc::new(|_| ()));
        let launch = Launch { bus, events, entry: load(&memory), host_cpus: vec![0, 1023], paused: false };
        let error = accelerator.start(launch).unwrap_err();
        assert_eq!(
            error.to_string(),
            "vCPU 1 cannot run on the host's CPU 1023: Invalid argument (os error 22)"
        );
    });
}
