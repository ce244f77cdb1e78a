//! Building a machine from its settings.

use std::io;
use std::sync::{Arc, Mutex};

use builtin_guest::layout::{DEBUG_PORT, FIRST_LINE, WINDOW_COUNT, WINDOW_STRIDE, WINDOWS};
use monitor_qmp::Events;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};
use stats::{Kvm, Object, Registry};
use virtio_core::mmio::{MMIO_SIZE, MmioTransport, QUEUE_NOTIFY_OFFSET};
use virtio_core::transport::TransportError;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use super::hardware::Stoppable;
use super::{Hardware, Machine};
use crate::accelerator::{self, Accelerator, AcceleratorError, Choice, GuestMemory};
use crate::bus::{Bus, RangeTaken, lock};
use crate::command_line::Settings;
use crate::devices::{self, NewDevice, NewDeviceError};
use crate::memory::{self, MemoryError};
use crate::object_tree::{ObjectTree, ObjectTreeError, vcpu_path};
use crate::pci::{
    self, CONFIGURATION_PORTS, CONFIGURATION_PORTS_SIZE, ConfigurationPorts, ECAM_SIZE, EnhancedAccess,
    HostBridge, NewFunction,
};
use crate::program::say;
use crate::run_control::{Parts, RunControl};
use crate::serial::{SERIAL_PORTS, SerialOutput};
use crate::shutdown::ShutdownRequest;
use crate::socket_file::SocketFile;
use crate::transport::TransportKind;

