//! A QMP client for tests: whatever does not go as it should ends the test.

use std::path::Path;
use std::time::Duration;

use qapi_schema::runtime::Request;
use qmp_client::{Address, Client, ClientError, Settings};
use serde_json::{Value, json};

/// Far longer than any answer or event takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that is ready for commands.
pub struct QmpClient(Client);

impl QmpClient {
    /// Connects, takes the greeting and negotiates.
    pub fn connect(socket: &Path) -> Self {
        let settings = Settings {
            connect_timeout: PATIENCE,
            answer_timeout: PATIENCE,
            strict: true,
            ..Settings::default()
        };
        Self(Client::connect(&Address::Unix(socket.into()), settings).unwrap())
    }

    /// Runs a command that must succeed.
    pub fn call<R: Request>(&mut self, request: &R) -> R::Return {
        self.try_call(request).unwrap()
    }

    /// Runs a command that may fail.
    pub fn try_call<R: Request>(&mut self, request: &R) -> Result<R::Return, ClientError> {
        self.0.execute(request)
    }

    /// Runs a command that must fail; class and text of the error.
    pub fn refused<R: Request>(&mut self, request: &R) -> (String, String) {
        match self.0.execute(request) {
            Err(ClientError::Refused { class, description, .. }) => (class.as_str().to_owned(), description),
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("{} was not refused", R::NAME),
        }
    }

    /// Runs any command; its answer, as it stands on the wire.
    pub fn answer(&mut self, command: &str, arguments: Value) -> Value {
        match self.0.execute_value(command, arguments) {
            Ok(value) => json!({ "return": value }),
            Err(ClientError::Refused { class, description, .. }) => {
                json!({ "error": { "class": class.as_str(), "desc": description } })
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// The next event, waited for if need be: its name and its data. The built-in guest blows its balloon up again and
    /// again; what is told of that is passed over.
    pub fn event(&mut self) -> (String, Value) {
        loop {
            let event = self.0.next_event(PATIENCE).unwrap().expect("an event");
            if event.name != "BALLOON_CHANGE" {
                return (event.name, event.data);
            }
        }
    }

    /// The next event of this name, waited for if need be: its data.
    #[allow(dead_code, reason = "not every test waits for one event")]
    pub fn event_called(&mut self, name: &str) -> Value {
        loop {
            let event = self.0.next_event(PATIENCE).unwrap().expect("an event");
            if event.name == name {
                return event.data;
            }
        }
    }

    /// Whether the server has hung up, with nothing more to say but of the balloon.
    pub fn is_closed(&mut self) -> bool {
        loop {
            match self.0.next_event(PATIENCE) {
                Ok(Some(event)) if event.name == "BALLOON_CHANGE" => {}
                other => return matches!(other, Err(ClientError::Closed)),
            }
        }
    }
}
