//! A guest at work under a monitor, and all that can be done with both from outside.

use std::time::{Duration, Instant};

use qapi_schema::runtime::Request;
use qmp_client::{Client, ClientError, Event, Settings};
use serde_json::{Value, json};

use crate::error::Error;
use crate::host::Host;
use crate::monitor::{Monitor, Plan};

/// How long a guest may take for anything, in an emulated machine that is busy: four vCPUs on one free processor have been
/// seen to take 150 s to come up, with nothing wrong.
const LIMIT: Duration = Duration::from_secs(360);
/// How much of a console is shown when something goes wrong.
const CONSOLE_LINES: usize = 25;
/// The line in which the guest says that it is ready.
pub(crate) const READY: &str = "LAB-READY";

/// A guest under a monitor. What is left of both is killed when this is dropped.
pub(crate) struct Machine<'host> {
    host: &'host mut dyn Host,
    plan: Plan,
    qmp: Client,
    commands: Vec<String>,
    letters: u32,
    /// How often the guest has come up.
    boots: u32,
}

/// What a function of the guest gave.
#[derive(Debug)]
pub(crate) struct Answer {
    /// It succeeded.
    pub(crate) ok: bool,
    /// What it printed.
    pub(crate) lines: Vec<String>,
}

impl<'host> Machine<'host> {
    /// Starts the monitor and waits until the guest is ready.
    ///
    /// # Errors
    /// The monitor ends, or serves no QMP, or the guest does not come up.
    pub(crate) fn boot(host: &'host mut dyn Host, plan: Plan) -> Result<Self, Error> {
        let command = plan.command(&host.served());
        let words: Vec<_> = command.iter().map(|word| format!("'{word}'")).collect();
        let preparation = plan.preparation();
        host.run(&format!("cat >prepare <<'END'\n{preparation}END\nsh start-monitor {}", words.join(" ")))?;
        let qmp = match connect(host, plan.monitor) {
            Ok(qmp) => qmp,
            Err(error) => {
                let console = console_end(host);
                stop(host);
                return Err(Error::Guest {
                    monitor: plan.monitor.to_string(),
                    what: error.to_string(),
                    console,
                });
            }
        };
        let mut machine = Self { host, plan, qmp, commands: Vec::new(), letters: 0, boots: 0 };
        let commands = machine.query("query-commands", Value::Null)?;
        let names = commands.as_array().into_iter().flatten().filter_map(|command| command["name"].as_str());
        machine.commands = names.map(str::to_owned).collect();
        machine.wait_until_ready()?;
        Ok(machine)
    }

    /// What was asked for.
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The monitor knows this command.
    pub(crate) fn knows(&self, command: &str) -> bool {
        self.commands.iter().any(|known| known == command)
    }

    /// The commands that the monitor knows.
    pub(crate) fn commands(&self) -> &[String] {
        &self.commands
    }

    /// Waits until the guest has come up, once more than before.
    ///
    /// # Errors
    /// It does not.
    pub(crate) fn wait_until_ready(&mut self) -> Result<(), Error> {
        self.boots += 1;
        let boots = self.boots;
        self.wait_for(
            &format!("[ $(grep -c ' {READY} ' machine/console) -ge {boots} ]"),
            "the guest to come up",
        )
    }

    /// How many seconds passed from the monitor's start to the first line of the guest's init.
    ///
    /// # Errors
    /// It cannot be told.
    pub(crate) fn seconds_to_init(&mut self) -> Result<f64, Error> {
        let script = "sed -n 's/ LAB-INIT.*//p' machine/console | head -n 1; cat machine/started";
        let text = self.run(script)?;
        let times: Vec<f64> = text.lines().filter_map(|line| line.trim().parse().ok()).collect();
        match times[..] {
            [init, started] => Ok(init - started),
            _ => Err(self.failed(&format!("no times in '{text}'"))),
        }
    }

    /// Has the guest run one of its functions.
    ///
    /// # Errors
    /// It does not answer.
    pub(crate) fn ask(&mut self, words: &str) -> Result<Answer, Error> {
        self.post(words)?;
        self.answer(words)
    }

