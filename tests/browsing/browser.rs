//! Chromium, driven over the pipe of its DevTools protocol: each message is JSON that a NUL ends.

use crate::process::Folder;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::env;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than anything here should take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The names that Chromium has.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A browser with one page.
pub struct Browser {
    child: Child,
    commands: File,
    messages: Receiver<Value>,
    waiting: VecDeque<Value>,
    session: String,
    last: u64,
    /// What its pages complained of.
    pub complaints: Vec<String>,
    /// Where they sent requests to.
    pub asked: Vec<String>,
    _folder: Folder,
}

fn executable() -> PathBuf {
    let path = env::var_os("PATH").expect("a PATH");
    let mut all = env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    let found = all.find(|file| file.is_file());
    found.expect("no Chromium on the PATH: install Debian's package chromium")
}

impl Browser {
    /// Starts it with an empty profile.
    pub fn start() -> Browser {
        let executable = executable();
        let folder = Folder::of(&[]);
        let [to, from] = ["to", "from"].map(|name| folder.path().join(name));
        let made = Command::new("mkfifo").arg(&to).arg(&from).status();
        assert!(made.expect("mkfifo runs").success());
        // The shell opens the pipes as the descriptors that Chromium reads and writes.
        let script = "to=$1; from=$2; shift 2; exec \"$@\" 3<\"$to\" 4>\"$from\"";
        let child = Command::new("sh")
            .args(["-c", script, "sh"])
            .args([&to, &from, &executable])
            .args([
                "--headless=new",
                "--remote-debugging-pipe",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--force-prefers-reduced-motion",
                "--window-size=1280,1000",
            ])
            .arg(format!(
                "--user-data-dir={}",
                folder.path().join("profile").display()
            ))
            .env("HOME", folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let commands = OpenOptions::new().write(true).open(&to).expect("a pipe");
        let replies = File::open(&from).expect("a pipe");
        let (told, messages) = channel();
        thread::spawn(move || {
            for message in BufReader::new(replies).split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("JSON");
                if told.send(message).is_err() {
                    return;
                }
            }
        });
        let mut browser = Browser {
            child,
            commands,
            messages,
            waiting: VecDeque::new(),
            session: String::new(),
            last: 0,
            complaints: Vec::new(),
            asked: Vec::new(),
            _folder: folder,
        };
        let target = browser.command("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.command(
            "Target.attachToTarget",
            json!({"targetId": target["targetId"], "flatten": true}),
        );
        browser.session = attached["sessionId"]
            .as_str()
            .expect("a session")
            .to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.command(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Gives a command; gives what comes of it.
    #[track_caller]
    pub fn command(&mut self, method: &str, parameters: Value) -> Value {
        let reply = self.reply(method, parameters);
        assert!(reply.get("error").is_none(), "{method}: {reply}");
        reply["result"].clone()
    }

    /// Gives a command; gives the reply to it, which may tell of an error.
    #[track_caller]
    fn reply(&mut self, method: &str, parameters: Value) -> Value {
        self.last += 1;
        let id = self.last;
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let message = format!("{message}\0");
        self.commands
            .write_all(message.as_bytes())
            .expect("it listens");
        let end = Instant::now() + PATIENCE;
        loop {
            let reply = self.receive(end, method);
            if reply["id"] == id {
                return reply;
            }
            self.note(&reply);
            self.waiting.push_back(reply);
        }
    }

    #[track_caller]
    fn receive(&mut self, end: Instant, what: &str) -> Value {
        let left = end.saturating_duration_since(Instant::now());
        let message = self.messages.recv_timeout(left);
        message.unwrap_or_else(|_| panic!("nothing came of {what}"))
    }

    /// Waits for an event.
    #[track_caller]
    fn event(&mut self, method: &str) {
        let is_it = |message: &Value| message["method"] == method;
        if let Some(at) = self.waiting.iter().position(is_it) {
            self.waiting.drain(..=at);
            return;
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let message = self.receive(end, method);
            self.note(&message);
            if is_it(&message) {
                return;
            }
        }
    }

    /// Notes what must not be.
    fn note(&mut self, event: &Value) {
        let parameters = &event["params"];
        match event["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" => {
                let details = &parameters["exceptionDetails"];
                self.complaints.push(format!("{details}"));
            }
            "Log.entryAdded" => {
                let entry = &parameters["entry"];
                // A 4xx that was asked for is no fault of the page.
                let is_network = entry["source"] == "network";
                if entry["level"] == "error" && !is_network {
                    self.complaints.push(format!("{entry}"));
                }
            }
            "Runtime.consoleAPICalled" if parameters["type"] == "error" => {
                self.complaints.push(format!("{}", parameters["args"]));
            }
            "Page.javascriptDialogOpening" => self.complaints.push("a dialog".to_owned()),
            "Network.requestWillBeSent" => {
                let url = parameters["request"]["url"].as_str().unwrap_or_default();
                self.asked.push(url.to_owned());
            }
            _ => {}
        }
    }

    /// Goes to an address, and waits until it is there.
    #[track_caller]
    pub fn go(&mut self, url: &str) {
        self.waiting.clear();
        let gone = self.command("Page.navigate", json!({"url": url}));
        assert!(gone.get("errorText").is_none(), "{url}: {gone}");
        // Where only the place on the page is another, nothing is loaded.
        if gone.get("loaderId").is_some() {
            self.event("Page.loadEventFired");
        }
    }

    /// What an expression of JavaScript comes to on the page.
    #[track_caller]
    pub fn value(&mut self, expression: &str) -> Value {
        let came = self.command("Runtime.evaluate", evaluation(expression));
        let details = &came["exceptionDetails"];
        assert!(details.is_null(), "{expression}: {details}");
        came["result"]["value"].clone()
    }

    /// The text of what a selector names first; empty where there is none.
    #[track_caller]
    pub fn text(&mut self, selector: &str) -> String {
        let text = self.value(&format!(
            "document.querySelector({})?.innerText ?? ''",
            json!(selector)
        ));
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression is true. Where the page gives way to another while it is asked,
    /// there is no value, and it is asked again.
    #[track_caller]
    pub fn until(&mut self, expression: &str) {
        let end = Instant::now() + PATIENCE;
        let asked = evaluation(&format!("Boolean({expression})"));
        loop {
            let reply = self.reply("Runtime.evaluate", asked.clone());
            let details = &reply["result"]["exceptionDetails"];
            assert!(details.is_null(), "{expression}: {details}");
            if reply["result"]["result"]["value"] == true {
                return;
            }
            if Instant::now() > end {
                let page = self.text("main");
                panic!("it never was that {expression}; the page says: {page}");
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Presses on what a selector names, where a finger would.
    #[track_caller]
    pub fn press_on(&mut self, selector: &str) {
        let selector = json!(selector);
        self.until(&format!("document.querySelector({selector})"));
        let place = self.value(&format!(
            "(() => {{ const it = document.querySelector({selector}); it.scrollIntoView({{block: 'center'}}); \
             const at = it.getClientRects()[0]; return [at.x + at.width / 2, at.y + at.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.command("Input.dispatchMouseEvent", event);
        }
    }

    /// Presses a key.
    #[track_caller]
    pub fn press(&mut self, key: &str) {
        let text = match key {
            "Enter" => "\r",
            key if key.chars().count() == 1 => key,
            _ => "",
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({"type": kind, "key": key, "code": key});
            if !text.is_empty() && kind == "keyDown" {
                event["text"] = json!(text);
            }
            self.command("Input.dispatchKeyEvent", event);
        }
    }

    /// Writes a text in place of what an input has.
    #[track_caller]
    pub fn write(&mut self, selector: &str, text: &str) {
        let selector = json!(selector);
        self.value(&format!(
            "(() => {{ const it = document.querySelector({selector}); it.focus(); it.select(); }})()"
        ));
        self.command("Input.insertText", json!({"text": text}));
    }

    /// Makes the window so wide, with a theme.
    pub fn look(&mut self, width: u32, theme: &str) {
        let size = json!({"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": false});
        self.command("Emulation.setDeviceMetricsOverride", size);
        let features = json!([{"name": "prefers-color-scheme", "value": theme}]);
        self.command("Emulation.setEmulatedMedia", json!({"features": features}));
    }
}

/// What `Runtime.evaluate` is asked with.
fn evaluation(expression: &str) -> Value {
    json!({
        "expression": expression,
        "awaitPromise": true,
        "returnByValue": true,
        "userGesture": true,
    })
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
