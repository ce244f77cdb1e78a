//! The monitors: ours, and the one that it is compared with; what a machine is on the command line of each.

use std::fmt;

use crate::families::Family;

/// How the guest reaches its devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Transport {
    /// Registers in the guest's address space
    Mmio,
    /// PCI functions
    Pci,
}

impl fmt::Display for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mmio => "mmio",
            Self::Pci => "pci",
        })
    }
}

/// A monitor, with the machine that it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Monitor {
    /// Ours.
    Ringscope(Transport),
    /// QEMU with its machine for microVMs, which has virtio-mmio.
    Microvm,
    /// QEMU with a machine that has PCI.
    Q35,
}

impl Monitor {
    /// The one of QEMU's that ours is to be compared with.
    pub(crate) fn reference(transport: Transport) -> Self {
        match transport {
            Transport::Mmio => Self::Microvm,
            Transport::Pci => Self::Q35,
        }
    }

    /// The transport of its devices.
    pub(crate) fn transport(self) -> Transport {
        match self {
            Self::Ringscope(transport) => transport,
            Self::Microvm => Transport::Mmio,
            Self::Q35 => Transport::Pci,
        }
    }

    /// It is ours.
    pub(crate) fn is_ringscope(self) -> bool {
        matches!(self, Self::Ringscope(_))
    }
}

impl fmt::Display for Monitor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ringscope(transport) => write!(formatter, "ringscope, {transport}"),
            Self::Microvm => formatter.write_str("QEMU, microvm"),
            Self::Q35 => formatter.write_str("QEMU, q35"),
        }
    }
}

/// The form of the kernel that is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kernel {
    /// The ELF, entered as its PVH note says.
    Elf,
    /// The compressed image, entered by the boot protocol.
    Image,
}

/// The virtio devices of a machine.
#[derive(Clone)]
pub(crate) enum Devices {
    /// One of each of the five kinds that every monitor has.
    Five,
    /// The mailbox's disk, and what these families have.
    Families {
        /// The families.
        families: Vec<&'static Family>,
        /// Packed rings are offered.
        packed: bool,
    },
}

/// A machine to run.
#[derive(Clone)]
pub(crate) struct Plan {
    /// Who runs it.
    pub(crate) monitor: Monitor,
    /// vCPUs.
    pub(crate) cpus: u8,
    /// What it has.
    pub(crate) devices: Devices,
    /// What is booted.
    pub(crate) kernel: Kernel,
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.cpus == 1 { "" } else { "s" };
        write!(formatter, "{}, {} vCPU{plural}", self.monitor, self.cpus)?;
        match self.devices {
            Devices::Five => Ok(()),
            Devices::Families { packed: false, .. } => formatter.write_str(", split rings"),
            Devices::Families { packed: true, .. } => formatter.write_str(", packed rings"),
        }
    }
}

/// Guest memory.
pub(crate) const MEMORY_MIB: u64 = 256;
/// The pages of 4096 bytes that the balloon is asked to take: 16 MiB.
pub(crate) const BALLOON_PAGES: u64 = 4096;
const MAC_ADDRESS: &str = "52:54:00:12:34:56";

impl Plan {
    /// The families of devices that it has beside the five.
    pub(crate) fn families(&self) -> &[&'static Family] {
        match &self.devices {
            Devices::Five => &[],
            Devices::Families { families, .. } => families,
        }
    }

    /// How many of its disks are in-process devices: the mailbox's, and those of families.
    pub(crate) fn disks(&self) -> usize {
        let devices = self.families().iter().flat_map(|family| family.devices);
        1 + devices
            .filter(|device| ["blk", "scsi-hd"].contains(&device.split(',').next().unwrap_or_default()))
            .count()
    }

    /// What has to be done in the monitor's folder before it starts, for the shell.
    pub(crate) fn preparation(&self) -> String {
        self.families().iter().map(|family| format!("{}\n", family.prepare)).collect()
    }

    /// The words of the monitor's command line. It is started in the folder `machine`, beside the files of the lab, and
    /// serves QMP at `qmp`.
    pub(crate) fn command(&self, qmp: &str) -> Vec<String> {
        let kernel = match self.kernel {
            Kernel::Elf => "../vmlinux",
            Kernel::Image => "../vmlinuz",
        };
        let (text, append) = match self.monitor {
            Monitor::Ringscope(transport) => (self.ringscope(transport, kernel, qmp), "--cmdline"),
            // Both are set up to reach the guest as fast as they can.
            Monitor::Microvm => (
                self.qemu("microvm,accel=kvm,x-option-roms=off,rtc=on", "device", "", kernel, qmp),
                "-append",
            ),
            Monitor::Q35 => (self.qemu("q35,accel=kvm", "pci", ",romfile=", kernel, qmp), "-append"),
        };
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let line = "console=ttyS0 quiet panic=-1 mitigations=off cryptomgr.notests";
        words.extend([append.to_owned(), line.to_owned()]);
        words
    }

    fn ringscope(&self, transport: Transport, kernel: &str, qmp: &str) -> String {
        let cpus = self.cpus;
        let devices: String =
            self.ringscope_devices().iter().map(|device| format!(" --device {device}")).collect();
        let transport = match transport {
            Transport::Mmio => "mmio",
            Transport::Pci => "pci",
        };
        format!(
            "../ringscope --accel kvm --cpus {cpus} --memory {MEMORY_MIB}M --transport {transport}
             --kernel {kernel} --initrd ../guest.cpio --serial file:serial --qmp tcp:{qmp}{devices}"
        )
    }

    /// The texts behind `--device`.
    pub(crate) fn ringscope_devices(&self) -> Vec<String> {
        let mut texts = vec!["blk,id=disk0,path=disk".to_owned()];
        match &self.devices {
            Devices::Five => texts.extend([
                format!("net,id=net0,tap=lab0,mac={MAC_ADDRESS}"),
                "console,id=console0,output=file:output,input=file:input".to_owned(),
                "rng,id=rng0".to_owned(),
                format!("balloon,id=balloon0,target={}K", BALLOON_PAGES * 4),
            ]),
            Devices::Families { families, packed } => {
                let devices = families.iter().flat_map(|family| family.devices);
                let with_rings = |device: &&str| match *packed && !device.contains(",bus=") {
                    true => format!("{device},packed=on"),
                    false => (*device).to_owned(),
                };
                texts.extend(devices.map(with_rings));
            }
        }
        texts
    }

    /// `form` is the ending of the names of devices for the machine's transport.
    fn qemu(&self, machine: &str, form: &str, rom: &str, kernel: &str, qmp: &str) -> String {
        let cpus = self.cpus;
        format!(
            "qemu-system-x86_64 -M {machine} -cpu host -smp {cpus} -m {MEMORY_MIB}
             -nodefaults -no-user-config -display none -global virtio-mmio.force-legacy=false
             -kernel {kernel} -initrd ../guest.cpio -serial file:serial -qmp tcp:{qmp},server=on,wait=off
             -drive if=none,id=drive,file=disk,format=raw -device virtio-blk-{form},id=disk0,drive=drive
             -netdev tap,id=tap,ifname=lab0,script=no,downscript=no
             -device virtio-net-{form},id=net0,netdev=tap,mac={MAC_ADDRESS}{rom}
             -device virtio-serial-{form},id=console0 -chardev pipe,id=port,path=port
             -device virtconsole,chardev=port
             -device virtio-rng-{form},id=rng0 -device virtio-balloon-{form},id=balloon0"
        )
    }
}