    /// As [`ask`](Self::ask), for the lines of the answer; that the function did not succeed is a finding.
    ///
    /// # Errors
    /// The guest does not answer.
    pub(crate) fn expect(&mut self, words: &str, findings: &mut Vec<String>) -> Result<String, Error> {
        let answer = self.ask(words)?;
        let lines = answer.lines.join(" / ");
        if !answer.ok {
            findings.push(format!("'{words}' failed: {lines}"));
        }
        Ok(lines)
    }

    /// What the guest answers to the last words that were posted.
    ///
    /// # Errors
    /// It does not.
    pub(crate) fn answer(&mut self, words: &str) -> Result<Answer, Error> {
        self.answer_to(self.letters, words)
    }

    /// Disturbs the guest at the last words that were posted, whose function goes on until then; returns its answer.
    ///
    /// # Errors
    /// It does not answer.
    pub(crate) fn disturb(&mut self, words: &str) -> Result<Answer, Error> {
        let letter = self.letters;
        self.post("true")?;
        self.answer_to(letter, words)
    }

    fn answer_to(&mut self, letter: u32, words: &str) -> Result<Answer, Error> {
        let answered = format!("grep -q ' LAB-END {letter} ' machine/console");
        self.wait_for(&answered, &format!("the guest to answer '{words}'"))?;
        let begin = format!("LAB-BEGIN {letter}");
        let end = format!("LAB-END {letter} ");
        let console = self.console()?;
        let mut answer = Answer { ok: false, lines: Vec::new() };
        for line in console.iter().skip_while(|line| **line != begin).skip(1) {
            if let Some(status) = line.strip_prefix(&end) {
                answer.ok = status == "0";
                break;
            }
            answer.lines.push(line.clone());
        }
        Ok(answer)
    }

    /// Puts words in the guest's mailbox; it reads them soon.
    ///
    /// # Errors
    /// They cannot be put there.
    pub(crate) fn post(&mut self, words: &str) -> Result<(), Error> {
        self.letters += 1;
        let letter = format!("{} {words}", self.letters);
        let put = "dd of=machine/disk bs=512 seek=$(($(stat -c %s machine/disk) / 512 - 1)) conv=notrunc 2>/dev/null";
        // The rest of the sector is what an earlier letter left there.
        self.run(&format!("{{ printf '%s' '{letter}'; cat /dev/zero; }} | head -c 512 | {put}"))?;
        Ok(())
    }

    /// Waits until the guest has begun with the last words that were posted.
    ///
    /// # Errors
    /// It does not.
    pub(crate) fn begun(&mut self, words: &str) -> Result<(), Error> {
        let begun = format!("grep -qw 'LAB-BEGIN {}' machine/console", self.letters);
        self.wait_for(&begun, &format!("the guest to begin with '{words}'"))
    }

    /// Runs a script beside the monitor; returns what it printed.
    ///
    /// # Errors
    /// It does not succeed.
    pub(crate) fn run(&mut self, script: &str) -> Result<String, Error> {
        self.host.run(script)
    }

