//! Generates `$OUT_DIR/qapi.rs` from the schema.

use std::process::ExitCode;

fn main() -> ExitCode {
    match qapi_gen::Build::new("schema/main.json").client().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
