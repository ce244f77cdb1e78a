//! Building a machine from its settings.

use std::io;
use std::sync::{Arc, Mutex};

use boot::addresses::{POWER_BUTTON_INTERRUPT, SERIAL_INTERRUPT, SLEEP_CONTROL_PORT};
use boot::{AddressRange, MemoryLayout, MmioDevice, Platform};
use builtin_guest::layout::{DEBUG_PORT, FIRST_LINE, WINDOW_COUNT, WINDOW_STRIDE, WINDOWS};
use monitor_qmp::Events;
use qapi_schema::statistics::{StatisticsProvider, StatisticsTarget};
use stats::{Kvm, Object, Registration, Registry};
use virtio_core::Transport;
use virtio_core::introspection::statistics::add_device;
use virtio_core::mmio::{MMIO_SIZE, MmioTransport, QUEUE_NOTIFY_OFFSET};
use virtio_core::transport::TransportError;
use vmm_sys_util::eventfd::{EFD_NONBLOCK, EventFd};

use super::hardware::Stoppable;
use super::{Hardware, Machine};
use crate::accelerator::{self, Accelerator, AcceleratorError, Choice, GuestMemory};
use crate::bus::{Bus, RangeTaken, lock};
use crate::bus_devices::{self, PlugError};
use crate::command_line::Settings;
use crate::devices::{self, NewDevice, NewDeviceError, NewOnBus};
use crate::machine_requests::MachineRequests;
use crate::memory::{self, MemoryError, Sharing};
use crate::object_tree::{DeviceObject, ObjectTree, ObjectTreeError, vcpu_path};
use crate::payload::{Payload, PayloadError};
use crate::pci::{
    self, CONFIGURATION_PORTS, CONFIGURATION_PORTS_SIZE, ConfigurationPorts, ECAM_SIZE, EnhancedAccess,
    HostBridge, NewFunction,
};
use crate::power::{
    KEYBOARD_CONTROLLER, KEYBOARD_CONTROLLER_PORTS, KeyboardController, POWER_PORTS, PowerRegisters,
};
use crate::program::say;
use crate::run_control::{Parts, RunControl};
use crate::serial::{SERIAL_PORTS, SerialLine, SerialPlace};
use crate::shutdown::ShutdownRequest;
use crate::statistics::{add_process, add_vcpus};
use crate::subscriptions::Subscriptions;
use crate::surroundings::DeviceSurroundings;
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
    Statistics(AcceleratorError),
    /// A kernel that cannot be had.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// A device that cannot be had.
    #[error("--device: '{text}': {reason}")]
    Device {
        /// As written.
        text: String,
        /// Why not.
        reason: AttachError,
    },
    /// The serial port's line cannot be had.
    #[error("--serial: '{place}': {error}")]
    Serial {
        /// As written.
        place: SerialPlace,
        /// Why not.
        error: io::Error,
    },
    /// What is no device has no interrupt line.
    #[error("an interrupt line cannot be connected: {0}")]
    Interrupt(#[from] AttachError),
    /// A part has no place on the bus.
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
    /// It cannot go onto another's bus.
    #[error(transparent)]
    Plug(#[from] PlugError),
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
        let parts = make_parts(&settings.devices, devices)?;
        let shared = parts.iter().any(|(_, part)| part.shares_memory());
        let sharing = if shared { Sharing::Shared } else { Sharing::Private };
        let memory = memory::map(settings.memory, settings.huge_pages, sharing)?;
        let choice = settings.accelerator;
        let payload = Payload::open(settings)?;
        let (accelerator, accelerator_reason) =
            accelerator::open(choice, Arc::clone(&memory), settings.cpus, &payload)
                .map_err(|error| MachineError::Accelerator { choice, error })?;
        let requests = Arc::new(MachineRequests::new()?);
        let surroundings = Arc::new(DeviceSurroundings::new(Arc::clone(&events), Arc::clone(&requests)));
        let mut assembly = Assembly {
            memory: &memory,
            accelerator: &accelerator,
            bus: Bus::default(),
            objects: ObjectTree::default(),
            transports: Vec::new(),
            stage_clocks: settings.stage_clocks,
            surroundings,
            bridge: None,
            platform: Platform {
                vcpus: settings.cpus.into(),
                memory: MemoryLayout::new(settings.memory),
                serial: false,
                mmio_devices: Vec::new(),
                pci: None,
            },
        };
        if settings.transport == TransportKind::Pci {
            assembly.add_pci()?;
        }
        for (text, part) in parts {
            assembly.add(part).map_err(|reason| MachineError::Device { text, reason })?;
        }
        let serial_line = Mutex::new(assembly.attach_serial(&settings.serial)?);
        let power_button = assembly.attach_power(&requests)?;
        let Assembly { bus, objects, transports, platform, .. } = assembly;
        let entry = payload.load(&memory, &platform)?;
        let statistics = Registry::new();
        add_kernel_statistics(&statistics, &*accelerator).map_err(MachineError::Statistics)?;
        add_vcpus(&statistics, accelerator.exits());
        add_process(&statistics);
        for device in objects.devices() {
            let own = device.roles.statistics.as_ref();
            add_device(&statistics, &device.path, &device.view, own).into_iter().for_each(Registration::keep);
        }
        let hardware = Hardware::new(accelerator, transports);
        if settings.paused {
            hardware.pause();
        }
        Ok(Self {
            settings: settings.clone(),
            memory,
            bus: Arc::new(bus),
            objects,
            control: RunControl::new(hardware, settings.paused),
            subscriptions: Subscriptions::new(statistics.clone()),
            statistics,
            events,
            shutdown: ShutdownRequest::new()?,
            requests,
            ends_at_reset: settings.no_reboot,
            power_button,
            payload,
            platform,
            entry,
            host_cpus: settings.host_cpus.clone(),
            accelerator_reason,
            plugging: Mutex::default(),
            serial_line,
            serial: settings.serial.clone(),
        })
    }
}

