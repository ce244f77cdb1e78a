//! A machine with commands for every way in which a command can answer, and a server over it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use monitor_qmp::{Client, Events, Handler, HumanMonitor, PerClient, Reception, Server};
use qapi_schema::control::{VersionInfo, VersionTriple};
use qapi_schema::runtime::{Command, Empty, Error, ErrorClass, Event, Members, Path, decode};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

/// What commands act on.
pub(crate) struct Machine {
    events: Arc<Events>,
    gate: Arc<Gate>,
    clients: Mutex<Vec<Client>>,
    stopped: Sender<Reception>,
    ends: Mutex<Receiver<Reception>>,
}

/// Where the command `wait` waits until somebody opens.
pub(crate) struct Gate {
    opener: Sender<()>,
    opened: Mutex<Receiver<()>>,
}

impl Gate {
    fn new() -> Self {
        let (opener, opened) = channel();
        Self { opener, opened: Mutex::new(opened) }
    }

    fn wait(&self) {
        self.opened.lock().unwrap().recv().unwrap();
    }
}

/// What the machine has for one client: the clock of `tick`, which ticks when the command is answered.
pub(crate) struct Clock {
    client: Client,
    wound: AtomicBool,
    gate: Arc<Gate>,
    stopped: Sender<Reception>,
}

impl PerClient for Clock {
    fn answered(&self) {
        if self.wound.swap(false, Ordering::SeqCst) {
            assert_eq!(self.client.send(&Tick), Reception::Ready);
        }
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        let _ = self.stopped.send(self.client.reception());
    }
}

impl Handler for Machine {
    type PerClient = Clock;

    fn connect(&self, client: Client) -> Clock {
        self.clients.lock().unwrap().push(client.clone());
        let (gate, stopped) = (Arc::clone(&self.gate), self.stopped.clone());
        Clock { client, wound: AtomicBool::new(false), gate, stopped }
    }
}

impl Machine {
    /// The clients, in the order in which they connected.
    pub(crate) fn clients(&self) -> Vec<Client> {
        self.clients.lock().unwrap().clone()
    }

    /// Waits for the end of a connection: how its client stood then.
    pub(crate) fn disconnected(&self) -> Reception {
        self.ends.lock().unwrap().recv().unwrap()
    }

    /// Lets one `wait` go on.
    pub(crate) fn open_gate(&self) {
        self.gate.opener.send(()).unwrap();
    }
}

/// Event without data.
pub(crate) struct Stop;

/// Event for one client.
pub(crate) struct Tick;

impl Serialize for Tick {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Event for Tick {
    const NAME: &'static str = "TICK";
    const HAS_DATA: bool = false;
}

/// Event with data.
pub(crate) struct Shutdown {
    pub guest: bool,
}

/// Event that is told at most once an interval.
pub(crate) struct Changed {
    pub actual: u32,
}

impl Serialize for Stop {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Empty.serialize(serializer)
    }
}

impl Serialize for Shutdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("guest", self.guest)])
    }
}

impl Serialize for Changed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("actual", self.actual)])
    }
}

impl Event for Stop {
    const NAME: &'static str = "STOP";
    const HAS_DATA: bool = false;
}

impl Event for Shutdown {
    const NAME: &'static str = "SHUTDOWN";
    const HAS_DATA: bool = true;
}

impl Event for Changed {
    const NAME: &'static str = "CHANGED";
    const HAS_DATA: bool = true;
    const INTERVAL: Option<Duration> = Some(Duration::from_millis(20));
}

/// A human monitor with four vCPUs that repeats what it is told.
struct Parrot;

impl HumanMonitor for Parrot {
    fn execute(&self, command_line: &str, cpu_index: Option<i64>) -> Result<String, Error> {
        match cpu_index.unwrap_or(0) {
            cpu @ 0..4 => Ok(format!("{command_line} on {cpu}\r\n")),
            _ => Err(Error::generic("Parameter 'cpu-index' expects a CPU number")),
        }
    }
}

fn nothing_in(arguments: Map<String, Value>) -> Result<(), Error> {
    decode::arguments(arguments).map(|Empty| ())
}

