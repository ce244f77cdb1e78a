//! A small blocking QMP client: one connection, one command at a time, requests and replies as the types that are
//! generated from the schema.
//!
//! It knows `qapi-schema` and nothing else of this project: no machine, no monitor, no device. It works with any
//! QMP server, QEMU's included: what a newer server adds to a reply is passed over, unless
//! [`Settings::strict`] asks for the opposite. Everything that is waited for has a time limit, and everything that is
//! kept for the caller has a size limit, so that a server that stalls or floods costs its client no more than an
//! error. Read [`Client`] first. With the feature `async` there is an `AsyncClient` beside it, for any executor.
//!
//! ```
//! use qmp_client::{Client, Settings};
//! use qapi_schema::machine::requests::QueryStatus;
//!
//! # use std::io::{BufRead, BufReader, Write};
//! # use std::os::unix::net::UnixListener;
//! # let directory = std::env::temp_dir().join(format!("qmp-client-example-{}", std::process::id()));
//! # std::fs::create_dir_all(&directory)?;
//! # let socket = directory.join("qmp");
//! # let listener = UnixListener::bind(&socket)?;
//! # let server = std::thread::spawn(move || -> std::io::Result<()> {
//! #     let (mut stream, _) = listener.accept()?;
//! #     let mut lines = BufReader::new(stream.try_clone()?).lines();
//! #     let version = r#"{"qemu": {"major": 10, "minor": 0, "micro": 2}, "package": ""}"#;
//! #     writeln!(stream, r#"{{"QMP": {{"version": {version}, "capabilities": ["oob"]}}}}"#)?;
//! #     lines.next();
//! #     writeln!(stream, r#"{{"return": {{}}, "id": 1}}"#)?;
//! #     lines.next();
//! #     writeln!(stream, r#"{{"return": {{"status": "running", "singlestep": false, "running": true}}, "id": 2}}"#)
//! # });
//! # let address = format!("unix:{}", socket.display());
//! let mut client = Client::connect(&address.parse()?, Settings::default())?;
//! let status = client.execute(&QueryStatus)?;
//! assert!(status.running);
//! # server.join().unwrap()?;
//! # std::fs::remove_dir_all(&directory)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod address;
#[cfg(feature = "async")]
mod async_client;
mod client;
mod conversation;
mod error;
mod event;
mod framer;
mod settings;
mod stream;

pub use address::{Address, NotAnAddress};
#[cfg(feature = "async")]
pub use async_client::AsyncClient;
pub use client::Client;
pub use error::ClientError;
pub use event::{Event, Timestamp};
pub use settings::Settings;
