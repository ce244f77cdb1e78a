//! `qapi-gen diff`

use std::path::PathBuf;

use qapi_gen::diff::diff;
use qapi_gen::schema::Decision;

use super::Failure;
use super::load::{Format, schema};
use super::write::print;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The main file of the schema that clients were written for
    old: PathBuf,
    /// The main file of the schema that they would meet
    new: PathBuf,
    /// A name that conditions find defined; may be repeated. Without any, every condition is taken as satisfied
    #[arg(long, value_name = "NAME")]
    define: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let decision = match arguments.define.is_empty() {
        true => Decision::All,
        false => Decision::Defined(arguments.define.iter().cloned().collect()),
    };
    let old = schema(&arguments.old, Format::Human)?.decide(&decision);
    let new = schema(&arguments.new, Format::Human)?.decide(&decision);
    let changes = diff(&old, &new);
    print(&changes.iter().map(|change| format!("{change}\n")).collect::<String>())?;
    match changes.iter().any(|change| change.breaks) {
        true => Err(Failure::Reported),
        false => Ok(()),
    }
}
