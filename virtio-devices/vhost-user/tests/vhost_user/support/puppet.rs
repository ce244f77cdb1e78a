//! A back end that only talks: it writes down every message, and answers as the test wants.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use vhost::vhost_user::message::FrontendReq;
use vmm_sys_util::sock_ctrl_msg::ScmSocket;

const REPLY: u32 = 5;
const NEEDS_REPLY: u32 = 8;

/// What is wrong with the answer to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mischief {
    /// None comes: it hangs up.
    HangUp,
    /// Half of the header comes, and then it hangs up.
    HalfAHeader,
    /// It is about another message.
    OtherMessage,
    /// It is no answer.
    NoReplyFlag,
    /// It is longer than it can be.
    TooLong,
    /// It says that it has more bytes than anybody could want.
    Endless,
    /// It is shorter than it has to be.
    TooShort,
    /// It could not do it.
    Refusal,
}

/// A message that came: its number and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) number: u32,
    pub(crate) body: Vec<u8>,
    pub(crate) has_file: bool,
}

impl Message {
    pub(crate) fn word(&self, index: usize) -> u32 {
        u32::from_le_bytes(self.body.as_chunks().0[index])
    }
}

/// What the puppet is to do.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) features: u64,
    pub(crate) protocol_features: u64,
    pub(crate) queues: u64,
    /// Where it says that a queue has stopped.
    pub(crate) stopped_at: u32,
    /// What is wrong with the answer to the message of this number.
    pub(crate) mischief: Option<(u32, Mischief)>,
    /// What its configuration space is full of.
    pub(crate) configuration: u8,
    /// How large it says its memory for requests in flight is.
    pub(crate) in_flight_size: u64,
}

/// MQ, REPLY_ACK, BACKEND_REQ, CONFIG and RESET_DEVICE.
pub(crate) const PROTOCOL: u64 = 1 | 1 << 3 | 1 << 5 | 1 << 9 | 1 << 13;
pub(crate) const INFLIGHT_SHMFD: u64 = 1 << 12;
pub(crate) const RING_PACKED: u64 = 1 << 34;

impl Default for Script {
    fn default() -> Self {
        let features = 1 << 32 | 1 << 30 | 1 << 29 | 1 << 28 | 1;
        Self {
            features,
            protocol_features: PROTOCOL,
            queues: 1,
            stopped_at: 0,
            mischief: None,
            configuration: 0x5a,
            in_flight_size: 4096,
        }
    }
}

/// The puppet and what it heard. A connection after the other is served, as long as it lives.
pub(crate) struct Puppet {
    heard: Arc<Mutex<Vec<Message>>>,
    files: Arc<Mutex<BTreeMap<u32, File>>>,
    /// The connection of now.
    stream: Arc<Mutex<Option<UnixStream>>>,
    script: Arc<Mutex<Script>>,
    socket: std::path::PathBuf,
    thread: Option<JoinHandle<()>>,
}

impl Puppet {
    pub(crate) fn listen(socket: &Path, script: Script) -> Self {
        let _ = std::fs::remove_file(socket);
        let listener = UnixListener::bind(socket).unwrap();
        let mut puppet = Self {
            heard: Arc::default(),
            files: Arc::default(),
            stream: Arc::default(),
            script: Arc::new(Mutex::new(script)),
            socket: socket.to_owned(),
            thread: None,
        };
        let (heard, files) = (Arc::clone(&puppet.heard), Arc::clone(&puppet.files));
        let (place, script) = (Arc::clone(&puppet.stream), Arc::clone(&puppet.script));
        puppet.thread = Some(std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if place.lock().unwrap().replace(stream.try_clone().unwrap()).is_some_and(|old| is_end(&old))
                {
                    return;
                }
                Conversation { stream, script: &script, heard: &heard, files: &files }.hold();
                // The copy that `place` has would keep it open.
                let _ = place.lock().unwrap().as_ref().map(|stream| stream.shutdown(Shutdown::Both));
            }
        }));
        puppet
    }

    /// All messages so far.
    pub(crate) fn heard(&self) -> Vec<Message> {
        self.heard.lock().unwrap().clone()
    }

    /// Their names.
    pub(crate) fn names(&self) -> Vec<String> {
        self.heard().iter().map(|message| name(message.number)).collect()
    }

    /// The last message of this kind.
    pub(crate) fn last(&self, number: FrontendReq) -> Option<Message> {
        self.heard().into_iter().rfind(|message| message.number == u32::from(number))
    }

    /// The file that came with the last message of this kind.
    pub(crate) fn file(&self, number: FrontendReq) -> File {
        self.files.lock().unwrap()[&u32::from(number)].try_clone().unwrap()
    }

    /// From its next answer on.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    /// Hangs up, and forgets what it has heard.
    pub(crate) fn hang_up(&self) {
        self.heard.lock().unwrap().clear();
        let stream = self.stream.lock().unwrap();
        let _ = stream.as_ref().unwrap().shutdown(Shutdown::Both);
    }

    /// Says something that nobody has asked for.
    pub(crate) fn say(&self, bytes: &[u8]) {
        self.stream.lock().unwrap().as_ref().unwrap().write_all(bytes).unwrap();
    }
}