/// Reads every kind of argument and returns the names of those that are there.
fn take(arguments: Map<String, Value>) -> Result<Vec<&'static str>, Error> {
    let mut members = Members::of(Value::Object(arguments), &Path::ROOT)?;
    let name = Some(("name", members.required::<String>("name").map(drop)?));
    let there = [
        name,
        members.optional::<bool>("flag")?.map(|_| ("flag", ())),
        members.optional::<i64>("number")?.map(|_| ("number", ())),
        members.optional::<u16>("port")?.map(|_| ("port", ())),
        members.optional::<u64>("address")?.map(|_| ("address", ())),
        members.optional::<f64>("ratio")?.map(|_| ("ratio", ())),
        members.optional::<()>("nothing")?.map(|()| ("nothing", ())),
        members.optional::<Vec<String>>("list")?.map(|_| ("list", ())),
    ];
    members.finish()?;
    Ok(there.into_iter().flatten().map(|(name, ())| name).collect())
}

fn commands() -> Vec<Command<Machine>> {
    let command = |name, call| Command {
        features: &[],
        name,
        allow_oob: false,
        allow_preconfig: false,
        success_response: true,
        call,
    };
    vec![
        command("echo", |_, arguments, reply| reply.write(&arguments)),
        Command {
            features: &["unstable", "read-only"],
            ..command("look", |_, arguments, reply| reply.write(&arguments))
        },
        command("take", |_, arguments, reply| reply.write(&take(arguments)?)),
        command("fail", |_, _, _| Err(Error::new(ErrorClass::DeviceNotFound, "Device 'disk9' not found"))),
        command("fail-late", |_, _, reply| {
            reply.write(&[1, 2])?;
            Err(Error::new(ErrorClass::DeviceNotActive, "too late"))
        }),
        command("stop", |machine, arguments, reply| {
            nothing_in(arguments)?;
            machine.events.emit(&Stop);
            reply.write_raw("{}");
            Ok(())
        }),
        command("wait", |machine, _, reply| {
            machine.gate.wait();
            reply.write_raw("\"waited\"");
            Ok(())
        }),
        command("panic", |_, _, _| panic!("a mistake in a command")),
        Command { success_response: false, ..command("silent", |_, arguments, _| nothing_in(arguments)) },
        Command {
            allow_oob: true,
            ..command("open", |machine, _, reply| {
                machine.open_gate();
                reply.write_raw("\"opened\"");
                Ok(())
            })
        },
    ]
}

fn client_commands() -> Vec<Command<Clock>> {
    let command = |name, call| Command {
        features: &[],
        name,
        allow_oob: false,
        allow_preconfig: false,
        success_response: true,
        call,
    };
    vec![
        command("tick", |clock: &Clock, arguments, reply| {
            nothing_in(arguments)?;
            clock.wound.store(true, Ordering::SeqCst);
            reply.write_raw("{}");
            Ok(())
        }),
        command("tick-late", |clock: &Clock, _, reply| {
            clock.wound.store(true, Ordering::SeqCst);
            clock.gate.wait();
            reply.write_raw("{}");
            Ok(())
        }),
        Command { allow_oob: true, ..command("ping", |_, _, reply| reply.write("pong")) },
    ]
}

/// A server, its machine, and the hub of its events.
pub(crate) fn server() -> (Server<Machine>, Arc<Machine>, Arc<Events>) {
    let events = Arc::new(Events::new());
    let (stopped, ends) = channel();
    let machine = Arc::new(Machine {
        events: Arc::clone(&events),
        gate: Arc::new(Gate::new()),
        clients: Mutex::default(),
        stopped,
        ends: Mutex::new(ends),
    });
    let version = VersionInfo {
        qemu: VersionTriple { major: 10, minor: 1, micro: 2 },
        package: "a test of \u{fc}".to_owned(),
    };
    let (human, hub) = (Arc::new(Parrot), Arc::clone(&events));
    let server = Server::new(Arc::clone(&machine), commands(), client_commands(), version, human, hub);
    (server, machine, events)
}
