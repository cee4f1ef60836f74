//! Exchanges that keep to the contract, written as fixtures: a file for each operation, the
//! requests that say most in front, since the first fixture that fits a request answers it.

use crate::encode::to_yaml;
use crate::exchange::Exchange;
use crate::host::{Answered, Host};
use crate::server::journal::{MASKED, Mask};
use crate::spec::Source;
use crate::wire::{Bytes, Request, header};
use arc_swap::ArcSwap;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The first line of every file that is written, and the sign of those that may be written again.
const SIGN: &str = "# Recorded by counterpart proxy. What is changed here stays; comments don't.\n";
/// How many fixtures of an operation are recorded.
const MOST: usize = 200;

/// Writes fixtures into a folder.
pub(super) struct Recorder {
    folder: PathBuf,
    mask: Arc<ArcSwap<Mask>>,
    kept: Mutex<Kept>,
}

/// What is in each file, the most telling first; nothing of a file that isn't ours.
type Kept = HashMap<PathBuf, Option<Vec<Map<String, Value>>>>;

/// What came of an exchange.
pub(super) enum Recorded {
    /// It is in this file now.
    New(String),
    /// It is there already.
    Known,
    /// It can't be kept, and why.
    Not(String),
}

impl Recorder {
    pub(super) fn new(folder: PathBuf, mask: Arc<ArcSwap<Mask>>) -> Recorder {
        Recorder {
            folder,
            mask,
            kept: Mutex::default(),
        }
    }

    /// Keeps an exchange, without the secrets in it.
    pub(super) fn record(&self, host: &Host, exchange: &Exchange) -> Recorded {
        match self.try_record(host, exchange) {
            Ok(Some(path)) => Recorded::New(path.display().to_string()),
            Ok(None) => Recorded::Known,
            Err(why) => Recorded::Not(why),
        }
    }

    fn try_record(&self, host: &Host, exchange: &Exchange) -> Result<Option<PathBuf>, String> {
        let request = self.unmarked(&exchange.request);
        let reply = &exchange.reply;
        let body = crate::decode::uncoded(&reply.headers, &reply.body)?;
        let mut shown = Vec::with_capacity(body.len());
        self.mask
            .load()
            .body(&reply.headers, (&body, false), &mut shown);
        let answered = Answered {
            status: reply.status,
            media_type: reply.header(&header::CONTENT_TYPE),
            body: &shown,
        };
        let (file, mut fixture) = host.recording(&request, answered)?;
        leave_out_secrets(&mut fixture);
        let path = self.folder.join(file);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let fixtures = kept.entry(path.clone());
        let fixtures = fixtures.or_insert_with(|| read(&path));
        let Some(fixtures) = fixtures else {
            let path = path.display();
            return Err(format!("{path} is there, and not of a proxy's recording"));
        };
        if let Some(known) = fixtures.iter().find(|known| asks_the_same(known, &fixture)) {
            return match *known == fixture {
                true => Ok(None),
                false => Err("what says the same is there already, with another reply".to_owned()),
            };
        }
        if fixtures.len() >= MOST {
            return Err(format!("{MOST} fixtures of it are, and no more are kept"));
        }
        let weight = weight(&fixture);
        let place = fixtures.partition_point(|known| self::weight(known) >= weight);
        fixtures.insert(place, fixture);
        let all = fixtures.iter().cloned().map(Value::Object);
        let text = format!("{SIGN}{}", to_yaml(&all.collect()));
        match write(&path, &text) {
            Ok(()) => Ok(Some(path)),
            Err(why) => {
                fixtures.remove(place);
                Err(format!("{} can't be written: {why}", path.display()))
            }
        }
    }

    /// The request without what is secret in it: a fixture for it asks for all the rest.
    fn unmarked(&self, request: &Request) -> Request {
        let mut shown = Vec::with_capacity(request.body.len());
        let body = crate::decode::uncoded(&request.headers, &request.body);
        let body = body.unwrap_or_default();
        self.mask
            .load()
            .body(&request.headers, (&body, true), &mut shown);
        let mut headers = request.headers.clone();
        headers.remove(header::CONTENT_ENCODING);
        Request {
            target: self.mask.load().unkeyed(&request.target),
            body: Bytes::from(shown),
            headers,
            method: request.method.clone(),
            is_secure: request.is_secure,
        }
    }
}

/// The fixtures of a file that a proxy recorded; none where there is no file, and nothing where it
/// is someone else's.
fn read(path: &Path) -> Option<Vec<Map<String, Value>>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Some(Vec::new()),
        Err(_) => return None,
    };
    if !text.starts_with(SIGN) {
        return None;
    }
    let source = Arc::new(Source::new(path.display().to_string(), text));
    let Ok(Value::Array(fixtures)) = source.parse() else {
        return None;
    };
    let fixtures = fixtures.into_iter().map(|fixture| match fixture {
        Value::Object(fixture) => Some(fixture),
        _ => None,
    });
    fixtures.collect()
}

/// What was masked isn't asked for: any secret will do.
fn leave_out_secrets(fixture: &mut Map<String, Value>) {
    let Some(Value::Object(asked)) = fixture.get_mut("request") else {
        return;
    };
    let body = asked.remove("body").and_then(without_secrets);
    asked.extend(body.map(|body| ("body".to_owned(), body)));
    if asked.is_empty() {
        fixture.remove("request");
    }
}

/// A value without the members that are masked; nothing where it is masked itself.
fn without_secrets(value: Value) -> Option<Value> {
    match value {
        Value::String(text) if text == MASKED => None,
        Value::Object(members) => {
            let members = members.into_iter();
            let members = members.filter_map(|(name, value)| Some((name, without_secrets(value)?)));
            Some(Value::Object(members.collect()))
        }
        Value::Array(items) => {
            let items: Option<Vec<Value>> = items.into_iter().map(without_secrets).collect();
            items.map(Value::Array)
        }
        value => Some(value),
    }
}

fn asks_the_same(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    one.get("operation") == other.get("operation") && one.get("request") == other.get("request")
}

/// How much a fixture asks for.
fn weight(fixture: &Map<String, Value>) -> usize {
    fn leaves(value: &Value) -> usize {
        match value {
            Value::Object(members) => members.values().map(leaves).sum(),
            Value::Array(items) => items.iter().map(leaves).sum(),
            _ => 1,
        }
    }
    fixture.get("request").map_or(0, leaves)
}

/// Writes a file whole, or not at all.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("yaml.part");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside); // a full disk has room for a part of it
    }
    written
}