impl Drop for Puppet {
    fn drop(&mut self) {
        let (end, _other) = UnixStream::pair().unwrap();
        end.set_nonblocking(true).unwrap();
        let old = self.stream.lock().unwrap().replace(end);
        if let Some(old) = old {
            let _ = old.shutdown(Shutdown::Both);
        }
        // The thread accepts one more, finds the mark, and ends.
        let _ = UnixStream::connect(&self.socket);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The mark that no connection has: it does not wait.
fn is_end(stream: &UnixStream) -> bool {
    rustix::fs::fcntl_getfl(stream).is_ok_and(|flags| flags.contains(rustix::fs::OFlags::NONBLOCK))
}

pub(crate) fn name(number: u32) -> String {
    FrontendReq::try_from(number).map_or_else(|()| number.to_string(), |name| format!("{name:?}"))
}

struct Conversation<'a> {
    stream: UnixStream,
    script: &'a Mutex<Script>,
    heard: &'a Mutex<Vec<Message>>,
    files: &'a Mutex<BTreeMap<u32, File>>,
}

impl Conversation<'_> {
    fn hold(&mut self) {
        while let Some((message, flags)) = self.hear() {
            self.heard.lock().unwrap().push(message.clone());
            let answer = self.answer(&message).or_else(|| (flags & NEEDS_REPLY != 0).then(|| vec![0; 8]));
            let mischief =
                self.script.lock().unwrap().mischief.filter(|(number, _)| *number == message.number);
            let Some(answer) = answer else {
                if mischief.is_some() {
                    return;
                }
                continue;
            };
            let said = match mischief {
                None => self.say(message.number, REPLY, &answer),
                Some((_, mischief)) => self.misbehave(mischief, message.number, &answer),
            };
            if said.is_none() {
                return;
            }
        }
    }

    fn hear(&self) -> Option<(Message, u32)> {
        let mut header = [0; 12];
        let mut file = self.fill(&mut header)?;
        let (words, _) = header.as_chunks();
        let [number, flags, length] = [0, 1, 2].map(|word| u32::from_le_bytes(words[word]));
        let mut body = vec![0; length as usize];
        file = file.or(self.fill(&mut body)?);
        let has_file = file.is_some();
        if let Some(file) = file {
            self.files.lock().unwrap().insert(number, file);
        }
        Some((Message { number, body, has_file }, flags))
    }

    fn fill(&self, bytes: &mut [u8]) -> Option<Option<File>> {
        let (mut done, mut file) = (0, None);
        while done < bytes.len() {
            match self.stream.recv_with_fd(&mut bytes[done..]) {
                Ok((0, _)) | Err(_) => return None,
                Ok((count, beside)) => {
                    done += count;
                    file = file.or(beside);
                }
            }
        }
        Some(file)
    }

    /// What there is to say to a message that asks for something.
    fn answer(&self, message: &Message) -> Option<Vec<u8>> {
        let number = |value: u64| Some(value.to_le_bytes().to_vec());
        match FrontendReq::try_from(message.number).unwrap() {
            FrontendReq::GET_FEATURES => number(self.script.lock().unwrap().features),
            FrontendReq::GET_PROTOCOL_FEATURES => number(self.script.lock().unwrap().protocol_features),
            FrontendReq::GET_QUEUE_NUM => number(self.script.lock().unwrap().queues),
            FrontendReq::GET_VRING_BASE => {
                Some([&message.body[..4], &self.script.lock().unwrap().stopped_at.to_le_bytes()].concat())
            }
            FrontendReq::GET_CONFIG => {
                let mut body = message.body.clone();
                body[12..].fill(self.script.lock().unwrap().configuration);
                Some(body)
            }
            FrontendReq::GET_INFLIGHT_FD => {
                let size = self.script.lock().unwrap().in_flight_size.to_le_bytes();
                Some([&size[..], &message.body[8..]].concat())
            }
            _ => None,
        }
    }

    fn say(&self, number: u32, flags: u32, body: &[u8]) -> Option<()> {
        let words = [number, flags, u32::try_from(body.len()).unwrap()];
        let header = words.into_iter().flat_map(u32::to_le_bytes);
        let bytes: Vec<u8> = header.chain(body.iter().copied()).collect();
        let file = (number == u32::from(FrontendReq::GET_INFLIGHT_FD)).then(|| {
            let file = tempfile::tempfile().unwrap();
            file.set_len(4096).unwrap();
            file
        });
        let files: Vec<_> = file.iter().map(|file| file.as_raw_fd()).collect();
        self.stream.send_with_fds(&[&bytes[..]], &files).ok().map(|_| ())
    }

    fn misbehave(&self, mischief: Mischief, number: u32, answer: &[u8]) -> Option<()> {
        match mischief {
            Mischief::HangUp => None,
            Mischief::HalfAHeader => {
                let _ = (&self.stream).write_all(&number.to_le_bytes());
                None
            }
            Mischief::OtherMessage => self.say(number + 1, REPLY, answer),
            Mischief::NoReplyFlag => self.say(number, 1, answer),
            Mischief::TooLong => self.say(number, REPLY, &[answer, &[0; 8]].concat()),
            Mischief::Endless => {
                let words = [number, REPLY, u32::MAX];
                (&self.stream).write_all(&words.map(u32::to_le_bytes).concat()).ok()
            }
            Mischief::TooShort => self.say(number, REPLY, &answer[..answer.len() - 1]),
            Mischief::Refusal => self.say(number, REPLY, &1_u64.to_le_bytes()),
        }
    }
}
