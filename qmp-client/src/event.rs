//! Events as they come from a server.

use qapi_schema::runtime::{self, Decode, Path};
use serde_json::Value;

/// The server's wall clock when an event happened, since 1970; both parts are -1 if it had none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// Whole seconds.
    pub seconds: i64,
    /// The rest, in microseconds.
    pub microseconds: i64,
}

/// Something that happened in the server, unasked.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// What it tells; null for an event without data.
    pub data: Value,
    /// When it happened.
    pub timestamp: Timestamp,
}

impl Event {
    /// The event in `message`, if it is one.
    pub(crate) fn of(message: &mut Value) -> Option<Self> {
        let name = message.get("event")?.as_str()?.to_owned();
        let clock = |part: &str| message["timestamp"][part].as_i64().unwrap_or(-1);
        let timestamp = Timestamp { seconds: clock("seconds"), microseconds: clock("microseconds") };
        let data = message.get_mut("data").map(Value::take).unwrap_or_default();
        Some(Self { name, data, timestamp })
    }

    /// Its data, if it is an event of the kind `E`.
    ///
    /// # Errors
    /// It is one, and its data is not what the schema says.
    pub fn as_event<E: runtime::Event + Decode>(&self) -> Result<Option<E>, runtime::Error> {
        if self.name != E::NAME {
            return Ok(None);
        }
        let data = if E::HAS_DATA { self.data.clone() } else { Value::Object(serde_json::Map::new()) };
        E::decode(data, &Path::OPEN_ROOT).map(Some)
    }
}
