//! The two servers: Ringscope and QEMU with the same devices, neither of them running its guest.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Clients at once, at most. QEMU serves one a socket, so that it gets as many sockets.
pub(super) const CLIENTS: usize = 64;
/// How long a server may take to listen.
const START: Duration = Duration::from_secs(60);

/// A program that serves QMP. It ends when this is dropped.
pub(super) struct Server {
    pub(super) name: &'static str,
    process: Child,
    directory: PathBuf,
}

impl Server {
    /// The `ringscope` that was built beside this program.
    pub(super) fn ringscope(directory: &Path) -> Result<Self, Box<dyn Error>> {
        let program = std::env::current_exe()?.with_file_name("ringscope");
        let mut command = Command::new(program);
        command.args(["--paused", "--cpus", "1", "--memory", "64M", "--transport", "pci"]);
        command.args([
            "--device",
            "blk,id=disk0,size=64M",
            "--device",
            "rng,id=rng0",
            "--device",
            "net,id=net0",
        ]);
        Self::start("ringscope", command, "--qmp", "", directory)
    }

    /// QEMU, if this host has one.
    pub(super) fn qemu(directory: &Path) -> Result<Self, Box<dyn Error>> {
        let accelerator = if Path::new("/dev/kvm").exists() { "kvm" } else { "tcg" };
        let mut command = Command::new("qemu-system-x86_64");
        command.args([
            "-nodefaults",
            "-display",
            "none",
            "-S",
            "-M",
            "pc",
            "-m",
            "64",
            "-accel",
            accelerator,
        ]);
        command.args(["-blockdev", "driver=null-co,node-name=null,read-zeroes=on,size=67108864"]);
        command.args(["-device", "virtio-blk-pci,id=disk0,drive=null", "-device", "virtio-rng-pci,id=rng0"]);
        command.args(["-device", "virtio-net-pci,id=net0"]);
        Self::start("QEMU", command, "-qmp", ",server=on,wait=off", directory)
    }

    fn start(
        name: &'static str,
        mut command: Command,
        option: &str,
        options: &str,
        directory: &Path,
    ) -> Result<Self, Box<dyn Error>> {
        let directory = directory.join(name);
        fs::create_dir(&directory)?;
        for number in 0..CLIENTS {
            let socket = directory.join(number.to_string());
            command.arg(option).arg(format!("unix:{}{options}", socket.display()));
        }
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let server = Self { name, process, directory };
        let start = Instant::now();
        while !server.socket(CLIENTS - 1).exists() {
            if start.elapsed() > START {
                return Err(format!("{name} does not listen").into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        // The last socket's file is there; listening comes right behind.
        thread::sleep(Duration::from_millis(200));
        Ok(server)
    }

    /// One of its sockets.
    pub(super) fn socket(&self, number: usize) -> PathBuf {
        self.directory.join(number.to_string())
    }

    /// What all its threads have computed so far.
    pub(super) fn cpu_time(&self) -> Duration {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.process.id()));
        let of_task = |task: fs::DirEntry| {
            let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        };
        let nanoseconds = tasks.into_iter().flatten().flatten().filter_map(of_task).sum();
        Duration::from_nanos(nanoseconds)
    }

    /// Resident memory in KiB.
    pub(super) fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
