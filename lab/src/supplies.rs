//! Everything that has to be there before the first guest boots, in one place.

use std::fs;
use std::path::PathBuf;

use crate::error::{Error, at};
use crate::families::Family;
use crate::host::{self, Choice, Host};
use crate::packages::Packages;
use crate::steps::Steps;
use crate::{initramfs, packages, programs, project, target};

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

/// Gets everything, boots the machine that the monitors run in, and tells each step; nothing if a step failed.
pub(crate) fn prepare(
    steps: &mut Steps,
    options: &Supplies,
    with_ringscope: bool,
    families: &[&Family],
) -> Option<Box<dyn Host>> {
    let mut packages = None;
    steps.step("Debian's packages", || {
        let taken = Packages::fetch(&cache())?;
        let versions = taken.versions.replace('\n', ", ");
        packages = Some(taken);
        Ok(versions)
    });
    let packages = packages?;
    let mut files = Vec::new();
    if with_ringscope {
        let built = steps.step("ringscope, optimised and static", || {
            let program = match &options.ringscope {
                Some(program) => program.clone(),
                None => programs::build_ringscope(project(), &target())?,
            };
            let size = at(&program, fs::metadata(&program))?.len();
            files.push(("lab/ringscope".to_owned(), program));
            Ok(format!("{} KiB", size / 1024))
        });
        if !built {
            return None;
        }
    }
    let mut found = None;
    steps.step("the machine for the monitors", || {
        let folder = results()?;
        let guest = folder.join("guest.cpio");
        initramfs::guest(&packages, families, &guest)?;
        let script = folder.join("start-monitor");
        at(&script, fs::write(&script, include_str!("../guest/l1/start-monitor")))?;
        files.extend([
            ("lab/guest.cpio".to_owned(), guest),
            ("lab/start-monitor".to_owned(), script),
            ("lab/vmlinux".to_owned(), packages.kernel.elf.clone()),
            ("lab/vmlinuz".to_owned(), packages.kernel.image.clone()),
        ]);
        for program in families.iter().flat_map(|family| family.beside) {
            files.extend(programs::with_libraries(&packages::installed(program)?, "usr/bin")?);
        }
        let (host, why) = host::choose(options.host, &packages, &folder, &files)?;
        found = Some(host);
        Ok(why)
    });
    found
}
