//! A ledger in a Valkey or Redis server that several processes share. Of each store there is a
//! hash with what isn't as the seeds have it, and a log of the latest pages, for those who know
//! what was before. A page is kept where the store is still of the version that it was made of:
//! scripts see to that in the server, which runs one at a time.

mod address;
mod link;
mod pages;
mod scripts;

use super::format::{add_chunk, chunks, read_planting, show_planting};
use super::ledger::{
    Kept, Ledger, LedgerFault, Listed, Mark, News, Page, Planting, Pulled, Receipt, SharedLedger,
    Whose,
};
use super::sandboxes::SANDBOXES;
pub use address::ServerAddress;
use link::{Command, Link};
use pages::{fields, number, packed, read_entry, read_store, signature};
use redis::Value;
use ring::rand::{SecureRandom, SystemRandom};
use scripts::{ASK, FORGET, KEEP, OPEN, PLANT, PULL, ROSTER, run};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

/// What is written in `format`.
const FORMAT: &str = "1";
/// How long seeds that were put aside are kept, in seconds, where nobody plants them.
const ASIDE: i64 = 3_600;
/// How many bytes of them are sent at a time.
const AT_ONCE: usize = 1024 * 1024;
/// How many chunks of seeds are read at a time.
const CHUNKS: isize = 16;

/// State that is kept in a Valkey or Redis server.
#[derive(Debug)]
pub struct RedisLedger {
    address: ServerAddress,
    link: Link,
}

impl RedisLedger {
    /// Connects to a server.
    ///
    /// # Errors
    /// Why it can't be used.
    pub fn open(address: &ServerAddress) -> Result<RedisLedger, LedgerFault> {
        let ledger = RedisLedger {
            address: address.clone(),
            link: Link::new(address),
        };
        ledger.link.ask(Command::question(&redis::cmd("PING")))?;
        Ok(ledger)
    }

    /// A key of an API, whose braces have all of its keys in one slot of a cluster.
    fn key(&self, api: &str, kind: &str) -> String {
        let mut escaped = String::with_capacity(api.len());
        for letter in api.chars() {
            match letter {
                '{' | '}' | ':' | '%' => escaped.push_str(&format!("%{:02x}", u32::from(letter))),
                plain => escaped.push(plain),
            }
        }
        format!("{}:{{{escaped}}}:{kind}", self.address.prefix)
    }

    fn keys<const N: usize>(&self, api: &str, kinds: [&str; N]) -> Vec<String> {
        kinds.map(|kind| self.key(api, kind)).into()
    }

    /// That what is kept of an API isn't what a ledger keeps.
    fn unread(&self, api: &str, what: &str) -> LedgerFault {
        let prefix = &self.address.prefix;
        self.address.unusable(format_args!(
            "has a state of {api} below {prefix:?} that is damaged: {what} can't be read; \
             another prefix begins beside it"
        ))
    }

    /// Has the server carry out a script, and takes its answer apart.
    fn run<T>(
        &self,
        api: &str,
        command: Command,
        read: impl FnOnce(&[Value]) -> Option<T>,
    ) -> Result<T, LedgerFault> {
        let answer = self.link.ask(command)?;
        let Value::Array(parts) = answer.as_ref() else {
            return Err(self.unread(api, "an answer"));
        };
        read(parts).ok_or_else(|| self.unread(api, "an answer"))
    }

    fn forgotten(
        &self,
        api: &str,
        how: &str,
        arguments: impl IntoIterator<Item = String>,
    ) -> Result<Vec<Arc<str>>, LedgerFault> {
        let keys = self.keys(api, ["stores", "used"]);
        let mut all = vec![
            self.key(api, "records:"),
            self.key(api, "log:"),
            how.to_owned(),
        ];
        all.extend(arguments);
        let command = Command::new(&run(&FORGET, &keys, &all));
        self.run(api, command, |gone| {
            let name = |value: &Value| Some(sandbox(text(value)?)?.into());
            gone.iter().map(name).collect()
        })
    }

