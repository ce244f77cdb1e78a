//! What stands between the macro's braces.

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitStr, Token, Visibility};

/// `#[attributes] pub mod name = "schema.json";`
pub(crate) struct Invocation {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) schema: LitStr,
}

impl Parse for Invocation {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        input.parse::<Token![mod]>()?;
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        let schema = input.parse()?;
        input.parse::<Option<Token![;]>>()?;
        Ok(Self { attributes, visibility, name, schema })
    }
}
