//! A backend of one's own: it walks the model and prints a line a command.
//!
//! `cargo run -p qapi-gen --example list_commands -- qapi-schema/schema/schema.json`

use std::path::Path;
use std::process::ExitCode;

use qapi_gen::schema::{EntityId, EntityKind, Origin};
use qapi_gen::{FileSystem, Schema, parse, render};

fn main() -> ExitCode {
    let Some(main) = std::env::args().nth(1) else {
        eprintln!("usage: list_commands SCHEMA");
        return ExitCode::FAILURE;
    };
    let parsed = match parse(Path::new(&main), &FileSystem) {
        Ok(parsed) => parsed,
        Err(error) => {
            eprintln!("{main}: {error}");
            return ExitCode::FAILURE;
        }
    };
    if !parsed.diagnostics.is_empty() {
        eprint!("{}", render::human(&parsed.diagnostics, parsed.schema.sources()));
        return ExitCode::FAILURE;
    }
    for (_, entity) in parsed.schema.in_modules() {
        if let EntityKind::Command(command) = &entity.kind {
            let arguments = command.arguments.map_or_else(String::new, |id| arguments(&parsed.schema, id));
            let returns = command.returns.map_or("nothing", |id| parsed.schema.entity(id).name.as_str());
            println!("{}({arguments}) returns {returns}", entity.name);
        }
    }
    ExitCode::SUCCESS
}

/// The arguments that a command lists, or the type that holds them.
fn arguments(schema: &Schema, id: EntityId) -> String {
    if schema.object(id).is_none_or(|object| object.origin != Origin::Arguments) {
        return schema.entity(id).name.clone();
    }
    let members = schema.all_members(id).into_iter();
    let members = members.map(|member| {
        let optional = if member.optional { "?" } else { "" };
        format!("{}{optional}: {}", member.name, schema.entity(member.of).name)
    });
    members.collect::<Vec<_>>().join(", ")
}