    /// What the guest printed on its serial port.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn console(&mut self) -> Result<Vec<String>, Error> {
        let text = self.run("cat machine/console")?;
        Ok(text.lines().map(|line| without_time(line).trim_end().to_owned()).collect())
    }

    /// Runs any command of the monitor.
    ///
    /// # Errors
    /// The monitor refuses, or has gone.
    pub(crate) fn query(&mut self, command: &str, arguments: Value) -> Result<Value, Error> {
        self.try_query(command, arguments).map_err(|source| self.client(source))
    }

    /// As [`query`](Self::query), for when a refusal is of interest.
    ///
    /// # Errors
    /// What the client says.
    pub(crate) fn try_query(&mut self, command: &str, arguments: Value) -> Result<Value, ClientError> {
        self.qmp.execute_value(command, arguments)
    }

    /// Runs a command of the schema; the reply has to be what the schema says.
    ///
    /// # Errors
    /// The monitor refuses, answers something else, or has gone.
    pub(crate) fn typed<R: Request>(&mut self, request: &R) -> Result<R::Return, Error> {
        self.qmp.execute(request).map_err(|source| self.client(source))
    }

    /// Runs a line of the human monitor.
    ///
    /// # Errors
    /// As for [`query`](Self::query).
    pub(crate) fn human(&mut self, line: &str) -> Result<String, Error> {
        let text = self.query("human-monitor-command", json!({ "command-line": line }))?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Waits for an event of this name, passing over others.
    ///
    /// # Errors
    /// It does not come.
    pub(crate) fn event(&mut self, name: &str) -> Result<Event, Error> {
        let deadline = Instant::now() + LIMIT;
        loop {
            match self.qmp.next_event(Duration::from_secs(2)).map_err(|source| self.client(source))? {
                Some(event) if event.name == name => return Ok(event),
                Some(_) => continue,
                None => {}
            }
            // Nothing comes any more from a guest that KVM has given up.
            let status = self.query("query-status", Value::Null)?;
            if Instant::now() > deadline || status["status"] == "internal-error" {
                return Err(self.failed(&format!("the event {name} did not come, and the state is {status}")));
            }
        }
    }

    /// Waits for the monitor's end; returns its exit status.
    ///
    /// # Errors
    /// It does not end.
    pub(crate) fn exit_status(&mut self) -> Result<String, Error> {
        self.wait_for("[ -s machine/status ]", "the monitor to end")?;
        Ok(self.run("cat machine/status")?.trim().to_owned())
    }

    /// What was looked at is as it has to be, or else these findings are the error.
    ///
    /// # Errors
    /// There are findings.
    pub(crate) fn verdict(&self, findings: Vec<String>) -> Result<(), Error> {
        if findings.is_empty() {
            return Ok(());
        }
        Err(Error::Findings { monitor: self.plan.to_string(), findings })
    }

    /// An error with the end of the console.
    pub(crate) fn failed(&mut self, what: &str) -> Error {
        let console = console_end(self.host);
        Error::Guest { monitor: self.plan.to_string(), what: what.to_owned(), console }
    }

    /// Waits for a condition of the shell, or for the monitor's end.
    ///
    /// # Errors
    /// It does not come true; `what` was waited for.
    pub(crate) fn wait_for(&mut self, condition: &str, what: &str) -> Result<(), Error> {
        let limit = LIMIT.as_secs();
        let script = format!(
            "end=$(($(date +%s) + {limit}))
             until {condition}; do
                 [ ! -s machine/status ] || {{ usleep 300000; {condition}; exit; }}
                 [ $(date +%s) -lt $end ] || exit 1
                 usleep 100000
             done"
        );
        match self.host.script(&script, LIMIT)?.status {
            0 => Ok(()),
            _ => {
                // A guest that does nothing and one that KVM is busy with look the same from outside.
                let doing = self.run("sh look-at-kvm").unwrap_or_default();
                Err(self.failed(&format!("waited in vain for {what}\n{doing}")))
            }
        }
    }

    fn client(&self, source: ClientError) -> Error {
        Error::Client { monitor: self.plan.to_string(), source }
    }
}

impl Drop for Machine<'_> {
    fn drop(&mut self) {
        stop(self.host);
    }
}

/// A line of `machine/console` without the time in front.
fn without_time(line: &str) -> &str {
    line.split_once(' ').map_or("", |(_, line)| line)
}

fn stop(host: &mut dyn Host) {
    let script = "kill -9 $(cat machine/pid machine/helpers) 2>/dev/null
                  tries=0
                  until [ -s machine/status ] || [ $tries -gt 200 ]; do usleep 20000; tries=$((tries + 1)); done";
    // What cannot be killed dies with the machine around it.
    let _ = host.script(script, Duration::from_secs(20));
}

fn console_end(host: &mut dyn Host) -> String {
    let script = format!("tail -n {CONSOLE_LINES} machine/console; cat machine/printed");
    host.run(&script).unwrap_or_else(|error| error.to_string())
}

/// Connects when the monitor has come so far, which nobody tells.
fn connect(host: &mut dyn Host, monitor: Monitor) -> Result<Client, ClientError> {
    let address = host.address();
    let settings = Settings {
        connect_timeout: Duration::from_secs(20),
        answer_timeout: Duration::from_secs(60),
        // QEMU's replies may have more than our schema.
        strict: monitor.is_ringscope(),
        ..Settings::default()
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        // A forwarded port takes connections before anybody listens behind it, and closes them.
        match Client::connect(&address, settings) {
            Ok(client) => return Ok(client),
            Err(error) => {
                let ended = host.run("[ ! -s machine/status ]").is_err();
                if ended || Instant::now() > deadline {
                    return Err(error);
                }
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