    /// What is kept of an API, but for the seeds themselves.
    fn opened(&self, api: &str) -> Result<Option<Kept>, LedgerFault> {
        let keys = self.keys(api, ["meta", "stores", "records:"]);
        let answer = self.link.ask(Command::new(&run(&OPEN, &keys, &[""; 0])))?;
        let parts: &[Value] = match answer.as_ref() {
            Value::Array(parts) => parts,
            _ => &[],
        };
        match parts {
            [_] => Ok(None),
            [_, _, format, ..] if bytes(format) != Some(FORMAT.as_bytes()) => Err(self
                .address
                .unusable(format_args!("has the state of {api} of another version"))),
            parts => read_kept(parts)
                .map(Some)
                .ok_or_else(|| self.unread(api, "its beginning")),
        }
    }

    /// The seeds that were planted.
    fn read_seeds(&self, api: &str, planting: &mut Planting) -> Result<(), LedgerFault> {
        let key = self.key(api, "seeds");
        let mut at = 0;
        loop {
            let mut command = redis::cmd("LRANGE");
            command.arg(&key).arg(at).arg(at + CHUNKS - 1);
            let count = self.run(api, Command::new(&command), |chunks| {
                for chunk in chunks {
                    add_chunk(&mut planting.seeds, bytes(chunk)?)?;
                }
                Some(chunks.len())
            })?;
            if count < CHUNKS as usize {
                return Ok(());
            }
            at += CHUNKS;
        }
    }

    /// Puts seeds aside, a part at a time: a server does nothing else while it takes a large one.
    fn put_aside(&self, key: &str, planting: &Planting) -> Result<(), LedgerFault> {
        let push = |command: &redis::Cmd| self.link.ask(Command::once(command)).map(drop);
        let (mut command, mut size) = (redis::cmd("RPUSH").arg(key).to_owned(), 0);
        for chunk in chunks(&planting.seeds) {
            size += chunk.len();
            command.arg(chunk);
            if size >= AT_ONCE {
                push(&command)?;
                (command, size) = (redis::cmd("RPUSH").arg(key).to_owned(), 0);
                push(redis::cmd("EXPIRE").arg(key).arg(ASIDE))?;
            }
        }
        if size > 0 {
            push(&command)?;
            push(redis::cmd("EXPIRE").arg(key).arg(ASIDE))?;
        }
        Ok(())
    }
}

impl Ledger for RedisLedger {
    fn open(&self, api: &str, fingerprint: &str) -> Result<Option<Kept>, LedgerFault> {
        let Some(mut kept) = self.opened(api)? else {
            return Ok(None);
        };
        if kept.planting.fingerprint != fingerprint {
            self.read_seeds(api, &mut kept.planting)?;
            // What was read in parts is whole where nobody planted others in between.
            let again = self.opened(api)?;
            if again.is_none_or(|again| again.mark != kept.mark) {
                return self.open(api, fingerprint);
            }
        }
        Ok(Some(kept))
    }

    fn plant(
        &self,
        api: &str,
        planting: &Planting,
        over: Option<Mark>,
    ) -> Result<Option<Mark>, LedgerFault> {
        let aside = u128::from_be_bytes(random()?);
        let aside = self.key(api, &format!("aside:{aside:032x}"));
        self.put_aside(&aside, planting)?;
        let mut keys = self.keys(api, ["meta", "stores", "used", "seeds"]);
        keys.push(aside);
        let over = over.map_or_else(String::new, |over| over.epoch.to_string());
        let arguments = [
            over,
            FORMAT.to_owned(),
            show_planting(planting),
            self.key(api, "records:"),
            self.key(api, "log:"),
        ];
        let command = Command::new(&run(&PLANT, &keys, &arguments));
        self.run(api, command, |parts| match words(parts)? {
            ("planted", Some(epoch)) => Some(Some(Mark {
                epoch,
                version: epoch,
            })),
            ("begun", _) => Some(None),
            _ => None,
        })
    }

