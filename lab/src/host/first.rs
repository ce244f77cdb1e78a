//! A Linux of our own that the monitors run in (L1), in a machine made by QEMU.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use qmp_client::Address;

use super::{Host, Output, Parts, free_port};
use crate::cpio::Archive;
use crate::error::{Error, at};
use crate::programs;

/// Where monitors serve QMP inside.
const SERVED: &str = "0.0.0.0:4444";
/// Nothing here needs more; a guest has 256 MiB.
const MEMORY_MIB: u32 = 2048;
/// The vCPUs of guests and the monitor's threads take turns on them.
const REAL_PROCESSORS: u8 = 2;
/// Kernel messages go to a serial port, of which every character costs; no mitigation is needed against ourselves. Without huge
/// pages emulated SVM loses a guest with several vCPUs, and this Linux with it, less often; why it does is not known. (With them,
/// a balloon that takes a small page has all of a huge one mapped anew.)
const COMMAND_LINE: &str = "console=ttyS0 quiet panic=-1 mitigations=off nokaslr tsc=reliable no_timer_check \
     cryptomgr.notests transparent_hugepage=never";
/// How much of the console is shown when something goes wrong.
const LOG_LINES: usize = 25;

/// The processor that QEMU makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Processor {
    /// Emulated, with AMD's virtualisation.
    Emulated,
    /// This machine's own, by KVM.
    Real,
}

/// The machine, which is killed when this is dropped.
pub(crate) struct First {
    machine: Child,
    control: BufReader<UnixStream>,
    log: PathBuf,
    printed: PathBuf,
    port: u16,
}

/// What a machine told when it came up.
pub(crate) struct Hello {
    /// It has a /dev/kvm.
    pub(crate) kvm: bool,
}

impl First {
    /// Boots the machine with these files and QEMU in it, and waits until it greets.
    ///
    /// # Errors
    /// It cannot be started, or does not greet within `limit`.
    pub(crate) fn boot(
        parts: &Parts,
        folder: &Path,
        processor: Processor,
        limit: Duration,
    ) -> Result<(Self, Hello), Error> {
        at(folder, fs::create_dir_all(folder))?;
        let initrd = folder.join("first.cpio");
        crate::initramfs::first(&parts.packages, &initrd)?;
        let disk = folder.join("files.cpio");
        write_files(&disk, &[&parts.files[..], &programs::qemu_files(&parts.packages.qemu)?].concat())?;
        let socket = folder.join("control");
        let _ = fs::remove_file(&socket);
        let listener = at(&socket, UnixListener::bind(&socket))?;
        let log = folder.join("first-console.txt");
        let port = free_port()?;
        let mut command = command(parts, &initrd, processor);
        command
            .arg("-drive")
            .arg(format!("if=none,id=files,file={},format=raw,readonly=on,cache=unsafe", disk.display()))
            .args(["-device", "virtio-blk-pci,drive=files,serial=lab", "-device", "virtio-serial-pci"])
            .arg("-chardev")
            .arg(format!("socket,id=control,path={}", socket.display()))
            .args(["-device", "virtserialport,chardev=control,name=lab.control"])
            .arg("-netdev")
            .arg(format!("user,id=net,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:{port}-:4444"))
            .args(["-device", "virtio-net-pci,netdev=net,romfile="])
            .arg("-serial")
            .arg(format!("file:{}", log.display()));
        let printed = folder.join("first-qemu.txt");
        let file = at(&printed, File::create(&printed))?;
        let machine =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file).spawn().map_err(|error| {
                Error::Command { command: format!("{command:?}"), detail: error.to_string() }
            })?;
        let mut booting = Booting { machine: Some(machine), log, printed };
        let control = booting.connected(&listener)?;
        let (log, printed) = (booting.log.clone(), booting.printed.clone());
        let first = First { port, log, printed, machine: booting.take()?, control };
        first.greeted(limit)
    }

    fn greeted(mut self, limit: Duration) -> Result<(Self, Hello), Error> {
        let line = self.line(limit).map_err(|error| self.died(&format!("it did not greet ({error})")))?;
        match line.strip_prefix("hello kvm=") {
            Some(kvm) => Ok((self, Hello { kvm: kvm == "yes" })),
            None => Err(self.died(&format!("it greeted with '{line}'"))),
        }
    }

    fn line(&mut self, limit: Duration) -> io::Result<String> {
        self.control.get_ref().set_read_timeout(Some(limit))?;
        let mut line = String::new();
        match self.control.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }

    fn exchange(&mut self, script: &str, limit: Duration) -> io::Result<Output> {
        let request = format!("{}\n", base64(script.as_bytes()));
        self.control.get_mut().write_all(request.as_bytes())?;
        let line = self.line(limit)?;
        let unexpected = || io::Error::new(io::ErrorKind::InvalidData, format!("'{line}'"));
        let (status, length) =
            line.strip_prefix("done ").and_then(|rest| rest.split_once(' ')).ok_or_else(unexpected)?;
        let status = status.parse().map_err(|_| unexpected())?;
        let mut text = vec![0; length.parse().map_err(|_| unexpected())?];
        self.control.read_exact(&mut text)?;
        Ok(Output { status, text: String::from_utf8_lossy(&text).into_owned() })
    }

    fn died(&mut self, what: &str) -> Error {
        // What QEMU says when it dies is worth more than what the machine in it said before.
        let ended = match self.machine.try_wait() {
            Ok(Some(status)) => format!("QEMU ended with {status}"),
            Ok(None) => "QEMU goes on".to_owned(),
            Err(error) => error.to_string(),
        };
        let printed = fs::read_to_string(&self.printed).unwrap_or_default();
        died(&format!("{what}; {ended}\n{printed}"), &self.log)
    }
}

