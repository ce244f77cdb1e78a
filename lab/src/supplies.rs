//! Everything that has to be there before the first guest boots, in one place.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, at};
use crate::families::Family;
use crate::host::{self, Choice, Host, Parts};
use crate::packages::Packages;
use crate::steps::Steps;
use crate::{initramfs, packages, programs, project, target};

/// The scripts that run beside the monitors.
const SCRIPTS: [(&str, &str); 2] = [
    ("start-monitor", include_str!("../guest/l1/start-monitor")),
    ("look-at-kvm", include_str!("../guest/l1/look-at-kvm")),
];

/// The folder of packages, and of what the last run left.
pub(crate) fn cache() -> PathBuf {
    let named = std::env::var_os("RINGSCOPE_LAB_CACHE");
    named.map_or_else(|| target().join("lab"), |folder| project().join(folder))
}

/// The folder for what a run leaves: consoles and tables.
///
/// # Errors
/// It cannot be made.
pub(crate) fn results() -> Result<PathBuf, Error> {
    let folder = target().join("lab");
    at(&folder, fs::create_dir_all(&folder))?;
    Ok(folder)
}

/// Where the monitors run, and which program is ours.
#[derive(clap::Args)]
pub(crate) struct Supplies {
    /// Where the monitors run
    #[arg(long, value_enum, default_value = "auto")]
    host: Choice,
    /// This program instead of one that is built now; it has to be linked statically
    #[arg(long, value_name = "FILE")]
    ringscope: Option<PathBuf>,
}

/// Everything that the machine for the monitors is made of, so that it can be booted more than once.
pub(crate) struct Prepared {
    choice: Choice,
    parts: Parts,
    folder: PathBuf,
}

impl Prepared {
    /// Boots a machine that the monitors run in, whose own files are in the folder of this name; nothing if that failed.
    pub(crate) fn host(&self, steps: &mut Steps, name: &str) -> Option<Box<dyn Host>> {
        let mut found = None;
        steps.step(&format!("the machine for the monitors ({name})"), || {
            let (host, why) = host::choose(self.choice, &self.parts, &self.folder.join(name))?;
            found = Some(host);
            Ok(why)
        });
        found
    }
}

/// What a run needs beside what every run does.
pub(crate) struct Wanted<'run> {
    /// Our monitor.
    pub(crate) ringscope: bool,
    /// Their devices.
    pub(crate) families: &'run [&'static Family],
    /// The program that keeps disks and networks busy: in the guest, and beside the monitor.
    pub(crate) load: bool,
    /// How many processors an emulated machine has.
    pub(crate) processors: u8,
}

/// The program that keeps disks and networks busy. It is beside the monitor's folder, and on the guest's path.
pub(crate) const LOAD: &str = "lab-load";

/// Gets everything that is wanted, and tells each step; nothing if a step failed.
pub(crate) fn prepare(steps: &mut Steps, options: &Supplies, wanted: &Wanted<'_>) -> Option<Prepared> {
    let mut packages = None;
    steps.step("Debian's packages", || {
        let taken = Packages::fetch(&cache())?;
        let versions = taken.versions.replace('\n', ", ");
        packages = Some(taken);
        Ok(versions)
    });
    let packages = packages?;
    let mut files = Vec::new();
    if wanted.ringscope {
        let built = steps.step("ringscope, optimised and static", || {
            let program = match &options.ringscope {
                Some(program) => program.clone(),
                None => programs::build("vmm", "ringscope")?,
            };
            let size = at(&program, fs::metadata(&program))?.len();
            files.push(("lab/ringscope".to_owned(), program));
            Ok(format!("{} KiB", size / 1024))
        });
        if !built {
            return None;
        }
    }
    let mut prepared = None;
    steps.step("the guest", || {
        let folder = results()?;
        files.extend(guest_files(&packages, wanted, &folder)?);
        let size =
            files.iter().filter_map(|(_, file)| fs::metadata(file).ok()).map(|file| file.len()).sum::<u64>();
        let parts = Parts { packages, files, processors: wanted.processors };
        prepared = Some(Prepared { choice: options.host, parts, folder });
        Ok(format!("{} MiB of files", size >> 20))
    });
    prepared
}

/// What a guest is made of, and the programs that are needed beside it: each file's place in the machine, and the file.
fn guest_files(
    packages: &Packages,
    wanted: &Wanted<'_>,
    folder: &Path,
) -> Result<Vec<(String, PathBuf)>, Error> {
    let families = wanted.families;
    let guest = folder.join("guest.cpio");
    let load = if wanted.load { Some(programs::build(LOAD, LOAD)?) } else { None };
    let own = load.iter().map(|program| (format!("bin/{LOAD}"), program.clone())).collect();
    initramfs::guest(packages, families, own, &guest)?;
    let mut files = vec![
        ("lab/guest.cpio".to_owned(), guest),
        ("lab/vmlinux".to_owned(), packages.kernel.elf.clone()),
        ("lab/vmlinuz".to_owned(), packages.kernel.image.clone()),
    ];
    for (name, text) in SCRIPTS {
        let script = folder.join(name);
        at(&script, fs::write(&script, text))?;
        files.push((format!("lab/{name}"), script));
    }
    files.extend(load.map(|program| (format!("lab/{LOAD}"), program)));
    for program in families.iter().flat_map(|family| family.beside) {
        files.extend(programs::with_libraries(&packages::installed(program)?, "usr/bin")?);
    }
    Ok(files)
}