    fn keep(&self, page: Page) -> Result<Receipt, LedgerFault> {
        let (api, store) = (page.whose.api.as_ref(), store(&page.whose));
        let mut keys = self.keys(api, ["meta", "stores", "used"]);
        keys.push(self.key(api, &format!("records:{store}")));
        keys.push(self.key(api, &format!("log:{store}")));
        let fields = fields(&page);
        let too_large = || LedgerFault::NoRoom("the write is too large to be kept".into());
        let (set, gone): (Vec<_>, Vec<_>) = fields.iter().partition(|(_, value)| value.is_some());
        let is_fresh = if page.is_fresh { "1" } else { "" };
        let mut logged = packed(&fields).ok_or_else(too_large)?;
        logged.extend(packed(&[signature(random()?)]).ok_or_else(too_large)?);
        let mut arguments: Vec<Vec<u8>> = vec![
            store.into_bytes(),
            page.since.epoch.to_string().into_bytes(),
            page.since.version.to_string().into_bytes(),
            is_fresh.into(),
            logged,
            set.len().to_string().into_bytes(),
        ];
        for (name, value) in set {
            arguments.push(name.clone());
            arguments.extend(value.clone());
        }
        arguments.extend(gone.into_iter().map(|(name, _)| name.clone()));
        let command = Command::new(&run(&KEEP, &keys, &arguments));
        let epoch = page.since.epoch;
        self.run(api, command, |parts| match words(parts)? {
            ("kept", Some(version)) => Some(Receipt::Kept(Mark { epoch, version })),
            ("overtaken", _) => Some(Receipt::Overtaken),
            ("begun", _) => Some(Receipt::Begun),
            _ => None,
        })
    }

    fn forget(&self, whose: &[Whose]) -> Result<usize, LedgerFault> {
        let mut of_apis: HashMap<&str, Vec<String>> = HashMap::new();
        for whose in whose {
            of_apis.entry(&whose.api).or_default().push(store(whose));
        }
        let mut count = 0;
        for (api, names) in of_apis {
            count += self.forgotten(api, "named", names)?.len();
        }
        Ok(count)
    }

    fn shared(&self) -> Option<&dyn SharedLedger> {
        Some(self)
    }
}

impl SharedLedger for RedisLedger {
    fn ask(&self, whose: &Whose, since: Mark, is_use: bool) -> Result<News, LedgerFault> {
        let keys = self.keys(&whose.api, ["meta", "stores", "used"]);
        let arguments = [
            store(whose),
            since.epoch.to_string(),
            since.version.to_string(),
            if is_use { "1" } else { "" }.to_owned(),
            SANDBOXES.to_string(),
        ];
        let command = Command::question(&run(&ASK, &keys, &arguments));
        self.run(&whose.api, command, |parts| match words(parts)? {
            ("same", _) => Some(News::Same),
            ("moved", Some(version)) => Some(News::Moved(version)),
            ("full", Some(count)) => Some(News::Full(usize::try_from(count).ok()?)),
            ("begun", _) => Some(News::Begun),
            _ => None,
        })
    }

    fn pull(&self, whose: &Whose, since: Mark) -> Result<Pulled, LedgerFault> {
        let store = store(whose);
        let mut keys = self.keys(&whose.api, ["meta", "stores"]);
        keys.push(self.key(&whose.api, &format!("records:{store}")));
        keys.push(self.key(&whose.api, &format!("log:{store}")));
        let arguments = [store, since.epoch.to_string(), since.version.to_string()];
        let command = Command::new(&run(&PULL, &keys, &arguments));
        let epoch = since.epoch;
        self.run(&whose.api, command, |parts| {
            match (text(parts.first()?)?, parts) {
                ("begun", _) => Some(Pulled::Begun),
                ("pages", [_, Value::Array(entries)]) => {
                    let read = |entry: &Value| read_entry(bytes(entry)?, whose, epoch);
                    let pages: Option<Vec<_>> = entries.iter().rev().map(read).collect();
                    Some(Pulled::Pages(pages?))
                }
                ("whole", [_, version, fields]) => {
                    let version = number(bytes(version)?)?;
                    let mark = Mark { epoch, version };
                    let kept = read_store(whose.sandbox.clone(), mark, pairs(fields)?.into_iter())?;
                    Some(Pulled::Whole(Box::new(kept)))
                }
                _ => None,
            }
        })
    }