impl Host for First {
    fn can_have_company(&self) -> bool {
        true
    }

    fn script(&mut self, script: &str, limit: Duration) -> Result<Output, Error> {
        // The monitors' own limits come first; this one is for a machine that hangs.
        let outcome = self.exchange(&format!("cd /lab\n{script}"), limit * 2);
        outcome
            .map_err(|error| self.died(&format!("it did not answer ({error}) to this script:\n{script}\n")))
    }

    fn served(&self) -> String {
        SERVED.to_owned()
    }

    fn address(&self) -> Address {
        Address::Tcp(format!("127.0.0.1:{}", self.port))
    }
}

impl Drop for First {
    fn drop(&mut self) {
        end(&mut self.machine);
    }
}

/// A machine that has not connected yet.
struct Booting {
    machine: Option<Child>,
    log: PathBuf,
    printed: PathBuf,
}

impl Booting {
    /// QEMU connects before it starts the machine, or ends.
    fn connected(&mut self, listener: &UnixListener) -> Result<BufReader<UnixStream>, Error> {
        at("control", listener.set_nonblocking(true))?;
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            match listener.accept() {
                Ok((stream, _)) => {
                    at("control", stream.set_nonblocking(false))?;
                    return Ok(BufReader::new(stream));
                }
                Err(error) if error.kind() != io::ErrorKind::WouldBlock => {
                    return Err(died(&format!("its control port failed: {error}"), &self.printed));
                }
                Err(_) => std::thread::sleep(Duration::from_millis(10)),
            }
            let ended = self.machine.as_mut().is_none_or(|machine| !matches!(machine.try_wait(), Ok(None)));
            if ended || Instant::now() > deadline {
                return Err(died("QEMU did not start it", &self.printed));
            }
        }
    }

    fn take(&mut self) -> Result<Child, Error> {
        self.machine.take().ok_or_else(|| died("QEMU has gone", &self.printed))
    }
}

impl Drop for Booting {
    fn drop(&mut self) {
        if let Some(machine) = &mut self.machine {
            end(machine);
        }
    }
}

fn end(machine: &mut Child) {
    // It fails only if the machine has ended.
    let _ = machine.kill();
    let _ = machine.wait();
}

fn command(parts: &Parts, initrd: &Path, processor: Processor) -> Command {
    let (accelerator, model, processors) = match processor {
        // QEMU's emulation lets guests of the guest change XCR0 without telling KVM, which then gives the wrong size for
        // the state that XSAVE saves; Linux warns of that.
        Processor::Emulated => ("tcg", "max,xsave=off", parts.processors),
        Processor::Real => ("kvm", "host", REAL_PROCESSORS),
    };
    // However this program ends, the machine is not to stay behind.
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "KILL", "--"])
        .args(&parts.packages.emulator.words)
        .args(["-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-machine", "q35"])
        .args([
            "-accel",
            accelerator,
            "-cpu",
            model,
            "-smp",
            &processors.to_string(),
            "-m",
            &MEMORY_MIB.to_string(),
        ])
        .arg("-kernel")
        .arg(&parts.packages.kernel.image)
        .arg("-initrd")
        .arg(initrd)
        .args(["-append", COMMAND_LINE]);
    command
}

/// The archive of `files` that the machine unpacks.
fn write_files(path: &Path, files: &[(String, PathBuf)]) -> Result<(), Error> {
    let mut archive = Archive::new(io::BufWriter::new(at(path, File::create(path))?));
    for (inside, outside) in files {
        let content = at(outside, fs::read(outside))?;
        at(path, archive.file(inside, true, &content))?;
    }
    at(path, archive.finish().and_then(|mut out| out.flush()))
}

fn died(what: &str, log: &Path) -> Error {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    let log = lines.get(lines.len().saturating_sub(LOG_LINES)..).unwrap_or_default().join("\n");
    Error::Host { what: format!("the machine that the monitors run in: {what}"), log }
}

/// Bytes in base64 (RFC 4648): a script is sent as one line.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |bits: u32| char::from(DIGITS[usize::try_from(bits & 63).unwrap_or_default()]);
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digits = [digit(bits >> 18), digit(bits >> 12), digit(bits >> 6), digit(bits)];
        text.extend(digits.iter().take(chunk.len() + 1));
        text.extend(std::iter::repeat_n('=', 3 - chunk.len()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_as_in_its_specification() {
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xfb, 0xff]), "+/8=");
    }
}
