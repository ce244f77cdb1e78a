//! A machine with a disk, an entropy source and two vCPUs, for the monitor to look at.

mod block;
mod inspect;
mod qom;
mod statistics;
mod stats;
mod virtio;
mod virtio_debug;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use monitor_hmp::{GuestView, Monitor, Register, RegistersError};
use qapi_schema::balloon::requests::{Balloon, SetGuestMemoryInterval};
use qapi_schema::balloon::{BalloonCommands, BalloonInfo, GuestMemoryInfo};
use qapi_schema::char::{CharCommands, ChardevInfo};
use qapi_schema::control::{VersionInfo, VersionTriple};
use qapi_schema::machine::{
    CpuInfoFast, KvmInfo, MachineCommands, MemoryInfo, NameInfo, RunState, StatusInfo, SysEmuTarget,
    TargetInfo, UuidInfo,
};
use qapi_schema::runtime::{Error, ErrorClass};

pub(crate) const DISK: &str = "/machine/peripheral/disk0";
pub(crate) const ENTROPY: &str = "/machine/peripheral-anon/device[1]";

/// A machine of which little is true but its shape.
pub(crate) struct TestMachine {
    pub(crate) running: AtomicBool,
    pub(crate) ended: AtomicBool,
    pub(crate) with_devices: bool,
    /// In bytes.
    pub(crate) memory: AtomicI64,
}

impl TestMachine {
    pub(crate) fn new() -> Self {
        Self {
            running: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            with_devices: true,
            memory: AtomicI64::new(256 << 20),
        }
    }
}

/// A monitor of `machine`.
pub(crate) fn monitor(machine: Arc<TestMachine>) -> Monitor<TestMachine> {
    let qemu = VersionTriple { major: 10, minor: 0, micro: 0 };
    Monitor::new(machine, VersionInfo { qemu, package: String::from("Ringscope 0.1.0") })
}

fn cpu(number: i64) -> CpuInfoFast {
    CpuInfoFast {
        cpu_index: number,
        qom_path: format!("/machine/unattached/device[{number}]"),
        thread_id: 4711 + number,
        props: None,
        target: SysEmuTarget::X86_64,
    }
}

impl MachineCommands for TestMachine {
    fn query_status(&self) -> Result<StatusInfo, Error> {
        let running = self.running.load(Ordering::Relaxed);
        let status = if running { RunState::Running } else { RunState::Prelaunch };
        Ok(StatusInfo { running, status })
    }

    fn stop(&self) -> Result<(), Error> {
        self.running.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn cont(&self) -> Result<(), Error> {
        self.running.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn quit(&self) -> Result<(), Error> {
        self.ended.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn system_powerdown(&self) -> Result<(), Error> {
        Ok(())
    }

    fn system_reset(&self) -> Result<(), Error> {
        Ok(())
    }

    fn query_name(&self) -> Result<NameInfo, Error> {
        Ok(NameInfo { name: Some(String::from("first-light")) })
    }

    fn query_cpus_fast(&self) -> Result<Vec<CpuInfoFast>, Error> {
        Ok(vec![cpu(0), cpu(1)])
    }

    fn query_uuid(&self) -> Result<UuidInfo, Error> {
        Ok(UuidInfo { uuid: String::from("b64de0d7-2a3a-4b9c-9a0e-5f1c5c1d2e3f") })
    }

    fn query_memory_size_summary(&self) -> Result<MemoryInfo, Error> {
        Ok(MemoryInfo { base_memory: 65536, plugged_memory: None })
    }

    fn query_kvm(&self) -> Result<KvmInfo, Error> {
        Ok(KvmInfo { enabled: false, present: true })
    }

    fn query_target(&self) -> Result<TargetInfo, Error> {
        Ok(TargetInfo { arch: SysEmuTarget::X86_64 })
    }
}

impl BalloonCommands for TestMachine {
    fn balloon(&self, arguments: Balloon) -> Result<(), Error> {
        self.memory.store(arguments.value, Ordering::Relaxed);
        Ok(())
    }

    fn query_balloon(&self) -> Result<BalloonInfo, Error> {
        match self.with_devices {
            true => Ok(BalloonInfo { actual: self.memory.load(Ordering::Relaxed) }),
            false => Err(Error::new(ErrorClass::DeviceNotActive, "No balloon device has been activated")),
        }
    }

    fn query_guest_memory(&self) -> Result<Vec<GuestMemoryInfo>, Error> {
        Ok(Vec::new())
    }

    fn set_guest_memory_interval(&self, _: SetGuestMemoryInterval) -> Result<(), Error> {
        Ok(())
    }
}

impl CharCommands for TestMachine {
    fn query_chardev(&self) -> Result<Vec<ChardevInfo>, Error> {
        let end = |label: &str, filename: &str| ChardevInfo {
            label: label.to_owned(),
            filename: filename.to_owned(),
            frontend_open: true,
        };
        Ok(vec![end("serial0", "stdio"), end("console0.agent", "unix:/run/agent")])
    }
}

impl GuestView for TestMachine {
    /// Memory from 0 to 64 KiB; each byte is the lowest of its address.
    fn read_physical(&self, address: u64, data: &mut [u8]) -> bool {
        let end = address.saturating_add(data.len() as u64);
        (address..end).zip(data).for_each(|(address, byte)| *byte = address.to_le_bytes()[0]);
        end <= 0x1_0000
    }

    fn registers(&self, cpu: i64) -> Result<Vec<Register>, RegistersError> {
        if self.running.load(Ordering::Relaxed) {
            return Err(RegistersError::Running);
        }
        let first = Register { name: "rax", value: cpu.cast_unsigned(), bits: 64 };
        match cpu {
            0 | 1 => Ok(vec![first, Register { name: "rip", value: 0xfff0, bits: 64 }]),
            _ => Err(RegistersError::NoSuchVcpu),
        }
    }

    /// Virtual memory begins at 1 TiB.
    fn translate(&self, _: i64, address: u64) -> Result<Option<u64>, RegistersError> {
        Ok(address.checked_sub(1 << 40))
    }
}