/// A machine that cannot be built or started.
#[derive(Debug, thiserror::Error)]
pub enum MachineError {
    /// No memory.
    #[error("--memory: {0}")]
    Memory(#[from] MemoryError),
    /// No accelerator.
    #[error("--accel: '{choice}' cannot be had: {error}; accepted are {}", Choice::ALL.map(Choice::as_str).join(", "))]
    Accelerator {
        /// As written.
        choice: Choice,
        /// Why not.
        error: AcceleratorError,
    },
    /// No statistics.
    #[error("the accelerator gives no statistics: {0}")]
    Statistics(#[from] AcceleratorError),
    /// A device that cannot be had.
    #[error("--device: '{text}': {reason}")]
    Device {
        /// As written.
        text: String,
        /// Why not.
        reason: AttachError,
    },
    /// The serial port's output cannot be opened.
    #[error("--serial: '{output}': {error}")]
    Serial {
        /// As written.
        output: SerialOutput,
        /// Why not.
        error: io::Error,
    },
    /// The serial port has no place on the bus.
    #[error(transparent)]
    Bus(#[from] RangeTaken),
    /// The host is out of descriptors.
    #[error("cannot create an event descriptor: {0}")]
    Event(#[from] io::Error),
}

/// Why a device cannot be attached.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// It cannot be made.
    #[error(transparent)]
    New(#[from] NewDeviceError),
    /// It cannot have its path.
    #[error(transparent)]
    Place(#[from] ObjectTreeError),
    /// There is no place for it.
    #[error("a machine with this transport has room for {room} devices")]
    Full {
        /// How many.
        room: usize,
    },
    /// The machine is about to end.
    #[error("the accelerator has ended")]
    NoAccelerator,
    /// The host is out of descriptors.
    #[error("cannot create an event descriptor: {0}")]
    Event(#[from] io::Error),
    /// What it declares cannot be.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Interrupt or kicks cannot be connected.
    #[error(transparent)]
    Accelerator(#[from] AcceleratorError),
    /// Its place on the bus is taken.
    #[error(transparent)]
    Bus(#[from] RangeTaken),
}

impl Machine {
    /// Builds a machine, which then waits for [`Machine::start`].
    ///
    /// # Errors
    /// The first part that cannot be had.
    pub fn new(settings: &Settings, events: Arc<Events>) -> Result<Self, MachineError> {
        Self::with_devices(settings, Vec::new(), events)
    }

    /// The same with devices that no setting can name; they come after those that the settings ask for.
    ///
    /// # Errors
    /// The first part that cannot be had.
    pub fn with_devices(
        settings: &Settings,
        devices: Vec<NewDevice>,
        events: Arc<Events>,
    ) -> Result<Self, MachineError> {
        let memory = memory::map(settings.memory)?;
        let choice = settings.accelerator;
        let (accelerator, accelerator_reason) = accelerator::open(choice, Arc::clone(&memory), settings.cpus)
            .map_err(|error| MachineError::Accelerator { choice, error })?;
        let mut assembly = Assembly {
            memory: &memory,
            accelerator: &accelerator,
            bus: Bus::default(),
            objects: ObjectTree::default(),
            transports: Vec::new(),
            pci: None,
        };
        if settings.transport == TransportKind::Pci {
            assembly.add_pci()?;
        }
        for text in &settings.devices {
            let attached =
                devices::build(text).map_err(AttachError::from).and_then(|new| assembly.attach(new));
            attached.map_err(|reason| MachineError::Device { text: text.clone(), reason })?;
        }
        for new in devices {
            let text = new.device.kind().name.to_owned();
            assembly.attach(new).map_err(|reason| MachineError::Device { text, reason })?;
        }
        let serial_socket = Mutex::new(assembly.attach_serial(&settings.serial)?);
        let Assembly { bus, objects, transports, .. } = assembly;
        let statistics = Registry::new();
        add_kernel_statistics(&statistics, &*accelerator)?;
        let hardware = Hardware::new(accelerator, transports);
        if settings.paused {
            hardware.pause();
        }
        Ok(Self {
            name: settings.name.clone(),
            memory,
            bus: Arc::new(bus),
            objects,
            control: RunControl::new(hardware, settings.paused),
            statistics,
            events,
            shutdown: ShutdownRequest::new()?,
            accelerator_reason,
            serial_socket,
        })
    }
}

/// Adds what the kernel counts for the machine and its vCPUs, for as long as the machine exists.
fn add_kernel_statistics(registry: &Registry, accelerator: &dyn Accelerator) -> Result<(), AcceleratorError> {
    let Some(files) = accelerator.statistics()? else { return Ok(()) };
    let kvm = Kvm::new(|line| say(&format!("ringscope: {line}\n")));
    let machine = Object::new(StatisticsProvider::Kvm, StatisticsTarget::Machine);
    registry.add(machine, kvm.source(files.vm.into())).keep();
    for (index, file) in (0..).zip(files.vcpus) {
        let vcpu = Object::new(StatisticsProvider::Kvm, StatisticsTarget::Vcpu).path(vcpu_path(index));
        registry.add(vcpu, kvm.source(file.into())).keep();
    }
    Ok(())
}

/// A machine in the making.
struct Assembly<'a> {
    memory: &'a GuestMemory,
    accelerator: &'a Arc<dyn Accelerator>,
    bus: Bus,
    objects: ObjectTree,
    transports: Vec<Arc<Mutex<dyn Stoppable>>>,
    /// The bridge whose bus the devices are on; without one they have windows.
    pci: Option<Arc<Mutex<HostBridge>>>,
}

impl Assembly<'_> {
    fn attach(&mut self, new: NewDevice) -> Result<(), AttachError> {
        match self.pci.clone() {
            Some(bridge) => self.attach_function(&bridge, new),
            None => self.attach_window(new),
        }
    }

    /// Adds a PCI bus, for devices to be on.
    fn add_pci(&mut self) -> Result<(), RangeTaken> {
        let bridge = Arc::new(Mutex::new(HostBridge::new(self.bus.movable(), self.accelerator)));
        let ports = Arc::new(Mutex::new(ConfigurationPorts::new(Arc::clone(&bridge))));
        self.bus.insert_ports(CONFIGURATION_PORTS, CONFIGURATION_PORTS_SIZE, ports)?;
        let memory = Arc::new(Mutex::new(EnhancedAccess::new(Arc::clone(&bridge))));
        self.bus.insert(pci::HOST.ecam, ECAM_SIZE, memory)?;
        self.pci = Some(bridge);
        Ok(())
    }

    /// Makes the device a function on the PCI bus.
    fn attach_function(&mut self, bridge: &Mutex<HostBridge>, new: NewDevice) -> Result<(), AttachError> {
        let NewDevice { id, rings, device } = new;
        let path = self.objects.place(id.as_deref(), TransportKind::Pci)?;
        let memory = Arc::clone(self.memory);
        let transport = lock(bridge).attach(NewFunction { device, rings, memory })?;
        self.objects.insert(path, lock(&transport).view());
        self.transports.push(transport);
        Ok(())
    }

    /// Puts the device into the next window, with its interrupt and its kicks.
    fn attach_window(&mut self, new: NewDevice) -> Result<(), AttachError> {
        let number = u8::try_from(self.transports.len()).ok().filter(|number| *number < WINDOW_COUNT);
        let number = number.ok_or(AttachError::Full { room: WINDOW_COUNT.into() })?;
        let path = self.objects.place(new.id.as_deref(), TransportKind::Mmio)?;
        let base = WINDOWS + u64::from(number) * WINDOW_STRIDE;
        let interrupt = EventFd::new(EFD_NONBLOCK)?;
        self.accelerator.connect_interrupt((FIRST_LINE + number).into(), &interrupt)?;
        let transport = MmioTransport::new(new.device, Arc::clone(self.memory), interrupt, new.rings)?;
        for (queue, kick) in (0..).zip(transport.kick_events()) {
            self.accelerator.connect_kick(base + QUEUE_NOTIFY_OFFSET, Some(queue), kick)?;
        }
        self.objects.insert(path, transport.view());
        let transport = Arc::new(Mutex::new(transport));
        self.bus.insert(base, MMIO_SIZE, Arc::clone(&transport) as _)?;
        self.transports.push(transport);
        Ok(())
    }

    /// The file of the port's socket, if it has one.
    fn attach_serial(&mut self, output: &SerialOutput) -> Result<Option<SocketFile>, MachineError> {
        let opened = output.open().map_err(|error| MachineError::Serial { output: output.clone(), error })?;
        let Some((port, socket)) = opened else { return Ok(None) };
        self.bus.insert_ports(DEBUG_PORT, SERIAL_PORTS, Arc::new(Mutex::new(port)))?;
        Ok(socket)
    }
}
