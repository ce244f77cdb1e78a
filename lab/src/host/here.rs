//! This machine itself, where its /dev/kvm runs Linux. Taps need its administrator.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use qmp_client::Address;

use super::{Host, Output, Parts, free_port};
use crate::command;
use crate::error::{Error, at};

/// This machine, with the files in a folder of its own.
pub(crate) struct Here {
    folder: String,
    busybox: PathBuf,
    port: u16,
}

impl Here {
    /// Lays out the files, each under `lab/`, in `folder`.
    ///
    /// # Errors
    /// A file cannot be laid out.
    pub(crate) fn new(parts: &Parts, folder: &Path) -> Result<Self, Error> {
        let folder = folder.join("here");
        if folder.exists() {
            at(&folder, fs::remove_dir_all(&folder))?;
        }
        at(&folder, fs::create_dir_all(folder.join("tmp")))?;
        for (inside, outside) in &parts.files {
            if let Some(name) = inside.strip_prefix("lab/") {
                at(outside, symlink(outside, folder.join(name)))?;
            }
        }
        let busybox = parts.packages.busybox.clone();
        let tools = folder.join("tools");
        at(&tools, fs::create_dir(&tools))?;
        command::output(Command::new(&busybox).args(["--install", "-s"]).arg(&tools))?;
        Ok(Self { folder: folder.display().to_string(), busybox, port: free_port()? })
    }

    fn script_file(&self) -> PathBuf {
        Path::new(&self.folder).join("tmp/script")
    }

    fn output_file(&self) -> PathBuf {
        Path::new(&self.folder).join("tmp/output")
    }
}

impl Host for Here {
    /// There is one interface of that name, and one network.
    fn can_have_company(&self) -> bool {
        false
    }

    fn script(&mut self, script: &str, limit: Duration) -> Result<Output, Error> {
        let (path, output) = (self.script_file(), self.output_file());
        // Tools are busybox's here as in the other machine.
        let text = format!("cd '{0}'\nexport PATH='{0}/tools':$PATH\n{script}", self.folder);
        at(&path, fs::write(&path, text))?;
        let file = at(&output, fs::File::create(&output))?;
        let errors = at(&output, file.try_clone())?;
        let mut shell = Command::new(&self.busybox);
        shell.arg("sh").arg(&path).stdin(Stdio::null()).stdout(file).stderr(errors);
        let failed =
            |error: std::io::Error| Error::Command { command: script.to_owned(), detail: error.to_string() };
        let mut running = shell.spawn().map_err(failed)?;
        let deadline = Instant::now() + limit * 2;
        loop {
            if let Some(status) = running.try_wait().map_err(failed)? {
                let text = at(&output, fs::read(&output))?;
                let text = String::from_utf8_lossy(&text).into_owned();
                return Ok(Output { status: status.code().unwrap_or(-1), text });
            }
            if Instant::now() > deadline {
                let _ = running.kill();
                let _ = running.wait();
                return Err(Error::Command { command: script.to_owned(), detail: "it hangs".to_owned() });
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn served(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    fn address(&self) -> Address {
        Address::Tcp(format!("127.0.0.1:{}", self.port))
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        // Unlike the other kinds of machine this one stays, and must not keep the interface that guests had.
        let _ = self.script("ip link del lab0 2>/dev/null", Duration::from_secs(5));
    }
}
