//! A QAPI schema as a Rust module, without a build script and without generated files in the tree.
//!
//! ```
//! qapi_gen_macro::qapi! {
//!     /// What the echo server speaks.
//!     pub mod speech = "tests/echo.json";
//! }
//! assert_eq!(speech::echo::Loudness::Loud.as_str(), "loud");
//! ```
//!
//! The path starts at the folder of the crate's Cargo.toml. The crate needs `serde` and `serde_json`. What is wrong with
//! the schema becomes the compiler's error, with the schema's file and line.
//!
//! Projects that want to see what they compile use `qapi-gen generate` instead, as Ringscope itself does.

mod invocation;

use std::path::Path;

use proc_macro2::{Span, TokenStream};
use qapi_gen::backend::rust::{Options, rust};
use quote::quote;
use syn::{Error, LitStr, parse_macro_input};

use invocation::Invocation;

/// Makes a module of a schema: `qapi! { pub mod name = "path/to/schema.json"; }`.
#[proc_macro]
pub fn qapi(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let invocation = parse_macro_input!(input as Invocation);
    expand(&invocation).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(invocation: &Invocation) -> Result<TokenStream, Error> {
    let place = invocation.schema.span();
    let folder = std::env::var("CARGO_MANIFEST_DIR").map_err(|error| Error::new(place, error))?;
    let main = Path::new(&folder).join(invocation.schema.value());
    let parsed = qapi_gen::parse(&main, &qapi_gen::FileSystem)
        .map_err(|error| Error::new(place, format!("{}: {error}", main.display())))?;
    if !parsed.diagnostics.is_empty() {
        let sources = parsed.schema.sources();
        let texts = parsed.diagnostics.iter().map(|each| qapi_gen::render::qemu(each, sources));
        return Err(Error::new(place, texts.collect::<Vec<_>>().join("\n")));
    }
    let options = Options { schema: invocation.schema.value(), single_file: true, ..Options::default() };
    let content = rust(&parsed.schema, None, &options)
        .iter()
        .map(|file| file.text.parse::<TokenStream>().map_err(|error| Error::new(place, error)))
        .collect::<Result<TokenStream, Error>>()?;
    let watch = watch(parsed.schema.sources(), place);
    let Invocation { attributes, visibility, name, .. } = invocation;
    Ok(quote! {
        #(#attributes)*
        #visibility mod #name {
            #content
            #watch
        }
    })
}

/// Makes the compiler look again when a file of the schema changes.
fn watch(sources: &qapi_gen::Sources, place: Span) -> TokenStream {
    let paths = sources.files().map(|file| LitStr::new(&file.identity.display().to_string(), place));
    quote! { #(const _: &[u8] = ::core::include_bytes!(#paths);)* }
}