/// What a `--device` asks for.
enum Part {
    /// What has a place of its own.
    Device(NewDevice),
    /// What goes onto the bus of another.
    OnBus(NewOnBus),
}

impl Part {
    fn new(text: &str) -> Result<Self, NewDeviceError> {
        match devices::on_bus(text)? {
            Some(new) => Ok(Self::OnBus(new)),
            None => devices::build(text).map(Self::Device),
        }
    }

    fn shares_memory(&self) -> bool {
        matches!(self, Self::Device(new) if new.device.shares_memory())
    }
}

/// The parts, each with the text that errors name it by: those that settings ask for, then the others.
fn make_parts(texts: &[String], others: Vec<NewDevice>) -> Result<Vec<(String, Part)>, MachineError> {
    let make = |text: &String| match Part::new(text) {
        Ok(part) => Ok((text.clone(), part)),
        Err(error) => Err(MachineError::Device { text: text.clone(), reason: error.into() }),
    };
    let others = others.into_iter().map(|new| Ok((new.device.kind().name.to_owned(), Part::Device(new))));
    texts.iter().map(make).chain(others).collect()
}

/// Adds what the kernel counts for the machine and its vCPUs, for as long as the machine exists.
fn add_kernel_statistics(registry: &Registry, accelerator: &dyn Accelerator) -> Result<(), AcceleratorError> {
    let Some(files) = accelerator.statistics()? else { return Ok(()) };
    let kvm = Kvm::new(|line| say(&format!("ringscope: {line}\n")));
    let machine = Object::new(StatisticsProvider::Kvm, StatisticsTarget::Machine);
    registry.add(machine, kvm.source(files.vm.into())).keep();
    for (file, index) in files.vcpus.into_iter().zip(0..) {
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
    stage_clocks: bool,
    surroundings: Arc<DeviceSurroundings>,
    /// The bridge whose bus the devices are on; without one they have windows.
    bridge: Option<Arc<Mutex<HostBridge>>>,
    /// What a kernel is to be told.
    platform: Platform,
}

impl Assembly<'_> {
    /// Attaches what the text of `--device` describes.
    fn add(&mut self, part: Part) -> Result<(), AttachError> {
        match part {
            Part::Device(new) => self.attach(new),
            Part::OnBus(new) => Ok(bus_devices::plug(&self.objects, new)?),
        }
    }

    fn attach(&mut self, new: NewDevice) -> Result<(), AttachError> {
        match self.bridge.clone() {
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
        self.bridge = Some(bridge);
        self.platform.pci = Some(pci::HOST);
        Ok(())
    }

    /// Makes the device a function on the PCI bus.
    fn attach_function(&mut self, bridge: &Mutex<HostBridge>, new: NewDevice) -> Result<(), AttachError> {
        let NewDevice { id, rings, device } = new;
        let path = self.objects.place(id.as_deref(), TransportKind::Pci)?;
        let memory = Arc::clone(self.memory);
        let transport = lock(bridge).attach(NewFunction { device, rings, memory })?;
        self.place(&mut lock(&transport), id.as_deref(), path);
        self.transports.push(transport);
        Ok(())
    }

    /// Puts the device into the next window, with its interrupt and its kicks.
    fn attach_window(&mut self, new: NewDevice) -> Result<(), AttachError> {
        let number = u8::try_from(self.transports.len()).ok().filter(|number| *number < WINDOW_COUNT);
        let number = number.ok_or(AttachError::Full { room: WINDOW_COUNT.into() })?;
        let path = self.objects.place(new.id.as_deref(), TransportKind::Mmio)?;
        let base = WINDOWS + u64::from(number) * WINDOW_STRIDE;
        let line = u32::from(FIRST_LINE + number);
        let interrupt = self.interrupt(line)?;
        let mut transport = MmioTransport::new(new.device, Arc::clone(self.memory), interrupt, new.rings)?;
        self.place(&mut transport, new.id.as_deref(), path);
        for (queue, kick) in (0..).zip(transport.kick_events()) {
            self.accelerator.connect_kick(base + QUEUE_NOTIFY_OFFSET, Some(queue), kick)?;
        }
        let transport = Arc::new(Mutex::new(transport));
        self.bus.insert(base, MMIO_SIZE, Arc::clone(&transport) as _)?;
        self.transports.push(transport);
        let registers = AddressRange { start: base, size: MMIO_SIZE };
        self.platform.mmio_devices.push(MmioDevice { registers, interrupt: line });
        Ok(())
    }

    /// Puts the device at its path.
    fn place<R>(&mut self, transport: &mut Transport<R>, id: Option<&str>, path: String) {
        transport.set_stage_clocks(self.stage_clocks);
        let roles = transport.place(id, &path, Arc::clone(&self.surroundings) as _);
        self.objects.insert(DeviceObject { path, view: transport.view(), roles });
    }

    /// An event that raises interrupt line `line`.
    fn interrupt(&self, line: u32) -> Result<EventFd, AttachError> {
        let interrupt = EventFd::new(EFD_NONBLOCK)?;
        self.accelerator.connect_interrupt(line, &interrupt)?;
        Ok(interrupt)
    }

    /// The serial port's line, if there is a port.
    fn attach_serial(&mut self, place: &SerialPlace) -> Result<Option<SerialLine>, MachineError> {
        let interrupt = self.interrupt(SERIAL_INTERRUPT.into())?;
        let opened = place.open(interrupt);
        let opened = opened.map_err(|error| MachineError::Serial { place: place.clone(), error })?;
        let Some((port, line)) = opened else { return Ok(None) };
        self.bus.insert_ports(DEBUG_PORT, SERIAL_PORTS, port)?;
        self.platform.serial = true;
        Ok(Some(line))
    }

    /// What the guest switches the machine off and resets it with; gives back the power button.
    fn attach_power(&mut self, request: &Arc<MachineRequests>) -> Result<EventFd, MachineError> {
        let registers = Arc::new(Mutex::new(PowerRegisters::new(Arc::clone(request))));
        self.bus.insert_ports(SLEEP_CONTROL_PORT, POWER_PORTS, registers)?;
        let controller = Arc::new(Mutex::new(KeyboardController::new(Arc::clone(request))));
        self.bus.insert_ports(KEYBOARD_CONTROLLER, KEYBOARD_CONTROLLER_PORTS, controller)?;
        Ok(self.interrupt(POWER_BUTTON_INTERRUPT.into())?)
    }
}