    fn roster(&self, api: &str) -> Result<Vec<Listed>, LedgerFault> {
        let keys = self.keys(api, ["meta", "stores", "used"]);
        let command = Command::question(&run(&ROSTER, &keys, &[""; 0]));
        self.run(api, command, |parts| {
            let [epoch, stores, used] = parts else {
                return None;
            };
            let epoch = number(bytes(epoch)?)?;
            let versions: HashMap<&[u8], &[u8]> = pairs(stores)?.into_iter().collect();
            let mut all = Vec::new();
            for (name, used) in pairs(used)? {
                let version = versions
                    .get(name)
                    .map_or(Some(epoch), |text| number(text))?;
                let used = Duration::from_millis(number(used)?);
                all.push(Listed {
                    name: sandbox(str::from_utf8(name).ok()?)?.into(),
                    used: UNIX_EPOCH.checked_add(used)?,
                    version,
                });
            }
            all.sort_by(|a, b| a.name.cmp(&b.name));
            Some(all)
        })
    }

    fn sweep(&self, api: &str, idle: Duration) -> Result<Vec<Arc<str>>, LedgerFault> {
        self.forgotten(api, "idle", [idle.as_millis().to_string()])
    }

    fn forget_all(&self, api: &str) -> Result<(), LedgerFault> {
        self.forgotten(api, "all", []).map(drop)
    }
}

/// What comes once.
fn random() -> Result<[u8; 16], LedgerFault> {
    let mut random = [0; 16];
    let filled = SystemRandom::new().fill(&mut random);
    filled.map_err(|_| LedgerFault::unusable("there is no randomness".to_owned()))?;
    Ok(random)
}

/// A store's name: nothing for the main one, else `@` and the sandbox's.
fn store(whose: &Whose) -> String {
    let sandbox = whose.sandbox.as_ref();
    sandbox.map_or_else(String::new, |sandbox| format!("@{sandbox}"))
}

/// The sandbox's name out of its store's.
fn sandbox(store: &str) -> Option<&str> {
    store.strip_prefix('@')
}

/// What `open.lua` gives where there is something.
fn read_kept(parts: &[Value]) -> Option<Kept> {
    let [_, epoch, _, planting, version, fields] = parts else {
        return None;
    };
    let epoch = number(bytes(epoch)?)?;
    let mark = |version| Mark { epoch, version };
    let planting = read_planting(bytes(planting)?)?;
    let stores = match bytes(version)? {
        b"" => Vec::new(),
        version => {
            let mark = mark(number(version)?);
            vec![read_store(None, mark, pairs(fields)?.into_iter())?]
        }
    };
    Some(Kept {
        planting,
        mark: mark(epoch),
        stores,
    })
}

/// A word, and the number after it where there is one.
fn words(parts: &[Value]) -> Option<(&str, Option<u64>)> {
    let word = text(parts.first()?)?;
    match parts.get(1) {
        Some(value) => Some((word, Some(number(bytes(value)?)?))),
        None => Some((word, None)),
    }
}

fn bytes(value: &Value) -> Option<&[u8]> {
    match value {
        Value::BulkString(bytes) => Some(bytes),
        _ => None,
    }
}

fn text(value: &Value) -> Option<&str> {
    str::from_utf8(bytes(value)?).ok()
}

/// What stands in turns, two by two.
fn pairs(value: &Value) -> Option<Vec<(&[u8], &[u8])>> {
    let Value::Array(values) = value else {
        return None;
    };
    let mut pairs = Vec::with_capacity(values.len() / 2);
    for pair in values.chunks(2) {
        let [name, value] = pair else {
            return None;
        };
        pairs.push((bytes(name)?, bytes(value)?));
    }
    Some(pairs)
}

#[cfg(test)]
mod tests;
