//! machine.json: the state of the machine, its name, its vCPUs, its end.

use qapi_schema::machine::{
    CpuInfoFast, CpuInstanceProperties, IOThreadInfo, KvmInfo, MachineCommands, MemoryInfo, NameInfo,
    RunState, ShutdownCause, StatusInfo, SysEmuTarget, TargetInfo, UuidInfo,
};
use qapi_schema::runtime::Error;
use virtio_core::introspection::DeviceThread;

use crate::accelerator::Vcpu;
use crate::machine::Machine;
use crate::object_tree::{DeviceObject, vcpu_path};

impl MachineCommands for Machine {
    fn query_status(&self) -> Result<StatusInfo, Error> {
        let status = self.run_state();
        Ok(StatusInfo { running: status == RunState::Running, status })
    }

    fn stop(&self) -> Result<(), Error> {
        self.pause();
        Ok(())
    }

    fn cont(&self) -> Result<(), Error> {
        self.resume().map_err(|error| Error::generic(error.to_string()))
    }

    fn system_reset(&self) -> Result<(), Error> {
        self.reset(ShutdownCause::HostQmpSystemReset).map_err(|error| Error::generic(error.to_string()))
    }

    fn system_powerdown(&self) -> Result<(), Error> {
        self.press_power_button();
        Ok(())
    }

    fn quit(&self) -> Result<(), Error> {
        self.request_shutdown(ShutdownCause::HostQmpQuit);
        Ok(())
    }

    fn query_name(&self) -> Result<NameInfo, Error> {
        Ok(NameInfo { name: self.name().map(str::to_owned) })
    }

    fn query_uuid(&self) -> Result<UuidInfo, Error> {
        Ok(UuidInfo { uuid: self.settings().uuid.unwrap_or_default().to_string() })
    }

    fn query_memory_size_summary(&self) -> Result<MemoryInfo, Error> {
        Ok(MemoryInfo { base_memory: self.settings().memory, plugged_memory: None })
    }

    fn query_cpus_fast(&self) -> Result<Vec<CpuInfoFast>, Error> {
        // What CPUID tells the guest under KVM.
        let place = |vcpu: Vcpu| CpuInstanceProperties {
            socket_id: Some(0),
            core_id: Some(vcpu.index.into()),
            thread_id: Some(0),
        };
        let info = |vcpu: Vcpu| CpuInfoFast {
            cpu_index: vcpu.index.into(),
            qom_path: vcpu_path(vcpu.index),
            thread_id: vcpu.thread_id.into(),
            props: Some(place(vcpu)),
            target: SysEmuTarget::X86_64,
        };
        Ok(self.accelerator().vcpus().into_iter().map(info).collect())
    }

    fn query_iothreads(&self) -> Result<Vec<IOThreadInfo>, Error> {
        Ok(self.objects().devices().iter().flat_map(threads).collect())
    }

    fn query_kvm(&self) -> Result<KvmInfo, Error> {
        Ok(KvmInfo { enabled: self.accelerator().name() == "kvm", present: true })
    }

    fn query_target(&self) -> Result<TargetInfo, Error> {
        Ok(TargetInfo { arch: SysEmuTarget::X86_64 })
    }
}

/// The threads of a device, each called so that no two are called alike.
fn threads(device: &DeviceObject) -> Vec<IOThreadInfo> {
    let threads = device.view.threads();
    let several = threads.len() > 1;
    let name = device.name();
    let info = |thread: DeviceThread| IOThreadInfo {
        id: match thread.first_queue.filter(|_| several) {
            Some(queue) => format!("{name}-q{queue}"),
            None => name.to_owned(),
        },
        thread_id: thread.host_id.into(),
        poll_max_ns: 0,
        poll_grow: 0,
        poll_shrink: 0,
        aio_max_batch: 0,
    };
    threads.into_iter().map(info).collect()
}
