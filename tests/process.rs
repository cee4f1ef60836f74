//! The built binary, run as a user would, with nothing of the developer's environment.

use crate::raw::{self, Answer};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Longer than anything here should take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A folder that is gone after the test.
pub struct Folder(PathBuf);

impl Folder {
    /// A folder with these files.
    pub fn of(files: &[(&str, &str)]) -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test-{}-{number}", std::process::id());
        let folder = Folder(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name));
        fs::create_dir_all(&folder.0).expect("a folder");
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The checkout, where `specs/` and `fixtures/` are.
pub fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Notes that are added, read, changed and deleted, of which there are none at first.
pub const NOTES: &str = "
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    get: {responses: {'200': {description: All, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Note'}}, example: []}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /notes/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}}
    delete: {responses: {'204': {description: Gone}}}
    patch:
      requestBody: {content: {application/merge-patch+json: {schema: {type: object, properties: {text: {type: string}}}}}}
      responses: {'200': {description: One, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
  /about: {get: {responses: {'200': {description: About, content: {application/json: {example: {name: notes}}}}}}}
components:
  schemas:
    Note: {type: object, required: [id], properties: {id: {type: string}, text: {type: string}}}
";

pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_counterpart"));
    command.args(arguments).current_dir(folder).env_clear();
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What came of a run that ended by itself.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs it in that folder until it ends.
#[track_caller]
pub fn run(folder: &Path, arguments: &[&str]) -> Ended {
    finish(command(folder, arguments))
}

#[track_caller]
pub fn finish(mut command: Command) -> Ended {
    let mut child = command.spawn().expect("it starts");
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let out = out.map(read_in_background);
    let err = err.map(read_in_background);
    let status = wait(&mut child);
    let text = |reading: Option<JoinHandle<String>>| {
        reading.map_or_else(String::new, |text| text.join().expect("text"))
    };
    Ended {
        code: status.code(),
        out: text(out),
        err: text(err),
    }
}

fn read_in_background(mut stream: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("readable");
        String::from_utf8(bytes).expect("UTF-8")
    })
}

/// Its exit; kills it where it goes on for too long.
#[track_caller]
fn wait(child: &mut Child) -> ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("it can be asked") {
            return status;
        }
        if started.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("it did not end within {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// A binary that serves.
pub struct Running {
    child: Child,
    pub port: u16,
    /// Its `listening` event.
    pub listening: Value,
    pub err: Option<BufReader<std::process::ChildStderr>>,
}

/// Starts it on a free port, with `--log json`.
#[track_caller]
pub fn start(folder: &Path, arguments: &[&str]) -> Running {
    started(command(folder, arguments))
}

/// The same of a command that is made already.
#[track_caller]
pub fn started(mut command: Command) -> Running {
    command.args(["--port", "0", "--log", "json"]);
    let mut child = command.spawn().expect("it starts");
    let mut err = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    err.read_line(&mut line).expect("a line");
    let listening: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
    let address = listening["address"].as_str().expect("an address");
    let (_, port) = address.rsplit_once(':').expect("a port");
    Running {
        child,
        port: port.parse().expect("a number"),
        listening,
        err: Some(err),
    }
}

impl Running {
    pub fn send(&self, bytes: impl AsRef<[u8]>) -> Answer {
        raw::send(self.port, bytes)
    }

    /// The next line that it logs.
    #[track_caller]
    pub fn next_event(&mut self) -> Value {
        let mut line = String::new();
        let err = self.err.as_mut().expect("not taken");
        err.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"))
    }

    pub fn pid(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child)
    }

    pub fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(self.pid(), signal).expect("it runs");
    }

    /// Waits for its end; gives the exit code and the rest of its standard error.
    #[track_caller]
    pub fn wait(mut self) -> (Option<i32>, String) {
        let rest = self.err.take().map(read_in_background);
        let status = wait(&mut self.child);
        let rest = rest.map_or_else(String::new, |text| text.join().expect("text"));
        (status.code(), rest)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
