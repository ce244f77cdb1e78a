//! How another project uses `qapi-gen` from its build script: `build.rs` writes a module `qapi` for the schema in
//! `schema/`, and this crate takes it in. Nothing of the generator is in the program; it needs serde and serde_json.

#[allow(unreachable_pub, reason = "what is generated is public wherever it stands")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/qapi.rs"));
}

pub use generated::qapi;

#[cfg(test)]
mod tests {
    use super::qapi::main::requests::QueryCat;
    use super::qapi::main::{Cat, Meow, Mood};
    use super::qapi::runtime::{Event, Request};

    /// Asks as a client would; the answer is of the request's own type.
    fn ask<R: Request>(request: &R, answer: &str) -> R::Return
    where
        R::Return: for<'de> serde::Deserialize<'de>,
    {
        let sent = serde_json::json!({"execute": R::NAME, "arguments": request});
        assert_eq!(sent["execute"], "query-cat");
        assert_eq!(sent["arguments"]["name"], "Tom");
        serde_json::from_str(answer).unwrap()
    }

    #[test]
    fn a_client_speaks_through_types() {
        let cat: Cat = ask(&QueryCat { name: "Tom".to_owned() }, r#"{"name": "Tom", "mood": "hungry"}"#);
        assert_eq!(cat.mood, Mood::Hungry);
        assert_eq!(Meow::NAME, "MEOW");
    }

    #[test]
    fn a_client_survives_a_newer_server() {
        let cat: Cat = serde_json::from_str(r#"{"name": "Tom", "mood": "bored", "age": 3}"#).unwrap();
        assert_eq!(cat.mood, Mood::Other("bored".to_owned()));
    }
}
